/**
 * Prints an expression for a definition that a database keeps, such as a policy: constants of the policy as quoted literals,
 * facts as the context reader gives them. It needs a session in which `standard_conforming_strings` is on.
 */
import { isText } from "../value/wire.ts";
import { quoteIdentifier } from "./print-select.ts";
import { quoteText, renderExpression, type SqlSink } from "./render.ts";
import type { ContextReader } from "./row-security.ts";
import type { SqlExpression, SqlType, SqlValue } from "./tree.ts";

/** Throws on a name that Postgres would not keep, and on a text that is none. */
export function printPolicy(expression: SqlExpression, context: ContextReader): string {
  let text = "";
  const sink: SqlSink = {
    text: (part) => void (text += part),
    name: (name) => void (text += quoteIdentifier(name)),
    relation: (schema, table) => void (text += `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`),
    functionName: (name) => void (text += `pg_catalog.${quoteIdentifier(name)}`),
    parameter: (value, type) => void (text += literal(value, type)),
    placeholder: (name, type) =>
      void (text += name === "tenant.id" ? context.tenant : context.fact(name, type)),
    note: () => undefined,
    lineBreak: () => void (text += text.endsWith("(") ? "" : " "),
  };
  renderExpression(expression, sink, 0);
  return text;
}

function literal(value: SqlValue, type: SqlType): string {
  if (value === null) return `NULL::${type}`;
  if (typeof value === "object") return `ARRAY[${value.map(constant).join(", ")}]::${type}`;
  return `${constant(String(value))}::${type}`;
}

function constant(text: string): string {
  if (!isText(text)) throw new RangeError("a constant of a policy is no text");
  return quoteText(text);
}
