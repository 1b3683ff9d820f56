/** What stands in FROM: tables and what hides them, sub-selects, and joins of every kind. */
import type { Expr, Join, JoinKind, Source } from "../statement/language.ts";
import { makeCondition } from "./make-expression.ts";
import { makeRawSource } from "./make-fragment.ts";
import { plainQuery } from "./make-probe.ts";
import type { Maker } from "./maker.ts";
import { rawColumn } from "./raw-name.ts";
import { candidates, columnsOfTable, distinctNames, type Seen, type Sight } from "./sight.ts";

/** Names that mean something elsewhere: generated aliases, keywords of writes, tables (see `nameFor`). */
const names = ["a", "b", "x", "w1", "w2", "old", "excluded", "t", "m"];

export function nameFor(maker: Maker, taken: readonly string[]): string {
  const { random, tables } = maker;
  const all = random.chance(0.35) ? tables.map(({ name }) => name) : names;
  const free = [...all, ...names].filter((name) => !taken.includes(name));
  return random.pick(free.slice(0, Math.max(1, all.length)));
}

/** Adds what it brings to `relations`. `left`: what a lateral one sees. */
export function makeSource(
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
    const made = maker.query(maker, inside, depth - 1, { correlated: left !== null });
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
  if (left === null)
    return (
      (stored === undefined || sight.commons.has(table)
        ? null
        : makeRawSource(maker, stored, as ?? table)) ?? {
        kind: "table",
        table,
        as,
      }
    );
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

export function makeJoin(maker: Maker, sight: Sight, depth: number, relations: Seen[]): Join {
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
  if (maker.fragments && maker.random.chance(0.3)) {
    const sides = [
      rawColumn(maker, left.relation.name, left.column.name),
      rawColumn(maker, added.name, right.name),
    ];
    return { e: "raw", text: [sides.join(" = ")], of: [] };
  }
  return {
    e: "binary",
    op: "=",
    left: { e: "column", table: left.relation.name, column: left.column.name },
    right: { e: "column", table: added.name, column: right.name },
  };
}
