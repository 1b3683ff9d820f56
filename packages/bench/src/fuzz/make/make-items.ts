/** What a query selects: columns, expressions, aggregates, and what windows count. */
import type { Expr, Item, Order } from "../statement/language.ts";
import type { Kind } from "../world/tables.ts";
import { makeCondition, makeExpr, pickColumn } from "./make-expression.ts";
import type { Maker, QueryWish } from "./maker.ts";
import { candidates, castType, distinctNames, type SeenColumn, type Sight } from "./sight.ts";

export interface MadeItems {
  readonly items: readonly Item[];
  readonly columns: readonly SeenColumn[];
}

export function makeItems(maker: Maker, sight: Sight, depth: number, wish: QueryWish): MadeItems {
  const { random } = maker;
  if (wish.wants !== undefined) return wanted(maker, sight, wish.wants, depth);
  if (random.chance(0.15)) {
    const all = sight.relations.length > 1 && random.chance(0.5) ? random.pick(sight.relations) : null;
    const columns = (all === null ? sight.relations : [all]).flatMap((relation) => relation.columns);
    if (distinctNames(columns) !== null)
      return { items: [all === null ? { kind: "all" } : { kind: "all of", table: all.name }], columns };
  }
  const items: Item[] = [];
  const columns: SeenColumn[] = [];
  const count = random.between(1, 4);
  for (let at = 0; at < count; at += 1) {
    const as = `c${at}`;
    const found = candidates(sight, false);
    if (found.length > 0 && random.chance(0.6)) {
      const { relation, column } = random.pick(found);
      const plain = random.chance(0.2) && columns.every(({ name }) => name !== column.name);
      items.push({ kind: "column", table: relation.name, column: column.name, as: plain ? null : as });
      columns.push({ ...column, name: plain ? column.name : as });
      continue;
    }
    const kind = random.pick<Kind>(["bool", "whole", "number", "text", "text", "uuid", "instant"]);
    items.push({ kind: "expression", of: makeExpr(maker, sight, kind, Math.max(1, depth)), as });
    columns.push({ name: as, kind, sealed: false, of: null });
  }
  return { items, columns };
}

export function wanted(maker: Maker, sight: Sight, kinds: readonly Kind[], depth: number): MadeItems {
  const columns = kinds.map((kind, at): SeenColumn => ({ name: `c${at}`, kind, sealed: false, of: null }));
  const items = columns.map(({ kind, name }): Item => {
    const column = pickColumn(maker, { ...sight, outer: null }, kind);
    if (column?.e === "column" && maker.random.chance(0.8))
      return { kind: "column", table: column.table, column: column.column, as: name };
    if (castType(kind) === undefined) {
      const none: Expr = { e: "literal", value: null };
      return { kind: "expression", of: column ?? none, as: name };
    }
    return { kind: "expression", of: makeExpr(maker, sight, kind, Math.min(depth, 1)), as: name };
  });
  return { items, columns };
}

const aggregates = ["count", "min", "max", "sum", "avg"] as const;

export function makeAggregate(maker: Maker, sight: Sight, depth: number): { of: Expr; kind: Kind } {
  const { random } = maker;
  const filter = random.chance(0.2) ? makeCondition(maker, sight, Math.min(depth, 1)) : null;
  const name = random.pick(aggregates);
  if (name === "count" && random.chance(0.6))
    return { of: { e: "aggregate", name, of: null, distinct: false, filter, over: null }, kind: "whole" };
  const kind =
    name === "sum" || name === "avg"
      ? "number"
      : name === "count"
        ? null
        : random.pick<Kind>(["text", "whole", "number", "instant"]);
  const of =
    pickColumn(maker, { ...sight, outer: null }, kind) ?? pickColumn(maker, { ...sight, outer: null }, null);
  if (of === null || (kind !== null && pickColumn(maker, { ...sight, outer: null }, kind) === null))
    return {
      of: { e: "aggregate", name: "count", of: null, distinct: false, filter, over: null },
      kind: "whole",
    };
  const made: Expr = { e: "aggregate", name, of, distinct: random.chance(0.2), filter, over: null };
  return {
    of: made,
    kind: name === "count" ? "whole" : name === "sum" || name === "avg" ? "number" : (kind as Kind),
  };
}

export function makeWindow(maker: Maker, sight: Sight): Item {
  const { random } = maker;
  const inner: Sight = { ...sight, outer: null };
  const by = (): Expr[] => {
    const column = pickColumn(maker, inner, null);
    return column === null ? [] : [column];
  };
  const partition = random.chance(0.7) ? by() : [];
  const order = random.chance(0.4)
    ? by().map((of): Order => ({ by: of, descending: random.chance(0.5), nulls: null }))
    : [];
  if (order.length > 0 && random.chance(0.5)) {
    const ranked = random.pick(["rank", "dense_rank", "percent_rank", "cume_dist"]);
    const rank: Expr = {
      e: "aggregate",
      name: ranked,
      of: { e: "literal", value: null },
      distinct: false,
      filter: null,
      over: { partition, order },
    };
    return { kind: "expression", of: rank, as: "w" };
  }
  const of: Expr = {
    e: "aggregate",
    name: "count",
    of: null,
    distinct: false,
    filter: random.chance(0.2) ? makeCondition(maker, inner, 0) : null,
    over: { partition, order },
  };
  return { kind: "expression", of, as: "w" };
}
