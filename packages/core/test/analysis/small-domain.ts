/** Random programs over so few facts that every request can be tried. */
import {
  irFormat,
  maxInt,
  type Atom,
  type Condition,
  type Entry,
  type GrantEntry,
  type ModelIr,
  type Pass,
  type Program,
  type RequestDocument,
  type RequireEntry,
  type Rule,
  type Slot,
  type SlotSource,
  type ValueType,
} from "../../src/index.ts";
import { randomFrom, type Random } from "../../src/search/random.ts";

const text = { kind: "string" } as const;
const level: ValueType = { kind: "int", min: 0, max: 2 };
const colour = { kind: "enum", name: "Colour", values: ["red", "green"] } as const;

const model: ModelIr = {
  name: "notes",
  enums: [{ name: "Colour", values: ["red", "green"] }],
  tenant: [],
  context: [
    { name: "mfa", type: { kind: "bool" }, optional: false },
    { name: "colour", type: colour, optional: true },
  ],
  entities: [
    {
      name: "User",
      kind: "principal",
      storage: null,
      keyType: "text",
      parents: [],
      fields: [field("level", level)],
    },
    {
      name: "Note",
      kind: "entity",
      storage: { table: "notes", key: "id", tenant: "tenant_id" },
      keyType: "text",
      parents: [],
      fields: [field("floor", level), field("body", text), field("label", text)],
    },
  ],
  relations: [],
  actions: [{ name: "read", kind: "reads", entities: ["Note"] }],
  roles: [],
};

function field(name: string, type: ValueType) {
  return { name, type, optional: false, classes: [], searchable: false, storage: null };
}

const sources: readonly (readonly [SlotSource, ValueType, boolean?])[] = [
  [
    { from: "principal", part: "id" },
    { kind: "entity", entity: "User" },
  ],
  [{ from: "principal", part: "tenant" }, text],
  [
    { from: "principal", part: "roles" },
    { kind: "set", of: text },
  ],
  [{ from: "tenant", part: "id" }, text],
  [
    { from: "row", row: "resource", part: "id" },
    { kind: "entity", entity: "Note" },
  ],
  [{ from: "row", row: "resource", part: "tenant" }, text],
  [{ from: "context", name: "mfa" }, { kind: "bool" }],
  [{ from: "context", name: "colour" }, colour, true],
  [{ from: "principal_attribute", name: "level" }, level],
  [{ from: "row_attribute", row: "resource", name: "floor" }, level],
  [
    { from: "limit", rule: "north/permit_1", part: "left" },
    { kind: "int", min: 0, max: maxInt },
  ],
  [{ from: "limit", rule: "north/permit_1", part: "retry_after" }, { kind: "duration" }, true],
];
const slots: readonly Slot[] = sources.map(([source, type, optional = false], id) => ({
  id,
  source,
  type,
  optional,
}));

const at = (slot: number, fallback: string | null = null) => ({ kind: "slot", slot, fallback }) as const;
const number = (value: number) =>
  ({ kind: "constant", value, type: level as Exclude<ValueType, { kind: "set" }> }) as const;
const atoms: readonly Atom[] = [
  { kind: "truth", of: at(6) },
  { kind: "has", slot: 7 },
  { kind: "one_of", of: at(7), values: ["green"], type: colour },
  { kind: "one_of", of: at(7, "red"), values: ["red"], type: colour },
  { kind: "compare", op: "ge", left: at(8), right: number(1) },
  { kind: "compare", op: "lt", left: at(8), right: number(2) },
  { kind: "compare", op: "le", left: at(8), right: at(9) },
  { kind: "compare", op: "eq", left: at(8), right: at(9) },
  { kind: "role", slot: 2, roles: ["a", "b"] },
  { kind: "role", slot: 2, roles: ["a"] },
  { kind: "role", slot: 2, roles: ["c"] },
];

const ids = [
  "north/forbid_1",
  "north/permit_1",
  "north/permit_2",
  "north/require_1",
  "platform/ceiling_1",
  "platform/ceiling_2",
  "platform/floor_1",
  "platform/forbid_2",
  "platform/require_2",
  "platform/share_1",
];

const kinds = ["forbid", "permit", "require", "ceiling", "floor", "share"] as const;

/** The program of a seed. Platform rules come first, as in every program. */
export function smallProgram(seed: number): Program {
  const random = randomFrom(seed, "small");
  const conditions: Condition[] = [];
  const keep = (condition: Condition): number => {
    const known = conditions.findIndex((other) => JSON.stringify(other) === JSON.stringify(condition));
    return known >= 0 ? known : conditions.push(condition) - 1;
  };
  const make = (depth: number): number => {
    const kind = depth === 0 ? "atom" : random.pick(["atom", "and", "or"] as const);
    if (kind === "atom") {
      if (random.chance(0.08)) return keep({ kind: "constant", value: true });
      return keep({ kind: "atom", atom: random.below(atoms.length), negated: random.chance(0.3) });
    }
    const of = [...new Set([make(depth - 1), make(depth - 1), make(depth - 1)])]
      .filter((child) => conditions[child]?.kind !== kind && conditions[child]?.kind !== "constant")
      .toSorted((a, b) => a - b);
    return of.length < 2 ? make(0) : keep({ kind, of });
  };
  const named = ids
    .filter(() => random.chance(0.7))
    .toSorted(
      (a, b) => Number(b.startsWith("platform")) - Number(a.startsWith("platform")) || (a < b ? -1 : 1),
    );
  const rules = named.map((id, i): Rule => ({
    id,
    layer: id.startsWith("platform/") ? "platform" : "tenant",
    kind: kinds.find((kind) => id.includes(`/${kind}`)) ?? "permit",
    file: "north.ward",
    line: i + 1,
    because: null,
    doc: null,
  }));
  const entries = (kind: Rule["kind"]): readonly Entry[] =>
    rules.flatMap((rule, index) => (rule.kind === kind ? [{ rule: index, when: make(2) }] : []));
  const ceilings = entries("ceiling");
  const grants = [...entries("floor"), ...entries("permit"), ...entries("share")].toSorted(
    (a, b) => a.rule - b.rule,
  );
  const join = (whens: readonly number[]): number => {
    const of = [...new Set(whens.flatMap((when) => partsOf(conditions[when], when)))].toSorted(
      (a, b) => a - b,
    );
    const always = of.find((when) => JSON.stringify(conditions[when]) === '{"kind":"constant","value":true}');
    if (always !== undefined) return always;
    return of.length === 1 ? (of[0] as number) : keep({ kind: "or", of });
  };
  const pass: Pass = {
    row: "resource",
    ceiling:
      ceilings.length === 0 ? keep({ kind: "constant", value: true }) : join(ceilings.map((c) => c.when)),
    ...(ceilings.length === 0 ? {} : { ceilings }),
    forbids: entries("forbid"),
    grants: grants.map((grant) => dressed(random, rules[grant.rule] as Rule, grant, make)),
    requires: entries("require").map((entry): RequireEntry => ({
      ...entry,
      effects: random.chance(0.4) ? [{ field: "body", mask: { kind: "redact" } }] : [],
      preconditions: random.chance(0.5) ? [{ obligation: { type: "reason" }, met: make(1) }] : [],
      ...(random.chance(0.3) ? { duties: [{ type: "audit", level: "full" }] } : {}),
    })),
  };
  const program: Program = {
    format: irFormat,
    tenant: "north",
    model,
    rules,
    slots,
    atoms,
    conditions,
    tables: [{ principal: "User", action: "read", resource: "Note", passes: [pass], slots: [], duties: [] }],
    sealed: [],
  };
  return { ...program, tables: program.tables.map((table) => ({ ...table, slots: readBy(program) })) };
}

function partsOf(condition: Condition | undefined, index: number): readonly number[] {
  return condition?.kind === "or" ? condition.of : [index];
}

function dressed(random: Random, rule: Rule, entry: Entry, make: (depth: number) => number): GrantEntry {
  if (rule.kind === "floor") return { ...entry, effects: [] };
  const obligation = { type: "limit", rule: rule.id, count: 2, per: "day", by: "tenant" } as const;
  return {
    ...entry,
    effects: random.chance(0.4) ? [{ field: "label", mask: { kind: "hide" } }] : [],
    ...(random.chance(0.3) ? { preconditions: [{ obligation: { type: "reason" }, met: make(1) }] } : {}),
    ...(rule.id === "north/permit_1" && random.chance(0.5)
      ? { limit: { obligation, left: 10, retryAfter: 11 } }
      : {}),
    ...(random.chance(0.3) ? { duties: [{ type: "notify", whom: "admins" }] } : {}),
  };
}

/** The slots of the one table: those of the scope, and what its conditions and limits read. */
function readBy(program: Program): readonly number[] {
  const text = JSON.stringify(program.tables);
  const read = new Set([0, 1, 2, 3, 4, 5]);
  if (text.includes('"limit"')) [10, 11].forEach((slot) => read.add(slot));
  const visit = (index: number): void => {
    const condition = program.conditions[index];
    if (condition?.kind === "and" || condition?.kind === "or") condition.of.forEach(visit);
    if (condition?.kind !== "atom") return;
    const slotsIn = JSON.stringify(program.atoms[condition.atom]).matchAll(/"slot":(\d+)/g);
    for (const [, slot] of slotsIn) read.add(Number(slot));
  };
  for (const [, index] of text.matchAll(/"(?:when|met|ceiling)":(\d+)/g)) visit(Number(index));
  return [...read].toSorted((a, b) => a - b);
}

/** Every request that the rules can tell apart. */
export function everyRequest(): readonly RequestDocument[] {
  const found: RequestDocument[] = [];
  for (const tenant of ["north", "elsewhere"])
    for (const roles of [[], ["a"], ["b"], ["c"], ["a", "c"], ["b", "c"]])
      for (const mfa of [false, true])
        for (const hue of [undefined, "red", "green"])
          for (const mine of [0, 1, 2])
            for (const floor of [0, 1, 2])
              for (const left of [0, 1])
                found.push({
                  tenant: { id: "north" },
                  principal: { type: "User", id: "ada", tenant, roles, attributes: { level: mine } },
                  action: { name: "read" },
                  resource: { type: "Note", id: "n", tenant: "north", attributes: { floor } },
                  context: { mfa, ...(hue === undefined ? {} : { colour: hue }) },
                  limits: { "north/permit_1": { left } },
                });
  return found;
}
