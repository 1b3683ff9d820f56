/** What the final check lets pass, what it prints, and what it refuses: each fault by the rule that is there for it. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  createCheck,
  createFinalCheck,
  createFinalChecks,
  type FinalCheck,
} from "../src/final-check/final-check.ts";
import { loadParser, type Parser } from "../src/final-check/parse.ts";
import { Refused, rules, type RuleName } from "../src/final-check/rules.ts";
import { faults } from "./final-check-faults.ts";
import { checkedModel, openView, over, view } from "./final-check-library.ts";

let parser: Parser;
let check: FinalCheck;
beforeAll(async () => {
  parser = await loadParser();
  check = await createFinalCheck(checkedModel, { schema: "lib" });
});

/** The rule that refuses a text, or what is printed. */
function outcome(of: FinalCheck, sql: string): string {
  try {
    return of.check(sql).text;
  } catch (error) {
    if (error instanceof Refused) return error.rule;
    throw error;
  }
}

describe("a fault is refused", () => {
  test.each(faults.map((fault) => [fault.name, fault] as const))("%s", (_, { sql, rule }) => {
    expect(outcome(check, sql)).toBe(rule);
    // Once more: a refusal is not kept as something that passed.
    expect(outcome(check, sql)).toBe(rule);
  });
});

/** Rules that nothing but themselves stands behind, whatever they are switched off for. */
const names = Object.keys(rules) as RuleName[];

/** Refusals that no switch passes by: there is no way on from them. */
const final: ReadonlySet<RuleName> = new Set([
  "statement/kind",
  "statement/limit",
  "statement/syntax",
  "node/kind",
]);

test.each(names.filter((name) => !final.has(name) && name !== "deparse/different"))(
  "without the rule %s some fault gets through",
  (rule) => {
    const without = createCheck(parser, checkedModel, { schema: "lib" }, new Set([rule]));
    const through = faults.filter((fault) => fault.rule === rule && !(outcome(without, fault.sql) in rules));
    expect(through.map(({ name }) => name)).not.toEqual([]);
  },
);

describe("what passes, as it is sent", () => {
  test.each<[string, string, string]>([
    [
      "a view that is alone",
      `select t.id from lib.countries as t`,
      `SELECT "t"."id" FROM "lib"."countries" AS "t"`,
    ],
    [
      "the tenant's condition comes first and without a cast",
      `select t.id from lib.loans as t where t.fee > 1 and $1::text = t.member_id and t.tenant_id = $1::text`.replace(
        "$1::text = t.member_id and ",
        "",
      ),
      `SELECT "t"."id" FROM "lib"."loans" AS "t" WHERE ("t"."tenant_id" OPERATOR("pg_catalog".=) $1) AND ("t"."fee" OPERATOR("pg_catalog".>) 1)`,
    ],
    [
      "V97: a text with a backslash reads the same under either setting",
      `select 'a\\b''c' as a`,
      `SELECT E'a\\\\b''c' AS "a"`,
    ],
    ["a number below nothing", `select -5 as a, - (5) as b`, `SELECT (-5) AS "a", (-5) AS "b"`],
    [
      "V98: functions, operators and types of pg_catalog, whoever else has one of the name",
      `select lower('A') || 'b'::text as a, 1 + 2 as b`,
      `SELECT "pg_catalog"."lower"('A') OPERATOR("pg_catalog".||) CAST('b' AS "pg_catalog"."text") AS "a", 1 OPERATOR("pg_catalog".+) 2 AS "b"`,
    ],
    [
      "a range is two comparisons",
      `select 1 between 0 and 2 as a`,
      `SELECT (1 OPERATOR("pg_catalog".>=) 0) AND (1 OPERATOR("pg_catalog".<=) 2) AS "a"`,
    ],
    [
      "the epoch of the facts",
      `SELECT "wardline"."facts_epoch"()::text AS epoch`,
      `SELECT CAST("wardline"."facts_epoch"() AS "pg_catalog"."text") AS "epoch"`,
    ],
    [
      "the keys of the tenant",
      `SELECT "wardline"."tenant_keys"() AS keys`,
      `SELECT "wardline"."tenant_keys"() AS "keys"`,
    ],
    [
      "an entry of the audit log",
      `select "wardline".audit_append($1::text[]) as tenant`,
      `SELECT "wardline"."audit_append"(CAST($1 AS "pg_catalog"."text"[])) AS "tenant"`,
    ],
  ])("%s", (_, sql, sent) => {
    expect(check.check(sql).text).toBe(sent);
  });

  test.each<[string, string]>([
    [
      "an open view under equalities",
      over(`where "w1"."title" = $2 and "w1"."copies" in ($3, $4)`, undefined, openView),
    ],
    [
      "an open view under bounds",
      over(`where "w1"."copies" between $2 and $3 and "w1"."id" is not null`, undefined, openView),
    ],
    [
      "an open view under an aggregate",
      over("", `pg_catalog.count(*) as "a", pg_catalog.max("w1"."copies") as "b"`, openView),
    ],
    [
      "an open view in an EXISTS",
      over(
        `where exists (select 1 as a from (${openView}) as "w2" where "w2"."id" = "w1"."id")`,
        undefined,
        openView,
      ),
    ],
    [
      "an open view under a value that is told its type",
      over(`where "w1"."copies" = $2::bigint`, undefined, openView),
    ],
    [
      "an open view in the order of another collation",
      over(`order by "w1"."title" collate "C" desc`, undefined, openView),
    ],
    ["a fenced view under anything", over(`where "w1"."copies" / 2 > 1 and "w1"."title" ilike $2`)],
    [
      "look-ups at the rows of a view",
      `select "w1"."id" as "id" from (select "t"."id" as "id" from (select "t"."tenant_id" as "tenant_id", "t"."id" as "id", "t"."branch_id" as "branch_id" from "lib"."books" as "t" where "t"."tenant_id" = $1) as "t" left join lateral (select "f"."name" as "name" from "lib"."branches" as "f" where "f"."tenant_id" = $1 and "f"."id" = "t"."branch_id") as "r1" on true where pg_catalog.starts_with("r1"."name", $2)) as "w1"`,
    ],
    [
      "a walk up a hierarchy",
      over(
        "",
        undefined,
        `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" = $1 and exists (with recursive "walk" ("id") as (select "t"."branch_id" union select "e"."id" as "id" from "walk" as "w" join lateral (select "h"."parent_id" as "id" from "lib"."branches" as "h" where "h"."tenant_id" = $1 and "h"."id" = "w"."id") as "e" on true) select 1 from "walk" as "w" where "w"."id" = any($2::uuid[]))`,
      ),
    ],
    [
      "window functions",
      over(
        "",
        `pg_catalog.row_number() over (partition by "w1"."title" order by "w1"."id" desc nulls last) as "a"`,
      ),
    ],
    [
      "a recursion of a caller",
      `with recursive "w2" ("a") as (select 1 union all select "w2"."a" + 1 from "w2" where "w2"."a" < 5) select "w2"."a" as "a" from "w2"`,
    ],
    ["set operations", `select 1 as a union all (select 2 as a except select 3 as a) order by a limit $1`],
    [
      "an insert that answers conflicts of its own tenant",
      `insert into "lib"."loans" as "t" ("id", "tenant_id", "fee") values ($2, $1, $3), ($4, $1::text, 5) on conflict ("tenant_id", "id") do update set "fee" = excluded."fee" + 1 where excluded."fee" > 3 returning "t"."id"::text as "id"`,
    ],
    [
      "an insert of what a select finds",
      `insert into "lib"."loans" ("tenant_id", "book_id") select $1, "w1"."id" from (${view}) as "w1"`,
    ],
    [
      "an update from an expression of WITH-like rows",
      `update "lib"."loans" as "target" set "fee" = "w1"."copies" from (${view}) as "w1" where "target"."tenant_id" = $1 and "target"."id" = "w1"."id" returning "target"."id"`,
    ],
    [
      "a lock",
      `select "t"."id" as "id" from "lib"."loans" as "t" where "t"."tenant_id" = $1 order by "t"."id" for no key update`,
    ],
    [
      "a cell that the process opens",
      over(
        "",
        `$2 || ':' || "w1"."id"::text || pg_catalog.encode(pg_catalog.convert_to("w1"."title", 'UTF8'), 'hex') as "a"`,
      ),
    ],
    ["a row among rows", over(`where ("w1"."id", "w1"."title") in (($2, $3), ($4, $5))`)],
    [
      "choices",
      over(
        "",
        `case "w1"."copies" when 1 then 'a' else "w1"."title" end as "a", nullif("w1"."title", '') as "b", greatest("w1"."copies", 2) as "c"`,
      ),
    ],
  ])("%s", (_, sql) => {
    const { text } = check.check(sql);
    // Invariant: what is sent is what is read.
    expect(check.check(text).text).toBe(text);
  });
});

test("a statement that names the tenant is told apart from one whose $1 is a value", () => {
  expect(check.check(over("")).namesTenant).toBe(true);
  expect(
    check.check(`select "t"."name" as "name" from "lib"."countries" as "t" where "t"."id" = $1`).namesTenant,
  ).toBe(false);
});

test("tenants of one model share what was seen, and another schema does not", async () => {
  const checks = await createFinalChecks();
  const again = structuredClone(checkedModel);
  expect(checks(again, "lib")).toBe(checks(checkedModel, "lib"));
  expect(checks(checkedModel, "other")).not.toBe(checks(checkedModel, "lib"));
  expect(outcome(checks(checkedModel, "other"), over(""))).toBe("relation/schema");
});
