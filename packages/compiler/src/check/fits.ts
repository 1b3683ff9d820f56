import { formatType, sameType, type ScalarType } from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { withArticle } from "./article.ts";
import { placeKey, type Scope } from "./scope.ts";

/** True if a value of the type can stand there. Entities of another type never match; other types are errors. */
export function fits(scope: Scope, at: Expression, wanted: ScalarType, type: ScalarType): boolean {
  const { report } = scope.setting;
  const same = sameType(wanted, type);
  if (!same && (wanted.kind !== "entity" || type.kind !== "entity")) {
    report.add(finding("type/mismatch", at.span, { left: formatType(wanted), right: formatType(type) }));
    return false;
  }
  report.note(placeKey("never", at.span), same, () =>
    finding("type/never-matches", at.span, {
      why: `${withArticle(formatType(wanted))} is wanted, and this is ${withArticle(formatType(type))}`,
    }),
  );
  return same;
}
