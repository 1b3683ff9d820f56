/** Whole numbers that a fact can have: what a comparison of two of them always says. Ranges do not divide Int. */
import { formatType, type CompareOp, type Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import type { Term } from "./formula.ts";
import { placeKey, type Scope } from "./scope.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The values that an Int can have, or null for a term of another type. */
function rangeOf(term: Term): Range | null {
  if (term.kind === "constant")
    return typeof term.value === "number" && term.type.kind === "int"
      ? { min: term.value, max: term.value }
      : null;
  const { type } = term.fact;
  return type.kind === "int" ? type : null;
}

/** Notes a comparison that says the same whatever the values are: an error if it can never match, else a warning. */
export function noteRange(scope: Scope, span: Span, op: CompareOp, left: Term, right: Term): void {
  const says = alwaysSays(op, left, right);
  const why = `one side is ${described(left)}, the other ${described(right)}`;
  scope.setting.report.note(placeKey("range", span), says === null, () =>
    op === "eq"
      ? finding("type/never-matches", span, { why })
      : finding("lint/always-same", span, { answer: String(says), why }),
  );
}

function described(term: Term): string {
  return term.kind === "constant" ? String(term.value) : `of type ${formatType(term.fact.type)}`;
}

/** What `left OP right` says whatever the values are, or null if that depends on them. */
function alwaysSays(op: CompareOp, left: Term, right: Term): boolean | null {
  const [a, b] = [rangeOf(left), rangeOf(right)];
  if (a === null || b === null) return null;
  switch (op) {
    case "eq":
      return a.max < b.min || a.min > b.max ? false : null;
    case "lt":
      return a.max < b.min ? true : a.min >= b.max ? false : null;
    case "le":
      return a.max <= b.min ? true : a.min > b.max ? false : null;
    case "gt":
      return alwaysSays("lt", right, left);
    case "ge":
      return alwaysSays("le", right, left);
  }
}
