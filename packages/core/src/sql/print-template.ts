/**
 * Prints a select for people: over several lines, with facts that are not known yet as `:name::type` and with the
 * notes as comments. What it prints documents a policy and must never be sent to a database.
 */
import { quoteText, renderSelect, type SqlSink } from "./render.ts";
import type { SqlSelect, SqlType, SqlValue } from "./tree.ts";

export function printTemplate(select: SqlSelect): string {
  let text = "";
  const startLine = (depth: number) => {
    let end = text.length;
    while (end > 0 && text[end - 1] === " ") end -= 1;
    if (end > 0 && text[end - 1] !== "\n") text = `${text.slice(0, end)}\n${"  ".repeat(depth)}`;
  };
  const sink: SqlSink = {
    text: (part) => void (text += part),
    name: (name) => void (text += plainName(name)),
    relation: (schema, table) =>
      void (text += schema === "" ? plainName(table) : `${plainName(schema)}.${plainName(table)}`),
    functionName: (name) => void (text += name),
    parameter: (value, type) => void (text += literal(value, type)),
    placeholder: (name, type) => void (text += `:${name}::${type}`),
    note(words, depth) {
      startLine(depth);
      text += `-- ${words.replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}/gu, " ")}\n${"  ".repeat(depth)}`;
    },
    lineBreak: startLine,
  };
  renderSelect(select, sink, 0);
  return text;
}

function plainName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function literal(value: SqlValue, type: SqlType): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  const bare = type === "bigint" || type === "numeric" || type === "bigint[]" || type === "numeric[]";
  const write = bare ? (text: string) => (text.startsWith("-") ? `(${text})` : text) : quoteText;
  return typeof value === "string" ? write(value) : `ARRAY[${value.map(write).join(", ")}]`;
}
