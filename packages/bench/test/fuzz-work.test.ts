import { expect, test } from "vitest";
import { plainQuery } from "../src/fuzz/make/make-probe.ts";
import { workOf } from "../src/fuzz/run/work.ts";
import type { Join, Query } from "../src/fuzz/statement/language.ts";

const table: Query = { ...plainQuery, from: [{ kind: "table", table: "t", as: null }] };
const joined = (source: Join["source"], kind: Join["kind"] = "inner"): Query => ({
  ...table,
  joins: [{ kind, source, on: null }],
});

test("the work of a statement grows with what is beside each other, and with what is asked again for each row", () => {
  expect(workOf(table, 10)).toBe(10);
  expect(workOf(joined({ kind: "table", table: "u", as: null }), 10)).toBe(100);
  expect(workOf({ ...table, where: { e: "exists", not: false, query: table } }, 10)).toBe(110);
  expect(workOf(joined({ kind: "derived", query: table, as: "d" }, "left lateral"), 10)).toBeGreaterThan(
    workOf(joined({ kind: "derived", query: table, as: "d" }, "left"), 10),
  );
});

test("a common table expression counts where it stands for many rows", () => {
  const wide = joined({ kind: "table", table: "u", as: null });
  const query: Query = {
    ...plainQuery,
    with: [{ name: "w", columns: null, materialized: null, body: wide }],
    from: [{ kind: "table", table: "w", as: null }],
    joins: [{ kind: "cross", source: { kind: "table", table: "w", as: "x" }, on: null }],
  };
  expect(workOf(query, 10)).toBe(100 + 100 * 100);
});
