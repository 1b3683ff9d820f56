/** Expressions as data into Kysely's own builders. */
import {
  sql,
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type SelectQueryBuilder,
} from "kysely";
import type { Expr, Order, Query, Write } from "./language.ts";

/** The statements are data, so that their types are not the compiler's to follow. */
export type AnyTables = Record<string, Record<string, unknown>>;
export type Eb = ExpressionBuilder<AnyTables, string>;
export type Built = Expression<unknown>;
export type AnySelect = SelectQueryBuilder<AnyTables, string, Record<string, unknown>>;

export type AnyDb = Kysely<AnyTables>;

/** Methods of a builder, by name. */
export type Loose = Record<string, (...given: readonly unknown[]) => Loose>;

/** What all parts of a statement are built with. */
export interface Tools {
  readonly db: AnyDb;
  readonly eb: Eb;
  readonly query: (query: Query) => AnySelect;
  readonly write: (write: Write) => Loose;
}

export function call(on: unknown, method: string, ...given: readonly unknown[]): Loose {
  return (on as Loose)[method]?.call(on, ...given) as Loose;
}

interface CaseBuilding {
  when(condition: Built): { then(result: Built): CaseBuilding };
  else(result: Built): CaseBuilding;
  end(): Built;
}

export function columnPath(table: string | null, column: string): string {
  return table === null ? column : `${table}.${column}`;
}

export function buildExpression(tools: Tools, expr: Expr): Built {
  const { eb } = tools;
  const of = (inner: Expr): Built => buildExpression(tools, inner);
  switch (expr.e) {
    case "column":
      return eb.ref(columnPath(expr.table, expr.column) as never);
    case "value":
      return eb.val(expr.value);
    case "literal":
      return eb.lit(expr.value);
    case "binary":
      return eb(of(expr.left) as never, expr.op as never, of(expr.right) as never);
    case "and":
      return eb.and(expr.of.map(of) as never);
    case "or":
      return eb.or(expr.of.map(of) as never);
    case "tuple":
      return (eb.tuple as (...parts: readonly Built[]) => Built)(...expr.of.map(of));
    case "not":
      return eb.not(of(expr.of) as never);
    case "minus":
      return eb.neg(of(expr.of) as never);
    case "parens":
      return eb.parens(of(expr.of));
    case "in":
      return eb(
        of(expr.left) as never,
        expr.not ? "not in" : "in",
        ("kind" in expr.right
          ? tools.query(expr.right)
          : expr.right.map((member) =>
              typeof member === "object" && member !== null ? of(member) : member,
            )) as never,
      );
    case "between":
      return call(
        eb,
        expr.symmetric ? "betweenSymmetric" : "between",
        of(expr.of),
        of(expr.low),
        of(expr.high),
      ) as unknown as Built;
    case "is":
      return eb(of(expr.of) as never, expr.not ? "is not" : "is", expr.value as never);
    case "exists": {
      const found = eb.exists(tools.query(expr.query) as never);
      return expr.not ? eb.not(found as never) : found;
    }
    case "scalar":
      return tools.query(expr.query);
    case "call":
      return expr.name === "coalesce"
        ? (eb.fn.coalesce as (...parts: readonly Built[]) => Built)(...expr.of.map(of))
        : eb.fn(expr.name, expr.of.map(of) as never);
    case "aggregate":
      return buildAggregate(tools, expr);
    case "case": {
      const start = (expr.of === null ? eb.case() : eb.case(of(expr.of) as never)) as unknown as CaseBuilding;
      const whens = expr.when.reduce(
        (built, { condition, result }) => built.when(of(condition)).then(of(result)),
        start,
      );
      return expr.otherwise === null ? whens.end() : whens.else(of(expr.otherwise)).end();
    }
    case "cast":
      return eb.cast(of(expr.of) as never, expr.type as never);
    case "json": {
      const path = call(eb, "ref", columnPath(expr.table, expr.column), expr.as);
      return call(path, typeof expr.at === "number" ? "at" : "key", expr.at) as unknown as Built;
    }
    case "any": {
      const list = "kind" in expr.of ? tools.query(expr.of) : eb.val(expr.of);
      return eb(of(expr.left) as never, "=", call(eb.fn, "any", list) as never);
    }
    case "raw":
      return buildRaw(expr.text, expr.of.map(of));
  }
}

/** `sql` as a tag takes its parts. */
export function buildRaw(text: readonly string[], of: readonly Built[] = []): RawBuilder<unknown> {
  return sql(text as never, ...of);
}

function buildAggregate(tools: Tools, expr: Expr & { readonly e: "aggregate" }): Built {
  const { eb } = tools;
  const of = (inner: Expr): Built => buildExpression(tools, inner);
  let call =
    expr.of === null
      ? eb.fn.countAll()
      : eb.fn.agg<unknown>(expr.name, argumentsOf(expr.of, expr.more ?? []).map(of) as never);
  if (expr.distinct) call = call.distinct();
  if (expr.filter !== null) call = call.filterWhere(of(expr.filter) as Expression<boolean>);
  for (const order of expr.order ?? [])
    call = call.orderBy(of(order.by) as never, (orderHow(order) ?? "asc") as never);
  const { over } = expr;
  if (over === null) return call;
  return call.over(((builder: never) => {
    let window = builder as {
      partitionBy(by: Built): typeof window;
      orderBy(by: Built, how?: unknown): typeof window;
    };
    for (const by of over.partition) window = window.partitionBy(of(by));
    for (const order of over.order) window = window.orderBy(of(order.by), orderHow(order));
    return window;
  }) as never);
}

/** What an item of ORDER BY says beside what it orders by. */
export function orderHow(order: Order): unknown {
  const { descending, nulls, collate } = order;
  if (nulls === null && collate === undefined)
    return descending === null ? undefined : descending ? "desc" : "asc";
  return (item: Loose) => {
    const collated = collate === undefined ? item : call(item, "collate", collate);
    const directed = call(collated, descending === true ? "desc" : "asc");
    return nulls === null ? directed : call(directed, nulls === "first" ? "nullsFirst" : "nullsLast");
  };
}

/** A literal null stands for no argument at all: window functions that number rows take none. */
function argumentsOf(first: Expr, more: readonly Expr[]): readonly Expr[] {
  return first.e === "literal" && first.value === null ? more : [first, ...more];
}
