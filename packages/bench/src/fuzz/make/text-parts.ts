/** What texts are put together from: a table under its names, columns of it, and values that get their numbers. */
import type { Plain } from "../statement/language.ts";
import type { Column, Kind, Table } from "../world/tables.ts";
import type { Maker } from "./maker.ts";
import { rawName } from "./raw-name.ts";
import { castType } from "./sight.ts";

export type Values = readonly (Plain | readonly Plain[])[];

export interface TextParts {
  readonly maker: Maker;
  readonly table: Table;
  /** Another table, or the same. */
  readonly other: Table;
  readonly column: Column;
  /** Names as they are written: of the table, of its key and of the column. */
  readonly t: string;
  readonly k: string;
  readonly c: string;
  /** Of the other table and of its key. */
  readonly u: string;
  readonly uk: string;
  /** The number of a value that is given with the text. */
  readonly value: (value: Plain | readonly Plain[]) => string;
  /** The same for one of the kind, with a cast that says so. */
  readonly some: (kind: Kind) => string;
  readonly values: Values;
}

export function textParts(maker: Maker): TextParts {
  const { random, tables } = maker;
  const [table, other] = [random.pick(tables), random.pick(tables)];
  const column = random.pick(table.columns);
  const values: (Plain | readonly Plain[])[] = [];
  const value = (given: Plain | readonly Plain[]): string => `$${values.push(given)}`;
  return {
    maker,
    table,
    other,
    column,
    t: rawName(maker, table.name),
    k: rawName(maker, table.key),
    c: rawName(maker, column.name),
    u: rawName(maker, other.name),
    uk: rawName(maker, other.key),
    value,
    some: (kind) => {
      const type = castType(kind) ?? kind;
      return `${value(random.pick(maker.values(kind)))}::${type}`;
    },
    values,
  };
}
