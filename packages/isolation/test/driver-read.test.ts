import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { revealRow } from "../src/seal/sealed.ts";
import {
  ada,
  ben,
  canary,
  handle,
  idOf,
  nobody,
  openLibrary,
  type Handle,
  type Library,
} from "./driver-library.ts";

let library: Library;
let north: Handle;
let reader: Handle;

beforeAll(async () => {
  library = await openLibrary();
  north = handle(library, "north", ada);
  reader = handle(library, "north", ben);
});
afterAll(() => library.close());

const book = (number: number): string => idOf("book", "north", number);

describe("what a principal sees", () => {
  test("rows of the tenant that the policy permits, and no other", async () => {
    const rows = await north.db.selectFrom("books").select(["id", "title"]).orderBy("id").execute();
    expect(rows).toEqual(
      [1, 2, 3, 6].map((number) => ({ id: book(number), title: canary("north", `title ${number}`) })),
    );
  });

  test("a sealed field opened, or as the mask shows it; a hidden field empty", async () => {
    const mine = await north.db
      .selectFrom("books")
      .selectAll()
      .where("id", "=", book(1))
      .executeTakeFirstOrThrow();
    expect(String(mine.note)).toBe("[sealed]");
    expect(revealRow(mine)).toMatchObject({ note: "north note 1", price: "1.50", copies: 1, rare: false });
    expect(Object.keys(mine)).not.toContain("tenant_id");
    const theirs = await reader.db
      .selectFrom("books")
      .selectAll()
      .where("id", "=", book(1))
      .executeTakeFirstOrThrow();
    expect(theirs).toMatchObject({ note: "n. n. 1.", price: null, copies: 1 });
    const empty = await north.db
      .selectFrom("books")
      .select("note")
      .where("id", "=", book(2))
      .executeTakeFirstOrThrow();
    expect(empty).toEqual({ note: null });
  });

  test("the same query as another sees other rows", async () => {
    const ids = async (who: Handle): Promise<unknown> =>
      (await who.db.selectFrom("books").select("id").orderBy("id").execute()).map((row) => row.id);
    expect(await ids(reader)).toEqual([1, 2, 4, 6].map(book));
    expect(await ids(handle(library, "north", nobody))).toEqual([]);
    expect(await ids(handle(library, "south", ada))).toEqual(
      [1, 2, 3, 6].map((number) => idOf("book", "south", number)),
    );
  });

  test("the other tenant's row is not there, whoever asks and however", async () => {
    const other = idOf("book", "south", 1);
    expect(await north.db.selectFrom("books").selectAll().where("id", "=", other).execute()).toEqual([]);
    expect(
      await north.db.selectFrom("branches").selectAll().where("name", "like", "south%").execute(),
    ).toEqual([]);
  });
});

describe("where a table can stand (vectors 1–5, 7, 15)", () => {
  test.each(["innerJoin", "leftJoin", "rightJoin", "fullJoin"] as const)(
    "%s sees guarded rows on both sides",
    async (join) => {
      // The four methods differ in their types alone.
      const from = reader.db.selectFrom("loans as l");
      const joinBooks = from[join].bind(from) as typeof from.fullJoin;
      const rows = await joinBooks("books as b", "b.id", "l.book_id")
        .select(["l.id as loan", "b.id as book", "b.title"])
        .execute();
      const loans = (number: number): string => idOf("loan", "north", number);
      const joined = [
        { loan: loans(1), book: book(1), title: canary("north", "title 1") },
        { loan: loans(2), book: book(4), title: canary("north", "title 4") },
      ];
      const unlent = [2, 6].map((number) => ({
        loan: null,
        book: book(number),
        title: canary("north", `title ${number}`),
      }));
      const expected = join === "innerJoin" || join === "leftJoin" ? joined : [...joined, ...unlent];
      expect(rows.toSorted(byBook)).toEqual(expected.toSorted(byBook));
    },
  );

  test("an outer join shows a hidden row as missing, not as gone", async () => {
    const rows = await handle(library, "north", nobody)
      .db.selectFrom("branches as br")
      .leftJoin("books as b", "b.branch_id", "br.id")
      .select(["br.id", "b.id as book"])
      .execute();
    expect(rows).toHaveLength(4);
    expect(rows.every((row) => row.book === null)).toBe(true);
  });

  test("cross join and two tables in from count visible rows alone", async () => {
    const crossed = await north.db
      .selectFrom("books as a")
      .crossJoin("branches as b")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .executeTakeFirstOrThrow();
    expect(crossed.n).toBe(16);
    const both = await north.db
      .selectFrom(["books as a", "books as b"])
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .executeTakeFirstOrThrow();
    expect(both.n).toBe(16);
  });

  test("lateral joins", async () => {
    const rows = await north.db
      .selectFrom("branches as br")
      .leftJoinLateral(
        (eb) =>
          eb
            .selectFrom("books as b")
            .select(["b.title as top"])
            .whereRef("b.branch_id", "=", "br.id")
            .orderBy("b.title", "desc")
            .limit(1)
            .as("x"),
        (join) => join.onTrue(),
      )
      .select(["br.name", "x.top"])
      .orderBy("br.name")
      .execute();
    expect(rows.map((row) => row.top)).toEqual(["north title 3", null, "north title 6", null]);
  });

  test("sub-selects in every clause", async () => {
    const { db } = north;
    const count = await db
      .selectFrom("branches as br")
      .select((eb) => [
        "br.name",
        eb
          .selectFrom("books as b")
          .whereRef("b.branch_id", "=", "br.id")
          .select((e) => e.fn.countAll<number>().as("n"))
          .as("books"),
        eb
          .case()
          .when(
            eb.exists(
              eb
                .selectFrom("loans")
                .whereRef("loans.book_id", "in", (e) =>
                  e.selectFrom("books as bb").whereRef("bb.branch_id", "=", "br.id").select("bb.id"),
                )
                .select("loans.id"),
            ),
          )
          .then("lent")
          .else("quiet")
          .end()
          .as("state"),
      ])
      .where("br.id", "in", (eb) => eb.selectFrom("books").select("branch_id"))
      .groupBy(["br.id", "br.name"])
      .having((eb) => eb.selectFrom("books").select((e) => e.fn.countAll<number>().as("n")), ">", 0)
      .orderBy((eb) => eb.selectFrom("loans").select((e) => e.fn.countAll<number>().as("n")))
      .orderBy("br.name", "desc")
      .execute();
    expect(count.map((row) => [row.name, Number(row.books), row.state])).toEqual([
      ["north branch 3", 1, "quiet"],
      ["north branch 1", 3, "lent"],
    ]);
  });

  test("aggregates with filter and window, distinct on, limit", async () => {
    const sums = await north.db
      .selectFrom("books")
      .select((eb) => [
        eb.fn.sum<string>("copies").as("copies"),
        eb.fn.count<number>("id").filterWhere("rare", "=", true).as("rare"),
        eb.fn.count<number>("branch_id").distinct().as("branches"),
        eb.fn.max("price").as("price"),
      ])
      .executeTakeFirstOrThrow();
    expect([Number(sums.copies), sums.rare, sums.branches, sums.price]).toEqual([12, 1, 2, "6.50"]);
    const windows = await north.db
      .selectFrom("books")
      .distinctOn("branch_id")
      .select([
        "branch_id",
        "title",
        (eb) =>
          eb.fn
            .sum<string>("copies")
            .over((o) => o.partitionBy("branch_id").orderBy("id"))
            .as("running"),
      ])
      .orderBy("branch_id")
      .orderBy("title", "desc")
      .limit(5)
      .offset(0)
      .execute();
    expect(windows.map((row) => [row.title, Number(row.running)])).toEqual([
      ["north title 3", 6],
      ["north title 6", 6],
    ]);
  });

  test("a common table expression with a table's name hides the table (vector 4)", async () => {
    const rows = await north.db
      .with("books", (db) => db.selectFrom("books").select(["id", "title as name"]).where("rare", "=", true))
      .selectFrom("books")
      .selectAll()
      .execute();
    expect(rows).toEqual([{ id: book(3), name: canary("north", "title 3") }]);
  });

  test("an expression sees those before it, under the names it gives them", async () => {
    const rows = await north.db
      .with("few", (db) => db.selectFrom("books").select(["id", "title", "note"]).where("copies", "<", 3))
      .with("named(x, y, z)", (db) => db.selectFrom("few").select(["id as x", "title as y", "note as z"]))
      .selectFrom("named")
      .selectAll()
      .orderBy("x")
      .execute();
    expect(rows.map(revealRow)).toEqual([
      { x: book(1), y: canary("north", "title 1"), z: "north note 1" },
      { x: book(2), y: canary("north", "title 2"), z: null },
    ]);
  });

  test("an alias equal to another table's name is only an alias (vector 5)", async () => {
    const rows = await north.db
      .selectFrom("loans as books")
      .innerJoin("books as loans", "loans.id", "books.book_id")
      .select(["books.fee", "loans.title"])
      .orderBy("books.fee")
      .execute();
    expect(rows).toEqual([
      { fee: 10, title: canary("north", "title 1") },
      { fee: 30, title: canary("north", "title 1") },
    ]);
  });

  test("set operations, with an arm built from another handle's builder (vector 7)", async () => {
    const south = handle(library, "south", ada);
    const foreign = south.db.selectFrom("branches").select("name");
    const names = await north.db
      .selectFrom("books")
      .select("title as name")
      .union(foreign)
      .orderBy("name")
      .execute();
    expect(names.map((row) => row.name)).toEqual([
      ...[1, 2, 3, 4].map((number) => canary("north", `branch ${number}`)),
      ...[1, 2, 3, 6].map((number) => canary("north", `title ${number}`)),
    ]);
    const arms = await north.db
      .selectFrom("books")
      .select("id")
      .except(north.db.selectFrom("books").select("id").where("rare", "=", true))
      .intersect(north.db.selectFrom("books").select("id").orderBy("id", "desc").limit(2))
      .execute();
    // intersect binds tighter than except, as in Postgres
    expect(arms).toHaveLength(3);
  });

  test("sealed cells pass through sub-selects and union all", async () => {
    const rows = await north.db
      .selectFrom((eb) =>
        eb
          .selectFrom("books")
          .select(["id", "note as remark"])
          .where("id", "=", book(1))
          .unionAll(eb.selectFrom("books").select(["id", "note as remark"]).where("id", "=", book(3)))
          .as("x"),
      )
      .select([
        "x.id",
        "x.remark as again",
        (eb) => eb.selectFrom("books as b").whereRef("b.id", "=", "x.id").select("b.note").as("inner"),
      ])
      .orderBy("x.id")
      .execute();
    expect(rows.map(revealRow)).toEqual([
      { id: book(1), again: "north note 1", inner: "north note 1" },
      { id: book(3), again: "north note 3", inner: "north note 3" },
    ]);
  });
});

function byBook(a: { book: string | null }, b: { book: string | null }): number {
  return String(a.book).localeCompare(String(b.book));
}
