/** A program by hand whose one table reads every kind of slot and asks every kind of atom, update and read. */
import {
  irFormat,
  maxInt,
  weekdayType,
  type Atom,
  type EntityModel,
  type FieldModel,
  type ModelIr,
  type Program,
  type RuleKind,
  type Slot,
  type SlotSource,
  type ValueType,
} from "../../src/index.ts";

const text: ValueType = { kind: "string" };
const user: ValueType = { kind: "entity", entity: "User" };
const unit = { kind: "entity", entity: "Unit" } as const;
const file: ValueType = { kind: "entity", entity: "File" };
const level: ValueType = { kind: "int", min: 0, max: 5 };
const money: ValueType = { kind: "decimal", precision: 8, scale: 2 };
const colour: ValueType = { kind: "enum", name: "Colour", values: ["red", "green", "blue"] };
const setOf = (of: Exclude<ValueType, { kind: "set" }>): ValueType => ({ kind: "set", of });

const field = (name: string, type: ValueType, optional = false): FieldModel => ({
  name,
  type,
  optional,
  classes: [],
  searchable: false,
  storage: null,
});

const entity = (
  name: string,
  kind: EntityModel["kind"],
  parents: readonly string[],
  fields: readonly FieldModel[],
): EntityModel => ({
  name,
  kind,
  storage: kind === "principal" ? null : { table: name.toLowerCase(), key: "id", tenant: "tenant_id" },
  keyType: kind === "principal" ? "text" : "uuid",
  parents: parents.map((parent) => ({ entity: parent, via: { kind: "session" } })),
  fields,
});

const model: ModelIr = {
  name: "files",
  enums: [{ name: "Colour", values: ["red", "green", "blue"] }],
  tenant: [{ name: "paid", type: { kind: "bool" }, optional: false }],
  context: [
    { name: "ip", type: { kind: "ip" }, optional: false },
    { name: "age", type: { kind: "duration" }, optional: true },
    { name: "purpose", type: { kind: "string" }, optional: true },
  ],
  entities: [
    entity(
      "Unit",
      "entity",
      ["Unit"],
      [field("name", text), field("head", user, true), field("floor", level)],
    ),
    entity("User", "principal", ["Unit"], [field("level", level), field("nick", text, true)]),
    entity(
      "File",
      "entity",
      [],
      [
        field("title", text),
        field("cost", money),
        field("unit", unit),
        field("owner", user, true),
        field("colour", colour),
        field("tags", setOf({ kind: "string" })),
        field("made", { kind: "instant" }),
        field("day", { kind: "date" }, true),
      ],
    ),
  ],
  relations: [{ name: "watches", from: "User", to: "File", table: "w", fromColumn: "u", toColumn: "f" }],
  actions: [{ name: "read", kind: "reads", entities: ["File"] }],
  roles: ["reader", "writer", "boss"].map((name) => ({ name, extends: [], platform: false })),
};

const row = (name: string): SlotSource => ({ from: "row_attribute", row: "resource", name });
const sources: readonly (readonly [SlotSource, ValueType, boolean?])[] = [
  [{ from: "principal", part: "id" }, user],
  [{ from: "principal", part: "tenant" }, text],
  [{ from: "principal", part: "roles" }, setOf({ kind: "string" })],
  [{ from: "tenant", part: "id" }, text],
  [{ from: "row", row: "resource", part: "id" }, file],
  [{ from: "row", row: "resource", part: "tenant" }, text],
  [{ from: "principal_attribute", name: "level" }, level],
  [{ from: "principal_attribute", name: "nick" }, text, true],
  [row("title"), text],
  [row("cost"), money],
  [row("unit"), unit],
  [row("owner"), user, true],
  [row("colour"), colour],
  [row("tags"), setOf({ kind: "string" })],
  [row("made"), { kind: "instant" }],
  [row("day"), { kind: "date" }, true],
  [{ from: "tenant_attribute", name: "paid" }, { kind: "bool" }],
  [{ from: "context", name: "ip" }, { kind: "ip" }],
  [{ from: "context", name: "age" }, { kind: "duration" }, true],
  [{ from: "context", name: "purpose" }, text, true],
  [{ from: "now" }, { kind: "instant" }],
  [{ from: "clock", part: "time" }, { kind: "time" }],
  [
    { from: "clock", part: "hour" },
    { kind: "int", min: 0, max: 23 },
  ],
  [{ from: "clock", part: "weekday" }, weekdayType],
  [{ from: "reference", of: { root: "resource", attribute: "owner" }, name: "level" }, level],
  [{ from: "reference", of: { root: "resource", attribute: "unit" }, name: "head" }, user, true],
  [{ from: "reference", of: { root: "resource", attribute: "unit", further: "head" }, name: "level" }, level],
  [
    { from: "ancestors", of: { root: "principal", attribute: null }, entity: "Unit" },
    setOf({ kind: "entity", entity: "Unit" }),
  ],
  [
    { from: "ancestors", of: { root: "resource", attribute: "unit" }, entity: "Unit" },
    setOf({ kind: "entity", entity: "Unit" }),
  ],
  [{ from: "relation", name: "watches" }, setOf({ kind: "string" })],
  [
    { from: "limit", rule: "north/p0", part: "left" },
    { kind: "int", min: 0, max: maxInt },
  ],
  [{ from: "limit", rule: "north/p0", part: "retry_after" }, { kind: "duration" }, true],
];

const slots: readonly Slot[] = sources.map(([source, type, optional = false], id) => ({
  id,
  source,
  type,
  optional,
}));

const at = (id: number, fallback: string | number | null = null) =>
  ({ kind: "slot", slot: id, fallback }) as const;
const is = (value: string | number, type: Exclude<ValueType, { kind: "set" }>) =>
  ({ kind: "constant", value, type }) as const;
const now = (offset: number) => ({ kind: "now", slot: 20, offset }) as const;
const unitId = "0198c0de-0000-7000-8000-000000000999";

const atoms: readonly Atom[] = [
  { kind: "compare", op: "ge", left: at(6), right: is(3, level) },
  { kind: "compare", op: "le", left: at(6), right: is(3, level) },
  { kind: "compare", op: "lt", left: at(9), right: is("10000.00", money) },
  { kind: "compare", op: "gt", left: at(9), right: is("9999.98", money) },
  { kind: "compare", op: "eq", left: at(11), right: at(0) },
  { kind: "compare", op: "eq", left: at(24), right: at(6) },
  { kind: "compare", op: "lt", left: at(26), right: at(24) },
  { kind: "compare", op: "ge", left: at(14), right: now(-86_400_000_000) },
  { kind: "compare", op: "lt", left: at(20), right: at(14) },
  { kind: "compare", op: "ge", left: at(21), right: is("22:00:00.000000", { kind: "time" }) },
  { kind: "compare", op: "lt", left: at(21), right: is("06:00:00.000000", { kind: "time" }) },
  { kind: "compare", op: "eq", left: at(22), right: is(3, { kind: "int", min: 0, max: 23 }) },
  { kind: "compare", op: "le", left: at(18, 0), right: is(60_000_000, { kind: "duration" }) },
  { kind: "compare", op: "ge", left: at(15), right: is("2024-02-29", { kind: "date" }) },
  { kind: "truth", of: at(16) },
  { kind: "one_of", of: at(12), values: ["blue", "red"], type: colour },
  { kind: "one_of", of: at(23), values: ["saturday", "sunday"], type: weekdayType },
  { kind: "contains", set: 13, of: is("secret", { kind: "string" }), type: { kind: "string" } },
  { kind: "contains", set: 13, of: at(19), type: { kind: "string" } },
  { kind: "empty", set: 13 },
  { kind: "text", op: "starts_with", of: at(8), part: is("Ü😀", { kind: "string" }) },
  { kind: "text", op: "ends_with", of: at(8), part: at(7) },
  { kind: "text", op: "contains", of: at(8), part: is("-", { kind: "string" }) },
  { kind: "in_network", of: at(17), networks: ["10.20.0.0/16", "2001:db8::/32"] },
  { kind: "has", slot: 19 },
  { kind: "has", slot: 25 },
  { kind: "role", slot: 2, roles: ["boss", "writer"] },
  { kind: "role", slot: 2, roles: ["reader"] },
  { kind: "within", entity: at(0), group: at(10), same: false, ancestors: 27 },
  {
    kind: "within",
    entity: at(10),
    group: is(unitId, unit),
    same: true,
    ancestors: 28,
  },
  {
    kind: "within",
    entity: at(0),
    group: is(unitId, unit),
    same: false,
    ancestors: 27,
  },
  { kind: "related", slot: 29, from: at(0), to: at(4) },
  { kind: "related", slot: 29, from: at(11), to: at(4) },
];

export const atomCount = atoms.length;

/** Every atom twice, as it is and negated: condition 2n holds where atom n does, 2n + 1 where it does not. */
export const wideProgram: Program = {
  format: irFormat,
  tenant: "north",
  model,
  rules: atoms.map((_, i) => ({
    id: `north/p${i}`,
    layer: "tenant",
    kind: "permit" satisfies RuleKind,
    file: "north.ward",
    line: i + 1,
    because: null,
    doc: null,
  })),
  slots,
  atoms,
  conditions: [
    ...atoms.flatMap((_, atom) => [
      { kind: "atom", atom, negated: false } as const,
      { kind: "atom", atom, negated: true } as const,
    ]),
    { kind: "constant", value: true },
  ],
  tables: [
    {
      principal: "User",
      action: "read",
      resource: "File",
      passes: [
        {
          row: "resource",
          ceiling: 2 * atoms.length,
          forbids: [],
          grants: atoms.map((_, i) => ({
            rule: i,
            when: 2 * i,
            effects: [],
            ...(i > 0
              ? {}
              : {
                  limit: {
                    obligation: {
                      type: "limit",
                      rule: "north/p0",
                      count: 3,
                      per: "day",
                      by: "tenant",
                    } as const,
                    left: 30,
                    retryAfter: 31,
                  },
                }),
          })),
          requires: [],
        },
      ],
      slots: slots.map((slot) => slot.id),
      duties: [],
    },
  ],
  sealed: [],
  settings: { timezone: "Europe/Berlin" },
};
