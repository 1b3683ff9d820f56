/** What comes last in a query: arms, windows, order and limits. */
import type { Order, Query } from "../statement/language.ts";
import { makeRawOrder } from "./make-fragment.ts";
import { makeWindow } from "./make-items.ts";
import type { MadeQuery, Maker, QueryWish } from "./maker.ts";
import { distinctNames, type SeenColumn, type Sight } from "./sight.ts";

const operators = [
  "union",
  "unionAll",
  "unionAll",
  "intersect",
  "except",
  "intersectAll",
  "exceptAll",
] as const;

/** Arms, windows, order and limits. */
export function finished(
  maker: Maker,
  sight: Sight,
  start: Query,
  columns: readonly SeenColumn[],
  depth: number,
  wish: QueryWish,
): MadeQuery {
  const { random } = maker;
  let query = start;
  const open = columns.every(({ sealed }) => !sealed) && columns.length > 0;
  const named = distinctNames(columns) !== null;
  if (open && depth > 0 && random.chance(0.12)) {
    const wants = columns.map(({ kind }) => kind);
    const inside: Sight = { relations: [], commons: sight.commons, outer: sight.outer };
    const arm = maker.query(maker, inside, depth - 1, { wants }).query;
    query = { ...query, arms: [{ op: random.pick(operators), query: { ...arm, with: [] } }] };
    if (arm.with.length > 0) query = { ...query, arms: [] };
  } else if (
    wish.root === true &&
    query.group.length === 0 &&
    query.distinct === "no" &&
    random.chance(0.12)
  ) {
    query = { ...query, select: [...query.select, makeWindow(maker, sight)] };
    columns = [...columns, { name: "w", kind: "whole", sealed: false, of: null }];
  }
  const all: Order[] = columns.map(({ name }) => ({
    by: { e: "column", table: null, column: name },
    descending: random.pick([null, true, false]),
    nulls: random.pick([null, null, "first", "last"]),
  }));
  const ordered = named && open && (wish.root === true ? random.chance(0.5) : random.chance(0.15));
  if (!ordered) {
    // Which rows a limit takes without an order is the server's to choose; how many is not.
    const limit = wish.root === true && random.chance(0.1) ? random.between(0, 5) : null;
    return { query: { ...query, limit }, columns };
  }
  const total = random.chance(0.7);
  query = { ...query, order: total ? all : random.some(all, 1), total };
  if (total || wish.root === true) {
    if (random.chance(0.1))
      query = { ...query, fetch: { rows: random.between(0, 4), ties: random.chance(0.5) } };
    else if (random.chance(0.5)) query = { ...query, limit: random.between(0, 5) };
    if (random.chance(0.2)) query = { ...query, offset: random.between(0, 3) };
  }
  const plain = query.arms.length === 0 && query.distinct === "no" && query.group.length === 0;
  if (total && plain && query.having === null && random.chance(0.15))
    query = { ...query, distinct: [(all[0] as Order).by] };
  const first = plain && query.distinct === "no" ? makeRawOrder(maker, sight) : null;
  if (first !== null)
    query = { ...query, order: [{ by: first, descending: null, nulls: null }, ...query.order] };
  return { query, columns };
}
