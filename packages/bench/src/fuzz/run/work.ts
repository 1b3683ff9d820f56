/**
 * How many rows a statement may have to look at, roughly and at most: what would take minutes is not asked of a database that
 * nothing can interrupt.
 */
import type { Query, Source, Statement } from "../statement/language.ts";

/** Sizes of what a name stands for: common table expressions by name; every other name is a table of the world. */
interface Sizes {
  readonly table: number;
  readonly commons: ReadonlyMap<string, number>;
}

/** `rows`: how many rows the largest table has. */
export function workOf(statement: Statement, rows: number): number {
  return within(statement, { table: Math.max(2, rows), commons: new Map() });
}

/** The work of all queries in a value, each of them done once. */
function within(value: unknown, sizes: Sizes): number {
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + within(item, sizes), 0);
  if (isQuery(value)) return work(value, sizes);
  return Object.values(value).reduce<number>((sum, item) => sum + within(item, sizes), 0);
}

function work(query: Query, outside: Sizes): number {
  const { sizes, before } = commonsOf(query, outside);
  const sources = [...query.from, ...query.joins.map(({ source }) => source)];
  const own = product(sources, sizes);
  const inner = { ...query, with: [], from: [], joins: query.joins.map(({ on }) => on), arms: [] };
  const perRow = Object.values(inner).reduce<number>((sum, part) => sum + within(part, sizes), 1);
  const derived = sources.reduce((sum, source) => sum + within(source, sizes), 0);
  const arms = query.arms.reduce((sum, arm) => sum + work(arm.query, sizes), 0);
  // A lateral source is made anew for every row beside it.
  const again = query.joins.some(({ kind }) => kind.endsWith("lateral")) ? own : 1;
  return before + own * perRow + derived * again + arms;
}

function commonsOf(query: Query, outside: Sizes): { readonly sizes: Sizes; readonly before: number } {
  const commons = new Map(outside.commons);
  const sizes = { table: outside.table, commons };
  let before = 0;
  for (const { name, body } of query.with) {
    before += within(body, sizes);
    // What a recursion finds it looks at once more.
    commons.set(
      name,
      isQuery(body) ? sizeOf(body, sizes) * (query.recursive ? sizes.table : 1) : sizes.table,
    );
  }
  return { sizes, before };
}

/** How many rows come out of a query at most. */
function sizeOf(query: Query, outside: Sizes): number {
  const { sizes } = commonsOf(query, outside);
  const own = product([...query.from, ...query.joins.map(({ source }) => source)], sizes);
  const all = query.arms.reduce((sum, arm) => sum + sizeOf(arm.query, sizes), own);
  return Math.min(all, query.limit ?? all);
}

function product(sources: readonly Source[], sizes: Sizes): number {
  return sources.reduce((rows, source) => {
    switch (source.kind) {
      case "table":
        return rows * (sizes.commons.get(source.table) ?? sizes.table);
      case "derived":
        return rows * sizeOf(source.query, sizes);
      case "raw":
        return rows * sizes.table;
    }
  }, 1);
}

function isQuery(value: object): value is Query {
  return "kind" in value && value.kind === "select" && "joins" in value;
}
