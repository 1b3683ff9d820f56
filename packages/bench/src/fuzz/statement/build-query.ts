/** Queries as data into Kysely's own builders. */
import {
  buildExpression,
  buildRaw,
  call,
  columnPath,
  orderHow,
  type AnySelect,
  type Loose,
  type Tools,
} from "./build-expression.ts";
import type { Common, Expr, Item, Join, Query, Source } from "./language.ts";

const joinMethods: Readonly<Record<Join["kind"], string>> = {
  inner: "innerJoin",
  left: "leftJoin",
  right: "rightJoin",
  full: "fullJoin",
  cross: "crossJoin",
  "inner lateral": "innerJoinLateral",
  "left lateral": "leftJoinLateral",
  "cross lateral": "crossJoinLateral",
};

export function buildQuery(tools: Tools, query: Query): AnySelect {
  const of = (expr: Expr) => buildExpression(tools, expr);
  const withs = buildWith(tools, query.with, query.recursive);
  let built: Loose =
    query.from.length === 0
      ? withs
      : call(
          withs,
          "selectFrom",
          query.from.map((source) => buildSource(tools, source)),
        );
  for (const join of query.joins) {
    const source = buildSource(tools, join.source);
    const method = joinMethods[join.kind];
    built = join.kind.startsWith("cross")
      ? call(built, method, source)
      : call(built, method, source, (on: Loose) =>
          join.on === null ? call(on, "onTrue") : call(on, "on", of(join.on)),
        );
  }
  if (query.from.length === 0)
    built = call(
      built,
      "selectNoFrom",
      query.select.flatMap((item) => (item.kind === "expression" ? [aliased(tools, item)] : [])),
    );
  else built = addItems(tools, built, query.select, ["selectAll", "select"]);
  if (query.distinct === "yes") built = call(built, "distinct");
  else if (query.distinct !== "no") built = call(built, "distinctOn", query.distinct.map(of));
  if (query.where !== null) built = call(built, "where", of(query.where));
  if (query.group.length > 0) built = call(built, "groupBy", query.group.map(of));
  if (query.having !== null) built = call(built, "having", of(query.having));
  for (const arm of query.arms) built = call(built, arm.op, tools.query(arm.query));
  for (const order of query.order) {
    const how = orderHow(order);
    built =
      how === undefined ? call(built, "orderBy", of(order.by)) : call(built, "orderBy", of(order.by), how);
  }
  if (query.limit !== null) built = call(built, "limit", query.limit);
  if (query.fetch !== undefined)
    built = call(built, "fetch", query.fetch.rows, query.fetch.ties ? "with ties" : "only");
  if (query.offset !== null) built = call(built, "offset", query.offset);
  return built as never;
}

/** A builder that has the common table expressions. */
export function buildWith(tools: Tools, all: readonly Common[], recursive: boolean): Loose {
  let at = tools.db as unknown as Loose;
  for (const common of all) {
    const { name, columns, materialized, body } = common;
    const head = columns === null ? name : `${name}(${columns.join(", ")})`;
    const named =
      materialized === null
        ? head
        : (cte: (name: string) => Loose) => {
            const made = cte(head);
            return call(made, materialized ? "materialized" : "notMaterialized");
          };
    const make = () => (body.kind === "select" ? tools.query(body) : tools.write(body));
    at = call(at, recursive ? "withRecursive" : "with", named, make);
  }
  return at;
}

export function buildSource(tools: Tools, source: Source): unknown {
  if (source.kind === "table") return source.as === null ? source.table : `${source.table} as ${source.as}`;
  if (source.kind === "raw") return buildRaw([source.text]).as(source.as);
  return tools.query(source.query).as(source.as);
}

function aliased(tools: Tools, item: Item & { readonly kind: "expression" }): unknown {
  const built = buildExpression(tools, item.of) as unknown as { as(name: string): unknown };
  return built.as(item.as);
}

/** Selections, or what RETURNING gives. */
export function addItems(
  tools: Tools,
  start: Loose,
  items: readonly Item[],
  [all, some]: readonly [string, string],
): Loose {
  let built = start;
  for (const item of items)
    switch (item.kind) {
      case "all":
        built = call(built, all);
        break;
      case "all of":
        built = call(built, all, item.table);
        break;
      case "column": {
        const path = columnPath(item.table, item.column);
        built = call(built, some, item.as === null ? path : `${path} as ${item.as}`);
        break;
      }
      case "expression":
        built = call(built, some, aliased(tools, item));
        break;
    }
  return built;
}
