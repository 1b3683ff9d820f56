/** `when true`, `unless false`: a clause that changes nothing, or everything. */
import type { Span } from "@wardline/core";
import { isCondition } from "../../ast/walk.ts";
import { finding } from "../../diagnostics/table.ts";
import { textAt, writtenRules, type LintContext, type LintRule } from "../lint-rule.ts";

export const constantCondition: LintRule = {
  code: "lint/constant-condition",
  check: (context) =>
    writtenRules(context).flatMap((statement) =>
      statement.clauses.flatMap((clause) => {
        if (!isCondition(clause)) return [];
        const { condition } = clause;
        if (condition.kind !== "literal" || condition.type !== "bool") return [];
        const isIdle = (condition.text === "true") === (clause.kind === "when");
        const effect = isIdle ? "changes nothing" : "lets the rule never apply";
        const fixes = isIdle
          ? [{ title: "leave it out", edits: [{ span: withSpace(context, clause.span), text: "" }] }]
          : [];
        return [finding("lint/constant-condition", clause.span, { effect }, { fixes })];
      }),
    ),
};

/** A place with the space before it. */
function withSpace(context: LintContext, span: Span): Span {
  const before = textAt(context, { file: span.file, start: 0, end: span.start });
  return { ...span, start: before.trimEnd().length };
}
