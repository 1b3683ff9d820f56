/** Raw fragments that are carried, of a wanted kind: text around expressions of the builder, and text alone. */
import type { Expr, Source } from "../statement/language.ts";
import type { Kind, Table } from "../world/tables.ts";
import { makeHostileFragment } from "./hostile-fragment.ts";
import type { Maker } from "./maker.ts";
import { rawColumn, rawName } from "./raw-name.ts";
import { candidates, castType, typedValue, type Sight } from "./sight.ts";

type Make = (kind: Kind) => Expr;

const raw = (text: readonly string[], ...of: readonly Expr[]): Expr => ({ e: "raw", text, of });

/** Null where chance would have none. `inner` makes what stands in its holes. */
export function makeFragment(maker: Maker, sight: Sight, kind: Kind, inner: Make): Expr | null {
  const { random } = maker;
  if (!maker.fragments || !random.chance(0.3)) return null;
  if (kind === "bool" && random.chance(0.12)) return makeHostileFragment(maker, sight);
  const of = random.chance(0.6) ? ofKind(maker, sight, kind, inner) : null;
  return of ?? anywhere(maker, sight, kind, inner);
}

/** What every kind may be: a column, the first of a table's, the first that is not null. */
function anywhere(maker: Maker, sight: Sight, kind: Kind, inner: Make): Expr {
  const { random } = maker;
  const columns = candidates(sight, false).filter(({ column }) => column.kind === kind && !column.sealed);
  const value = (): Expr => typedValue(kind, random.pick(maker.values(kind)));
  const roll = random.below(100);
  if (roll < 45 && columns.length > 0) {
    const { relation, column } = random.pick(columns);
    return raw([rawColumn(maker, relation.name, column.name)]);
  }
  if (roll < 65) return raw(["coalesce(", ", ", ")"], inner(kind), value());
  if (roll < 75) return raw(["case when ", " then ", " else ", " end"], inner("bool"), inner(kind), value());
  if (roll < 88) {
    const found = storedColumn(maker, kind);
    if (found !== null) return raw([firstOf(maker, found)]);
  }
  return raw(["(", " /* ) or true -- */)"], inner(kind));
}

function ofKind(maker: Maker, sight: Sight, kind: Kind, inner: Make): Expr | null {
  const { random } = maker;
  const table = random.pick(maker.tables);
  switch (kind) {
    case "bool":
      return condition(maker, sight, inner);
    case "whole":
      return random.pick([
        () => raw(["length(", ")"], inner("text")),
        () => raw(["(", " + 1)"], inner("whole")),
        () => raw(["position('a' in ", ")"], inner("text")),
        () => raw([`(select count(*) from ${rawName(maker, table.name)})`]),
        () => raw(["(", " % 7)"], inner("whole")),
      ])();
    case "number":
      return random.pick([
        () => raw(["round(", ", 1)"], inner("number")),
        () => raw(["", "::numeric"], inner("whole")),
        () => raw(["extract(year from ", ")"], inner("instant")),
        () => raw(["(", " * 2)"], inner("number")),
      ])();
    case "text":
      return random.pick([
        () => raw(["upper(", ")"], inner("text")),
        () => raw(["substring(", " from 1 for 2)"], inner("text")),
        () => raw(["trim(both 'a' from ", ")"], inner("text")),
        () => raw(["(", " || ", ")"], inner("text"), inner("text")),
        () => raw(["concat(", ", '-', ", ")"], inner("text"), inner("whole")),
        () => raw(["cast(", " as text)"], inner("uuid")),
        () => raw([gathered(maker, table)]),
      ])();
    case "instant":
      return random.pick([
        () => raw(["date_trunc('day', ", ")"], inner("instant")),
        () => raw(["(", " at time zone 'UTC' at time zone 'UTC')"], inner("instant")),
      ])();
    case "uuid":
    case "inet":
    case "date":
    case "time":
      return null;
  }
}

function condition(maker: Maker, sight: Sight, inner: Make): Expr {
  const { random } = maker;
  const columns = candidates(sight, false).filter(({ column }) => !column.sealed);
  if (columns.length === 0 || random.chance(0.15)) return raw(["not (", ")"], inner("bool"));
  const { relation, column } = random.pick(columns);
  const cell = rawColumn(maker, relation.name, column.name);
  const value = (): Expr => ({ e: "value", value: random.pick(maker.values(column.kind)) });
  const keyed = storedColumn(maker, column.kind);
  return random.pick([
    () => raw([`${cell} is not null`]),
    () => raw([`${cell} = `, ""], value()),
    () => raw([`${cell} is distinct from `, ""], value()),
    () => raw([`${cell} in (`, ", ", ")"], value(), value()),
    () => raw([`${cell} between `, " and ", ""], value(), value()),
    () => raw([`(${cell} <> `, " or ", ")"], value(), inner("bool")),
    () => raw([`${cell}::text like `, ""], { e: "value", value: random.pick(maker.values("text")) }),
    () =>
      keyed === null
        ? raw([`${cell} is null`])
        : raw([
            `exists (select from ${rawName(maker, keyed.table)} as q where q.${rawName(maker, keyed.column)} = ${cell})`,
          ]),
    () => raw([`${cell} is not null -- or true\n`]),
  ])();
}

interface Stored {
  readonly table: string;
  readonly column: string;
  readonly key: string;
}

function storedColumn(maker: Maker, kind: Kind): Stored | null {
  const found = maker.tables.flatMap(({ name, columns, key }) =>
    columns
      .filter((column) => column.kind === kind && !column.sealed)
      .map((column): Stored => ({ table: name, column: column.name, key })),
  );
  return found.length === 0 ? null : maker.random.pick(found);
}

function firstOf(maker: Maker, { table, column, key }: Stored): string {
  const [of, by] = [column, key].map((name) => rawName(maker, name));
  return `(select q.${of} from ${rawName(maker, table)} as q order by q.${by} limit 1)`;
}

function gathered(maker: Maker, table: Table): string {
  const key = rawName(maker, table.key);
  return `(select string_agg(q.${key}::text, ',' order by q.${key}) from ${rawName(maker, table.name)} as q)`;
}

/** A table as text, with the columns that the maker knows of it; null where chance would have none. */
export function makeRawSource(maker: Maker, table: Table, as: string): Source | null {
  const { random } = maker;
  if (!maker.fragments || !random.chance(0.3)) return null;
  const name = rawName(maker, table.name);
  if (random.chance(0.15)) {
    const text = random.pick([
      `only ${name}`,
      `public.${name}`,
      // Which the server alone does not keep from anyone: it counts pages and numbers of its own.
      ...(maker.carried.whatever ? [] : [`pg_catalog.pg_class`]),
      `(select * from ${name} for update)`,
      `(select q.*, q.tenant_id from ${name} as q)`,
      `(delete from ${name} returning *)`,
      `rows from (generate_series(1, 2))`,
    ]);
    return { kind: "raw", text, as, hostile: true };
  }
  const columns = table.columns.map((column) => rawName(maker, column.name)).join(", ");
  const key = rawName(maker, table.key);
  const text = random.pick([
    name,
    `(select * from ${name})`,
    `(table ${name})`,
    `(select ${columns} from ${name})`,
    `(select q.* from ${name} as q where q.${key} is not null)`,
    `(select q.* from ${name} as q left join ${name} as r on q.${key} = r.${key})`,
    `(with w as materialized (select * from ${name}) select * from w)`,
    `lateral (select * from ${name})`,
  ]);
  return { kind: "raw", text, as };
}

/** What a query is ordered by beside its own columns; null where chance would have none. */
export function makeRawOrder(maker: Maker, sight: Sight): Expr | null {
  const { random } = maker;
  const columns = candidates(sight, false).filter(({ column }) => !column.sealed);
  if (!maker.fragments || columns.length === 0 || !random.chance(0.5)) return null;
  const { relation, column } = random.pick(columns);
  const cell = rawColumn(maker, relation.name, column.name);
  if (random.chance(0.12))
    return { ...raw([random.pick(["1", `${cell} using <`, `ctid`, relation.name])]), hostile: true } as Expr;
  if (castType(column.kind) === "boolean" || random.chance(0.4)) return raw([`${cell} is null`]);
  const value: Expr = { e: "value", value: random.pick(maker.values(column.kind)) };
  return random.pick([
    raw([cell]),
    raw([`${cell} desc nulls last`]),
    raw([`length(${cell}::text)`]),
    raw([`case when ${cell} = `, ` then 0 else 1 end`], value),
  ]);
}
