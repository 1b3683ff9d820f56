/** The facts of a request as Rego rules: a fact that is absent or malformed is undefined and never reaches a comparison. */
import { formatType, slotPath, type Program, type Slot, type WireScalar } from "@wardline/core";
import { rule, term } from "./text.ts";
import type { Guards } from "./value-guard.ts";

export interface Facts {
  /** The name of the slot's rule; undefined at evaluation where the fact is absent. */
  readonly nameOf: (slot: number) => string;
  /** The name of a rule that is the fact, or the fallback where it is absent. */
  readonly withFallback: (slot: number, fallback: WireScalar) => string;
  /** All rules of facts that anything asked for, in the order of the slots. */
  readonly definitions: () => readonly string[];
}

export function createFacts(program: Program, guards: Guards, unique: (wanted: string) => string): Facts {
  const names = program.slots.map((slot) =>
    unique(`fact_${slotPath(slot.source).filter(isTelling).join("_")}`),
  );
  const fallbacks = new Map<
    string,
    { readonly slot: number; readonly name: string; readonly value: WireScalar }
  >();
  const nameOf = (slot: number): string => {
    const name = names[slot];
    if (name === undefined) throw new RangeError(`no slot ${slot}`);
    return name;
  };
  return {
    nameOf,
    withFallback: (slot, value) => {
      const key = `${slot} ${JSON.stringify(value)}`;
      const found = fallbacks.get(key) ?? { slot, name: unique(`${nameOf(slot)}_or_else`), value };
      fallbacks.set(key, found);
      return found.name;
    },
    definitions: () =>
      program.slots.flatMap((slot) => [
        ...defineFact(slot, nameOf(slot.id), guards),
        ...[...fallbacks.values()]
          .filter((f) => f.slot === slot.id)
          .flatMap(({ name, value }) => [
            `default ${name} := ${term(value)}`,
            `${name} := ${nameOf(slot.id)}`,
          ]),
      ]),
  };
}

function isTelling(key: string): boolean {
  return key !== "attributes";
}

function defineFact(slot: Slot, name: string, guards: Guards): readonly string[] {
  const path = slotPath(slot.source);
  const read = `object.get(request, ${term(path)}, null)`;
  const isRelation = slot.source.from === "relation";
  const guard = isRelation ? pairLines : guards.linesFor("value", slot.type);
  if (isRelation) guards.linesFor("value", { kind: "string" });
  const what = isRelation ? "pairs" : formatType(slot.type);
  const accepted = `accepted contains ${term(name)}`;
  return [
    `# ${path.join(".")}: ${what}${slot.optional ? ", may be absent" : ""}\n${rule(`${name} := value`, [`value := ${read}`, ...guard])}`,
    `${accepted} if ${name} != null`,
    ...(slot.optional ? [`${accepted} if ${read} == null`] : []),
  ];
}

const pairLines = [
  "is_array(value)",
  [
    "every pair in value {",
    "\tis_object(pair)",
    '\tis_text(object.get(pair, "from", null))',
    '\tis_text(object.get(pair, "to", null))',
    "}",
  ].join("\n"),
];
