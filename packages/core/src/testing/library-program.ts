/** A program of a lending library, written by hand: every kind of slot source, atom, condition, mask and obligation occurs. */
import type {
  Atom,
  Condition,
  EntityModel,
  ModelIr,
  Program,
  Slot,
  SlotSource,
  Table,
  ValueType,
} from "../index.ts";
import { irFormat } from "../index.ts";

const text: ValueType = { kind: "string" };
const member: ValueType = { kind: "entity", entity: "Member" };
const branch: ValueType = { kind: "entity", entity: "Branch" };
const book: ValueType = { kind: "entity", entity: "Book" };
const price: ValueType = { kind: "decimal", precision: 6, scale: 2 };
const level: ValueType = { kind: "int", min: 0, max: 5 };
const shelf: ValueType = { kind: "enum", name: "Shelf", values: ["open", "closed"] };

const column = (name: string) => ({ kind: "column", column: name }) as const;

const bookModel: EntityModel = {
  name: "Book",
  kind: "entity",
  storage: { table: "books", key: "id", tenant: "tenant_id" },
  keyType: "uuid",
  parents: [],
  fields: [
    field("title", text),
    field("note", text, true),
    field("code", text),
    field("price", price),
    field("branch", branch, false, "branch_id"),
    field("holder", member, true, "holder_id"),
    field("shelf", shelf),
    {
      ...field("tags", { kind: "set", of: text }),
      storage: { kind: "table", table: "book_tags", owner: "book_id", value: "tag" },
    },
  ],
};

function field(name: string, type: ValueType, optional = false, stored = name) {
  return {
    name,
    type,
    optional,
    classes: name === "code" ? ["secret"] : [],
    searchable: false,
    storage: column(stored),
  };
}

const model: ModelIr = {
  name: "library",
  enums: [{ name: "Shelf", values: ["open", "closed"] }],
  tenant: [{ name: "lends", type: { kind: "bool" }, optional: false }],
  context: [
    { name: "purpose", type: { kind: "string" }, optional: true },
    { name: "age", type: { kind: "duration" }, optional: true },
  ],
  entities: [
    {
      name: "Branch",
      kind: "entity",
      storage: { table: "branches", key: "id", tenant: "tenant_id" },
      keyType: "uuid",
      parents: [{ entity: "Branch", via: { kind: "column", column: "parent_id" } }],
      fields: [],
    },
    {
      name: "Member",
      kind: "principal",
      storage: null,
      keyType: "text",
      parents: [{ entity: "Branch", via: { kind: "session" } }],
      fields: [
        { ...field("level", level), storage: null },
        { ...field("since", { kind: "instant" }), storage: null },
      ],
    },
    bookModel,
  ],
  relations: [
    {
      name: "recommends",
      from: "Member",
      to: "Book",
      table: "recommendations",
      fromColumn: "member_id",
      toColumn: "book_id",
    },
  ],
  actions: [
    { name: "read", kind: "reads", entities: ["Book"] },
    { name: "update", kind: "updates", entities: ["Book"] },
  ],
  roles: [
    { name: "reader", extends: [], platform: false },
    { name: "keeper", extends: ["reader"], platform: false },
  ],
};

const set = (of: Exclude<ValueType, { kind: "set" }>): ValueType => ({ kind: "set", of });

const sources: readonly (readonly [SlotSource, ValueType, boolean?])[] = [
  [{ from: "principal", part: "id" }, member],
  [{ from: "principal", part: "tenant" }, text],
  [{ from: "principal", part: "roles" }, set({ kind: "string" })],
  [{ from: "tenant", part: "id" }, text],
  [{ from: "row", row: "resource", part: "id" }, book],
  [{ from: "row", row: "resource", part: "tenant" }, text],
  [{ from: "principal_attribute", name: "level" }, level],
  [{ from: "row_attribute", row: "resource", name: "price" }, price],
  [{ from: "row_attribute", row: "resource", name: "branch" }, branch],
  [{ from: "row_attribute", row: "resource", name: "holder" }, member, true],
  [{ from: "row_attribute", row: "resource", name: "shelf" }, shelf],
  [{ from: "row_attribute", row: "resource", name: "tags" }, set({ kind: "string" })],
  [{ from: "row_attribute", row: "resource", name: "title" }, text],
  [{ from: "tenant_attribute", name: "lends" }, { kind: "bool" }],
  [{ from: "context", name: "purpose" }, text, true],
  [{ from: "context", name: "age" }, { kind: "duration" }, true],
  [{ from: "now" }, { kind: "instant" }],
  [
    { from: "ancestors", of: { root: "principal", attribute: null }, entity: "Branch" },
    set({ kind: "entity", entity: "Branch" }),
  ],
  [{ from: "relation", name: "recommends" }, set({ kind: "string" })],
  [{ from: "row", row: "prior", part: "id" }, book],
  [{ from: "row", row: "prior", part: "tenant" }, text],
  [{ from: "row", row: "next", part: "id" }, book],
  [{ from: "row", row: "next", part: "tenant" }, text],
  [{ from: "principal_attribute", name: "since" }, { kind: "instant" }],
];

const slots: readonly Slot[] = sources.map(([source, type, optional = false], id) => ({
  id,
  source,
  type,
  optional,
}));

const slot = (id: number, fallback: string | number | null = null) =>
  ({ kind: "slot", slot: id, fallback }) as const;

const atoms: readonly Atom[] = [
  {
    kind: "compare",
    op: "lt",
    left: slot(7),
    right: { kind: "constant", value: "20.00", type: { kind: "decimal", precision: 4, scale: 2 } },
  },
  { kind: "compare", op: "eq", left: slot(9), right: slot(0) },
  { kind: "truth", of: slot(13) },
  {
    kind: "one_of",
    of: slot(10),
    values: ["closed", "open"],
    type: { kind: "enum", name: "Shelf", values: ["open", "closed"] },
  },
  { kind: "contains", set: 11, of: slot(12), type: { kind: "string" } },
  { kind: "has", slot: 14 },
  { kind: "role", slot: 2, roles: ["keeper", "reader"] },
  { kind: "within", entity: slot(0), group: slot(8), same: false, ancestors: 17 },
  { kind: "related", slot: 18, from: slot(0), to: slot(4) },
  {
    kind: "compare",
    op: "le",
    left: slot(15, 0),
    right: { kind: "constant", value: 60_000_000, type: { kind: "duration" } },
  },
  { kind: "compare", op: "gt", left: slot(16), right: slot(23) },
  { kind: "one_of", of: slot(6), values: [1, 3], type: { kind: "int", min: 0, max: 5 } },
];

const conditions: readonly Condition[] = [
  { kind: "constant", value: true },
  ...atoms.map((_, atom): Condition => ({ kind: "atom", atom, negated: atom === 3 })),
  { kind: "and", of: [1, 7, 8] },
  { kind: "or", of: [2, 9, 13] },
  { kind: "and", of: [3, 5, 11, 12, 14] },
];

const rules = (["permit", "permit", "forbid", "require", "ceiling"] as const).map((kind, i) => ({
  id: i === 4 ? "platform/all" : `north/rule_${i}`,
  layer: i === 4 ? ("platform" as const) : ("tenant" as const),
  kind,
  file: "north.ward",
  line: i + 1,
  because: i === 2 ? "Closed shelves stay closed." : null,
  doc: i === 0 ? "Readers see what is cheap\nand near." : null,
}));

const tables: readonly Table[] = [
  {
    principal: "Member",
    action: "read",
    resource: "Book",
    passes: [
      {
        row: "resource",
        ceiling: 0,
        forbids: [{ rule: 2, when: 4 }],
        grants: [
          {
            rule: 0,
            when: 15,
            effects: [
              { field: "title", mask: { kind: "partial", last: 3 } },
              { field: "price", mask: { kind: "hide" } },
            ],
          },
          {
            rule: 1,
            when: 14,
            effects: [
              { field: "title", mask: { kind: "initials" } },
              { field: "note", mask: { kind: "show" } },
            ],
          },
        ],
        requires: [
          {
            rule: 3,
            when: 1,
            effects: [{ field: "note", mask: { kind: "redact" } }],
            preconditions: [
              { obligation: { type: "reason" }, met: 6 },
              { obligation: { type: "step_up", factor: "token", within: 60_000_000 }, met: 10 },
              { obligation: { type: "step_up", factor: "token", within: null }, met: 10 },
            ],
          },
        ],
      },
    ],
    slots: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 23],
    duties: [],
  },
  {
    principal: "Member",
    action: "update",
    resource: "Book",
    passes: (["prior", "next"] as const).map((row) => ({
      row,
      ceiling: 0,
      forbids: [],
      grants: [{ rule: 0, when: 7, effects: [] }],
      requires: [],
    })),
    slots: [0, 1, 2, 3, 19, 20, 21, 22],
    duties: [{ type: "encrypt", fields: ["code"] }],
  },
];

export const libraryProgram: Program = {
  format: irFormat,
  tenant: "north",
  model,
  rules,
  slots,
  atoms,
  conditions,
  tables,
  sealed: [{ entity: "Book", fields: ["code"] }],
};

/** A request that the program permits. */
export const libraryRequest = {
  tenant: { id: "north", attributes: { lends: true } },
  principal: {
    type: "Member",
    id: "m1",
    tenant: "north",
    roles: ["reader"],
    attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
  },
  action: { name: "read" },
  resource: {
    type: "Book",
    id: "b1",
    tenant: "north",
    attributes: { price: "9.50", branch: "br1", shelf: "open", tags: ["saga"], title: "saga" },
  },
  context: { purpose: "study" },
  ancestors: { principal: { Branch: ["br1"] } },
  relations: { recommends: [] },
  now: "2026-01-01T00:00:00.000000Z",
};
