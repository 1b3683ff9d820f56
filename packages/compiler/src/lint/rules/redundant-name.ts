/** A role, type or action that another name of the same list brings already. */
import type { Finding } from "@wardline/core";
import type { Name } from "../../ast/expression.ts";
import { closeRole } from "../../check/symbols.ts";
import { finding } from "../../diagnostics/table.ts";
import { leaveOut } from "../leave-out.ts";
import { writtenRules, type LintContext, type LintRule } from "../lint-rule.ts";

export const redundantName: LintRule = {
  code: "lint/redundant-name",
  check: (context) =>
    writtenRules(context).flatMap(({ reach }) => {
      if (reach === null) return [];
      const { who, actions, types } = reach;
      const people = who.kind === "anyone" ? who.except : who.names;
      return [
        ...among(people, (a, b) => holdsAlso(context, a, b)),
        ...(actions.kind === "names" ? among(actions.names, (a, b) => isMember(context, a, b)) : []),
        ...(types.kind === "names" ? among(types.names, () => false) : []),
      ];
    }),
};

/** Names that stand there twice, or that another one brings: `brings(a, b)`, whoever is meant by a is meant by b. */
function among(names: readonly Name[], brings: (a: string, b: string) => boolean): readonly Finding[] {
  return names.flatMap((name, i) => {
    const other = names.find(
      (n, k) => (k < i && n.text === name.text) || (n.text !== name.text && brings(name.text, n.text)),
    );
    if (other === undefined) return [];
    return [
      finding(
        "lint/redundant-name",
        name.span,
        { name: name.text, other: other.text },
        {
          fixes: [
            leaveOut(
              names.map((n) => n.span),
              i,
            ),
          ],
        },
      ),
    ];
  });
}

/** A role that extends another one counts as it; a role of a type that is named whole counts as that. */
function holdsAlso({ roles }: LintContext, a: string, b: string): boolean {
  const role = roles.get(a);
  if (role === undefined) return false;
  if (roles.has(b)) return closeRole(roles, b).includes(a);
  return role.types.size === 1 && role.types.has(b);
}

function isMember({ model }: LintContext, action: string, group: string): boolean {
  const members = model.groups.get(group);
  return members?.includes(action) === true || isInside(model.groups.get(action), members);
}

function isInside(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a !== undefined && b !== undefined && a.length < b.length && a.every((name) => b.includes(name));
}
