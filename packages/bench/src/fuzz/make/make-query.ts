/** Queries over every builder, with names that collide on purpose. */
import type { Common, Expr, Item, Join, Query, Source } from "../statement/language.ts";
import { finished } from "./finish-query.ts";
import { makeCondition } from "./make-expression.ts";
import { makeGrouped, makeSingle } from "./make-grouped.ts";
import { makeItems } from "./make-items.ts";
import { makeProbe, plainQuery } from "./make-probe.ts";
import { makeJoin, makeSource, nameFor } from "./make-source.ts";
import { makeSpecial } from "./make-special.ts";
import type { MadeQuery, Maker, QueryWish } from "./maker.ts";
import { candidates, columnExpr, columnsOfTable, distinctNames, type Seen, type Sight } from "./sight.ts";

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
