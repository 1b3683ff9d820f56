/** Finds a rule whose conditions never hold together, such as two `when`s that contradict each other. */
import type { Span } from "@wardline/core";
import type { Formula } from "../check/formula.ts";
import type { Report } from "../check/report.ts";
import { finding } from "../diagnostics/table.ts";
import { satisfiable } from "./satisfiable.ts";

/** What one clause asks, with its condition's place. */
export interface Part {
  readonly formula: Formula;
  readonly span: Span;
}

export function lintNeverHolds(report: Report, parts: readonly Part[]): void {
  const formulas = parts.map((part) => part.formula);
  if (formulas.some((formula) => formula.kind === "constant") || satisfiable(formulas)) return;
  const last = parts.findIndex((_, index) => !satisfiable(formulas.slice(0, index + 1)));
  const part = parts[last];
  if (part === undefined) return;
  const other = parts.slice(0, last).find(({ formula }) => !satisfiable([formula, part.formula]));
  report.add(
    finding(
      "lint/never-holds",
      part.span,
      {},
      other === undefined ? {} : { related: [{ span: other.span, message: "this says otherwise" }] },
    ),
  );
}
