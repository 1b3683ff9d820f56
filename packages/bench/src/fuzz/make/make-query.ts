/** Queries over every builder, with names that collide on purpose. */
import type { Common, Expr, Item, Join, JoinKind, Order, Query, Source } from "../statement/language.ts";
import type { Kind } from "../world/tables.ts";
import { makeCondition, makeExpr, pickColumn } from "./make-expression.ts";
import { makeProbe, plainQuery } from "./make-probe.ts";
import { makeSpecial } from "./make-special.ts";
import type { MadeQuery, Maker, QueryWish } from "./maker.ts";
import {
  candidates,
  castType,
  columnExpr,
  columnsOfTable,
  type Seen,
  type SeenColumn,
  type Sight,
} from "./sight.ts";

/** Names that mean something elsewhere: generated aliases, keywords of writes, tables (see `nameFor`). */
const names = ["a", "b", "x", "w1", "w2", "old", "excluded", "t", "m"];

function nameFor(maker: Maker, taken: readonly string[]): string {
  const { random, tables } = maker;
  const all = random.chance(0.35) ? tables.map(({ name }) => name) : names;
  const free = [...all, ...names].filter((name) => !taken.includes(name));
  return random.pick(free.slice(0, Math.max(1, all.length)));
}

export function makeQuery(maker: Maker, outer: Sight, depth: number, wish: QueryWish = {}): MadeQuery {
  const { random } = maker;
  if (wish.root === true && random.chance(0.06)) {
    const probing = makeProbing(maker);
    if (probing !== null) return probing;
  }
  if (wish.root === true && random.chance(0.04)) return makeSpecial(maker);
  const { commons, sight: withCommons } = makeCommons(maker, outer, depth);
  const relations: Seen[] = [];
  const from = Array.from({ length: random.chance(0.1) ? 2 : 1 }, () =>
    makeSource(maker, withCommons, depth, relations, null),
  );
  const joins: Join[] = [];
  // An ON does not see what stands before a comma.
  const count = depth <= 0 || from.length > 1 ? 0 : random.pick([0, 0, 0, 1, 1, 2]);
  for (let at = 0; at < count; at += 1) joins.push(makeJoin(maker, withCommons, depth, relations));
  const sight: Sight = { ...withCommons, relations };
  const where = makeWhere(maker, sight, depth, wish);
  const base: Query = { ...plainQuery, foreign: random.chance(0.1), with: commons, from, joins, where };
  if (wish.single === true) return makeSingle(maker, sight, base, depth, wish);
  if (random.chance(0.2)) return makeGrouped(maker, sight, base, depth, wish);
  const made = makeItems(maker, sight, depth, wish);
  const distinct = made.columns.every(({ sealed }) => !sealed) && random.chance(0.12);
  const query: Query = { ...base, select: made.items, distinct: distinct ? "yes" : "no" };
  return finished(maker, sight, query, made.columns, depth, wish);
}

/** One table, and a condition of an attacker that stands alone. */
function makeProbing(maker: Maker): MadeQuery | null {
  const { random, tables, secrets } = maker;
  const table = tables.find(({ name }) => secrets.length > 0 && name === random.pick(secrets).table);
  if (table === undefined) return null;
  const columns = columnsOfTable(table);
  const sight: Sight = { relations: [{ name: "a", columns }], commons: new Map(), outer: null };
  const where = makeProbe(maker, sight);
  if (where === null) return null;
  const from: Source[] = [{ kind: "table", table: table.name, as: "a" }];
  const items: Item[] = [{ kind: "column", table: "a", column: table.key, as: null }];
  const query: Query = { ...plainQuery, from, select: items, where };
  return { query, columns: columns.filter(({ name }) => name === table.key) };
}

function makeCommons(maker: Maker, outer: Sight, depth: number): { commons: Common[]; sight: Sight } {
  const { random } = maker;
  const seen = new Map(outer.commons);
  const commons: Common[] = [];
  const count = depth <= 0 ? 0 : random.pick([0, 0, 0, 0, 1, 1, 2]);
  for (let at = 0; at < count; at += 1) {
    const name = nameFor(
      maker,
      commons.map((common) => common.name),
    );
    const body = makeQuery(maker, { relations: [], commons: new Map(seen), outer }, depth - 1);
    const columns = distinctNames(body.columns);
    const renamed = columns === null || random.chance(0.3);
    const named = body.columns.map((column, index) => (renamed ? { ...column, name: `n${index}` } : column));
    commons.push({
      name,
      columns: renamed ? named.map((column) => column.name) : null,
      materialized: random.pick([null, null, true, false]),
      body: body.query,
    });
    seen.set(name, named);
  }
  return { commons, sight: { relations: [], commons: seen, outer } };
}

function distinctNames(columns: readonly SeenColumn[]): readonly SeenColumn[] | null {
  return new Set(columns.map(({ name }) => name)).size === columns.length ? columns : null;
}

/** Adds what it brings to `relations`. `left`: what a lateral one sees. */
function makeSource(
  maker: Maker,
  sight: Sight,
  depth: number,
  relations: Seen[],
  left: Sight | null,
): Source {
  const { random, tables } = maker;
  const taken = relations.map(({ name }) => name);
  if (left !== null || (depth > 0 && random.chance(0.15))) {
    const name = nameFor(maker, taken);
    const inside: Sight = { relations: [], commons: sight.commons, outer: left ?? sight.outer };
    const made = makeQuery(maker, inside, depth - 1, { correlated: left !== null });
    const columns = distinctNames(made.columns);
    if (columns !== null) {
      relations.push({ name, columns });
      return { kind: "derived", query: made.query, as: name };
    }
  }
  const known = [...sight.commons.keys()];
  const table = random.chance(0.4) && known.length > 0 ? random.pick(known) : random.pick(tables).name;
  const as = taken.includes(table) || random.chance(0.7) ? nameFor(maker, taken) : null;
  const stored = tables.find(({ name }) => name === table);
  const columns = sight.commons.get(table) ?? (stored === undefined ? [] : columnsOfTable(stored));
  relations.push({ name: as ?? table, columns });
  const lateral: Source = { kind: "table", table, as };
  if (left === null) return lateral;
  // A lateral join takes a sub-select.
  const name = as ?? table;
  return {
    kind: "derived",
    query: { ...plainQuery, from: [{ kind: "table", table, as: null }], select: [{ kind: "all" }] },
    as: name,
  };
}

const joinKinds: readonly JoinKind[] = [
  "inner",
  "inner",
  "left",
  "left",
  "right",
  "full",
  "cross",
  "inner lateral",
  "left lateral",
  "cross lateral",
];

function makeJoin(maker: Maker, sight: Sight, depth: number, relations: Seen[]): Join {
  const { random } = maker;
  const kind = random.pick(joinKinds);
  const before: Sight = { ...sight, relations: [...relations] };
  const source = makeSource(maker, sight, depth, relations, kind.endsWith("lateral") ? before : null);
  if (kind.startsWith("cross")) return { kind, source, on: null };
  const all: Sight = { ...sight, relations };
  // A full join is made of equalities alone.
  if (kind === "full" || random.chance(0.6)) {
    const on = linked(maker, before, relations.at(-1) as Seen);
    if (on !== null) return { kind, source, on };
  }
  const open = kind === "full" || random.chance(0.3);
  return { kind, source, on: open ? null : makeCondition(maker, { ...all, outer: null }, 1) };
}

function linked(maker: Maker, before: Sight, added: Seen): Expr | null {
  const pairs = candidates(before, false).flatMap((left) =>
    added.columns
      .filter((right) => !right.sealed && !left.column.sealed && right.kind === left.column.kind)
      .map((right) => ({ left, right })),
  );
  const keys = pairs.filter(({ left }) => left.column.kind === "uuid");
  if (pairs.length === 0) return null;
  const { left, right } = maker.random.pick(keys.length > 0 && maker.random.chance(0.8) ? keys : pairs);
  return {
    e: "binary",
    op: "=",
    left: { e: "column", table: left.relation.name, column: left.column.name },
    right: { e: "column", table: added.name, column: right.name },
  };
}

function makeWhere(maker: Maker, sight: Sight, depth: number, wish: QueryWish): Expr | null {
  const { random } = maker;
  if (wish.correlated === true && sight.outer !== null && random.chance(0.8)) {
    const outer = candidates(sight, true).filter(({ column }) => !column.sealed);
    const pairs = outer.flatMap((far) =>
      candidates(sight, false)
        .filter(({ column }) => !column.sealed && column.kind === far.column.kind)
        .map((near) => ({ far, near })),
    );
    if (pairs.length > 0) {
      const { far, near } = random.pick(pairs);
      const left = columnExpr(maker, sight, near);
      const right: Expr = { e: "column", table: far.relation.name, column: far.column.name };
      return { e: "binary", op: "=", left, right };
    }
  }
  return random.chance(0.55) ? makeCondition(maker, sight, Math.max(1, depth)) : null;
}

interface MadeItems {
  readonly items: readonly Item[];
  readonly columns: readonly SeenColumn[];
}

function makeItems(maker: Maker, sight: Sight, depth: number, wish: QueryWish): MadeItems {
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

function wanted(maker: Maker, sight: Sight, kinds: readonly Kind[], depth: number): MadeItems {
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

function makeAggregate(maker: Maker, sight: Sight, depth: number): { of: Expr; kind: Kind } {
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

/** One row: an aggregate over all, or the first of an order in which no two rows are alike. */
function makeSingle(maker: Maker, sight: Sight, base: Query, depth: number, wish: QueryWish): MadeQuery {
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

function makeGrouped(maker: Maker, sight: Sight, base: Query, depth: number, wish: QueryWish): MadeQuery {
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
    group.push(column);
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
function finished(
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
    const arm = makeQuery(maker, inside, depth - 1, { wants }).query;
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
  return { query, columns };
}

function makeWindow(maker: Maker, sight: Sight): Item {
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
