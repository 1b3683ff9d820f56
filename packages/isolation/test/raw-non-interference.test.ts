/**
 * Raw SQL in two worlds: one with south's rows, and one without them in which a row of north that the reader may not see is
 * another as well. Whatever is asked, both must answer alike, also where the names in the text are those that views have inside.
 */
import { CompiledQuery } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ada, ben, handle, idOf, openLibrary, type Library, type Who } from "./driver-library.ts";
import { hostileTexts } from "./raw-hostile.ts";

let both: Library;
let alone: Library;
beforeAll(async () => {
  both = await openLibrary(["north", "south"]);
  alone = await openLibrary(["north"]);
  await alone.raw(
    "update lib.books set title = '(hidden', copies = 0, price = 0, note = null where id = $1",
    [idOf("book", "north", 5)],
  );
});
afterAll(async () => {
  await both.close();
  await alone.close();
});

async function observe(library: Library, who: Who, text: string, values: readonly unknown[]) {
  const { db } = handle(library, "north", who, { database: { ...library.database, kind: "server" } });
  try {
    const { rows } = await db.executeQuery(CompiledQuery.raw(text, [...values]));
    return { rows: rows.map((row) => JSON.stringify(row)).toSorted() };
  } catch (error) {
    const { name, code, message } = error as { name: string; code?: string; message: string };
    return { error: [name, code, message] };
  }
}

const south = [1, 2, 3].map((number) => idOf("book", "south", number));
const hidden = idOf("book", "north", 5);

/** What could tell of a row outside of the views: operators that fail, counts, orders, and names that views have inside. */
const carried: readonly (readonly [string, ...unknown[]])[] = [
  ["select * from books"],
  ["select count(*) as n, sum(copies) as s, max(title) as m from books"],
  ["select b.id, l.fee from books b full join loans l on l.book_id = b.id"],
  ["select b.id from books b right join branches r on r.id = b.branch_id and b.copies > 0"],
  ["select 10 / copies as a from books"],
  ["select id from books where 10 / copies > 0"],
  ["select id from books where 1 / (copies - 5) > -9"],
  ["select id from books where title::uuid is not null and id = $1", hidden],
  ["select id from books where title ~ '^north' and price / copies > 0"],
  ["select id from books where title ~ title"],
  ["select (select id from books where genre = b.genre) as a from books b where b.copies = 1"],
  ["select id from books where id = $1", hidden],
  ["select id from books where id = any($1::uuid[])", south],
  ["select id from books except select book_id from loans"],
  ["select book_id from loans intersect select id from books"],
  ["select title, rank() over (order by copies desc) as r, count(*) over () as n from books"],
  ["select distinct on (genre) genre, title from books order by genre, copies desc"],
  ["select title from books order by 10 / copies limit 1"],
  ["select json_agg(q) as j from (select * from books order by id) q"],
  ["select jsonb_agg(q order by q.id) as j from books q"],
  ["select to_json(q) as j from books q"],
  ["select coalesce(max(10 / copies), 0) as a from books having count(*) > 0"],
  ["select 1 as a where exists (select from books where copies = 0)"],
  ["select 1 as a where not exists (select from loans l where l.book_id = $1)", south[0]],
  ["select a.id from books a join books b on a.copies = b.copies and 1 / (b.copies - 5) < 9"],
  [
    "with recursive n(x) as (select 1 union all select x + 1 from n where x < 5) select x, (select count(*) from books where copies = x) as c from n",
  ],
  // V4, V5: names that a view has inside, or that the server could take for another relation.
  ["with t as (select 1 as tenant_id, 2 as id) select b.id, t.tenant_id from books b cross join t"],
  [
    `with "lib.books" as (select 1 as a), lib as (select 2 as b) select books.id, a, b from books, "lib.books", lib`,
  ],
  ["with books as (select 'x' as id), loans as (select id from books) select id from loans"],
  ["with loans as (select * from books) select * from loans"],
  ["with w1 as (select 1 as x) select w1.x, t.id from w1, books t"],
  [
    "select t.id from books t left join lateral (select l.fee from loans l where l.book_id = t.id) r on true where 10 / t.copies > 0",
  ],
  ["select books.fee from loans as books"],
  ["select loans.id from books loans join loans books on books.book_id = loans.id"],
  ["select t.id from books t where exists (select from loans t where t.fee > 0)"],
  ["select (select t.id from books t where t.id = u.id) as a from books u, (select 1 as tenant_id) t"],
  ["select s.tenant_id from (select id as tenant_id from books) s"],
  ["select b.tenant_id from books b(tenant_id)"],
  ["with books(tenant_id) as (select id from books) select tenant_id from books where tenant_id is not null"],
  [
    "with a as materialized (select * from books), b as not materialized (select * from a) select id from b where 10 / copies > 0",
  ],
  [
    "with a as (select id from books) select (with a as (select 'x' as id) select id from a) as inside, id from a",
  ],
  // V97: text that reads otherwise than it looks.
  [`select U&"t\\0069tle" from U&"books" where U&"copies" > 1`],
  [`select "title" /* from lib.books */ from "books" -- where tenant_id = 'south'`],
  ["select $$lib.books; select 1$$ as a, $x$'$x$ as b, E'\\'; select 1 --' as c, 'a''b' as d from books"],
  ["SELECT TITLE FROM BOOKS"],
  ["select title from books where title = $1", "' or 1 = 1 --"],
  ["select $2::text as b, $1::text as a, $2::text as c from books", "$1", "$2"],
];

test.each(carried.map(([text, ...values]) => ({ text, values })))(
  "V2, V93: both worlds answer alike to $text",
  async ({ text, values }) => {
    for (const who of [ada, ben]) {
      const here = await observe(both, who, text, values);
      expect(here).toEqual(await observe(alone, who, text, values));
      expect(JSON.stringify(here)).not.toMatch(/south|hidden|-8002-/);
    }
  },
);

test("most of these are answered, and with rows", async () => {
  let answered = 0;
  let withRows = 0;
  for (const [text, ...values] of carried) {
    const { rows } = await observe(both, ada, text, values);
    if (rows !== undefined) answered += 1;
    if (rows !== undefined && rows.length > 0) withRows += 1;
  }
  expect(answered / carried.length).toBeGreaterThan(0.85);
  expect(withRows / carried.length).toBeGreaterThan(0.7);
});

test("V2: what is refused is refused alike, by its words too", async () => {
  for (const { text, values = [] } of hostileTexts) {
    const here = await observe(both, ben, text, values);
    expect(here).toEqual(await observe(alone, ben, text, values));
    expect(here).not.toHaveProperty("rows");
  }
});

test("V97: texts as deep as they may be end in an answer or a code, and others are answered after them", async () => {
  const deep = [
    `select ${"- ".repeat(4_990)}1 as a`,
    `select ${"not ".repeat(2_490)}true as a`,
    `select 1${" + 1".repeat(2_490)} as a`,
    `select ${"(".repeat(499)}1${")".repeat(499)} as a`,
    `select ${"(".repeat(501)}1${")".repeat(501)} as a`,
    `select true${" and true".repeat(1_100)} as a`,
    `${"select 1 union all ".repeat(520)} select 1`,
    `select 1 as a from ${"(select 1 as a from ".repeat(300)}books b${") q".repeat(300)}`,
    `${"with a as (".repeat(370)}select 1 as x${") select 1 as x".repeat(370)}`,
    `select case ${"when true then case ".repeat(400)}when true then 1 end ${"end ".repeat(400)}as a`,
    `select '1'${"::text".repeat(1_600)} as a`,
  ];
  for (const text of deep) {
    expect(text.length).toBeLessThanOrEqual(10_000);
    const { error } = await observe(both, ben, text, []);
    if (error !== undefined) expect(error[1], text.slice(0, 30)).toMatch(/^(check|query)\//);
    expect(await observe(both, ben, "select count(*) as n from books", [])).toEqual({ rows: ['{"n":4}'] });
  }
});
