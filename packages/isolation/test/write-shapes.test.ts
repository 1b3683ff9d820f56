/** Every shape of a write that a query builder makes: carried as a guarded write, or refused with a reason and no trace. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bothLibraries } from "./both-libraries.ts";
import {
  ada,
  auditOf,
  ben,
  canary,
  codeOf,
  handle,
  idOf,
  sealerOf,
  type Handle,
  type Library,
} from "./driver-library.ts";
import { revealRow } from "../src/seal/sealed.ts";

describe.each(bothLibraries)("%s", (_, open) => {
  let library: Library;
  let north: Handle;
  let reader: Handle;

  beforeAll(async () => {
    library = await open();
  });
  beforeEach(async () => {
    await library.reset();
    north = handle(library, "north", ada);
    reader = handle(library, "north", ben);
  });
  afterAll(() => library.close());

  const book = (number: number): string => idOf("book", "north", number);
  const branch = (number: number): string => idOf("branch", "north", number);
  const loan = (number: number): string => idOf("loan", "north", number);
  const denied = "AccessDenied access/denied";
  const shapeless = "UnsupportedQuery write/unsupported-shape";

  const newBook = {
    branch_id: branch(1),
    title: "new",
    note: "kept quiet",
    copies: 2,
    price: "3.5",
    genre: "prose",
    rare: false,
  };

  async function books(): Promise<string> {
    return JSON.stringify(await library.raw("select b::text as row from lib.books b order by tenant_id, id"));
  }

  describe("values that are computed", () => {
    test("V14: an expression in set takes what the caller sees, and is stored as the column's type", async () => {
      const rows = await north.db
        .updateTable("books")
        .set((eb) => ({
          copies: eb("copies", "+", 1),
          price: eb("price", "*", "1.111"),
          title: eb("title", "||", "!"),
          branch_id: eb.ref("branch_id"),
          rare: eb("copies", ">", 1) as never,
        }))
        .where("id", "in", [book(1), book(2)])
        .returning(["id", "copies", "price", "title", "rare"])
        .execute();
      expect(rows).toEqual(
        [1, 2].map((number) => ({
          id: book(number),
          copies: number + 1,
          price: { 1: "1.67", 2: "2.78" }[number],
          title: `${canary("north", `title ${number}`)}!`,
          rare: number > 1,
        })),
      );
      expect(await auditOf(library, "north")).toMatchObject([{ action: "update", rows: [book(1), book(2)] }]);
    });

    test("V95: a masked column gives its mask, and a hidden one nothing", async () => {
      await library.raw("update lib.books set price = 9.5 where id = $1", [book(4)]);
      const copy = reader.db
        .updateTable("books")
        .set((eb) => ({ title: eb.fn.coalesce(eb.cast<string>("price", "text"), eb.val("nothing")) }))
        .where("id", "=", book(4))
        .returning("title");
      expect(await copy.executeTakeFirst()).toEqual({ title: "nothing" });
      const seal = reader.db
        .updateTable("books")
        .set((eb) => ({ title: eb.ref("note") as never }))
        .where("id", "=", book(4));
      expect(await codeOf(seal.execute())).toBe("UnsupportedQuery query/sealed-column");
    });

    test("V3: a sub-select in set sees the tenant's readable rows alone", async () => {
      const rows = await north.db
        .updateTable("books")
        .set((eb) => ({
          copies: eb
            .selectFrom("books as all")
            .select((inner) => inner.fn.countAll<number>().as("n"))
            .whereRef("all.branch_id", "=", "books.branch_id"),
        }))
        .where("id", "=", book(1))
        .returning("copies")
        .execute();
      expect(rows).toEqual([{ copies: 3 }]);
    });

    test.each([
      ["too large for the model", (eb: never) => (eb as Loose)("copies", "+", 1000), "write/bad-value"],
      ["of another type", (eb: never) => (eb as Loose).ref("title"), "write/bad-value"],
      ["absent where it must be there", (eb: never) => (eb as Loose).lit(null), "write/bad-value"],
      ["no column of the view", (eb: never) => (eb as Loose).ref("tenant_id"), "query/unknown-column"],
      [
        "the whole row",
        (eb: never) => (eb as Loose).fn("row_to_json", ["books"]),
        "query/unsupported-function",
      ],
      ["raw", () => sql`1`, "query/raw-statement"],
      ["an aggregate", (eb: never) => (eb as Loose).fn.max("copies"), "query/unsupported-value"],
    ])("V95: a value that is %s is refused, and nothing is written", async (_, value, code) => {
      const before = await books();
      const write = north.db
        .updateTable("books")
        .set((eb) => ({ copies: value(eb as never) as never }))
        .where("id", "=", book(1));
      expect(await codeOf(write.execute())).toContain(code);
      expect(await books()).toBe(before);
    });

    test("sealed fields take values alone", async () => {
      const write = north.db.updateTable("books").set((eb) => ({ note: eb.ref("title") }));
      expect(await codeOf(write.execute())).toBe(shapeless);
    });

    test("values of an insert may be computed", async () => {
      const row = await north.db
        .insertInto("books")
        .values([
          newBook,
          {
            ...newBook,
            title: north.db.selectFrom("books").select("title").where("id", "=", book(2)),
            copies: north.db.selectFrom("books").select((eb) => eb.fn.countAll().as("n")),
          },
        ] as never)
        .returning(["title", "copies"])
        .execute();
      expect(row).toEqual([
        { title: "new", copies: 2 },
        { title: canary("north", "title 2"), copies: 4 },
      ]);
    });
  });

  type Loose = ((...parts: unknown[]) => unknown) & {
    ref(name: string): unknown;
    lit(value: unknown): unknown;
    fn: ((name: string, args: unknown[]) => unknown) & { max(name: string): unknown };
  };

  describe("update … from, delete … using", () => {
    test("V12: every source is scoped, and gives its values", async () => {
      await library.raw("update lib.loans set book_id = $1 where id = $2", [book(2), loan(3)]);
      const rows = await north.db
        .updateTable("books")
        .from("loans as l")
        .set((eb) => ({ copies: eb.ref("l.fee"), title: "lent" }))
        .whereRef("l.book_id", "=", "books.id")
        .returningAll("books")
        .execute();
      expect(rows.map(({ id, copies, title }) => [id, copies, title])).toEqual([
        [book(1), 10, "lent"],
        [book(2), 30, "lent"],
      ]);
      expect(
        await library.raw("select 1 from lib.books where tenant_id = 'south' and title = 'lent'"),
      ).toEqual([]);
    });

    test("V12: rows of a source that the principal may not read give nothing", async () => {
      await library.raw(
        "insert into lib.book_keepers (tenant_id, member_id, book_id) values ('north', 'ben', $1)",
        [book(1)],
      );
      const write = reader.db
        .updateTable("books")
        .from("loans")
        .set((eb) => ({ copies: eb.ref("loans.fee") }))
        .whereRef("loans.book_id", "=", "books.id")
        .where("loans.id", "=", loan(3));
      expect((await write.executeTakeFirstOrThrow()).numUpdatedRows).toBe(0n);
      const [row] = await library.raw(
        "select copies::int as n from lib.books where tenant_id = 'north' and id = $1",
        [book(1)],
      );
      expect(row).toEqual({ n: 1 });
    });

    test("joins beside the target, and common table expressions", async () => {
      const result = await north.db
        .with("dear", (db) => db.selectFrom("loans").select(["book_id", "fee"]).where("fee", ">", 15))
        .updateTable("books")
        .from("dear")
        .innerJoin("books as same", "same.id", "dear.book_id")
        .set((eb) => ({ copies: eb("same.copies", "+", 40) }))
        .whereRef("same.id", "=", "books.id")
        .executeTakeFirstOrThrow();
      expect(result.numUpdatedRows).toBe(1n);
      const [row] = await library.raw(
        "select copies::int as n from lib.books where tenant_id = 'north' and id = $1",
        [book(1)],
      );
      expect(row).toEqual({ n: 41 });
    });

    test("a row that is matched twice is refused: nobody could say whose values it gets", async () => {
      await library.raw("update lib.loans set book_id = $1 where tenant_id = 'north'", [book(1)]);
      const before = await books();
      const write = north.db
        .updateTable("books")
        .from("loans")
        .set((eb) => ({ copies: eb.ref("loans.fee") }))
        .whereRef("loans.book_id", "=", "books.id");
      expect(await codeOf(write.execute())).toBe("UnsupportedQuery write/matched-twice");
      expect(await books()).toBe(before);
    });

    test("V12: delete using takes each row once", async () => {
      await library.raw("update lib.loans set book_id = $1 where tenant_id = 'north'", [book(1)]);
      const result = await north.db
        .deleteFrom("loans")
        .using(["books", "branches"])
        .whereRef("books.id", "=", "loans.book_id")
        .where("books.title", "=", canary("north", "title 1"))
        .executeTakeFirstOrThrow();
      expect(result.numDeletedRows).toBe(3n);
      const left = await library.raw("select tenant_id, count(*)::int as n from lib.loans group by 1");
      expect(left).toEqual([{ tenant_id: "south", n: 3 }]);
    });

    test("returning names the target's columns", async () => {
      const write = north.db.deleteFrom("loans").using("books").whereRef("books.id", "=", "loans.book_id");
      expect(await codeOf(write.returningAll().execute())).toBe(shapeless);
      expect(await codeOf(write.returning("books.title").execute())).toBe(
        "UnsupportedQuery query/unknown-column",
      );
      expect(await write.returning((eb) => eb("fee", "+", 1).as("more")).execute()).toHaveLength(2);
    });
  });

  describe("insert … select", () => {
    test("V8: the source is scoped, every row is stamped and asked about", async () => {
      const rows = await north.db
        .insertInto("books")
        .columns(["branch_id", "title", "copies", "genre", "rare"])
        .expression((eb) =>
          eb
            .selectFrom("books")
            .select(["branch_id", "title", (e) => e("copies", "+", 10).as("c"), "genre", "rare"])
            .orderBy("copies"),
        )
        .returning(["title", "copies"])
        .execute();
      expect(rows.map(({ copies }) => copies)).toEqual([11, 12, 13, 16]);
      const stamped = await library.raw(
        "select tenant_id, count(*)::int as n from lib.books where copies > 10 group by 1",
      );
      expect(stamped).toEqual([{ tenant_id: "north", n: 4 }]);
      expect(await auditOf(library, "north")).toMatchObject([{ kind: "write", action: "create" }]);
    });

    test("V8: one row of the select that is not permitted undoes all of them", async () => {
      const before = await books();
      const write = north.db
        .insertInto("books")
        .columns(["branch_id", "title", "copies", "genre", "rare"])
        .expression((eb) =>
          eb
            .selectFrom("branches")
            .select([
              "id",
              "name",
              (e) => e.lit(1).as("c"),
              (e) => e.val("prose").as("g"),
              (e) => e.lit(false).as("r"),
            ]),
        );
      expect(await codeOf(write.execute())).toBe(denied);
      expect(await books()).toBe(before);
    });

    test("a sealed column is no source and no target", async () => {
      const from = north.db
        .insertInto("branches")
        .columns(["name"])
        .expression((eb) => eb.selectFrom("books").select("note"));
      expect(await codeOf(from.execute())).toBe("UnsupportedQuery query/sealed-column");
      const to = north.db
        .insertInto("books")
        .columns(["branch_id", "title", "note", "copies", "genre", "rare"])
        .expression((eb) =>
          eb.selectFrom("books").select(["branch_id", "title", "title as n", "copies", "genre", "rare"]),
        );
      expect(await codeOf(to.execute())).toBe(shapeless);
    });

    test("no row, too many columns, too many rows", async () => {
      const named = (count: number) =>
        north.db
          .insertInto("branches")
          .columns(["name"])
          .expression((eb) => eb.selectFrom("books").select("title").limit(count));
      expect((await named(0).executeTakeFirstOrThrow()).numInsertedOrUpdatedRows).toBe(0n);
      const two = north.db
        .insertInto("branches")
        .columns(["name"])
        .expression((eb) => eb.selectFrom("books").select(["title", "id"]));
      expect(await codeOf(two.execute())).toBe(shapeless);
      await library.raw(
        `insert into lib.branches (tenant_id, id, name)
       select 'north', ('00000000-0000-7000-8009-' || lpad(n::text, 12, '0'))::uuid, 'b' from generate_series(1, 1001) n`,
      );
      const many = north.db
        .insertInto("branches")
        .columns(["name"])
        .expression((eb) => eb.selectFrom("branches").select("name"));
      expect(await codeOf(many.execute())).toBe("UnsupportedQuery write/too-many-rows");
    });
  });

  describe("on conflict", () => {
    const upsert = (who: Handle, id: string, changes: object = {}) =>
      who.db
        .insertInto("books")
        .values({ ...newBook, id, ...changes })
        .onConflict((conflict) =>
          conflict.column("id").doUpdateSet((eb) => ({
            title: eb.ref("excluded.title"),
            note: eb.ref("excluded.note"),
            copies: eb("books.copies", "+", eb.ref("excluded.copies")),
          })),
        );

    test("V9: a free key is inserted, a taken one is changed as by an update", async () => {
      const made = await upsert(north, book(77)).returning(["id", "copies", "note"]).execute();
      expect(made.map(revealRow)).toEqual([{ id: book(77), copies: 2, note: "kept quiet" }]);
      const changed = await upsert(north, book(2))
        .returning(["id", "title", "copies", "note", "price"])
        .execute();
      expect(changed.map(revealRow)).toEqual([
        { id: book(2), title: "new", copies: 4, note: "kept quiet", price: "2.50" },
      ]);
      const [stored] = await library.raw(
        "select encode(note, 'hex') as note from lib.books where tenant_id = 'north' and id = $1",
        [book(2)],
      );
      expect(
        sealerOf("north").open({ table: "books", column: "note", row: book(2) }, stored?.["note"] as string),
      ).toBe("kept quiet");
      expect(await auditOf(library, "north")).toMatchObject([
        { action: "create", rows: [book(77)], rules: ["tenant/staff-create"] },
        { action: "update", rows: [book(2)], rules: ["tenant/staff-update"] },
      ]);
    });

    test("V9: another tenant's row under the same key is no conflict", async () => {
      const before = await library.raw(
        "select b::text as row from lib.books b where tenant_id = 'south' order by id",
      );
      const made = await upsert(north, idOf("book", "south", 1))
        .returning("title")
        .execute();
      expect(made).toEqual([{ title: "new" }]);
      expect(
        await library.raw("select b::text as row from lib.books b where tenant_id = 'south' order by id"),
      ).toEqual(before);
    });

    test("V9: the change is asked about with prior and next, and many rows are all or none", async () => {
      expect(await codeOf(upsert(north, book(1), { copies: 50 }).execute())).toBe(denied);
      await library.raw("update lib.books set copies = 60 where tenant_id = 'north' and id = $1", [book(6)]);
      const before = await books();
      const many = north.db
        .insertInto("books")
        .values([1, 6, 80].map((number) => ({ ...newBook, id: book(number) })) as never)
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ copies: 3 }));
      expect(await codeOf(many.execute())).toBe(denied);
      expect(await books()).toBe(before);
    });

    test("V10: a taken key of a row that cannot be read is refused as any denial, by either way", async () => {
      const skip = (who: Handle, id: string) =>
        who.db
          .insertInto("books")
          .values({ ...newBook, id })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute();
      const before = await books();
      const plain = (who: Handle, id: string) =>
        who.db
          .insertInto("books")
          .values({ ...newBook, id })
          .execute();
      const told = async (who: Handle, id: string): Promise<unknown[]> => {
        const answers: unknown[] = [];
        for (const ask of [skip, (...of: [Handle, string]) => upsert(...of).execute(), plain]) {
          const error: unknown = await ask(who, id).catch((e: unknown) => e);
          answers.push({ ...(error as object), message: (error as Error).message, stack: "" });
        }
        return answers;
      };
      // Ada may create, and not read book 5: no rule is named, whatever she asks.
      const [first, ...others] = await told(north, book(5));
      expect(first).toMatchObject({ code: "access/denied", action: "create", decision: null, rules: [] });
      for (const other of others) expect(other).toEqual(first);
      // Ben may not create: he is told that alone, be the key free or taken.
      const [missing, ...rest] = [...(await told(reader, book(88))), ...(await told(reader, book(5)))];
      expect(missing).toMatchObject({
        code: "access/denied",
        action: "create",
        decision: { reason: "not_granted" },
      });
      for (const other of rest) expect(other).toEqual(missing);
      expect(await books()).toBe(before);
    });

    test("V10: do nothing skips rows that can be read, and says how many were made", async () => {
      const result = await north.db
        .insertInto("books")
        .values([1, 81, 81].map((number) => ({ ...newBook, id: book(number) })) as never)
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .execute();
      expect(result).toEqual([{ id: book(81) }]);
      expect(await auditOf(library, "north")).toMatchObject([{ action: "create", rows: [book(81)] }]);
    });

    test("a condition on the existing row, as it is seen, may leave it alone", async () => {
      const write = (copies: number) =>
        north.db
          .insertInto("books")
          .values({ ...newBook, id: book(3), copies })
          .onConflict((conflict) =>
            conflict
              .column("id")
              .doUpdateSet({ title: "dearer" })
              .whereRef("books.copies", "<", "excluded.copies"),
          )
          .executeTakeFirstOrThrow();
      expect((await write(2)).numInsertedOrUpdatedRows).toBe(0n);
      expect((await write(4)).numInsertedOrUpdatedRows).toBe(1n);
    });

    test("V11, V95: excluded has the listed columns, a sealed one is not computed with, and two rows of one key are refused", async () => {
      const set = (changes: unknown, values: object = { ...newBook, id: book(1) }): Promise<string> =>
        codeOf(
          north.db
            .insertInto("books")
            .values(values as never)
            .onConflict((conflict) => conflict.column("id").doUpdateSet(changes as never))
            .execute(),
        );
      const ref = (name: string) => (eb: { ref(name: string): unknown }) => ({ title: eb.ref(name) });
      expect(await set(ref("excluded.bought"))).toBe("UnsupportedQuery query/unknown-column");
      expect(await set(ref("excluded.tenant_id"))).toBe("UnsupportedQuery query/unknown-column");
      expect(await set({ tenant_id: "south" })).toBe("UnsupportedQuery write/unknown-column");
      expect(await set({ id: book(9) })).toBe("UnsupportedQuery write/key-column");
      expect(
        await set((eb: { fn: { coalesce(...of: unknown[]): unknown } }) => ({
          title: eb.fn.coalesce("excluded.note", "title"),
        })),
      ).toBe("UnsupportedQuery query/sealed-column");
      expect(
        await set(
          { title: "x" },
          [newBook, newBook].map((row) => ({ ...row, id: book(1) })),
        ),
      ).toBe("UnsupportedQuery write/matched-twice");
      expect(await codeOf(upsert(reader, book(4)).execute())).toBe("UnsupportedQuery write/hidden-field");
    });

    test("the target is the key and nothing else", async () => {
      const { db } = north;
      const values = db.insertInto("books").values(newBook as never);
      for (const write of [
        values.onConflict((c) => c.column("title").doNothing()),
        values.onConflict((c) => c.columns(["tenant_id" as never, "id"]).doNothing()),
        values.onConflict((c) => c.constraint("books_pkey").doNothing()),
        values.onConflict((c) => c.doUpdateSet({ title: "x" })),
      ])
        expect(await codeOf(write.execute())).toBe(shapeless);
      const expression = values.onConflict((c) => c.expression(sql`lower(title)`).doNothing());
      expect(await codeOf(expression.execute())).toBe("UnsupportedQuery query/unsupported-node");
    });
  });

  describe("what is refused", () => {
    test("V6, V13: other shapes, each with a reason and no trace", async () => {
      const { db } = north;
      const values = newBook as never;
      const shapes: readonly (readonly [string, { execute(): Promise<unknown> }, RegExp])[] = [
        ["default values", db.insertInto("branches").defaultValues(), /no column has a default/],
        ["replace", db.replaceInto("books").values(values), /replace/],
        [
          "no columns",
          db.insertInto("branches").expression(db.selectFrom("books").select("title")),
          /lists columns/,
        ],
        ["limit", db.updateTable("books").set({ title: "x" }).limit(1), /no limit/],
        ["order", db.deleteFrom("books").orderBy("id").limit(1), /no limit/],
        [
          "two columns",
          db.updateTable("books").set({ title: "x", ["books.title"]: "y" } as never),
          /cannot be written/,
        ],
        ["two tables", db.updateTable(["books", "loans"]).set({ title: "x" } as never), /names one table/],
        [
          "join alone",
          db.deleteFrom("books").innerJoin("loans", "loans.book_id", "books.id"),
          /needs a from/,
        ],
        [
          "raw end",
          db
            .updateTable("books")
            .set({ title: "x" })
            .modifyEnd(sql`-- `),
          /endModifiers/,
        ],
        [
          "a write in with",
          db
            .with("gone", (q) => q.deleteFrom("loans").returning("id"))
            .selectFrom("gone")
            .selectAll(),
          /stands alone/,
        ],
        [
          "a write in the with of a write",
          db
            .with("made", (q) => q.insertInto("books").values(values).returning("id"))
            .deleteFrom("loans")
            .where((eb) => eb.exists(eb.selectFrom("made").select("made.id"))),
          /stands alone/,
        ],
        [
          "merge",
          db.mergeInto("books").using("loans", "loans.book_id", "books.id").whenMatched().thenDelete(),
          /onConflict/,
        ],
        [
          "a set",
          (db as never as LooseDb).insertInto("book_tags").values({ book_id: book(1), tag: "x" }),
          /the set tags of Book/,
        ],
        ["a relation", (db as never as LooseDb).deleteFrom("book_keepers"), /the relation keeps/],
        ["a table of the system", (db as never as LooseDb).deleteFrom("pg_class"), /unknown/],
      ];
      const before = await books();
      for (const [name, shape, reason] of shapes) {
        const error: unknown = await shape.execute().catch((e: unknown) => e);
        expect(error, name).toMatchObject({ code: expect.stringMatching(/^(query|write)\//) });
        expect(String(error), name).toMatch(reason);
      }
      expect(await books()).toBe(before);
      expect(await library.raw("select count(*)::int as n from lib.loans")).toEqual([{ n: 6 }]);
      expect(await auditOf(library, "north")).toEqual([]);
    });

    test("V5: a source called as the target, and a common table expression called as a table", async () => {
      const twice = north.db.updateTable("books").from("books").set({ title: "x" });
      expect(await codeOf(twice.execute())).toBe("UnsupportedQuery query/duplicate-name");
      const result = await north.db
        .with("books", (db) => db.selectFrom("loans").select("book_id as id").where("fee", "=", 10))
        .updateTable("books as b")
        .from("books")
        .set({ title: "lent" })
        .whereRef("b.id", "=", "books.id")
        .executeTakeFirstOrThrow();
      expect(result.numUpdatedRows).toBe(1n);
      expect(await library.raw("select id::text as id from lib.books where title = 'lent'")).toEqual([
        { id: book(1) },
      ]);
    });
  });

  interface LooseDb {
    insertInto(table: string): { values(row: object): { execute(): Promise<unknown> } };
    deleteFrom(table: string): { execute(): Promise<unknown> };
  }
});
