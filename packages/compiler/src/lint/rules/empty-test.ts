/** A test that expects nothing, a list over no rows, and a `given` that nothing follows. */
import type { Finding } from "@wardline/core";
import type { TestStatement } from "../../ast/statement.ts";
import { finding } from "../../diagnostics/table.ts";
import { statementsOf, type LintRule } from "../lint-rule.ts";

export const emptyTest: LintRule = {
  code: "lint/empty-test",
  check: (context) =>
    statementsOf(context).flatMap((statement) => (statement.kind === "test" ? inTest(statement) : [])),
};

function inTest({ titleSpan, parts }: TestStatement): readonly Finding[] {
  const last = parts.findLastIndex((part) => part.kind === "expect");
  if (last < 0) return [finding("lint/empty-test", titleSpan, { what: "this test expects nothing" })];
  return parts.flatMap((part, i) => {
    if (part.kind === "given" && i > last)
      return [finding("lint/empty-test", part.span, { what: "no `expect` follows this `given`" })];
    return part.kind === "expect" && part.expect.kind === "list" && part.expect.over.length === 0
      ? [finding("lint/empty-test", part.span, { what: "this list is over no rows" })]
      : [];
  });
}
