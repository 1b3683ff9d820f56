/** A permit that a forbid overrides wherever it grants. */
import { finding } from "../../diagnostics/table.ts";
import { leaveOutStatement, type LintRule } from "../lint-rule.ts";
import { coverCandidates, isCovered } from "../same-cases.ts";

export const deadPermit: LintRule = {
  code: "lint/dead-permit",
  check: (context) => {
    const { rules } = context;
    const candidates = coverCandidates(rules.filter(({ rule }) => rule.kind === "forbid"));
    return rules.flatMap((permit) => {
      if (permit.rule.kind !== "permit") return [];
      const by = candidates(permit).find((forbid) => isCovered(permit, forbid, () => true));
      if (by === undefined) return [];
      return [
        finding(
          "lint/dead-permit",
          permit.statement.name.span,
          { name: permit.statement.name.text, other: by.rule.id },
          {
            related: [{ span: by.statement.name.span, message: "the forbid" }],
            fixes: [leaveOutStatement(context, permit.statement)],
          },
        ),
      ];
    });
  },
};
