/** A tenant's role that no rule and no other role names. */
import { finding } from "../../diagnostics/table.ts";
import type { Fix } from "@wardline/core";
import type { Name } from "../../ast/expression.ts";
import type { Statement } from "../../ast/statement.ts";
import { leaveOut } from "../leave-out.ts";
import { leaveOutStatement, type LintContext, type LintRule } from "../lint-rule.ts";
import { allParts, conditionsIn } from "../../ast/walk.ts";

export const unusedRole: LintRule = {
  code: "lint/unused-role",
  check: (context) => {
    const { policy } = context;
    const declared = policy.statements.flatMap((s) => (s.kind === "role" ? s.names : []));
    const named = new Set(
      policy.statements.flatMap((statement) => {
        const inConditions = conditionsIn(statement)
          .flatMap(allParts)
          .flatMap((part) =>
            part.kind === "path" && part.root.kind === "name" ? [part.root.name.text] : [],
          );
        if (statement.kind === "role" && statement.modifier?.kind === "extends")
          return statement.modifier.names.map((name) => name.text);
        if (!("reach" in statement) || statement.reach === null) return inConditions;
        const { who } = statement.reach;
        return [
          ...inConditions,
          ...(who.kind === "anyone" ? who.except : who.names).map((name) => name.text),
        ];
      }),
    );
    // A role that extends another one is of use to whoever is assigned it.
    const extending = new Set(
      policy.statements.flatMap((s) =>
        s.kind === "role" && s.modifier?.kind === "extends" ? s.names.map((name) => name.text) : [],
      ),
    );
    return declared.flatMap((name) =>
      named.has(name.text) || extending.has(name.text)
        ? []
        : [
            finding(
              "lint/unused-role",
              name.span,
              { name: name.text },
              { fixes: fixesOf(context, policy.statements, name) },
            ),
          ],
    );
  },
};

/** The role alone, or its statement where it declares no other. */
function fixesOf(context: LintContext, statements: readonly Statement[], role: Name): readonly Fix[] {
  return statements.flatMap((statement) => {
    if (statement.kind !== "role" || !statement.names.includes(role)) return [];
    if (statement.names.length === 1) return [leaveOutStatement(context, statement)];
    const spans = statement.names.map((name) => name.span);
    return [{ ...leaveOut(spans, statement.names.indexOf(role)), choice: true as const }];
  });
}
