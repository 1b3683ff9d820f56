/**
 * Prints a select for a driver: one line of SQL in which every value is a parameter. It refuses what is not known yet,
 * and must never put a value into the text.
 */
import { isText } from "../value/wire.ts";
import { renderSelect, type SqlSink } from "./render.ts";
import type { SqlSelect, SqlType, SqlValue } from "./tree.ts";

/**
 * The text is `fragments` joined by `$1`, `$2`, …; there is one fragment more than there are parameters. Those that are the
 * tenant may all have one number.
 */
export interface PrintedSelect {
  readonly fragments: readonly string[];
  readonly parameters: readonly PrintedParameter[];
}

export interface PrintedParameter {
  readonly value: SqlValue;
  readonly type: SqlType;
  readonly tenant?: true;
}

/** The most parameters of one statement in the Postgres protocol (Bind message, Int16 unsigned). */
const maxParameters = 65_535;

/** Names longer than this are cut by Postgres without a word, so two could become one (bytes). */
const maxNameBytes = 63;

/** Throws on a placeholder, a name that Postgres would not keep, or more parameters than one statement can have. */
export function printSelect(select: SqlSelect): PrintedSelect {
  const fragments: string[] = [];
  const parameters: PrintedParameter[] = [];
  let text = "";
  const sink: SqlSink = {
    text: (part) => void (text += part),
    name: (name) => void (text += quoteIdentifier(name)),
    relation: (schema, table) => void (text += `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`),
    functionName: (name) => void (text += `pg_catalog.${quoteIdentifier(name)}`),
    parameter(value, type, tenant) {
      fragments.push(text);
      parameters.push(tenant ? { value, type, tenant } : { value, type });
      if (parameters.length > maxParameters) throw new RangeError("the statement has too many parameters");
      text = tenant ? "" : `::${type}`;
    },
    placeholder(name) {
      throw new TypeError(`the fact ${name} is not known`);
    },
    note: () => undefined,
    lineBreak: () => void (text += text.endsWith("(") ? "" : " "),
  };
  renderSelect(select, sink, 0);
  fragments.push(text);
  return { fragments, parameters };
}

/** A quoted name. Throws on one that Postgres would not keep. */
export function quoteIdentifier(name: string): string {
  const bytes = utf8Length(name);
  if (bytes === 0 || bytes > maxNameBytes || !isText(name))
    throw new RangeError(`not a name that Postgres keeps: ${JSON.stringify(name)}`);
  return `"${name.replaceAll('"', '""')}"`;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x8_00 ? 2 : point < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}
