/** The facts of a request as Rego rules: a fact that is absent or malformed is undefined and never reaches a comparison. */
import {
  formatType,
  referenceSource,
  slotPath,
  type Program,
  type Slot,
  type SlotSource,
  type WireScalar,
} from "@wardline/core";
import type { Functions } from "./functions.ts";
import { rule, term } from "./text.ts";
import { guardLines, textGuard } from "./value-guard.ts";

export interface Facts {
  /** The name of the slot's rule; undefined at evaluation where the fact is absent. */
  readonly nameOf: (slot: number) => string;
  /** Under what the slot is accepted: a JSON pointer (RFC 6901) into the request, and a number where it is not the first. */
  readonly keyOf: (slot: number) => string;
  /** The name of a rule that is the fact, or the fallback where it is absent. */
  readonly withFallback: (slot: number, fallback: WireScalar) => string;
  /** All rules of facts that anything asked for, in the order of the slots. */
  readonly definitions: () => readonly string[];
}

interface Fallback {
  readonly slot: number;
  readonly name: string;
  readonly value: WireScalar;
}

export function createFacts(
  program: Program,
  functions: Functions,
  unique: (wanted: string) => string,
): Facts {
  const names = program.slots.map((slot) =>
    unique(`fact_${slotPath(slot.source).filter(isTelling).join("_")}`),
  );
  const keys = keysOf(program.slots);
  const fallbacks = new Map<string, Fallback>();
  const nameOf = (slot: number): string => {
    const name = names[slot];
    if (name === undefined) throw new RangeError(`no slot ${slot}`);
    return name;
  };
  return {
    nameOf,
    keyOf: (slot) => keys[slot] as string,
    withFallback: (slot, value) => {
      const key = `${slot} ${JSON.stringify(value)}`;
      const found = fallbacks.get(key) ?? { slot, name: unique(`${nameOf(slot)}_or_else`), value };
      fallbacks.set(key, found);
      return found.name;
    },
    definitions: () =>
      program.slots.flatMap((slot) => [
        ...defineFact(slot, nameOf(slot.id), keys[slot.id] as string, functions),
        ...[...fallbacks.values()]
          .filter((f) => f.slot === slot.id)
          .flatMap(({ name, value }) => [
            `default ${name} := ${term(value)}`,
            `${name} := ${nameOf(slot.id)}`,
          ]),
      ]),
  };
}

function keysOf(slots: readonly Slot[]): readonly string[] {
  const pointers = slots.map(({ source }) =>
    slotPath(source)
      .map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
      .join(""),
  );
  return pointers.map((pointer, i) => {
    const before = pointers.slice(0, i).filter((other) => other === pointer).length;
    return before === 0 ? pointer : `${pointer} ${before + 1}`;
  });
}

function isTelling(key: string): boolean {
  return key !== "attributes";
}

function defineFact(slot: Slot, name: string, key: string, functions: Functions): readonly string[] {
  const isRelation = slot.source.from === "relation";
  const guard = isRelation ? pairLines(functions) : guardLines(functions, "value", slot.type);
  const what = isRelation ? "pairs" : formatType(slot.type);
  const said = `# ${slotPath(slot.source).join(".")}: ${what}${slot.optional ? ", may be absent" : ""}`;
  const accepted = `accepted[${term(key)}]`;
  const absent = absentLines(slot);
  return [
    `${said}\n${rule(`${name} := value`, [`value := ${read(slot.source)}`, ...guard])}`,
    `${accepted} if ${name} != null`,
    ...(absent === null ? [] : [rule(accepted, absent)]),
  ];
}

function read(source: SlotSource): string {
  return `object.get(request, ${term(slotPath(source))}, null)`;
}

/** When nothing need stand there: the fact is optional, or the reference that it stands behind is absent; null for never. */
function absentLines({ source, optional }: Slot): readonly string[] | null {
  const isAbsent = `${read(source)} == null`;
  if (optional) return [isAbsent];
  const reference = source.from === "reference" ? referenceSource(source.of) : null;
  return reference === null ? null : [isAbsent, `${read(reference)} == null`];
}

function pairLines(functions: Functions): readonly string[] {
  const isText = textGuard(functions);
  return [
    "is_array(value)",
    [
      "every pair in value {",
      "\tis_object(pair)",
      `\t${isText}(object.get(pair, "from", null))`,
      `\t${isText}(object.get(pair, "to", null))`,
      "}",
    ].join("\n"),
  ];
}
