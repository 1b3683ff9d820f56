/** The rows of a difference with long runs of unchanged lines folded away, but for those around a change. */
import type { DiffRow } from "@wardline/language-server";

export interface Fold {
  /** Index of the first row in it; by this it is known. */
  readonly from: number;
  readonly count: number;
}

/** Lines that are shown around a change, and the fewest that are worth a fold. */
const around = 3;
const fewest = 4;

export function isFold(row: DiffRow | Fold): row is Fold {
  return "count" in row;
}

/** `open`: folds that are shown, by their first row. */
export function foldedRows(rows: readonly DiffRow[], open: ReadonlySet<number>): readonly (DiffRow | Fold)[] {
  const changed = rows.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const isNear = (index: number) => changed.some((at) => Math.abs(at - index) <= around);
  const shown: (DiffRow | Fold)[] = [];
  for (let at = 0; at < rows.length;) {
    let end = at;
    while (end < rows.length && !isNear(end)) end += 1;
    if (end - at >= fewest && !open.has(at)) shown.push({ from: at, count: end - at });
    else shown.push(...rows.slice(at, end));
    if (end < rows.length) shown.push(rows[end] as DiffRow);
    at = end + 1;
  }
  return shown;
}
