/** The different preconditions of a table, in the order of their texts, and which of them imply which. */
import type { Obligation } from "@wardline/core";

export interface ObligationPlan {
  readonly text: string;
  /** Its place when texts are compared inside of a JSON document. */
  readonly rank: number;
  /** Those whose meeting meets this one too. */
  readonly impliedBy: readonly number[];
}

export function planObligations(obligations: readonly Obligation[]): readonly ObligationPlan[] {
  const byText = new Map(obligations.map((obligation) => [JSON.stringify(obligation), obligation]));
  const ordered = [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const inJson = ordered.map(([text]) => JSON.stringify(text)).toSorted();
  return ordered.map(([text, obligation]) => ({
    text,
    rank: inJson.indexOf(JSON.stringify(text)),
    impliedBy: ordered.flatMap(([, other], i) => (implies(other, obligation) ? [i] : [])),
  }));
}

/** Who has met `a` has met `b`. */
function implies(a: Obligation, b: Obligation): boolean {
  if (a.type === "step_up" && b.type === "step_up") return a.factor === b.factor && isAsFresh(a, b);
  if (a.type === "approval" && b.type === "approval") return a.by === b.by && isAsFresh(a, b);
  return a.type === "reason" && b.type === "reason";
}

function isAsFresh(a: { readonly within: number | null }, b: { readonly within: number | null }): boolean {
  return b.within === null || (a.within !== null && a.within <= b.within);
}
