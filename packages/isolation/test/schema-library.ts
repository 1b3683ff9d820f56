/** A lending library as a model: what the tests of the schema, the context and the audit log store. */
import type { EntityModel, FieldModel, ModelIr, ValueType } from "@wardline/core";

function column(name: string, type: ValueType, more: Partial<FieldModel> = {}): FieldModel {
  const stored = type.kind === "entity" ? `${name}_id` : name;
  return {
    name,
    type,
    optional: false,
    classes: [],
    searchable: false,
    storage: { kind: "column", column: stored },
    ...more,
  };
}

function stored(
  name: string,
  table: string,
  fields: readonly FieldModel[],
  parents: EntityModel["parents"] = [],
): EntityModel {
  return {
    name,
    kind: "entity",
    storage: { table, key: "id", tenant: "tenant_id" },
    keyType: "uuid",
    parents,
    fields,
  };
}

const genre: ValueType = { kind: "enum", name: "Genre", values: ["poetry", "it's", "a\\b"] };

export const library: ModelIr = {
  name: "library",
  enums: [{ name: "Genre", values: genre.values }],
  tenant: [],
  context: [],
  entities: [
    stored(
      "Branch",
      "branches",
      [column("name", { kind: "string" })],
      [{ entity: "Branch", via: { kind: "column", column: "parent_id" } }],
    ),
    stored(
      "Shelf",
      "shelves",
      [column("label", { kind: "string" })],
      [
        {
          entity: "Branch",
          via: { kind: "table", table: "shelf_branches", child: "shelf_id", parent: "branch_id" },
        },
      ],
    ),
    {
      name: "Member",
      kind: "principal",
      storage: null,
      keyType: "text",
      parents: [{ entity: "Branch", via: { kind: "session" } }],
      fields: [column("mail", { kind: "string" }, { storage: null })],
    },
    stored("Book", "books", [
      column("branch", { kind: "entity", entity: "Branch" }),
      column("holder", { kind: "entity", entity: "Member" }, { optional: true }),
      column("title", { kind: "string" }),
      column("remark", { kind: "string" }, { optional: true, classes: ["private"], searchable: true }),
      column("copies", { kind: "int", min: 0, max: 99 }),
      column("price", { kind: "decimal", precision: 6, scale: 2 }),
      column("bought", { kind: "instant" }),
      column("span", { kind: "duration" }),
      column("genre", genre),
      column("rare", { kind: "bool" }),
      column("code", { kind: "uuid" }),
      column("seen_from", { kind: "ip" }, { optional: true }),
      column("printed", { kind: "date" }, { optional: true }),
      column("opens", { kind: "time" }, { optional: true }),
      column(
        "tags",
        { kind: "set", of: { kind: "string" } },
        {
          storage: { kind: "table", table: "book_tags", owner: "book_id", value: "tag" },
        },
      ),
    ]),
    stored(
      "Loan",
      "loans",
      [column("fee", { kind: "int", min: 0, max: 1000 })],
      [{ entity: "Book", via: { kind: "column", column: "book_id" } }],
    ),
  ],
  relations: [
    {
      name: "keeps",
      from: "Member",
      to: "Book",
      table: "book_keepers",
      fromColumn: "member_id",
      toColumn: "book_id",
    },
  ],
  actions: [],
  roles: [],
};

export const librarySealed = [{ entity: "Book", fields: ["remark"] }] as const;

/** The values of a book in the order of `bookColumns`, as parameters. */
export const bookColumns =
  "tenant_id, id, branch_id, holder_id, title, remark, copies, price, bought, span, genre, rare, code";

/** A cell that has the form of a sealed one; it opens nowhere. */
export const sealedLooking = Buffer.concat([Buffer.from("574c530200000001", "hex"), Buffer.alloc(80, 7)]);

export function bookValues(
  tenant: string,
  id: string,
  branch: string,
  more: Readonly<Record<string, unknown>> = {},
): unknown[] {
  const values: Record<string, unknown> = {
    tenant_id: tenant,
    id,
    branch_id: branch,
    holder_id: "ada",
    title: `title of ${tenant}`,
    remark: sealedLooking,
    copies: 1,
    price: "12.50",
    bought: "2026-01-05T12:00:00.000000Z",
    span: 60_000_000,
    genre: "poetry",
    rare: false,
    code: "0190a0b0-0000-7000-8000-00000000000c",
    ...more,
  };
  return bookColumns.split(", ").map((name) => values[name]);
}
