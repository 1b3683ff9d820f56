/** `anything` where the actions of the rule are taken on one type alone. */
import { finding } from "../../diagnostics/table.ts";
import { replaceFix } from "../../check/suggest.ts";
import type { LintRule } from "../lint-rule.ts";

export const wildcard: LintRule = {
  code: "lint/wildcard",
  check: ({ rules }) =>
    rules.flatMap(({ rule, statement, cases }) => {
      const types = statement.reach?.types;
      const touching = statement.reach?.touching ?? null;
      if (types?.kind !== "anything" || touching !== null || rule.layer !== "tenant") return [];
      const reached = new Set(cases.map((c) => c.entity));
      const [only] = reached;
      if (reached.size !== 1 || only === undefined) return [];
      return [
        finding("lint/wildcard", types.span, { type: only }, { fixes: [replaceFix(types.span, only)] }),
      ];
    }),
};
