/** `clock.time in 22:00..06:00`: half-open, around midnight where it ends before it begins. Only comparisons are left of it. */
import type { Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import { all, any, compare, never, type Formula, type Term } from "./formula.ts";
import { timeText, type OpenExpression } from "./literal-value.ts";
import type { Scope } from "./scope.ts";
import { worded, wordsOf } from "./words.ts";

const midnight = "00:00";

/** The condition that a time is not before the beginning, and before the end. */
export function inTimeRange(
  scope: Scope,
  of: Term,
  { from, to, span }: Extract<OpenExpression, { kind: "time_range" }>,
  before: Span,
): Formula {
  if (from === to) {
    scope.setting.report.add(finding("type/empty-range", span, { end: from }));
    return never;
  }
  const at = (text: string): Term => ({ kind: "constant", value: timeText(text), type: { kind: "time" } });
  const begun = worded(compare("ge", of, at(from)), wordsOf(span, before, ` >= ${from}`));
  const goingOn = worded(compare("lt", of, at(to)), wordsOf(span, before, ` < ${to}`));
  // No time is before midnight, and none is not past it.
  if (to === midnight) return begun;
  if (from === midnight) return goingOn;
  return from < to ? all([begun, goingOn]) : any([begun, goingOn]);
}
