/**
 * Raw SQL that is refused, by whom, and that nothing of it reached the database. Each text is also asked as a part of a
 * query of the builder, where it means the same.
 */
import { CompiledQuery, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ada, codeOf, handle, openLibrary, type Handle, type Library } from "./driver-library.ts";
import { hostileTexts } from "./raw-hostile.ts";

let library: Library;
let north: Handle;
const sent: string[] = [];
beforeAll(async () => {
  library = await openLibrary();
  const { database } = library;
  north = handle(library, "north", ada, {
    database: {
      ...database,
      kind: "server",
      batch(statements) {
        const given = typeof statements === "function" ? statements(0) : statements;
        sent.push(...given.map((statement) => statement.sql));
        return database.batch(statements);
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
