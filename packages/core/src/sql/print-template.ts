/**
 * Prints SQL for people: over several lines, with facts that are not known yet as `:name::type` and with the notes as
 * comments. What it prints documents a policy and must never be sent to a database.
 */
import type { PrintedParameter } from "./print-select.ts";
import { quoteText, renderExpression, renderSelect, type SqlSink } from "./render.ts";
import type { SqlExpression, SqlSelect, SqlType, SqlValue } from "./tree.ts";

/** A select with its values in the text. */
export function printTemplate(select: SqlSelect): string {
  const lines = linesFor(literal);
  renderSelect(select, lines.sink, 0);
  return lines.text();
}

export interface PrintedLines {
  readonly text: string;
  /** Those that stand as `$1`, `$2`, …, in this order. The tenant has one number wherever it stands. */
  readonly parameters: readonly PrintedParameter[];
}

/** A select with its values apart. */
export function printSelectLines(select: SqlSelect): PrintedLines {
  return apart((sink) => renderSelect(select, sink, 0));
}

/** An expression with its values apart. */
export function printExpressionLines(expression: SqlExpression): PrintedLines {
  return apart((sink) => renderExpression(expression, sink, 0));
}

function apart(render: (sink: SqlSink) => void): PrintedLines {
  const parameters: PrintedParameter[] = [];
  const lines = linesFor((value, type, tenant) => {
    const known = tenant ? parameters.findIndex((one) => one.tenant === true) : -1;
    const at = known >= 0 ? known : parameters.push(tenant ? { value, type, tenant } : { value, type }) - 1;
    return `$${at + 1}::${type}`;
  });
  render(lines.sink);
  return { text: lines.text(), parameters };
}

function linesFor(parameter: (value: SqlValue, type: SqlType, tenant: boolean) => string) {
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
    parameter: (value, type, tenant) => void (text += parameter(value, type, tenant)),
    placeholder: (name, type) => void (text += `:${name}::${type}`),
    note(words, depth) {
      startLine(depth);
      text += `-- ${words.replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}/gu, " ")}\n${"  ".repeat(depth)}`;
    },
    lineBreak: startLine,
  };
  return { sink, text: () => text };
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
