/** A name that says nothing. */
import { finding } from "../../diagnostics/table.ts";
import { statementsOf, type LintRule } from "../lint-rule.ts";

const says =
  /^(?:my_|the_|new_)?(?:rule|permit|forbid|require|ceiling|floor|share|policy|assert|let|condition|check|thing|foo|bar|baz|tmp|temp)_?\d*$/;

export const emptyName: LintRule = {
  code: "lint/empty-name",
  check: (context) =>
    statementsOf(context).flatMap((statement) =>
      ("reach" in statement || statement.kind === "let" || statement.kind === "assert") &&
      says.test(statement.name.text)
        ? [finding("lint/empty-name", statement.name.span, { name: statement.name.text })]
        : [],
    ),
};
