/** Equality on sealed fields by blind indexes: in every place, in what is written, and while their key is rotated. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SqlStatement } from "../src/contracts.ts";
import { SealBroken } from "../src/errors.ts";
import { revealRow } from "../src/seal/sealed.ts";
import { createSealer } from "../src/seal/sealer.ts";
import {
  ada,
  ben,
  canary,
  codeOf,
  handle,
  idOf,
  nobody,
  openLibrary,
  sealerOf,
  type Handle,
  type Library,
  type Tenant,
  sealersWith,
  auditSealerOf,
} from "./driver-library.ts";
import { keysOf } from "./seal-library.ts";

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library.close());
beforeEach(() => library.reset());

const noteOf = (tenant: Tenant, number: number): string => `${canary(tenant, "note")} ${number}`;
const book = (number: number, tenant: Tenant = "north"): string => idOf("book", tenant, number);
const field = { table: "books", column: "note" };
const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id).toSorted();

/** The handle with all that it sends. */
function watched(
  who = ada,
  tenant: Tenant = "north",
  changes: Parameters<typeof handle>[3] = {},
): Handle & { readonly sent: SqlStatement[] } {
  const sent: SqlStatement[] = [];
  const { database } = library;
  const made = handle(library, tenant, who, {
    ...changes,
    database: {
      ...database,
      turn: (run) =>
        database.turn((session) =>
          run({
            ...session,
            query(text, parameters) {
              sent.push({ sql: text, parameters });
              return session.query(text, parameters);
            },
          }),
        ),
      batch: (given) =>
        database.batch((backend) => {
          const statements = typeof given === "function" ? given(backend) : given;
          sent.push(...statements);
          return statements;
        }),
    },
  });
  return { ...made, sent };
}

test("V78: an index that was moved leads to no row that holds something else", async () => {
  const other = book(3);
  await library.raw(
    "update lib.books set note_bidx = (select note_bidx from lib.books where id = $1) where id = $2",
    [book(1), other],
  );
  const { db, operatorErrors } = handle(library, "north", ada);
  const search = db.selectFrom("books").select("id").where("note", "=", noteOf("north", 1));
  expect(await codeOf(search.execute())).toBe("SealBroken not_authentic");
  expect(String(operatorErrors.at(-1))).toContain("does not open");
  expect(await search.where("id", "<>", other).execute()).toEqual([{ id: book(1) }]);
});

describe("equality finds rows", () => {
  const places: readonly (readonly [
    string,
    (db: Handle["db"], text: string) => Promise<readonly { id: string }[]>,
  ])[] = [
    ["=", (db, text) => db.selectFrom("books").select("id").where("note", "=", text).execute()],
    [
      "a value on the left",
      (db, text) =>
        db
          .selectFrom("books")
          .select("id")
          .where((eb) => eb(eb.val(text), "=", eb.ref("note")))
          .execute(),
    ],
    ["in", (db, text) => db.selectFrom("books").select("id").where("note", "in", ["x", text]).execute()],
    [
      "= any",
      (db, text) =>
        db
          .selectFrom("books")
          .select("id")
          .where((eb) => eb("note", "=", eb.fn.any(eb.val(["x", text]))))
          .execute(),
    ],
    [
      "parentheses, and, or, not",
      (db, text) =>
        db
          .selectFrom("books")
          .select("id")
          .where((eb) => eb.not(eb.parens(eb.not(eb.or([eb("note", "=", text), eb("title", "=", "no")])))))
          .execute(),
    ],
    [
      "a case",
      (db, text) =>
        db
          .selectFrom("books")
          .select("id")
          .where((eb) => eb(eb.case().when("note", "=", text).then(1).else(0).end(), "=", 1))
          .execute(),
    ],
    [
      "the condition of a join",
      (db, text) =>
        db
          .selectFrom("loans")
          .rightJoin("books as b", (on) => on.onRef("b.id", "=", "loans.book_id").on("b.note", "=", "never"))
          .innerJoin("books", (on) => on.onRef("books.id", "=", "b.id").on("books.note", "=", text))
          .select("books.id")
          .execute(),
    ],
    [
      "a sub-select in from, under another name",
      (db, text) =>
        db
          .selectFrom((eb) => eb.selectFrom("books").select(["id", "note as n", "title"]).as("x"))
          .select("x.id")
          .where("x.n", "=", text)
          .execute(),
    ],
    [
      "a sub-select of a sub-select, by *",
      (db, text) =>
        db
          .selectFrom((eb) =>
            eb
              .selectFrom((inner) => inner.selectFrom("books").selectAll().as("y"))
              .selectAll()
              .as("x"),
          )
          .select("x.id")
          .where("x.note", "=", text)
          .execute(),
    ],
    [
      "a common table expression with names of its own",
      (db, text) =>
        db
          .with("c(k, n)", (q) => q.selectFrom("books").select(["id as k", "note as n"]))
          .selectFrom("c")
          .select("c.k as id")
          .where("c.n", "=", text)
          .execute(),
    ],
    [
      "a union of all",
      (db, text) =>
        db
          .selectFrom((eb) =>
            eb
              .selectFrom("books")
              .select(["id", "note as n"])
              .where("rare", "=", true)
              .unionAll(eb.selectFrom("books").select(["id", "note as n"]).where("rare", "=", false))
              .as("x"),
          )
          .select("x.id")
          .where("x.n", "=", text)
          .execute(),
    ],
    [
      "exists of an outer row",
      (db, text) =>
        db
          .selectFrom("books as b")
          .select("b.id")
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom("books as c")
                .select("c.note")
                .whereRef("c.id", "=", "b.id")
                .where("b.note", "=", text)
                .where("c.note", "=", text),
            ),
          )
          .execute(),
    ],
    [
      "having",
      (db, text) =>
        db
          .selectFrom("books")
          .select("id")
          .groupBy("id")
          .having((eb) => eb(eb.fn.max(eb.case().when("note", "=", text).then(1).else(0).end()), "=", 1))
          .execute(),
    ],
    [
      "a lateral join",
      (db, text) =>
        db
          .selectFrom("books as b")
          .innerJoinLateral(
            (eb) => eb.selectFrom("books as c").select(["c.note"]).whereRef("c.id", "=", "b.id").as("l"),
            (on) => on.onTrue(),
          )
          .select("b.id")
          .where("l.note", "=", text)
          .execute(),
    ],
  ];

  test.each(places)("%s", async (_, ask) => {
    for (const tenant of ["north", "south"] as const) {
      const { db, sent } = watched(ada, tenant);
      // The same shape with other values, from what is kept too.
      for (const number of [1, 3, 6, 1])
        expect(ids(await ask(db, noteOf(tenant, number)))).toEqual([book(number, tenant)]);
      expect(await ask(db, `${noteOf(tenant, 1)} `)).toEqual([]);
      const other = tenant === "north" ? "south" : "north";
      expect(await ask(db, noteOf(other, 1))).toEqual([]);
      expect(JSON.stringify(sent)).not.toContain(canary(tenant, "note"));
      expect(JSON.stringify(sent)).not.toContain(canary(other, "note"));
    }
  });

  test("null is equal to nothing, and not unequal to anything", async () => {
    const { db } = handle(library, "north", ada);
    const all = db.selectFrom("books").select("id");
    expect(await all.where("note", "=", null).execute()).toEqual([]);
    expect(await all.where((eb) => eb.not(eb("note", "=", null))).execute()).toEqual([]);
    // Book 2 has no note: whether it is another one is not known.
    const others = await all.where((eb) => eb.not(eb("note", "=", noteOf("north", 1)))).execute();
    expect(ids(others)).toEqual([book(3), book(6)]);
    expect(await all.where((eb) => eb("note", "=", eb.fn.any(eb.val([])))).execute()).toEqual([]);
  });

  test("whether there is one is asked as it is seen", async () => {
    const { db } = handle(library, "north", ada);
    expect(ids(await db.selectFrom("books").select("id").where("note", "is", null).execute())).toEqual([
      book(2),
    ]);
    // Ben sees that there is a note, and its initials.
    const his = handle(library, "north", ben).db;
    const seen = await his.selectFrom("books").select("id").where("note", "is not", null).execute();
    expect(ids(seen)).toEqual([book(1), book(4), book(6)]);
  });

  test("a stream is asked as a select is", async () => {
    const { db } = handle(library, "north", ada);
    const found: string[] = [];
    for await (const { id } of db
      .selectFrom("books")
      .select("id")
      .where("note", "=", noteOf("north", 3))
      .stream())
      found.push(id);
    expect(found).toEqual([book(3)]);
  });
});

describe("nothing is searched that is not shown", () => {
  test("V78: who sees initials finds no row by a note, whatever he guesses", async () => {
    const { db } = handle(library, "north", ben);
    expect(await db.selectFrom("books").selectAll().where("note", "=", noteOf("north", 1)).execute()).toEqual(
      [],
    );
    const not = db
      .selectFrom("books")
      .select("id")
      .where((eb) => eb.not(eb("note", "=", noteOf("north", 1))));
    expect(await not.execute()).toEqual([]);
    const told = await db
      .selectFrom("books")
      .select((eb) => eb.case().when("note", "=", noteOf("north", 1)).then("yes").else("no").end().as("told"))
      .execute();
    expect(new Set(told.map((row) => row.told))).toEqual(new Set(["no"]));
    const { numUpdatedRows } = await db
      .updateTable("books")
      .set({ title: "x" })
      .where("note", "=", noteOf("north", 1))
      .executeTakeFirst();
    expect(numUpdatedRows).toBe(0n);
  });

  test("V78: a row that is not seen is not found", async () => {
    const { db } = handle(library, "north", ada);
    expect(
      await db.selectFrom("books").select("id").where("note", "=", noteOf("north", 5)).execute(),
    ).toEqual([]);
    const none = handle(library, "north", nobody).db;
    expect(
      await none.selectFrom("books").select("id").where("note", "=", noteOf("north", 1)).execute(),
    ).toEqual([]);
  });
});

describe("indexes", () => {
  test("V78: equal values of two tenants, or of two columns, have different indexes", () => {
    const at = (tenant: Tenant, column: string, table = "books"): string =>
      sealerOf(tenant).blindIndex({ table, column }, "the same");
    const made = [
      at("north", "note"),
      at("south", "note"),
      at("north", "title"),
      at("north", "note", "loans"),
      // The two tenants' keys apart, what is derived names the tenant too.
      createSealer("south", () => keysOf(1)).blindIndex(field, "the same"),
    ];
    expect(new Set(made).size).toBe(made.length);
    expect(at("north", "note")).toBe(made[0]);
  });

  test("V78: an index that another tenant computed finds nothing", async () => {
    await library.raw("update lib.books set note_bidx = decode($1, 'hex') where id = $2", [
      sealerOf("south").blindIndex(field, "planted"),
      book(1),
    ]);
    const { db } = handle(library, "north", ada);
    expect(await db.selectFrom("books").select("id").where("note", "=", "planted").execute()).toEqual([]);
  });
});

describe("writes", () => {
  const stored = async (id: string): Promise<{ note: boolean; index: string | null }> => {
    const [row] = await library.raw(
      "select note is not null as note, encode(note_bidx, 'hex') as index from lib.books where id = $1",
      [id],
    );
    return row as { note: boolean; index: string | null };
  };
  const fresh = (id: string, note: string | null) => ({
    id,
    branch_id: idOf("branch", "north", 1),
    title: "new",
    note,
    copies: 1,
    genre: "prose",
    rare: false,
  });
  const found = async (text: string): Promise<string[]> =>
    ids(
      await handle(library, "north", ada)
        .db.selectFrom("books")
        .select("id")
        .where("note", "=", text)
        .execute(),
    );
  const indexOf = (text: string): string => sealerOf("north").blindIndex(field, text);

  test("V79: the index follows its cell through insert, update, upsert and null, in the same statements", async () => {
    const { db, sent } = watched();
    const [a, b, c] = [book(21), book(22), book(23)] as const;
    await db
      .insertInto("books")
      .values([fresh(a, "first"), fresh(b, "second"), fresh(c, null)])
      .execute();
    expect(await Promise.all([a, b, c].map(stored))).toEqual([
      { note: true, index: indexOf("first") },
      { note: true, index: indexOf("second") },
      { note: false, index: null },
    ]);
    await db.updateTable("books").set({ note: "third" }).where("note", "=", "first").execute();
    expect([await found("first"), await found("third")]).toEqual([[], [a]]);
    // Several rows at once, each sealed for itself.
    await db
      .updateTable("books")
      .set({ note: "third", copies: 2 })
      .where("note", "in", ["second", "third"])
      .execute();
    expect(await found("third")).toEqual([a, b]);
    await db.updateTable("books").set({ note: null }).where("id", "=", b).execute();
    expect(await stored(b)).toEqual({ note: false, index: null });
    await db
      .insertInto("books")
      .values([fresh(a, "fourth"), fresh(c, "fourth")])
      .onConflict((on) =>
        on
          .column("id")
          .doUpdateSet((eb) => ({ note: eb.ref("excluded.note") }))
          .where("books.note", "=", "third"),
      )
      .execute();
    expect(await found("fourth")).toEqual([a]);
    expect(await found("third")).toEqual([]);
    await db
      .insertInto("books")
      .values(fresh(c, "fifth"))
      .onConflict((on) => on.column("id").doUpdateSet({ note: "sixth" }))
      .execute();
    expect([await found("fifth"), await found("sixth")]).toEqual([[], [c]]);
    await db.deleteFrom("books").where("note", "=", "fourth").execute();
    expect(await found("fourth")).toEqual([]);
    const writes = sent.filter(
      ({ sql: text }) => /\b(?:INSERT INTO|UPDATE)\b[^(]*books/i.test(text) && !/ FOR /.test(text),
    );
    expect(writes.length).toBeGreaterThan(5);
    for (const word of ["first", "second", "third", "fourth", "fifth", "sixth"])
      expect(JSON.stringify(sent)).not.toContain(`"${word}"`);
  });

  test("V79: no statement may write one without the other", async () => {
    const check = handle(library, "north", ada).options.finalCheck(library.guards.north.program, "lib");
    for (const set of [`"note" = $2`, `"note_bidx" = $2`])
      expect(() => check.check(`update "lib"."books" as "t" set ${set} where "t"."tenant_id" = $1`)).toThrow(
        "a sealed column is written without its blind index, or that without it",
      );
  });
});

describe("rotation of the index key", () => {
  const both = keysOf(1, [1, 2], 2);
  const [older, newer, since] = [keysOf(1), both, keysOf(1, [2])].map((keys) =>
    createSealer("north", () => keys),
  );
  const withKeys = (sealer = newer): Handle["db"] =>
    handle(library, "north", ada, {
      sealers: sealersWith(sealer ?? expect.fail("no sealer"), auditSealerOf("north")),
    }).db;

  test("V79: rows of the old and of the new version are found, each once, whichever wrote them", async () => {
    await withKeys(older).updateTable("books").set({ note: "alike" }).where("id", "=", book(1)).execute();
    await withKeys(newer).updateTable("books").set({ note: "alike" }).where("id", "=", book(3)).execute();
    const rows = await library.raw(
      "select encode(note_bidx, 'hex') as index from lib.books where id = any($1)",
      [[book(1), book(3)]],
    );
    expect(rows.map(({ index }) => (index as string).slice(0, 8)).toSorted()).toEqual([
      "00000001",
      "00000002",
    ]);
    const db = withKeys(newer);
    expect(ids(await db.selectFrom("books").select("id").where("note", "=", "alike").execute())).toEqual([
      book(1),
      book(3),
    ]);
    expect(
      (await db.selectFrom("books").select("note").where("note", "in", ["alike", "alike"]).execute()).map(
        revealRow,
      ),
    ).toEqual([{ note: "alike" }, { note: "alike" }]);
    const changed = await db
      .updateTable("books")
      .set({ copies: 7 })
      .where("note", "=", "alike")
      .executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(2n);
  });

  test("V79: a plan that is kept follows the versions that can be read", async () => {
    const find = async (sealer: typeof newer): Promise<string[]> =>
      ids(await withKeys(sealer).selectFrom("books").select("id").where("note", "=", "moving").execute());
    await withKeys(older).updateTable("books").set({ note: "moving" }).where("id", "=", book(1)).execute();
    expect(await find(older)).toEqual([book(1)]);
    expect(await find(newer)).toEqual([book(1)]);
    // Below the minimum version nothing is found any more: what was not written anew is missed, as what does not open.
    expect(await find(since)).toEqual([]);
    await withKeys(newer).updateTable("books").set({ note: "moving" }).where("note", "=", "moving").execute();
    expect(await find(since)).toEqual([book(1)]);
    expect(await find(older)).toEqual([]);
  });
});

test("a tenant whose key is gone is told so, and nothing is asked of the tables", async () => {
  const { db, sent } = watched(ada, "north", {
    sealers: sealersWith(
      createSealer("north", () => {
        throw new SealBroken("destroyed");
      }),
      auditSealerOf("north"),
    ),
  });
  expect(await codeOf(db.selectFrom("books").select("id").where("note", "=", "x").execute())).toBe(
    "SealBroken destroyed",
  );
  expect(sent.filter(({ sql: text }) => text.includes("note_bidx"))).toEqual([]);
});

test("raw text stays without sealed columns and their indexes", async () => {
  // An embedded database takes no raw text at all; a server's is tested in `raw-refused.test.ts`.
  const { db } = handle(library, "north", ada);
  expect(await codeOf(sql`select note_bidx from books`.execute(db))).toBe(
    "IsolationViolation query/raw-statement",
  );
});
