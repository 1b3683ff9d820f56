/**
 * What can be asked of a sealed column: whether it is equal to a value, or one of several, by its blind index; and whether it
 * is NULL, which whoever selects it sees too. Everything else is refused.
 */
import type { FunctionNode, OperationNode, PrimitiveValueListNode, ValueListNode, ValueNode } from "kysely";
import type { SealedField } from "../contracts.ts";
import { UnsupportedQuery } from "../errors.ts";
import { noteOperator } from "./fence.ts";
import { Hole } from "./hole.ts";
import { onlyKeys } from "./node-kinds.ts";
import { withoutParens } from "./parens.ts";
import { resolveReference, sealedColumn } from "./reference.ts";
import type { Resolved, Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { soughtValue, soughtValues, type Sought } from "./sought.ts";
import { named, sql, word } from "./text.ts";
import type { Typed } from "./type.ts";

/** The comparison; null where neither side is a sealed column. */
export function sealedComparison(
  rewriting: Rewriting,
  scope: Scope,
  operator: string,
  left: OperationNode,
  right: OperationNode,
): Typed | null {
  const [on, under] = [sealedSide(scope, left), sealedSide(scope, right)];
  const at = on ?? under;
  if (at === null) return null;
  const { column, relation } = at;
  const of = on === null ? left : right;
  if (on !== null && (operator === "is" || operator === "is not") && isNull(of))
    return { text: sql`(${named(relation.alias, column.name)} ${word(operator)} null)`, type: "boolean" };
  if (on !== null && under !== null)
    throw new UnsupportedQuery(
      "query/sealed-column",
      `columns ${on.column.name} and ${under.column.name} are sealed, and equal values of two rows need not have equal indexes: compare each with a value`,
    );
  if (column.sealed?.state !== "sealed" || column.index === undefined) throw sealedColumn(column.name);
  const values = soughtBy(column.name, operator, of, on !== null);
  if (values === undefined) throw comparedOtherwise(column.name);
  // The one operator that is run on the index: leakproof, so the view may stay open.
  noteOperator(rewriting.fence, "=", ["bytea"]);
  const index = named(relation.alias, column.index);
  return {
    text: sql`(${index} = any (${rewriting.sought(column.sealed, values)}::bytea[]))`,
    type: "boolean",
  };
}

/** What a condition says a sealed column to be equal to, in every row that meets it; null where it says no such thing. */
export function soughtAt(
  scope: Scope,
  operator: string,
  left: OperationNode,
  right: OperationNode,
): (Resolved & { readonly field: SealedField; readonly values: Sought["values"] }) | null {
  const [on, under] = [sealedSide(scope, left), sealedSide(scope, right)];
  const at = on ?? under;
  if (at === null || (on !== null && under !== null)) return null;
  const { sealed, index, name } = at.column;
  if (sealed?.state !== "sealed" || index === undefined) return null;
  const values = soughtBy(name, operator, on === null ? left : right, on !== null);
  return values === undefined
    ? null
    : { ...at, field: { table: sealed.table, column: sealed.column }, values };
}

function sealedSide(scope: Scope, node: OperationNode): Resolved | null {
  const of = withoutParens(node);
  const isColumn =
    of.kind === "ColumnNode" ||
    (of.kind === "ReferenceNode" && (of as { column?: OperationNode }).column?.kind === "ColumnNode");
  if (!isColumn) return null;
  const resolved = resolveReference(scope, of);
  return resolved.column.sealed === null ? null : resolved;
}

/** The values that are looked for; undefined where the comparison is another one than with values. */
function soughtBy(
  column: string,
  operator: string,
  node: OperationNode,
  isFirst: boolean,
): Sought["values"] | undefined {
  const of = withoutParens(node);
  switch (operator) {
    case "=":
      return isAny(of) ? (isFirst ? listOf(column, of) : undefined) : oneOf(column, of);
    case "in":
      return isFirst ? membersOf(column, of) : undefined;
    default:
      return undefined;
  }
}

function oneOf(column: string, node: OperationNode): Sought["values"] | undefined {
  if (node.kind !== "ValueNode") return undefined;
  const value = valueOf(node as ValueNode);
  if (value === null) return null;
  if (value instanceof Hole && value.kind === "list") return undefined;
  return [soughtValue(column, value)];
}

function membersOf(column: string, node: OperationNode): Sought["values"] | undefined {
  switch (node.kind as string) {
    case "PrimitiveValueListNode":
      onlyKeys(node, ["values"]);
      return soughtValues(column, (node as PrimitiveValueListNode).values);
    case "ValueListNode": {
      onlyKeys(node, ["values"]);
      const of = (node as ValueListNode).values.map(withoutParens);
      if (!of.every((item) => item.kind === "ValueNode")) return undefined;
      return soughtValues(
        column,
        of.map((item) => valueOf(item as ValueNode)),
      );
    }
    default:
      return undefined;
  }
}

function isAny(node: OperationNode): node is FunctionNode {
  return node.kind === "FunctionNode" && ["any", "some"].includes((node as FunctionNode).func);
}

/** `any (…)` over a list of values, which may be empty as an array may. */
function listOf(column: string, node: FunctionNode): Sought["values"] | undefined {
  onlyKeys(node, ["func", "arguments"]);
  const [argument, ...more] = node.arguments;
  const of = argument === undefined ? undefined : withoutParens(argument);
  if (of?.kind !== "ValueNode" || more.length > 0) return undefined;
  const list = valueOf(of as ValueNode);
  if (list instanceof Hole && list.kind === "list") return [list];
  if (!Array.isArray(list)) return undefined;
  return list.length === 0 ? [] : soughtValues(column, list);
}

/** A caller's value. One that the builder would write into the text is none. */
function valueOf(node: ValueNode): unknown {
  onlyKeys(node, ["value"]);
  return node.value;
}

function isNull(node: OperationNode): boolean {
  const of = withoutParens(node);
  return of.kind === "ValueNode" && (of as ValueNode).value === null;
}

function comparedOtherwise(name: string): UnsupportedQuery {
  return new UnsupportedQuery(
    "query/sealed-column",
    `column ${name} is sealed: it is compared with values by =, in or = any, tested for null, selected, and nothing else`,
  );
}
