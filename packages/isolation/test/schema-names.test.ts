import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseDdl, planTables, securityDdl } from "../src/index.ts";
import { derivedName, quoteName, quoteText } from "../src/schema/identifier.ts";
import { library, librarySealed } from "./schema-library.ts";

const book = library.entities.find((entity) => entity.name === "Book")!;

describe("names in DDL", () => {
  it("are quoted, and refused where Postgres would cut or a block would end", () => {
    expect(quoteName('a"; drop table b; --')).toBe('"a""; drop table b; --"');
    expect(quoteName("ü".repeat(31))).toHaveLength(33);
    for (const bad of ["", "a\0b", "$wardline$", "x".repeat(64), "ü".repeat(32), "\ud800"]) {
      expect(() => quoteName(bad), JSON.stringify(bad)).toThrow(/a name in the database/);
    }
  });

  it("stand in text constants without ending them", () => {
    expect(quoteText("it's")).toBe("'it''s'");
    expect(quoteText("a\\'b")).toBe("E'a\\\\''b'");
    expect(() => quoteText("a\0")).toThrow();
  });

  it("are derived differently for different parts, however the parts join", () => {
    expect(derivedName("a_b", "c", "idx")).not.toBe(derivedName("a", "b_c", "idx"));
    const parts = fc.array(fc.string({ minLength: 1, maxLength: 70 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(() => quoteName(derivedName(...a))).not.toThrow();
        expect(derivedName(...a) === derivedName(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe("planTables", () => {
  it("gives every table a tenant column that leads, side tables too", () => {
    const tables = planTables({ model: library, sealed: librarySealed });
    expect(tables.map((table) => table.name)).toEqual([
      "branches",
      "shelves",
      "books",
      "loans",
      "shelf_branches",
      "book_tags",
      "book_keepers",
    ]);
    expect(tables.every((table) => table.tenant === "tenant_id")).toBe(true);
  });

  it.each([
    [
      "a sealed field that does not exist",
      { model: library, sealed: [{ entity: "Book", fields: ["remarks"] }] },
    ],
    [
      "a sealed field of an unknown entity",
      { model: library, sealed: [{ entity: "Tome", fields: ["remark"] }] },
    ],
    ["a sealed number", { model: library, sealed: [{ entity: "Book", fields: ["copies"] }] }],
    ["a sealed set", { model: library, sealed: [{ entity: "Book", fields: ["tags"] }] }],
    [
      "a field in the tenant's column",
      {
        model: {
          ...library,
          entities: [
            ...library.entities.filter((entity) => entity !== book),
            { ...book, storage: { table: "books", key: "id", tenant: "title" } },
          ],
        },
        sealed: [],
      },
    ],
    [
      "a table used in two ways",
      { model: { ...library, relations: [{ ...library.relations[0]!, table: "books" }] }, sealed: [] },
    ],
    [
      "a relation to nowhere",
      { model: { ...library, relations: [{ ...library.relations[0]!, to: "Tome" }] }, sealed: [] },
    ],
  ])("refuses %s", (_, stored) => {
    expect(() => planTables(stored)).toThrow();
  });

  it("refuses the schemas of the system and of the control functions", () => {
    for (const schema of ["wardline", "pg_catalog", "pg_temp", "information_schema", ""]) {
      expect(() => databaseDdl({ model: library, sealed: [] }, { schema })).toThrow();
      expect(() => securityDdl({ model: library, sealed: [] }, { schema })).toThrow();
    }
  });
});
