/**
 * Raw SQL that is refused, by whom, and that nothing of it reached the database. Each text is also asked as a part of a
 * query of the builder, where it means the same.
 */
import { CompiledQuery, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ben, codeOf, handle, openLibrary, type Handle, type Library } from "./driver-library.ts";
import { hostileTexts } from "./raw-hostile.ts";

let library: Library;
let north: Handle;
const sent: string[] = [];
beforeAll(async () => {
  library = await openLibrary();
  const { database } = library;
  north = handle(library, "north", ben, {
    database: {
      ...database,
      kind: "server",
      batch: (statements) =>
        database.batch((backend) => {
          const given = typeof statements === "function" ? statements(backend) : statements;
          sent.push(...given.map((statement) => statement.sql));
          return given;
        }),
      turn: (run) => {
        sent.push("a turn");
        return database.turn(run);
      },
    },
  });
});
afterAll(() => library.close());

test.each(hostileTexts)("$about: $text", async ({ text, values = [], code }) => {
  sent.length = 0;
  expect(await codeOf(north.db.executeQuery(CompiledQuery.raw(text, [...values])))).toMatch(
    new RegExp(`^(IsolationViolation|UnsupportedQuery) ${code}$`),
  );
  // The server itself says of a value that it does not fit, and of nothing else.
  if (!code.startsWith("query/unsupported-value")) expect(sent).toEqual([]);
  if (values.length > 0) return;
  expect(await codeOf(sql.raw(text).execute(north.db))).toMatch(new RegExp(` ${code}$`));
});

test("what is carried is sent at once, with its context and nothing else, and is seen by this harness", async () => {
  sent.length = 0;
  const text = "select title from books where copies = $1";
  const { rows } = await north.db.executeQuery(CompiledQuery.raw(text, [2]));
  expect(rows).toEqual([{ title: "north title 2" }]);
  expect(sent).not.toContain("a turn");
  expect(sent.at(-1)).toContain(`FROM "lib"."books" AS "t"`);
});

test("V36, V45: an embedded database, whose one session is a superuser's, takes no raw SQL in whole or in part", async () => {
  const { db } = handle(library, "north", ben);
  const raw = "IsolationViolation query/raw-statement";
  expect(await codeOf(sql`select title from books`.execute(db))).toBe(raw);
  expect(
    await codeOf(
      db
        .selectFrom("books")
        .select(sql`1`.as("x"))
        .execute(),
    ),
  ).toBe(raw);
  // Not by a plan either that a server's handle has left behind.
  const fragment = (of: Handle) =>
    of.db
      .selectFrom("books")
      .select(sql`2`.as("x"))
      .execute();
  expect(await fragment(north)).toHaveLength(4);
  expect(await codeOf(fragment({ ...north, db }))).toBe(raw);
});
