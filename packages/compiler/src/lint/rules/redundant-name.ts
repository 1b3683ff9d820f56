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
        ...among(people, (name) => rolesWith(context, name)),
        ...(actions.kind === "names" ? among(actions.names, (name) => membersOf(context, name)) : []),
        ...(types.kind === "names" ? among(types.names, () => []) : []),
      ];
    }),
};

/** Names that stand there twice, or that another one brings: whoever is meant by one of `brings(a)` is meant by a. */
function among(names: readonly Name[], brings: (name: string) => readonly string[]): readonly Finding[] {
  const firsts = new Map<string, number>();
  const bringers = new Map<string, number>();
  for (const [i, { text }] of names.entries()) {
    if (firsts.has(text)) continue;
    firsts.set(text, i);
    for (const name of brings(text)) if (name !== text && !bringers.has(name)) bringers.set(name, i);
  }
  const spans = names.map((name) => name.span);
  return names.flatMap((name, i) => {
    const first = firsts.get(name.text) ?? i;
    const other = names[Math.min(first < i ? first : Infinity, bringers.get(name.text) ?? Infinity)];
    if (other === undefined) return [];
    return [
      finding(
        "lint/redundant-name",
        name.span,
        { name: name.text, other: other.text },
        { fixes: [leaveOut(spans, i)] },
      ),
    ];
  });
}

/** A role that extends another one counts as it; a role of a type that is named whole counts as that. */
function rolesWith({ roles }: LintContext, name: string): readonly string[] {
  if (roles.has(name)) return closeRole(roles, name);
  return [...roles.values()]
    .filter((role) => role.types.size === 1 && role.types.has(name))
    .map((role) => role.name);
}

/** The actions of a group, and the groups of some of them. */
function membersOf({ model }: LintContext, name: string): readonly string[] {
  const members = model.groups.get(name);
  if (members === undefined) return [];
  return [...members, ...[...model.groups].flatMap(([other, of]) => (isInside(of, members) ? [other] : []))];
}

function isInside(a: readonly string[], b: readonly string[]): boolean {
  return a.length < b.length && a.every((name) => b.includes(name));
}
