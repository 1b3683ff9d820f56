/** Where a case stands, and the words for several. */
import type { Case } from "../check/rule.ts";

/** One kind of principal, action and type. */
export function placeOf(c: Pick<Case, "principal" | "action" | "entity">): string {
  return `${c.principal} ${c.action} ${c.entity}`;
}

/** The same for one row that it is asked of. */
export function passOf(c: Pick<Case, "principal" | "action" | "entity" | "row">): string {
  return `${placeOf(c)} ${c.row}`;
}

export function canHold(c: Case): boolean {
  return c.when.kind !== "constant" || c.when.value;
}

export function quoted(names: Iterable<string>): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(", ");
}
