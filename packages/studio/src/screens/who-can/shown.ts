/** Which rows, columns and cells of the matrix are shown: by what was chosen and by what was asked. */
import type {
  AccessAxes,
  AccessCell,
  AccessColumn,
  AccessSearch,
  AccessWho,
} from "@wardline/language-server";
import { keyOf, type Matrix } from "./use-matrix.ts";

export interface Filter {
  /** `home`, `all`, `type NAME`, `role NAME`. */
  readonly who: string;
  /** A type; null: all. */
  readonly resource: string | null;
  readonly only: Only;
}

export const onlys = ["all", "differences", "sometimes", "always", "never"] as const;
export type Only = (typeof onlys)[number];

/** The most columns that are shown at once where nobody chose. */
const mostColumns = 16;

export function firstFilter({ columns }: AccessAxes): Filter {
  const resource = columns.length > mostColumns ? (columns[0]?.resource ?? null) : null;
  return { who: "home", resource, only: "all" };
}

export function shownWho(
  { who }: AccessAxes,
  filter: Filter,
  search: AccessSearch | null,
): readonly AccessWho[] {
  if (search?.who != null) {
    const asked = new Set(search.who);
    return who.filter(({ id }) => asked.has(id));
  }
  const [kind, name] = filter.who.split(" ");
  return who.filter((one) => {
    if (kind === "type") return one.principal === name;
    if (kind === "role") return one.role === name;
    return kind === "all" || one.home;
  });
}

export function shownColumns(
  { columns }: AccessAxes,
  filter: Filter,
  search: AccessSearch | null,
): readonly AccessColumn[] {
  if (search?.columns != null) {
    const asked = new Set(search.columns);
    return columns.filter((column) => asked.has(keyOf(column)));
  }
  // A question that names no type is about all of them.
  const isAll = search !== null && (search.who !== null || search.rules !== null || search.access !== null);
  return columns.filter(({ resource }) => isAll || filter.resource === null || resource === filter.resource);
}

export interface ShownMatrix {
  readonly who: readonly AccessWho[];
  readonly columns: readonly AccessColumn[];
  /** False for a cell that stands back, since it was not asked for. */
  readonly isMeant: (cell: AccessCell) => boolean;
}

/** Without the rows and columns in which no cell is meant. What is not worked out yet stays. */
export function shownMatrix(
  who: readonly AccessWho[],
  columns: readonly AccessColumn[],
  cells: Matrix["cells"],
  only: Only,
  search: AccessSearch | null,
): ShownMatrix {
  const access = search?.access ?? (only === "all" || only === "differences" ? null : only);
  const rules = search?.rules == null ? null : new Set(search.rules);
  const isMeant = (cell: AccessCell) =>
    (access === null || cell.access === access) &&
    (rules === null || cell.rules.some((rule) => rules.has(rule)));
  const at = (row: AccessWho, column: AccessColumn) => cells.get(keyOf(column))?.get(row.id);
  const differs = (all: readonly (AccessCell | undefined)[]) =>
    new Set(all.map((cell) => cell?.access ?? "waiting")).size > 1;
  const isWaiting = (all: readonly (AccessCell | undefined)[]) => all.includes(undefined);
  const isAll = access === null && rules === null;
  const keep = (all: readonly (AccessCell | undefined)[]) =>
    isWaiting(all) || isAll || all.some((cell) => cell !== undefined && isMeant(cell));
  const kept = columns.filter((column) => {
    const all = who.map((row) => at(row, column));
    return keep(all) && (only !== "differences" || isWaiting(all) || differs(all));
  });
  const rows = who.filter((row) => keep(kept.map((column) => at(row, column))) || kept.length === 0);
  return { who: kept.length === 0 ? [] : rows, columns: kept, isMeant };
}
