/** Queries that gather rows: by groups, and those of one row. */
import type { Expr, Item, Order, Query } from "../statement/language.ts";
import { finished } from "./finish-query.ts";
import { pickColumn } from "./make-expression.ts";
import { makeAggregate, wanted } from "./make-items.ts";
import type { MadeQuery, Maker, QueryWish } from "./maker.ts";
import { rawColumn } from "./raw-name.ts";
import { candidates, type SeenColumn, type Sight } from "./sight.ts";

/** One row: an aggregate over all, or the first of an order in which no two rows are alike. */
export function makeSingle(
  maker: Maker,
  sight: Sight,
  base: Query,
  depth: number,
  wish: QueryWish,
): MadeQuery {
  const kind = wish.wants?.[0] ?? "whole";
  const column = pickColumn(maker, { ...sight, outer: null }, kind);
  const counts = kind === "whole" && maker.random.chance(0.5);
  if (counts || (column !== null && ["text", "whole", "number", "instant"].includes(kind))) {
    const of: Expr =
      counts || column === null
        ? { e: "aggregate", name: "count", of: null, distinct: false, filter: null, over: null }
        : {
            e: "aggregate",
            name: maker.random.pick(["min", "max"]),
            of: column,
            distinct: false,
            filter: null,
            over: null,
          };
    return {
      query: { ...base, select: [{ kind: "expression", of, as: "c0" }] },
      columns: [{ name: "c0", kind, sealed: false, of: null }],
    };
  }
  const made = wanted(maker, sight, [kind], depth);
  const order: Order[] = [{ by: { e: "column", table: null, column: "c0" }, descending: false, nulls: null }];
  return { query: { ...base, select: made.items, order, limit: 1, total: true }, columns: made.columns };
}

export function makeGrouped(
  maker: Maker,
  sight: Sight,
  base: Query,
  depth: number,
  wish: QueryWish,
): MadeQuery {
  const { random } = maker;
  const wants = wish.wants;
  const group: Expr[] = [];
  const items: Item[] = [];
  const columns: SeenColumn[] = [];
  const inner: Sight = { ...sight, outer: null };
  const count = wants === undefined ? random.between(0, 2) : wants.length;
  for (let at = 0; at < count; at += 1) {
    const kind = wants?.[at] ?? null;
    const column = pickColumn(maker, inner, kind);
    const found =
      column?.e !== "column"
        ? undefined
        : candidates(inner, false).find(
            (candidate) =>
              candidate.column.name === column.column &&
              (column.table === null || candidate.relation.name === column.table),
          );
    if (column?.e !== "column" || found === undefined) {
      if (kind === null) continue;
      items.push({ kind: "expression", of: { e: "literal", value: null }, as: `c${at}` });
      columns.push({ name: `c${at}`, kind, sealed: false, of: null });
      continue;
    }
    const asText = maker.fragments && random.chance(0.3);
    group.push(asText ? { e: "raw", text: [rawColumn(maker, column.table, column.column)], of: [] } : column);
    items.push({ kind: "column", table: column.table, column: column.column, as: `c${at}` });
    columns.push({ ...found.column, name: `c${at}` });
  }
  const sums = wants === undefined ? random.between(1, 2) : 0;
  for (let at = 0; at < sums; at += 1) {
    const made = makeAggregate(maker, sight, depth);
    items.push({ kind: "expression", of: made.of, as: `g${at}` });
    columns.push({ name: `g${at}`, kind: made.kind, sealed: false, of: null });
  }
  const having: Expr | null = random.chance(0.4)
    ? {
        e: "binary",
        op: random.pick([">", ">=", "<>"]),
        left: { e: "aggregate", name: "count", of: null, distinct: false, filter: null, over: null },
        right: { e: "value", value: random.below(3) },
      }
    : null;
  return finished(maker, sight, { ...base, select: items, group, having }, columns, depth, wish);
}
