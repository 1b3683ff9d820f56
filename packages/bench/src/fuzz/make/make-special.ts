/** Queries that chance seldom makes: recursion over a hierarchy, values of JSON, gathered texts, numbered rows. */
import type { Expr, Order, Query } from "../statement/language.ts";
import type { Table } from "../world/tables.ts";
import { makeCondition } from "./make-expression.ts";
import { plainQuery } from "./make-probe.ts";
import type { MadeQuery, Maker } from "./maker.ts";
import { columnsOfTable, type SeenColumn, type Sight } from "./sight.ts";

export function makeSpecial(maker: Maker): MadeQuery {
  const { random, tables } = maker;
  const table = random.pick(tables);
  const key: Expr = { e: "column", table: "a", column: table.key };
  const byKey: Order[] = [{ by: key, descending: random.chance(0.5), nulls: null }];
  const sight: Sight = {
    relations: [{ name: "a", columns: columnsOfTable(table) }],
    commons: new Map(),
    outer: null,
  };
  const where = random.chance(0.4) ? makeCondition(maker, sight, 1) : null;
  const base: Query = { ...plainQuery, from: [{ kind: "table", table: table.name, as: "a" }], where };
  const text = table.columns.find(({ kind, sealed }) => kind === "text" && !sealed) ?? null;
  switch (random.below(5)) {
    case 0:
      return (
        recursive(maker, table) ??
        numbered(base, key, byKey, random.pick(["row_number", "lag", "first_value"]))
      );
    case 1:
      return json(maker, base, key, byKey);
    case 2: {
      const of: Expr =
        text === null ? { e: "cast", of: key, type: "text" } : { e: "column", table: "a", column: text.name };
      const gathered: Expr = {
        e: "aggregate",
        name: "string_agg",
        of,
        more: [{ e: "value", value: "," }],
        order: byKey,
        distinct: false,
        filter: null,
        over: null,
      };
      return one({ ...base, select: [{ kind: "expression", of: gathered, as: "c0" }] }, "text");
    }
    case 3:
      return numbered(
        base,
        key,
        byKey,
        random.pick(["row_number", "lag", "lead", "first_value", "last_value"]),
      );
    default: {
      const order: Order[] = [
        ...(text === null
          ? []
          : [
              {
                by: { e: "column", table: "a", column: text.name } as const,
                descending: random.chance(0.5),
                nulls: random.pick([null, "first", "last"] as const),
                collate: "C",
              },
            ]),
        ...byKey,
      ];
      return one(
        {
          ...base,
          select: [{ kind: "column", table: "a", column: table.key, as: "c0" }],
          order,
          total: true,
        },
        "uuid",
      );
    }
  }
}

function one(query: Query, kind: SeenColumn["kind"]): MadeQuery {
  return { query, columns: [{ name: "c0", kind, sealed: false, of: null }] };
}

function numbered(base: Query, key: Expr, order: readonly Order[], name: string): MadeQuery {
  const of: Expr = {
    e: "aggregate",
    name,
    of: name === "row_number" ? { e: "literal", value: null } : key,
    distinct: false,
    filter: null,
    over: { partition: [], order },
  };
  return one({ ...base, select: [{ kind: "expression", of, as: "c0" }] }, "whole");
}

/** The ancestors, or the descendants, of all rows by a parent of the same table. */
function recursive(maker: Maker, table: Table): MadeQuery | null {
  const { random } = maker;
  const parents = table.columns.filter(
    ({ refers, name }) => refers === table.entity.name && name !== table.key,
  );
  if (parents.length === 0) return null;
  const parent = random.pick(parents).name;
  const down = random.chance(0.5);
  const walk: Expr = { e: "column", table: "walk", column: down ? "id" : "up" };
  const step: Query = {
    ...plainQuery,
    from: [{ kind: "table", table: table.name, as: "n" }],
    joins: [
      {
        kind: "inner",
        source: { kind: "table", table: "walk", as: null },
        on: {
          e: "binary",
          op: "=",
          left: { e: "column", table: "n", column: down ? parent : table.key },
          right: walk,
        },
      },
    ],
    select: [
      { kind: "column", table: "n", column: table.key, as: "id" },
      { kind: "column", table: "n", column: parent, as: "up" },
    ],
  };
  const start: Query = {
    ...plainQuery,
    from: [{ kind: "table", table: table.name, as: "n" }],
    select: step.select,
    where: random.chance(0.6)
      ? {
          e: "binary",
          op: "=",
          left: { e: "column", table: "n", column: table.key },
          right: { e: "value", value: random.pick(maker.ids(table.entity.name)) },
        }
      : null,
    arms: [{ op: "union", query: step }],
  };
  const query: Query = {
    ...plainQuery,
    recursive: true,
    with: [{ name: "walk", columns: null, materialized: null, body: start }],
    from: [{ kind: "table", table: "walk", as: null }],
    select: [{ kind: "column", table: null, column: "id", as: "c0" }],
  };
  return one(query, "uuid");
}

function json(maker: Maker, base: Query, key: Expr, order: readonly Order[]): MadeQuery {
  const list: Expr = {
    e: "aggregate",
    name: "jsonb_agg",
    of: { e: "cast", of: key, type: "text" },
    order,
    distinct: false,
    filter: null,
    over: null,
  };
  const inner: Query = { ...base, select: [{ kind: "expression", of: list, as: "doc" }] };
  const at = maker.random.pick([0, 1, "last", 5]);
  const query: Query = {
    ...plainQuery,
    from: [{ kind: "derived", query: inner, as: "d" }],
    select: [
      {
        kind: "expression",
        of: { e: "json", table: "d", column: "doc", as: maker.random.pick(["->", "->>"]), at },
        as: "c0",
      },
    ],
  };
  return one(query, "text");
}
