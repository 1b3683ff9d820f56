/** What a generator of statements draws from: tables, and values that stand in the worlds or nowhere. */
import type { Random, World } from "@wardline/core/testing";
import { hostileTexts, valueAmong } from "@wardline/core/testing";
import type { Plain, Query } from "../statement/language.ts";
import type { Kind, Table } from "../world/tables.ts";
import type { SeenColumn, Sight } from "./sight.ts";

/** A value of a cell that the asker may not see, in whichever world. */
export interface Secret {
  readonly table: string;
  readonly column: string;
  readonly kind: Kind;
  readonly value: Plain;
}

export interface QueryWish {
  /** The kinds of its columns, exactly; as it likes if left out. */
  readonly wants?: readonly Kind[];
  /** At most one row. */
  readonly single?: boolean;
  /** Looks at what is outside. */
  readonly correlated?: boolean;
  /** The statement itself: what comes out of it is observed. */
  readonly root?: boolean;
}

export interface MadeQuery {
  readonly query: Query;
  readonly columns: readonly SeenColumn[];
}

/** What a setting carries: what is not carried is made seldom. */
export interface Carried {
  /** Raw fragments and whole statements as text. */
  readonly raw: boolean;
  readonly streams: boolean;
  /** Nothing reads a text before the database does. */
  readonly whatever: boolean;
  /** Text may name system columns: row-level security alone cannot hide the number of a row's transaction, which all tenants count. */
  readonly systemColumns: boolean;
}

export interface Maker {
  readonly random: Random;
  readonly tables: readonly Table[];
  readonly secrets: readonly Secret[];
  readonly carried: Carried;
  /** Raw fragments stand among the expressions and the sources of what is made. */
  readonly fragments: boolean;
  /** Values that stand in some cell of a column of the kind, and a few that do not. */
  readonly values: (kind: Kind) => readonly Plain[];
  /** A query, for where one stands in an expression. */
  readonly query: (maker: Maker, outer: Sight, depth: number, wish: QueryWish) => MadeQuery;
  /** Keys of an entity's rows: of both tenants, seen or not, and of none. */
  readonly ids: (entity: string) => readonly string[];
  /** Texts that stand in a sealed column, whoever may see them. */
  readonly searched: (table: string, column: string) => readonly Plain[];
  /** Keys of rows that the asker may see. */
  readonly seen: (entity: string) => readonly string[];
}

const apart: Readonly<Record<Kind, readonly Plain[]>> = {
  bool: [true, false],
  whole: [-1, 0, 1, 2, 3, 100],
  number: ["-1", "0", "0.5", "1", "3.25", "99"],
  text: ["a", "", "%", "%a%", "canary-%", "_", "\\", "a\\", "'"],
  instant: ["2026-01-05T12:00:00.000000Z", "1970-01-01T00:00:00.000000Z"],
  uuid: ["00000000-0000-7000-8000-0000000000aa"],
  inet: ["10.0.0.1"],
  date: ["2026-01-05"],
  time: ["12:00:00"],
};

/** For what is asked as text, in all or in part: mostly of tables without what is sealed, which no text may name. */
export function rawMaker(maker: Maker, { fragments }: Pick<Maker, "fragments">): Maker {
  if (maker.random.chance(0.1)) return { ...maker, fragments };
  const tables = maker.tables.map((table) => ({
    ...table,
    columns: table.columns.filter(({ sealed }) => !sealed),
  }));
  return { ...maker, tables, fragments };
}

export function makerOf(
  random: Random,
  tables: readonly Table[],
  worlds: readonly World[],
  secrets: readonly Secret[],
  visible: ReadonlySet<string>,
  carried: Carried,
  query: Maker["query"],
): Maker {
  const values = new Map<Kind, readonly Plain[]>();
  const ids = new Map<string, readonly string[]>();
  const searched = new Map<string, readonly Plain[]>();
  const rows = worlds.flatMap((world) => world.rows);
  for (const table of tables) {
    ids.set(table.entity.name, [
      ...new Set(rows.filter(({ entity }) => entity === table.entity.name).map(({ id }) => id)),
      "00000000-0000-7000-8000-0000000000aa",
    ]);
    for (const { name, field, kind, sealed } of table.columns) {
      if (field === null) continue;
      const found = rows.flatMap((row) => {
        const value = row.entity === table.entity.name ? valueAmong(row.attributes, field.name) : undefined;
        return value === undefined || typeof value === "object" ? [] : [value];
      });
      if (sealed) searched.set(`${table.name}.${name}`, [...new Set<Plain>(found)]);
      values.set(kind, [...new Set<Plain>([...(values.get(kind) ?? apart[kind]), ...found])]);
    }
  }
  values.set("uuid", [...new Set([...(values.get("uuid") ?? apart.uuid), ...[...ids.values()].flat()])]);
  values.set("text", [...new Set([...(values.get("text") ?? apart.text), ...random.some(hostileTexts, 4)])]);
  return {
    random,
    tables,
    secrets,
    carried,
    fragments: false,
    query,
    values: (kind) => values.get(kind) ?? apart[kind],
    searched: (table, column) => searched.get(`${table}.${column}`) ?? [],
    seen: (entity) => (ids.get(entity) ?? []).filter((id) => visible.has(`${entity} ${id}`)),
    ids: (entity) => ids.get(entity) ?? (apart.uuid as readonly string[]),
  };
}
