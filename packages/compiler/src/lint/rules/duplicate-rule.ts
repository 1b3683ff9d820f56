/** Two rules of one layer that say the same. */
import type { CheckedRule } from "../../check/rule.ts";
import { finding } from "../../diagnostics/table.ts";
import { signatureOf } from "../same-cases.ts";
import { leaveOutStatement, type LintRule } from "../lint-rule.ts";

export const duplicateRule: LintRule = {
  code: "lint/duplicate-rule",
  check: (context) => {
    const { rules } = context;
    const seen = new Map<string, CheckedRule>();
    return rules.flatMap((rule) => {
      const signature = signatureOf(rule);
      const first = signature === null ? undefined : seen.get(signature);
      if (signature !== null && first === undefined) seen.set(signature, rule);
      if (first === undefined) return [];
      return [
        finding(
          "lint/duplicate-rule",
          rule.statement.name.span,
          { name: rule.statement.name.text, other: first.rule.id },
          {
            related: [{ span: first.statement.name.span, message: "the other one" }],
            fixes: rule.rule.pack === undefined ? [leaveOutStatement(context, rule.statement)] : [],
          },
        ),
      ];
    });
  },
};
