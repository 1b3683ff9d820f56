/**
 * `a in b` for rows: a walk up the declared parents inside the database. The union removes what it has seen, so that
 * a cycle in the data ends. Every table on the way is read with a tenant conjunct of its own.
 */
import { type EntityPath, referenceField, type SqlExpression, type SqlSelect } from "@wardline/core";
import { equal } from "./compare.ts";
import { type Edge, edgesBetween, edgeTable } from "./edge.ts";
import { fromBoolean, never, type Predicate } from "./predicate.ts";
import { referenceColumn } from "./reach.ts";
import { keyTerm, requireOwnRow, rowColumn, type Scope, sideSelect } from "./scope.ts";
import { entityNamed } from "./sql-type.ts";
import type { Term } from "./term.ts";

/** True if the entity at the path has the group, of the given type, among its proper ancestors. */
export function isAncestor(scope: Scope, path: EntityPath, target: string, group: Term): Predicate {
  requireOwnRow(scope, path);
  const start = startOf(scope, path);
  const edges = edgesBetween(scope.program.model, start.type, target);
  const form = formOf(scope, edges);
  const found: SqlExpression = { kind: "column", table: "w", column: "id" };
  const match = equal({ kind: "sql", expression: found, type: form.type, nullable: true }, group).holds;
  const first = edges.filter((edge) => edge.child.name === start.type);
  if (first.length === 0 || match.kind === "boolean") return never;
  const base = union(first.map((edge) => firstStep(scope, form, edge, start)));
  const onward = edges.filter((edge) => form.types.has(edge.child.name));
  const where: SqlExpression = { kind: "and", of: [...(form.tagged ? [typeIs(target)] : []), match] };
  const plain = { kind: "select", columns: [], joins: [], where, fence: false } as const;
  const query: SqlSelect =
    onward.length === 0
      ? { ...plain, from: { kind: "select", select: base, alias: "w", lateral: false } }
      : {
          ...plain,
          recursive: {
            name: "walk",
            columns: form.tagged ? ["kind", "id"] : ["id"],
            base,
            step: nextSteps(form, union(onward.map((edge) => nextStep(scope, form, edge)))),
          },
          from: { kind: "cte", name: "walk", alias: "w" },
        };
  return fromBoolean({ kind: "exists", query, negated: false }, true);
}

interface Start {
  readonly type: string;
  readonly id: SqlExpression;
  /** The entity is the guarded row itself. */
  readonly isRow: boolean;
}

function startOf(scope: Scope, path: EntityPath): Start {
  if (path.attribute === null) return { type: scope.entity.name, id: keyTerm(scope).expression, isRow: true };
  const field = referenceField(scope.program.model, scope.table, path);
  if (field?.type.kind !== "entity") throw new RangeError(`${path.attribute} is no reference`);
  return { type: field.type.entity, id: referenceColumn(scope, scope.reach, path), isRow: false };
}

/** How ids stand in the walk: with the name of their type if there are several, as text if their keys differ. */
interface Form {
  readonly types: ReadonlySet<string>;
  readonly tagged: boolean;
  readonly mixed: boolean;
  readonly type: "uuid" | "text";
}

function formOf(scope: Scope, edges: readonly Edge[]): Form {
  const types = new Set(edges.map((edge) => edge.parent.entity));
  const keys = new Set([...types].map((type) => entityNamed(scope.program.model, type).keyType));
  return { types, tagged: types.size > 1, mixed: keys.size > 1, type: keys.has("text") ? "text" : "uuid" };
}

function firstStep(scope: Scope, form: Form, edge: Edge, start: Start): SqlSelect {
  const { via } = edge.parent;
  if (start.isRow && via.kind === "column")
    return {
      kind: "select",
      columns: walkColumns(form, edge, rowColumn(via.column)),
      from: null,
      joins: [],
      where: null,
      fence: false,
    };
  const source = edgeTable(edge);
  return stepFrom(scope, form, edge, [
    { kind: "binary", op: "=", left: { kind: "column", table: "h", column: source.child }, right: start.id },
  ]);
}

function nextStep(scope: Scope, form: Form, edge: Edge): SqlSelect {
  const child: SqlExpression = { kind: "column", table: "h", column: edgeTable(edge).child };
  const left: SqlExpression = form.mixed ? { kind: "cast", of: child, type: "text" } : child;
  const joined: SqlExpression = {
    kind: "binary",
    op: "=",
    left,
    right: { kind: "column", table: "w", column: "id" },
  };
  return stepFrom(scope, form, edge, form.tagged ? [joined, typeIs(edge.child.name)] : [joined]);
}

function stepFrom(scope: Scope, form: Form, edge: Edge, where: readonly SqlExpression[]): SqlSelect {
  const source = edgeTable(edge);
  const columns = walkColumns(form, edge, { kind: "column", table: "h", column: source.parent });
  return sideSelect(scope, source.table, source.tenant, "h", columns, where);
}

/** One reference to the walk, as Postgres demands, however many edges lead on. */
function nextSteps(form: Form, edges: SqlSelect): SqlSelect {
  const copied = (column: string) => ({
    expression: { kind: "column", table: "e", column } as const,
    as: column,
  });
  return {
    kind: "select",
    columns: form.tagged ? [copied("kind"), copied("id")] : [copied("id")],
    from: { kind: "cte", name: "walk", alias: "w" },
    joins: [
      {
        source: { kind: "select", select: edges, alias: "e", lateral: true },
        on: { kind: "boolean", value: true },
      },
    ],
    where: null,
    fence: false,
  };
}

function walkColumns(form: Form, edge: Edge, id: SqlExpression): SqlSelect["columns"] {
  // Both sides of a recursive union need one collation.
  const text: SqlExpression = {
    kind: "byte_order",
    of: form.mixed ? { kind: "cast", of: id, type: "text" } : id,
  };
  const tag = { expression: { kind: "text", value: edge.parent.entity } as const, as: "kind" };
  const column = { expression: form.type === "text" ? text : id, as: "id" };
  return form.tagged ? [tag, column] : [column];
}

function union(selects: readonly SqlSelect[]): SqlSelect {
  const [first, ...rest] = selects as [SqlSelect, ...SqlSelect[]];
  return rest.length === 0 ? first : { ...first, unionAll: rest };
}

function typeIs(type: string): SqlExpression {
  const left: SqlExpression = { kind: "column", table: "w", column: "kind" };
  return { kind: "binary", op: "=", left, right: { kind: "text", value: type } };
}
