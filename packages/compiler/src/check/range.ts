/** Values that a fact can have: what a comparison of two of them always says. Ranges do not divide Int. */
import { formatType, timeMicros, type CompareOp, type Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import type { Term } from "./formula.ts";
import { placeKey, type Scope } from "./scope.ts";

interface Range {
  /** What the ends count: values of two kinds are not compared. */
  readonly of: "int" | "time" | "now";
  readonly min: number;
  readonly max: number;
}

const dayMicros = 86_400_000_000;

/** The values that a term can have, or null where they have no bounds. */
function rangeOf(term: Term): Range | null {
  switch (term.kind) {
    case "constant": {
      const { type, value } = term;
      const at = type.kind === "int" ? value : type.kind === "time" ? timeMicros(String(value)) : undefined;
      if (typeof at !== "number" || (type.kind !== "int" && type.kind !== "time")) return null;
      return { of: type.kind, min: at, max: at };
    }
    case "now":
      return { of: "now", min: term.offset, max: term.offset };
    case "fact": {
      const { type, source } = term.fact;
      if (source.from === "now") return { of: "now", min: 0, max: 0 };
      if (type.kind === "time") return { of: "time", min: 0, max: dayMicros - 1 };
      return type.kind === "int" ? { of: "int", min: type.min, max: type.max } : null;
    }
  }
}

/** Notes a comparison that says the same whatever the values are: an error if it can never match, else a warning. */
export function noteRange(scope: Scope, span: Span, op: CompareOp, left: Term, right: Term): void {
  const says = alwaysSays(op, left, right);
  const why = `one side is ${described(left)}, the other ${described(right)}`;
  scope.setting.report.note(placeKey("range", span), says === null, () =>
    op === "eq" && says === false
      ? finding("type/never-matches", span, { why })
      : finding("lint/always-same", span, { answer: String(says), why }),
  );
}

/** Notes a comparison of the clock with one time of day, which hardly ever holds: a range is meant. */
export function noteExactTime(scope: Scope, span: Span, left: Term, right: Term): void {
  const isClock = (term: Term) =>
    term.kind === "fact" && term.fact.source.from === "clock" && term.fact.source.part === "time";
  const isExact =
    (isClock(left) && right.kind === "constant") || (isClock(right) && left.kind === "constant");
  scope.setting.report.note(placeKey("exact", span), !isExact, () => finding("lint/exact-time", span, {}));
}

function described(term: Term): string {
  switch (term.kind) {
    case "constant":
      return term.type.kind === "time" ? String(term.value).slice(0, 5) : String(term.value);
    case "now":
      return "`now` moved";
    case "fact":
      return term.fact.source.from === "now" ? "`now`" : `of type ${formatType(term.fact.type)}`;
  }
}

/** What `left OP right` says whatever the values are, or null if that depends on them. */
function alwaysSays(op: CompareOp, left: Term, right: Term): boolean | null {
  const [a, b] = [rangeOf(left), rangeOf(right)];
  if (a === null || b === null || a.of !== b.of) return null;
  switch (op) {
    case "eq":
      if (a.max < b.min || a.min > b.max) return false;
      return a.of === "now" ? true : null;
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
