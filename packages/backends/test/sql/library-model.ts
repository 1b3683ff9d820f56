/** The model of these tests: a lending library whose branches, shelves and regions nest in several ways. */
import type { EntityModel, FieldModel, FieldStorage, ModelIr, ScalarType, ValueType } from "@wardline/core";
import { maxInt } from "@wardline/core";

export const text: ScalarType = { kind: "string" };
export const whole: ScalarType = { kind: "int", min: -maxInt, max: maxInt };
export const price: ScalarType = { kind: "decimal", precision: 8, scale: 2 };
export const status: ScalarType = { kind: "enum", name: "Status", values: ["lost", "open", "Open"] };
export const ref = (entity: string): ScalarType => ({ kind: "entity", entity });
export const setOf = (of: ScalarType): ValueType => ({ kind: "set", of });

function field(name: string, type: ValueType, storage: FieldStorage | null, optional = false): FieldModel {
  return { name, type, optional, classes: [], searchable: false, storage };
}

const column = (name: string, type: ValueType, optional = false, of = name) =>
  field(name, type, { kind: "column", column: of }, optional);
const side = (name: string, type: ValueType, table: string) =>
  field(name, type, { kind: "table", table, owner: "book_id", value: "value" });

export const bookFields: readonly FieldModel[] = [
  column("title", text),
  column("subtitle", text, true),
  column("author", text, true, 'the "author"'),
  column("pages", whole),
  column("copies", whole, true),
  column("price", price, true),
  column("fee", price),
  column("printed", { kind: "instant" }, true),
  column("bought", { kind: "instant" }),
  column("lent_for", { kind: "duration" }, true),
  column("status", status, true),
  column("rare", { kind: "bool" }, true),
  column("isbn", { kind: "uuid" }, true),
  column("owner", ref("Member"), true, "owner_id"),
  column("second_owner", ref("Member"), true, "second_owner_id"),
  column("shelf", ref("Shelf"), true, "shelf_id"),
  column("branch", ref("Branch"), true, "branch_id"),
  column("notes", text, true),
  column("arrived", { kind: "date" }, true),
  side("labels", setOf(text), "book_labels"),
  side("grades", setOf(whole), "book_grades"),
  side("fans", setOf(ref("Member")), "book_fans"),
  side("places", setOf(ref("Branch")), "book_places"),
];

const stored = (name: string, table: string, rest: Pick<EntityModel, "fields" | "parents">): EntityModel => ({
  name,
  kind: "entity",
  storage: { table, key: "id", tenant: "tenant_id" },
  keyType: "uuid",
  ...rest,
});

export const libraryModel: ModelIr = {
  name: "library",
  enums: [{ name: "Status", values: ["lost", "open", "Open"] }],
  tenant: [{ name: "plan", type: text, optional: true }],
  context: [
    { name: "reason", type: text, optional: true },
    { name: "desk", type: whole, optional: true },
    { name: "sure", type: { kind: "bool" }, optional: true },
  ],
  entities: [
    {
      name: "Member",
      kind: "principal",
      storage: null,
      keyType: "text",
      parents: [{ entity: "Branch", via: { kind: "session" } }],
      fields: [
        field("nick", text, null, true),
        field("age", whole, null, true),
        field("tags", setOf(text), null),
        field("branches", setOf(ref("Branch")), null),
        field("answers", setOf({ kind: "bool" }), null, true),
        field("seat", ref("Branch"), null, true),
      ],
    },
    { ...stored("Region", "regions", { fields: [], parents: [] }), keyType: "text" },
    stored("Branch", "branches", {
      fields: [column("name", text)],
      parents: [
        { entity: "Branch", via: { kind: "table", table: "branch_tree", child: "child", parent: "parent" } },
        { entity: "Region", via: { kind: "column", column: "region_id" } },
      ],
    }),
    stored("Shelf", "shelves", {
      fields: [column("name", text)],
      parents: [
        { entity: "Shelf", via: { kind: "column", column: "above_id" } },
        { entity: "Branch", via: { kind: "column", column: "branch_id" } },
      ],
    }),
    stored("Book", "books", {
      fields: bookFields,
      parents: [
        { entity: "Shelf", via: { kind: "column", column: "shelf_id" } },
        {
          entity: "Branch",
          via: { kind: "table", table: "book_homes", child: "book_id", parent: "branch_id" },
        },
      ],
    }),
  ],
  relations: [
    {
      name: "lends",
      from: "Member",
      to: "Book",
      table: "lends",
      fromColumn: "member_id",
      toColumn: "book_id",
    },
  ],
  actions: [
    { name: "list", kind: "reads", entities: ["Book", "Shelf", "Branch", "Region"] },
    { name: "read", kind: "reads", entities: ["Book", "Shelf", "Branch", "Region"] },
    { name: "update", kind: "updates", entities: ["Book"] },
  ],
  roles: [],
};

/** The tables. Nothing is NOT NULL, so that rows without facts can be tried. */
export const libraryTables = `
  set timezone to 'UTC';
  create schema library;
  create table library.regions (tenant_id text collate "C", id text collate "C", primary key (tenant_id, id));
  create table library.branches (tenant_id text collate "C", id uuid, name text collate "C",
    region_id text collate "C", primary key (tenant_id, id));
  create table library.branch_tree (tenant_id text collate "C", child uuid, parent uuid, primary key (tenant_id, child, parent));
  create table library.shelves (tenant_id text collate "C", id uuid, name text collate "C",
    above_id uuid, branch_id uuid, primary key (tenant_id, id));
  create table library.books (tenant_id text collate "C", id uuid, title text collate "C", subtitle text collate "C",
    "the ""author""" text collate "C", pages bigint, copies bigint, price numeric(8,2), fee numeric(8,2),
    printed timestamptz, bought timestamptz, lent_for bigint, status text collate "C", rare boolean, isbn uuid,
    owner_id text collate "C", second_owner_id text collate "C", shelf_id uuid, branch_id uuid, notes bytea, arrived date,
    primary key (tenant_id, id));
  create index books_status on library.books (tenant_id, status);
  create index books_shelf on library.books (tenant_id, shelf_id);
  create table library.book_homes (tenant_id text collate "C", book_id uuid, branch_id uuid, primary key (tenant_id, book_id, branch_id));
  create table library.book_labels (tenant_id text collate "C", book_id uuid, value text collate "C", primary key (tenant_id, book_id, value));
  create table library.book_grades (tenant_id text collate "C", book_id uuid, value bigint, primary key (tenant_id, book_id, value));
  create table library.book_fans (tenant_id text collate "C", book_id uuid, value text collate "C", primary key (tenant_id, book_id, value));
  create table library.book_places (tenant_id text collate "C", book_id uuid, value uuid, primary key (tenant_id, book_id, value));
  create table library.lends (tenant_id text collate "C", member_id text collate "C", book_id uuid, primary key (tenant_id, member_id, book_id));
`;
