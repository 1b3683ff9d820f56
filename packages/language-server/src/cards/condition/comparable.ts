/** Which references can be compared, and how: two of one type are the same or not, and one may lie below the other. */
import type { CardContext } from "../card-context.ts";
import { isGiven, isTenant, type About, type Fact } from "./facts.ts";

/** How a reference is compared with another. */
export type Relates = "same" | "below";

export const relatesBy = (operator: string): Relates | null => {
  if (operator === "== fact" || operator === "!= fact") return "same";
  return operator === "in fact" || operator === "not in fact" ? "below" : null;
};

/** Whether what two references lead to can be the same, or the first below the second. What is no reference is not looked at. */
export function canRelate(ctx: CardContext, about: About, how: Relates, left: Fact, right: Fact): boolean {
  if (isTenant(left.type) || isTenant(right.type)) return how === "same";
  // What a let is given has a type where it is used.
  if (isGiven(left.type) || isGiven(right.type)) return true;
  const above = typesOf(about, left).flatMap((type) =>
    how === "same" ? [type] : [...typesAbove(ctx, type, new Set())],
  );
  return typesOf(about, right).some((type) => above.includes(type));
}

function typesOf({ principals, entities }: About, { path, type }: Fact): readonly string[] {
  if (path === "principal") return principals.map(({ name }) => name);
  if (path === "resource") return entities.map(({ name }) => name);
  return type.kind === "entity" ? [type.entity] : [];
}

/** A type and all that its rows can lie below. */
function typesAbove(ctx: CardContext, type: string, found: Set<string>): ReadonlySet<string> {
  if (found.has(type)) return found;
  found.add(type);
  for (const { entity } of ctx.words.entities.get(type)?.parents ?? []) typesAbove(ctx, entity, found);
  return found;
}

/** A first condition on a reference, as a text without guards; null where the model has nothing to compare it with. */
export function firstReference(
  ctx: CardContext,
  about: About,
  fact: Fact,
  facts: readonly Fact[],
  isThere: (fact: Fact) => boolean,
): string | null {
  const root = ({ path }: Fact) => path.split(".")[0];
  // What is of somebody or something else says more, and what is always there needs no guard.
  const others = facts
    .filter((other) => other.type.kind === "entity" && other.path !== fact.path && isThere(other))
    .filter((other) => isTenant(other.type) === isTenant(fact.type))
    .toSorted((one, other) => Number(root(one) === root(fact)) - Number(root(other) === root(fact)));
  const ways: readonly ((other: Fact) => string | null)[] = [
    (other) => (canRelate(ctx, about, "same", fact, other) ? `${fact.path} == ${other.path}` : null),
    (other) => (canRelate(ctx, about, "below", fact, other) ? `${fact.path} in ${other.path}` : null),
    (other) => (canRelate(ctx, about, "below", other, fact) ? `${other.path} in ${fact.path}` : null),
  ];
  for (const way of ways)
    for (const other of others) {
      const text = way(other);
      if (text !== null) return text;
    }
  return null;
}
