/** What goes out on a guarded transaction's session: the checked text, for the tenant that was entered. */
import { expect, test } from "vitest";
import type { SqlSession, SqlStatement } from "../src/contracts.ts";
import { checkedSession } from "../src/driver/checked-session.ts";
import { createFinalCheck } from "../src/final-check/final-check.ts";
import { checkedModel, over } from "./final-check-library.ts";

const check = await createFinalCheck(checkedModel, { schema: "lib" });

function watched(): { readonly session: SqlSession; readonly sent: SqlStatement[] } {
  const sent: SqlStatement[] = [];
  const session: SqlSession = {
    query: async (sql, parameters) => {
      sent.push({ sql, parameters });
      return { rows: [], affected: 0 };
    },
    batch: async (statements) => {
      sent.push(...statements);
      return statements.map(() => ({ rows: [], affected: 0 }));
    },
  };
  return { session, sent };
}

test("the checked text is sent, never the given one", async () => {
  const { session, sent } = watched();
  const checked = checkedSession(session, check, "north");
  await checked.query("select lower('A') as a", []);
  await checked.batch?.([{ sql: "select upper($1) as a", parameters: ["b"] }]);
  expect(sent).toEqual([
    { sql: `SELECT "pg_catalog"."lower"('A') AS "a"`, parameters: [] },
    { sql: `SELECT "pg_catalog"."upper"($1) AS "a"`, parameters: ["b"] },
  ]);
});

test("V96: the tenant of a statement is the one that was entered, or nothing is sent", async () => {
  const { session, sent } = watched();
  const checked = checkedSession(session, check, "north");
  const refused = { code: "check/parameter" };
  await expect(checked.query(over(""), ["south"])).rejects.toMatchObject(refused);
  await expect(checked.query(over(""), [])).rejects.toMatchObject(refused);
  const batch = [
    { sql: "select 1 as a", parameters: [] },
    { sql: over(""), parameters: ["south"] },
  ];
  await expect(checked.batch?.(batch)).rejects.toMatchObject(refused);
  await expect(
    checked.openCursor("wardline_a", { sql: over(""), parameters: ["south"] }, 5),
  ).rejects.toMatchObject(refused);
  expect(sent).toEqual([]);
  await checked.query(over(""), ["north"]);
  expect(sent).toHaveLength(1);
});

test("V18, V42: a cursor is the driver's own, of a checked select, under a name of its own", async () => {
  const { session, sent } = watched();
  const checked = checkedSession(session, check, "north");
  await checked.openCursor("wardline_stream_1", { sql: "select 1 as a", parameters: [] }, 5);
  expect(sent.map(({ sql }) => sql)).toEqual([
    `declare wardline_stream_1 no scroll cursor for SELECT 1 AS "a"`,
    "fetch 5 from wardline_stream_1",
  ]);
  await expect(checked.fetch("wardline_a; set role postgres", 5)).rejects.toThrow(TypeError);
  await expect(checked.closeCursor("all")).rejects.toThrow(TypeError);
  await expect(checked.query("fetch 5 from wardline_stream_1", [])).rejects.toMatchObject({
    code: "check/statement",
  });
});

test("types that do not go together are said as a mistake of the query", async () => {
  const checked = checkedSession(watched().session, check, "north");
  await expect(checked.query(over(`where "w1"."rare" = "w1"."title"`), ["north"])).rejects.toMatchObject({
    name: "UnsupportedQuery",
    code: "query/type-mismatch",
  });
});
