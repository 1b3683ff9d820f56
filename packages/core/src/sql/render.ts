/**
 * The one place where the SQL tree becomes text. It writes names through the sink, which quotes them, and hands it
 * every parameter; it must never write a value of a request or a row itself.
 */
import type { SqlExpression, SqlSelect, SqlSource, SqlType, SqlValue } from "./tree.ts";

/** What a printer does with the parts of a statement. `depth` counts open selects and lists, for layout alone. */
export interface SqlSink {
  text(text: string): void;
  name(name: string): void;
  /** A table in its schema. */
  relation(schema: string, table: string): void;
  functionName(name: string): void;
  parameter(value: SqlValue, type: SqlType, tenant: boolean): void;
  placeholder(name: string, type: SqlType): void;
  note(text: string, depth: number): void;
  lineBreak(depth: number): void;
}

/** Writes a select. Throws on a tree that has no meaning in Postgres. */
export function renderSelect(select: SqlSelect, out: SqlSink, depth: number): void {
  if (select.unionAll !== undefined && select.fence) throw new TypeError("a fence belongs to one select");
  if (select.recursive !== undefined) renderRecursive(select.recursive, out, depth);
  out.text("SELECT");
  if (select.columns.length === 0) out.text(" 1");
  for (const [index, column] of select.columns.entries()) {
    if (index > 0) out.text(",");
    out.lineBreak(depth + 1);
    renderExpression(column.expression, out, depth + 1);
    out.text(" AS ");
    out.name(column.as);
  }
  if (select.from !== null) {
    out.lineBreak(depth);
    out.text("FROM ");
    renderSource(select.from, out, depth);
  }
  for (const join of select.joins) {
    out.lineBreak(depth);
    out.text(join.left === true ? "LEFT JOIN " : "JOIN ");
    renderSource(join.source, out, depth);
    out.text(" ON ");
    renderExpression(join.on, out, depth + 1);
  }
  if (select.where !== null) {
    out.lineBreak(depth);
    out.text("WHERE ");
    renderWhere(select.where, out, depth);
  }
  if (select.fence) {
    out.lineBreak(depth);
    out.text("OFFSET 0");
  }
  for (const next of select.unionAll ?? []) {
    if (next.recursive !== undefined || next.fence)
      throw new TypeError("a part of a union is a plain select");
    out.lineBreak(depth);
    out.text("UNION ALL");
    out.lineBreak(depth);
    renderSelect(next, out, depth);
  }
}

function renderRecursive(recursive: NonNullable<SqlSelect["recursive"]>, out: SqlSink, depth: number): void {
  out.text("WITH RECURSIVE ");
  out.name(recursive.name);
  out.text(" (");
  for (const [index, column] of recursive.columns.entries()) {
    if (index > 0) out.text(", ");
    out.name(column);
  }
  out.text(") AS (");
  renderNested(recursive.base, out, depth + 1);
  out.lineBreak(depth + 1);
  out.text("UNION");
  renderNested(recursive.step, out, depth + 1);
  out.lineBreak(depth);
  out.text(")");
  out.lineBreak(depth);
}

/** A part of a recursive union; one that is a union itself needs parentheses. */
function renderNested(select: SqlSelect, out: SqlSink, depth: number): void {
  out.lineBreak(depth);
  if (select.unionAll === undefined) return renderSelect(select, out, depth);
  out.text("(");
  renderSelect(select, out, depth);
  out.text(")");
}

function renderSource(source: SqlSource, out: SqlSink, depth: number): void {
  switch (source.kind) {
    case "table":
      out.relation(source.schema, source.table);
      break;
    case "cte":
      out.name(source.name);
      break;
    case "select":
      if (source.lateral) out.text("LATERAL ");
      renderSubselect(source.select, out, depth);
      break;
  }
  out.text(" AS ");
  out.name(source.alias);
}

function renderSubselect(select: SqlSelect, out: SqlSink, depth: number): void {
  out.text("(");
  out.lineBreak(depth + 1);
  renderSelect(select, out, depth + 1);
  out.lineBreak(depth);
  out.text(")");
}

function renderWhere(where: SqlExpression, out: SqlSink, depth: number): void {
  if (where.kind !== "and") {
    if (where.kind === "note") out.note(where.text, depth + 1);
    return renderExpression(unnoted(where), out, depth + 1);
  }
  const parts = where.of;
  if (parts.length === 0) throw new TypeError("and of nothing");
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      out.lineBreak(depth + 1);
      if (part.kind === "note") out.note(part.text, depth + 1);
      out.text("AND ");
    } else if (part.kind === "note") out.note(part.text, depth + 1);
    renderTerm(unnoted(part), out, depth + 1);
  }
}

function unnoted(expression: SqlExpression): SqlExpression {
  return expression.kind === "note" ? unnoted(expression.of) : expression;
}

/** Writes a part of a list of conditions, in parentheses if it is such a list itself. */
function renderTerm(expression: SqlExpression, out: SqlSink, depth: number): void {
  if (expression.kind === "and" || expression.kind === "or") return renderOperand(expression, out, depth);
  renderExpression(expression, out, depth);
}

/** Writes an expression inside another: in parentheses unless nothing around it can tear it apart. */
function renderOperand(expression: SqlExpression, out: SqlSink, depth: number): void {
  if (!needsParentheses(expression)) return renderExpression(expression, out, depth);
  out.text("(");
  renderExpression(expression, out, depth);
  out.text(")");
}

function needsParentheses(expression: SqlExpression): boolean {
  switch (expression.kind) {
    case "and":
    case "or":
    case "not":
    case "binary":
    case "is_null":
    case "is_true":
    case "any":
    case "byte_order":
      return true;
    case "exists":
      return expression.negated;
    case "integer":
      return expression.value < 0;
    case "note":
      return needsParentheses(expression.of);
    case "column":
    case "parameter":
    case "placeholder":
    case "boolean":
    case "null":
    case "text":
    case "case":
    case "cast":
    case "call":
    case "coalesce":
    case "scalar":
      return false;
  }
}

export function renderExpression(expression: SqlExpression, out: SqlSink, depth: number): void {
  switch (expression.kind) {
    case "column":
      out.name(expression.table);
      out.text(".");
      out.name(expression.column);
      return;
    case "parameter":
      return out.parameter(expression.value, expression.type, expression.tenant === true);
    case "placeholder":
      return out.placeholder(expression.name, expression.type);
    case "boolean":
      return out.text(expression.value ? "TRUE" : "FALSE");
    case "null":
      return out.text(`NULL::${expression.type}`);
    case "text":
      return out.text(quoteText(expression.value));
    case "integer":
      if (!Number.isSafeInteger(expression.value))
        throw new RangeError(`not a whole number: ${expression.value}`);
      return out.text(String(expression.value));
    case "and":
    case "or":
      return renderConnective(expression.kind, expression.of, out, depth);
    case "not":
      out.text("NOT ");
      return renderOperand(expression.of, out, depth);
    case "binary":
      // Joining texts is associative: a chain of it reads better without parentheses.
      if (expression.op === "||" && expression.left.kind === "binary" && expression.left.op === "||")
        renderExpression(expression.left, out, depth);
      else renderOperand(expression.left, out, depth);
      out.text(` ${expression.op} `);
      return renderOperand(expression.right, out, depth);
    case "is_null":
      renderOperand(expression.of, out, depth);
      return out.text(expression.negated ? " IS NOT NULL" : " IS NULL");
    case "is_true":
      renderOperand(expression.of, out, depth);
      return out.text(expression.negated ? " IS NOT TRUE" : " IS TRUE");
    case "any":
      renderOperand(expression.left, out, depth);
      out.text(" = ANY (");
      renderExpression(expression.array, out, depth);
      return out.text(")");
    case "exists":
      out.text(expression.negated ? "NOT EXISTS " : "EXISTS ");
      return renderSubselect(expression.query, out, depth);
    case "scalar":
      if (expression.query.columns.length !== 1)
        throw new TypeError("a select in place of a value has one column");
      return renderSubselect(expression.query, out, depth);
    case "case":
      return renderCase(expression, out, depth);
    case "cast":
      renderOperand(expression.of, out, depth);
      return out.text(`::${expression.type}`);
    case "coalesce":
      out.text("coalesce(");
      renderExpression(expression.of, out, depth);
      out.text(", ");
      renderExpression(expression.otherwise, out, depth);
      return out.text(")");
    case "byte_order":
      renderOperand(expression.of, out, depth);
      return out.text(' COLLATE "C"');
    case "call":
      out.functionName(expression.name);
      out.text("(");
      for (const [index, argument] of expression.args.entries()) {
        if (index > 0) out.text(", ");
        renderExpression(argument, out, depth);
      }
      return out.text(")");
    case "note":
      return renderExpression(expression.of, out, depth);
  }
}

/** A list of conditions. One that bears notes or is long is written over several lines, each part below its note. */
function renderConnective(
  kind: "and" | "or",
  parts: readonly SqlExpression[],
  out: SqlSink,
  depth: number,
): void {
  if (parts.length === 0) throw new TypeError(`${kind} of nothing`);
  const broken = parts.some((part) => part.kind === "note" || isLong(part));
  for (const [index, part] of parts.entries()) {
    if (broken) {
      out.lineBreak(depth + 1);
      if (part.kind === "note") out.note(part.text, depth + 1);
    }
    if (index > 0) out.text(broken ? `${kind.toUpperCase()} ` : ` ${kind.toUpperCase()} `);
    renderTerm(unnoted(part), out, depth + 1);
  }
  if (broken) out.lineBreak(depth);
}

/** True for a condition that does not read well within one line. */
function isLong(expression: SqlExpression): boolean {
  if (expression.kind === "and" || expression.kind === "or")
    return expression.of.length > 3 || expression.of.some(isLong);
  return expression.kind === "exists" || expression.kind === "scalar";
}

function renderCase(expression: Extract<SqlExpression, { kind: "case" }>, out: SqlSink, depth: number): void {
  if (expression.when.length === 0) throw new TypeError("case without a condition");
  out.text("CASE");
  for (const branch of expression.when) {
    out.lineBreak(depth + 1);
    out.text("WHEN ");
    renderExpression(branch.condition, out, depth + 1);
    if (isLong(branch.condition)) out.lineBreak(depth + 1);
    else out.text(" ");
    out.text("THEN ");
    renderExpression(branch.result, out, depth + 2);
  }
  out.lineBreak(depth + 1);
  out.text("ELSE ");
  renderExpression(expression.otherwise, out, depth + 2);
  out.lineBreak(depth);
  out.text("END");
}

/** A text constant that reads the same whatever `standard_conforming_strings` is. */
export function quoteText(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}
