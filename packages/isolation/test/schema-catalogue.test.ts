/** Tables that are not what the model says are refused before anything is asked of them, each with its place. */
import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SqlSession } from "../src/contracts.ts";
import { catalogueProblems } from "../src/schema/check-catalogue.ts";
import { databaseDdl } from "../src/schema/database-ddl.ts";
import { libraryModel, librarySealed } from "./driver-program.ts";

const stored = { model: libraryModel, sealed: librarySealed };
let server: PGlite;
beforeAll(async () => {
  server = await PGlite.create({ extensions: { citext } });
  await server.exec("create extension citext");
  await server.exec(
    "create collation public.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
  );
  await server.exec('create domain public.short_text as text collate "C" check (length(value) < 9)');
  for (const statement of databaseDdl(stored, { schema: "lib" })) await server.exec(statement);
});
afterAll(() => server.close());

const session: SqlSession = {
  query: async (sql, parameters) => {
    const { rows } = await server.query<Record<string, unknown>>(sql, [...parameters]);
    return { rows, affected: 0 };
  },
};

/** What is found after a change, which is undone. */
async function after(...changes: readonly string[]): Promise<readonly string[]> {
  await server.exec("begin");
  try {
    for (const change of changes) await server.exec(change);
    return await catalogueProblems(session, stored, "lib");
  } finally {
    await server.exec("rollback");
  }
}

test("what the model's own statements make is accepted", async () => {
  expect(await catalogueProblems(session, stored, "lib")).toEqual([]);
  expect(await after('alter table lib.books alter title type varchar(80) collate "C"')).toEqual([]);
});

const title = "lib.books alter title type";
test.each<[string, readonly string[], string]>([
  [
    "a nondeterministic collation",
    [`alter table ${title} text collate public.blind`],
    'books.title has the nondeterministic collation public.blind, and the model needs text COLLATE "C"',
  ],
  [
    "the default collation",
    [`alter table ${title} text collate "default"`],
    'books.title has the collation pg_catalog.default, and the model needs text COLLATE "C"',
  ],
  [
    "char(n), which ignores spaces at the end",
    [`alter table ${title} char(9) collate "C" using left(title, 9)`],
    'books.title is character(9), and the model needs text COLLATE "C"',
  ],
  [
    "citext, which ignores case",
    [`alter table ${title} public.citext`],
    'books.title is citext, and the model needs text COLLATE "C"',
  ],
  [
    "a domain",
    [`alter table ${title} public.short_text`],
    'books.title is the domain short_text, and the model needs text COLLATE "C"',
  ],
  [
    "name",
    [`alter table ${title} name using title::name`],
    'books.title is name, and the model needs text COLLATE "C"',
  ],
  [
    "another scale",
    ["alter table lib.books alter price type numeric(9,3)"],
    "books.price is numeric(9,3), and the model needs numeric(6,2)",
  ],
  [
    "a numeric of any scale",
    ["alter table lib.books alter price type numeric"],
    "books.price is numeric, and the model needs numeric(6,2)",
  ],
  [
    "a timestamp without zone",
    [
      "alter table lib.books drop constraint books_bought_check",
      "alter table lib.books alter bought type timestamp",
    ],
    "books.bought is timestamp without time zone, and the model needs timestamp with time zone",
  ],
  [
    "a whole number as a float",
    ["alter table lib.books alter copies type float8"],
    "books.copies is double precision, and the model needs bigint",
  ],
  [
    "a key of another type",
    ["alter table lib.loans alter id type text using id::text"],
    "loans.id is text, and the model needs uuid",
  ],
  [
    "a sealed field in plain text",
    ["alter table lib.books drop note", 'alter table lib.books add note text collate "C"'],
    "books.note is text, and the model needs bytea",
  ],
  [
    "a value that may be missing",
    ["alter table lib.books alter title drop not null"],
    "books.title may be NULL, and the model needs a value",
  ],
  ["a column that is not there", ["alter table lib.books drop genre"], "there is no column books.genre"],
  ["a table that is not there", ["drop table lib.book_tags"], "there is no table book_tags"],
  [
    "a view in place of a table",
    ["alter table lib.loans rename to loans_then", "create view lib.loans as select * from lib.loans_then"],
    "loans is no table",
  ],
  [
    "no key: one row of the model could be several",
    ["alter table lib.loans drop constraint loans_pkey"],
    "loans has no primary key, or unique index, of tenant_id, id",
  ],
])("%s is refused", async (_, changes, problem) => {
  expect(await after(...changes)).toEqual([problem]);
});

test("the tenant column is held to the same", async () => {
  const problems = await after(
    "alter table lib.book_tags drop tenant_id cascade",
    "alter table lib.book_tags add tenant_id text collate public.blind not null",
  );
  expect(problems).toEqual([
    'book_tags.tenant_id has the nondeterministic collation public.blind, and the model needs text COLLATE "C"',
  ]);
});

test("tables of another schema are not those of this one", async () => {
  const problems = await catalogueProblems(session, stored, "elsewhere");
  expect(problems).toContain("there is no table books");
});
