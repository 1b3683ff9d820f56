/** All actions at a place: fixes first, then what rewrites, and what mends the whole file. */
import type { Snapshot } from "../workspace/snapshot.ts";
import { actionPlace, type Action } from "./action.ts";
import { addTest } from "./add-test.ts";
import { documentStatement } from "./document-statement.ts";
import { fixAllAction } from "./fix-all-action.ts";
import { extractLet, inlineLet } from "./lets.ts";
import { quickFixes } from "./quick-fixes.ts";
import { splitRule, turnClause } from "./rewrite.ts";

/** `only`: kinds that are asked for, with those below them; all without it. */
export function actionsAt(
  snapshot: Snapshot,
  file: string,
  range: { readonly start: number; readonly end: number },
  only: readonly string[] | null = null,
): readonly Action[] {
  const place = actionPlace(snapshot, file, range);
  if (place === null) return [];
  const isWanted = (kind: string) =>
    only === null || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  return [
    ...(isWanted("quickfix") ? quickFixes(place) : []),
    ...extractLet(place),
    ...inlineLet(place),
    ...turnClause(place),
    ...splitRule(place),
    ...addTest(place),
    ...documentStatement(place),
    ...(only === null ? [] : [fixAllAction(place)]),
  ].filter(({ kind }) => isWanted(kind));
}
