/** A rule that no test of its file names, where the file has tests. */
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";

export const untestedRule: LintRule = {
  code: "lint/untested-rule",
  check: ({ rules, tests }) => {
    const tested = new Set(tests.map((test) => test.file));
    const named = new Set(
      tests.flatMap((test) =>
        test.expects.flatMap(({ expect }) => (expect.kind === "one" ? (expect.by ?? []) : [])),
      ),
    );
    return rules.flatMap(({ rule, statement }) =>
      tested.has(statement.span.file) &&
      rule.pack === undefined &&
      (rule.kind === "permit" || rule.kind === "forbid") &&
      !named.has(rule.id)
        ? [finding("lint/untested-rule", statement.name.span, { name: statement.name.text })]
        : [],
    );
  },
};
