/** What a statement asks to be given, which conditions to the right of it may read. */
import type { Clause, Expression } from "@wardline/compiler";
import type { CardContext } from "../card-context.ts";
import type { ConditionPlace } from "./condition-part.ts";
import type { Joined } from "./group-edits.ts";

export type ConditionClause = Extract<Clause, { readonly kind: "when" | "unless" }>;

/** What is known to be there where a condition of a group is asked: what the group, or its clause, asks for. */
export function guardedWithin(
  { ctx: { text }, guarded }: ConditionPlace,
  group: Joined,
): ReadonlySet<string> {
  const paths = new Set(guarded);
  for (const member of group.of) {
    const asks = group.kind === "and" ? member : member.kind === "not" ? member.of : null;
    if (asks?.kind === "has") paths.add(text.slice(asks.path.span.start, asks.path.span.end));
  }
  return paths;
}

/** Paths that a `has` of the `when`s asks for, and where it first does. */
export function guardsIn(
  { text }: CardContext,
  clauses: readonly ConditionClause[],
): ReadonlyMap<string, number> {
  const paths = new Map<string, number>();
  const look = (expression: Expression): void => {
    if (expression.kind === "has") {
      const path = text.slice(expression.path.span.start, expression.path.span.end);
      paths.set(path, Math.min(paths.get(path) ?? Infinity, expression.span.start));
    } else if (expression.kind === "and") expression.of.forEach(look);
  };
  for (const { kind, condition } of clauses) if (kind === "when") look(condition);
  return paths;
}
