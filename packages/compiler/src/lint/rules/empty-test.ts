/** A test that expects nothing. */
import { finding } from "../../diagnostics/table.ts";
import { leaveOutStatement, statementsOf, type LintRule } from "../lint-rule.ts";

export const emptyTest: LintRule = {
  code: "lint/empty-test",
  check: (context) =>
    statementsOf(context).flatMap((statement) =>
      statement.kind === "test" && !statement.parts.some((part) => part.kind === "expect")
        ? [
            finding(
              "lint/empty-test",
              statement.titleSpan,
              {},
              { fixes: [leaveOutStatement(context, statement)] },
            ),
          ]
        : [],
    ),
};
