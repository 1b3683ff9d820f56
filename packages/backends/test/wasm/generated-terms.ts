/**
 * Random programs of one table whose every condition is a fact of the request: what rules come to, and nothing else, with
 * more preconditions, masks, limits and floors than people write.
 */
import {
  irFormat,
  type Atom,
  type Condition,
  type FieldEffect,
  type LimitUse,
  type Mask,
  type Obligation,
  type Pass,
  type Precondition,
  type Program,
  type Rule,
  type Slot,
  type SlotSource,
  type ValueType,
} from "@wardline/core";
import type { Choose } from "./choose.ts";
import { fields, model } from "./library.ts";

const text: ValueType = { kind: "string" };
/** Names that sort differently bare, in JSON, and in JSON inside of JSON. */
const names = ["a", "aB", "ab", 'a"', "a\\", "a}", "a,", "\u00e9", "\u{1F511}", "\uff5e", "b"];
/** Enough for more alternatives than are listed, and for more obligations than a word has bits. */
const manyNames = names.flatMap((name) => Array.from({ length: 9 }, (_, i) => `${name}${i}`));
const spans = [null, 5, 50, 300_000_000];
const masks: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  ...[1, 4, 64].flatMap((n): readonly Mask[] => [
    { kind: "partial", last: n },
    { kind: "partial_first", first: n },
  ]),
  ...[1, 2, 3, 1000, 2 ** 40 - 1].map((size): Mask => ({ kind: "bucket", size })),
  ...(["month", "year", "token", "hash", "redact", "hide"] as const).map((kind): Mask => ({ kind })),
];
const fieldNames = fields.slice(0, 4).map((field) => field.name);

export interface Terms {
  readonly program: Program;
  /** How many facts there are that conditions read. */
  readonly facts: number;
  readonly limits: readonly string[];
}

export function generatedTerms(choose: Choose): Terms {
  const rules: Rule[] = [];
  const slots: Slot[] = [];
  const slot = (source: SlotSource, type: ValueType, optional: boolean) =>
    slots.push({ id: slots.length, source, type, optional }) - 1;
  const rows = choose.chance(50) ? (["prior", "next"] as const) : (["resource"] as const);
  slot({ from: "principal", part: "tenant" }, text, false);
  slot({ from: "tenant", part: "id" }, text, false);
  for (const row of rows) slot({ from: "row", row, part: "tenant" }, text, false);
  const facts = 2 + choose.below(40);
  const atoms = Array.from({ length: facts }, (_, i): Atom => {
    const of = slot({ from: "context", name: `f${i}` }, { kind: "bool" }, false);
    return { kind: "truth", of: { kind: "slot", slot: of, fallback: null } };
  });
  const conditions: Condition[] = [
    ...atoms.flatMap((_, atom): Condition[] =>
      [false, true].map((negated) => ({ kind: "atom", atom, negated })),
    ),
    { kind: "constant", value: false },
    { kind: "constant", value: true },
  ];
  const condition = () => choose.below(conditions.length);
  const limits = new Map<number, LimitUse>();
  const limitOf = (rule: number): LimitUse => {
    const known = limits.get(rule);
    if (known !== undefined) return known;
    const { id } = rules[rule] as Rule;
    const source = (part: "left" | "retry_after") => ({ from: "limit", rule: id, part }) as const;
    const made: LimitUse = {
      obligation: { type: "limit", rule: id, count: 1 + choose.below(9), per: "hour", by: "principal" },
      left: slot(source("left"), { kind: "int", min: 0, max: Number.MAX_SAFE_INTEGER }, false),
      retryAfter: slot(source("retry_after"), { kind: "duration" }, true),
    };
    limits.set(rule, made);
    return made;
  };
  const isWide = choose.chance(30);
  const asking = isWide ? 95 : choose.below(4) * 30;
  const always = conditions.length - 1;
  const never = always - 1;
  const terms = (rule: number) => {
    const preconditions = choose.chance(asking)
      ? Array.from({ length: (isWide ? 2 : 1) + choose.below(3) }, (): Precondition => ({
          obligation: generatedObligation(choose, isWide ? manyNames : names),
          met: isWide && choose.chance(97) ? never : condition(),
        }))
      : [];
    const duties = choose.chance(30)
      ? Array.from({ length: 1 + choose.below(3) }, (): Obligation => generatedDuty(choose))
      : [];
    return {
      rule,
      when: isWide && choose.chance(70) ? always : condition(),
      effects: generatedEffects(choose),
      preconditions,
      duties,
      ...(choose.chance(20) ? { limit: limitOf(rule) } : {}),
    };
  };
  const count = 1 + choose.below(isWide ? 90 : 14);
  const kinds = ["permit", "permit", "permit", "forbid", "require", "require", "floor", "share"] as const;
  for (let i = 0; i < count; i++) {
    const kind = choose.one(
      isWide && choose.chance(85)
        ? (["permit"] as const)
        : choose.chance(60)
          ? (["permit", "require"] as const)
          : kinds,
    );
    const layer = kind === "floor" || choose.chance(40) ? "platform" : "tenant";
    rules.push({
      id: `${layer}/${choose.one(names)}${i}`,
      layer,
      kind,
      file: "a.ward",
      line: i + 1,
      because: null,
      doc: null,
    });
  }
  const passes = rows.map((row): Pass => {
    const of = (...some: readonly Rule["kind"][]) =>
      rules.flatMap((rule, i) => (some.includes(rule.kind) && choose.chance(90) ? [i] : []));
    return {
      row,
      ceiling: choose.chance(isWide ? 95 : 70) ? always : condition(),
      forbids: of("forbid").map((rule) => ({
        rule,
        when: isWide && choose.chance(70) ? never : condition(),
      })),
      grants: of("permit", "floor", "share").map((rule) =>
        rules[rule]?.kind === "floor" ? { rule, when: condition(), effects: [] } : terms(rule),
      ),
      requires: of("require").map(terms),
    };
  });
  const program: Program = {
    format: irFormat,
    tenant: "north",
    model,
    rules,
    slots,
    atoms,
    conditions,
    tables: [
      {
        principal: "Member",
        action: "change",
        resource: "Book",
        passes,
        slots: slots.map((_, id) => id),
        duties: choose.chance(30) ? [{ type: "encrypt", fields: ["title"] }] : [],
      },
    ],
    sealed: [],
  };
  return { program, facts, limits: [...limits.keys()].map((rule) => (rules[rule] as Rule).id) };
}

/** A request: facts mostly true or mostly false, principals of here and elsewhere, limits at all stages. */
export function requestForTerms(choose: Choose, { facts, limits }: Terms): unknown {
  const truth = choose.one([10, 50, 90]);
  return {
    tenant: { id: "north" },
    principal: { type: "Member", tenant: choose.chance(80) ? "north" : "south" },
    action: { name: "change" },
    resource: { type: "Book", tenant: "north" },
    prior: { tenant: "north" },
    next: { tenant: "north" },
    context: Object.fromEntries(Array.from({ length: facts }, (_, i) => [`f${i}`, choose.chance(truth)])),
    limits: Object.fromEntries(
      limits.map((rule) => [
        rule,
        {
          left: choose.one([0, 0, 1, 7]),
          ...(choose.chance(80)
            ? { retry_after: choose.one([0, 1, -1, 60_000_000, Number.MAX_SAFE_INTEGER, 12_345_678_901]) }
            : {}),
        },
      ]),
    ),
  };
}

function generatedObligation(choose: Choose, among: readonly string[]): Obligation {
  const within = choose.one(spans);
  const name = choose.one(among);
  // `reason` has no value: where it is as frequent as the others it is soon the one alternative that all others contain.
  if (choose.chance(among === manyNames ? 3 : 33)) return { type: "reason" };
  return choose.one<Obligation>([
    { type: "step_up", factor: name, within },
    { type: "approval", by: name, within },
  ]);
}

function generatedDuty(choose: Choose): Obligation {
  return choose.one<Obligation>([
    { type: "audit", level: choose.one(["decision", "fields", "full"]) },
    { type: "notify", whom: choose.one(names) },
  ]);
}

function generatedEffects(choose: Choose): readonly FieldEffect[] {
  return fieldNames.flatMap((field) => (choose.chance(60) ? [{ field, mask: choose.one(masks) }] : []));
}
