/** Raw SQL that is carried: it gives what the same query through the builder gives, and never more. */
import { CompiledQuery, sql, type Kysely } from "kysely";
import { jsonArrayFrom, jsonBuildObject, jsonObjectFrom } from "kysely/helpers/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ada,
  ben,
  handle,
  idOf,
  openLibrary,
  type Library,
  type Tables,
  type Who,
} from "./driver-library.ts";

let library: Library;
let db: Kysely<Tables>;
beforeAll(async () => {
  library = await openLibrary();
  db = asServer(library, ada);
});
afterAll(() => library.close());

/** An embedded database takes no raw SQL; this one says that it is none, so that what a text means is seen without a server. */
function asServer(of: Library, who: Who): Kysely<Tables> {
  return handle(of, "north", who, { database: { ...of.database, kind: "server" } }).db;
}

async function rows(text: string, ...values: unknown[]): Promise<unknown[]> {
  return (await db.executeQuery(CompiledQuery.raw(text, values))).rows;
}

type Built = (db: Kysely<Tables>) => { execute(): Promise<unknown> };

const same: readonly (readonly [string, readonly unknown[], Built])[] = [
  [
    "select id, title from books order by id",
    [],
    (q) => q.selectFrom("books").select(["id", "title"]).orderBy("id"),
  ],
  [
    "select b.title, l.fee from books b join loans l on l.book_id = b.id where l.fee > $1 order by 2 desc".replace(
      "2 desc",
      "l.fee desc",
    ),
    [5],
    (q) =>
      q
        .selectFrom("books as b")
        .innerJoin("loans as l", "l.book_id", "b.id")
        .select(["b.title", "l.fee"])
        .where("l.fee", ">", 5)
        .orderBy("l.fee", "desc"),
  ],
  [
    "select * from branches order by id",
    [],
    (q) => q.selectFrom("branches").select(["id", "name", "parent_id"]).orderBy("id"),
  ],
  [
    "table branches order by id",
    [],
    (q) => q.selectFrom("branches").select(["id", "name", "parent_id"]).orderBy("id"),
  ],
  [
    "select br.*, b.title from branches br left join books b on b.branch_id = br.id order by br.id, b.id",
    [],
    (q) =>
      q
        .selectFrom("branches as br")
        .leftJoin("books as b", "b.branch_id", "br.id")
        .select(["br.id", "br.name", "br.parent_id", "b.title"])
        .orderBy("br.id")
        .orderBy("b.id"),
  ],
  [
    "with books as (select id, title from books where copies >= $1) select title from books order by id",
    [2],
    (q) =>
      q
        .with("chosen", (w) => w.selectFrom("books").select(["id", "title"]).where("copies", ">=", 2))
        .selectFrom("chosen")
        .select("title")
        .orderBy("id"),
  ],
  [
    `select genre, count(*) as n from books group by genre having count(*) > $1::int8 order by genre`,
    [1],
    (q) =>
      q
        .selectFrom("books")
        .select(["genre", (eb) => eb.fn.countAll().as("n")])
        .groupBy("genre")
        .having((eb) => eb.fn.countAll(), ">", 1)
        .orderBy("genre"),
  ],
  [
    "select title from books where id = any($1::uuid[]) order by id",
    [[idOf("book", "north", 1), idOf("book", "south", 1), idOf("book", "north", 5)]],
    (q) =>
      q
        .selectFrom("books")
        .select("title")
        .where("id", "in", [idOf("book", "north", 1), idOf("book", "south", 1), idOf("book", "north", 5)])
        .orderBy("id"),
  ],
  [
    "select title from books union all select name from branches order by title",
    [],
    (q) =>
      q
        .selectFrom("books")
        .select("title")
        .unionAll(q.selectFrom("branches").select("name as title"))
        .orderBy("title"),
  ],
  [
    "select b.title from books b where exists (select from loans l where l.book_id = b.id and l.fee = $2) and b.copies = $1",
    [1, 10],
    (q) =>
      q
        .selectFrom("books as b")
        .select("b.title")
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom("loans as l")
              .select("l.id")
              .whereRef("l.book_id", "=", "b.id")
              .where("l.fee", "=", 10),
          ),
        )
        .where("b.copies", "=", 1),
  ],
  [
    "select b.title, x.fee from books b cross join lateral (select l.fee from loans l where l.book_id = b.id order by l.fee limit 1) x order by x.fee",
    [],
    (q) =>
      q
        .selectFrom("books as b")
        .crossJoinLateral((eb) =>
          eb
            .selectFrom("loans as l")
            .select("l.fee")
            .whereRef("l.book_id", "=", "b.id")
            .orderBy("l.fee")
            .limit(1)
            .as("x"),
        )
        .select(["b.title", "x.fee"])
        .orderBy("x.fee"),
  ],
  [
    "with recursive up(id, parent_id, n) as (select id, parent_id, 1 from branches where id = $1 union all select b.id, b.parent_id, u.n + 1 from branches b join up u on b.id = u.parent_id) select n from up order by n",
    [idOf("branch", "north", 1)],
    (q) =>
      q
        .selectFrom("branches")
        .select((eb) => eb.lit<number>(1).as("n"))
        .where("id", "=", idOf("branch", "north", 1))
        .unionAll(
          q
            .selectFrom("branches")
            .select((eb) => eb.lit<number>(2).as("n"))
            .where("id", "=", idOf("branch", "north", 2)),
        )
        .unionAll(
          q
            .selectFrom("branches")
            .select((eb) => eb.lit<number>(3).as("n"))
            .where("id", "=", idOf("branch", "north", 3)),
        )
        .orderBy("n"),
  ],
  [
    "select q.x, q.lower from (select b.title, lower(b.title) from books b) as q(x) order by q.x /* a comment -- */ -- another",
    [],
    (q) =>
      q
        .selectFrom("books as b")
        .select(["b.title as x", (eb) => eb.fn("lower", ["b.title"]).as("lower")])
        .orderBy("b.title"),
  ],
];

test.each(same)("%s", async (text, values, build) => {
  const expected = await build(db).execute();
  expect(expected).not.toEqual([]);
  expect(await rows(text, ...values)).toEqual(expected);
});

describe("fragments in the builder's own queries", () => {
  const all = ["1", "2", "3", "6"].map((n) => `north title ${n}`);
  const cases: readonly (readonly [string, Built, unknown])[] = [
    [
      "a condition",
      (q) =>
        q
          .selectFrom("books")
          .select("title")
          .where(sql<boolean>`copies % ${2} = 0`)
          .orderBy("id"),
      [{ title: "north title 2" }, { title: "north title 6" }],
    ],
    [
      "a selection",
      (q) =>
        q
          .selectFrom("books")
          .select(sql<string>`upper(${sql.ref("title")})`.as("t"))
          .orderBy("id")
          .limit(1),
      [{ t: "NORTH TITLE 1" }],
    ],
    [
      "an order",
      (q) =>
        q
          .selectFrom("books")
          .select("title")
          .orderBy(sql`copies`, "desc"),
      all.toReversed().map((title) => ({ title })),
    ],
    [
      "a whole statement",
      (q) => ({
        execute: async () =>
          (await sql`select title from ${sql.table("books")} where copies = ${1}`.execute(q)).rows,
      }),
      [{ title: "north title 1" }],
    ],
    [
      "jsonArrayFrom",
      (q) =>
        q
          .selectFrom("books as b")
          .select((eb) => [
            "b.title",
            jsonArrayFrom(
              eb
                .selectFrom("loans as l")
                .select(["l.fee", "l.member_id"])
                .whereRef("l.book_id", "=", "b.id")
                .orderBy("l.fee"),
            ).as("loans"),
          ])
          .where("b.copies", "<=", 2)
          .orderBy("b.id"),
      [
        {
          title: "north title 1",
          loans: [
            { fee: 10, member_id: "ben" },
            { fee: 30, member_id: "eve" },
          ],
        },
        { title: "north title 2", loans: [] },
      ],
    ],
    [
      "jsonObjectFrom",
      (q) =>
        q
          .selectFrom("loans as l")
          .select((eb) => [
            "l.fee",
            jsonObjectFrom(
              eb.selectFrom("books as b").select("b.title").whereRef("b.id", "=", "l.book_id"),
            ).as("book"),
          ])
          .orderBy("l.fee"),
      [
        { fee: 10, book: { title: "north title 1" } },
        // ada does not see book 4.
        { fee: 20, book: null },
        { fee: 30, book: { title: "north title 1" } },
      ],
    ],
    [
      "jsonBuildObject",
      (q) =>
        q
          .selectFrom("books as b")
          .select((eb) => jsonBuildObject({ title: eb.ref("b.title"), copies: eb.ref("b.copies") }).as("of"))
          .where("b.copies", "=", 1),
      [{ of: { title: "north title 1", copies: 1 } }],
    ],
  ];
  test.each(cases)("%s", async (_, build, expected) => {
    expect(await build(db).execute()).toEqual(expected);
  });
});

test("of outputs with one name none is lost: the later ones get a number that no other has", async () => {
  const names = async (text: string): Promise<string[]> => Object.keys((await rows(text))[0] as object);
  expect(await names("select id, title, id from books")).toEqual(["id", "title", "id:2"]);
  expect(await names(`select id, id as "id:2", id, id from books order by "id:2"`)).toEqual([
    "id",
    "id:2",
    "id:3",
    "id:4",
  ]);
  expect(await names("select * from branches a join branches b on a.id = b.id")).toEqual([
    "id",
    "name",
    "parent_id",
    "id:2",
    "name:2",
    "parent_id:2",
  ]);
  expect(await names("select id, id from books union select id, id from loans")).toEqual(["id", "id:2"]);
  expect(await rows("select 1, 2")).toEqual([{ "?column?": 1, "?column?:2": 2 }]);
  const [pair] = await rows("select b.id, l.id from books b join loans l on l.book_id = b.id");
  const { id, "id:2": other } = pair as Record<string, unknown>;
  expect(id).not.toBe(other);
});

test("masks and hidden fields are what raw SQL sees too", async () => {
  const reader = asServer(library, ben);
  const { rows: seen } = await reader.executeQuery(
    CompiledQuery.raw("select title, price from books where price is null order by id"),
  );
  expect(seen).toEqual(
    await reader
      .selectFrom("books")
      .select(["title", "price"])
      .where("price", "is", null)
      .orderBy("id")
      .execute(),
  );
  expect(seen).toHaveLength(4);
});

test("a sealed column is not there: a star leaves it out, and its name is refused with a code", async () => {
  const [first] = await rows("select * from books order by id limit 1");
  expect(Object.keys(first as object)).toEqual([
    "id",
    "branch_id",
    "holder_id",
    "title",
    "copies",
    "bought",
    "genre",
    "rare",
    "price",
  ]);
  for (const text of [
    "select note from books",
    "select b.note from books b",
    "select 1 from books where note is null",
    "select x from (select note as x from books) q",
    "select title from books order by note",
    "select count(note) from books",
  ])
    await expect(rows(text), text).rejects.toMatchObject({
      name: "UnsupportedQuery",
      code: "query/sealed-column",
    });
});

test("a raw select runs in transactions, in streams and on held connections like any other", async () => {
  const query = sql<{ title: string }>`select title from books where copies > ${1} order by id`;
  const expected = ["2", "3", "6"].map((n) => ({ title: `north title ${n}` }));
  expect((await db.transaction().execute((trx) => query.execute(trx))).rows).toEqual(expected);
  expect((await db.connection().execute((one) => query.execute(one))).rows).toEqual(expected);
  const paged: unknown[] = [];
  for await (const row of db
    .selectFrom("books")
    .select("title")
    .where(sql<boolean>`copies > 1`)
    .orderBy("id")
    .stream(2))
    paged.push(row);
  expect(paged).toEqual(expected);
});

test("a date, a bigint and a number are values", async () => {
  expect(
    await rows(
      "select count(*) as n from books where bought < $1::timestamptz and copies < $2::bigint and copies <= $3",
      new Date("2026-02-01T00:00:00Z"),
      100n,
      6,
    ),
  ).toEqual([{ n: 4 }]);
});
