/** Operators and what the grammar makes of them: IN, LIKE, BETWEEN, ANY. Each is one entry of the list. */
import type { A_Expr, Node } from "libpg-query";
import {
  checkCell,
  checkExpression,
  expected,
  noteLeak,
  onlyParts,
  opened,
  texts,
  type Checking,
  type Names,
  type Typed,
} from "./checking.ts";
import { boolNode, nameNode, operatorNode, rowNode } from "./nodes.ts";
import { isListedOperator, resolveOperator } from "./operators.ts";
import { checkRow } from "./row.ts";
import { Refused } from "./rules.ts";
import { blindIndex, elementType, type TypeName } from "./types.ts";

export function checkOperation(checking: Checking, names: Names, node: A_Expr): Typed {
  onlyParts(checking, node, ["kind", "name", "lexpr", "rexpr", "rexpr_list_start", "rexpr_list_end"]);
  const name = operatorName(checking, node.name);
  const inner = (child: Node | undefined): Typed => checkExpression(checking, names, child);
  const apply = (op: string, left: Typed | null, right: Typed): Typed => {
    const result = operatorOn(checking, names, op, left?.type ?? null, right.type);
    return { node: operatorNode("AEXPR_OP", op, left?.node, right.node), type: result };
  };
  const kind: string = node.kind ?? "";
  switch (kind) {
    case "AEXPR_OP": {
      if (opened(node.lexpr)[0] === "RowExpr") return compareRows(checking, names, name, node);
      return apply(name, node.lexpr === undefined ? null : inner(node.lexpr), inner(node.rexpr));
    }
    case "AEXPR_LIKE":
    case "AEXPR_ILIKE":
      return apply(name, inner(node.lexpr), inner(node.rexpr));
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL": {
      const [left, right] = [checkCell(checking, names, node.lexpr), inner(node.rexpr)];
      const element = elementType(right.type);
      checking.demand("operator/signature", element !== undefined);
      if (left.type === blindIndex)
        checking.demand(
          "index/place",
          name === "=" && kind === "AEXPR_OP_ANY" && names.level === "outside" && isIndexes(node.rexpr),
        );
      operatorOn(checking, names, name, left.type === blindIndex ? "bytea" : left.type, element ?? "unknown");
      return { node: operatorNode(kind, name, left.node, right.node), type: "bool" };
    }
    case "AEXPR_DISTINCT":
    case "AEXPR_NOT_DISTINCT":
    case "AEXPR_NULLIF": {
      const [left, right] = [inner(node.lexpr), inner(node.rexpr)];
      checking.demand("operator/unknown", name === "=");
      operatorOn(checking, names, "=", left.type, right.type);
      const isNullIf = kind === "AEXPR_NULLIF";
      if (isNullIf) noteLeak(checking, names);
      return {
        node: { A_Expr: { kind: kind, name: [nameNode("=")], lexpr: left.node, rexpr: right.node } },
        type: isNullIf ? left.type : "bool",
      };
    }
    case "AEXPR_IN":
      return checkMembers(checking, names, name, node);
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN":
    case "AEXPR_BETWEEN_SYM":
    case "AEXPR_NOT_BETWEEN_SYM": {
      const of = inner(node.lexpr);
      const [low, high, ...more] = (expected(node.rexpr, "List").items ?? []).map(inner);
      if (low === undefined || high === undefined || more.length > 0) throw new Refused("node/part");
      return { node: between(kind, of, low, high, apply), type: "bool" };
    }
    default:
      throw new Refused("node/kind");
  }
}

/** A parameter alone, as an array of bytes: the driver has filled it. */
function isIndexes(node: Node | undefined): boolean {
  if (node === undefined || !("TypeCast" in node)) return false;
  const { arg, typeName } = node.TypeCast;
  return opened(arg)[0] === "ParamRef" && texts(typeName?.names).at(-1) === "bytea";
}

/** The result of the operator's one entry. What it could tell is noted. */
function operatorOn(
  checking: Checking,
  names: Names,
  name: string,
  left: TypeName | null,
  right: TypeName,
): TypeName {
  const entry = resolveOperator(name, left, right);
  checking.demand("operator/signature", entry !== undefined);
  const fits = (type: TypeName | null | undefined, of: TypeName | null): boolean =>
    of === "unknown" || type === of;
  const exact =
    fits(entry?.left, left) && fits(entry?.right, right) && (left !== "unknown" || right !== "unknown");
  if (entry?.leakproof !== true || !exact) noteLeak(checking, names);
  return entry?.result ?? "bool";
}

export function operatorName(checking: Checking, path: readonly Node[] | undefined): string {
  const parts = texts(path);
  const name = parts.at(-1) ?? "";
  const inCatalogue = parts.length === 1 || (parts.length === 2 && parts[0] === "pg_catalog");
  const isWord = name === "BETWEEN" || name === "NOT BETWEEN" || name.endsWith("BETWEEN SYMMETRIC");
  checking.demand("operator/unknown", inCatalogue && (isWord || isListedOperator(name)));
  return name;
}

/** The server makes the same of it, with `=` or `<>` for each member. */
function checkMembers(checking: Checking, names: Names, name: string, node: A_Expr): Typed {
  checking.demand("operator/unknown", name === "=" || name === "<>");
  const items = expected(node.rexpr, "List").items ?? [];
  const isRow = opened(node.lexpr)[0] === "RowExpr";
  const left = isRow
    ? checkRow(checking, names, expected(node.lexpr, "RowExpr"))
    : [checkExpression(checking, names, node.lexpr)];
  const members = items.map((item) => {
    const right = isRow
      ? checkRow(checking, names, expected(item, "RowExpr"))
      : [checkExpression(checking, names, item)];
    compareParts(checking, names, name, left, right);
    return partsNode(isRow, right);
  });
  return {
    node: {
      A_Expr: {
        kind: "AEXPR_IN",
        name: [nameNode(name)],
        lexpr: partsNode(isRow, left),
        rexpr: { List: { items: members } },
      },
    },
    type: "bool",
  };
}

function compareRows(checking: Checking, names: Names, name: string, node: A_Expr): Typed {
  checking.demand("operator/unknown", name === "=" || name === "<>");
  const left = checkRow(checking, names, expected(node.lexpr, "RowExpr"));
  const right = checkRow(checking, names, expected(node.rexpr, "RowExpr"));
  compareParts(checking, names, name, left, right);
  return {
    node: operatorNode(
      "AEXPR_OP",
      name,
      rowNode(left.map((part) => part.node)),
      rowNode(right.map((part) => part.node)),
    ),
    type: "bool",
  };
}

export function compareParts(
  checking: Checking,
  names: Names,
  name: string,
  left: readonly { readonly type: TypeName }[],
  right: readonly { readonly type: TypeName }[],
): void {
  checking.demand("operator/signature", left.length === right.length);
  for (const [index, part] of left.entries())
    operatorOn(checking, names, name, part.type, right[index]?.type ?? "unknown");
}

function partsNode(isRow: boolean, parts: readonly Typed[]): Node {
  return isRow ? rowNode(parts.map((part) => part.node)) : ((parts[0] as Typed).node satisfies Node);
}

type Apply = (op: string, left: Typed, right: Typed) => Typed;

/** As the server's own analysis writes it, so that the operators can be named. */
function between(kind: string, of: Typed, low: Typed, high: Typed, apply: Apply): Node {
  const inside = (a: Typed, b: Typed): Node =>
    boolNode("AND_EXPR", [apply(">=", of, a).node, apply("<=", of, b).node]);
  const outside = (a: Typed, b: Typed): Node =>
    boolNode("OR_EXPR", [apply("<", of, a).node, apply(">", of, b).node]);
  switch (kind) {
    case "AEXPR_BETWEEN":
      return inside(low, high);
    case "AEXPR_NOT_BETWEEN":
      return outside(low, high);
    case "AEXPR_BETWEEN_SYM":
      return boolNode("OR_EXPR", [inside(low, high), inside(high, low)]);
    default:
      return boolNode("AND_EXPR", [outside(low, high), outside(high, low)]);
  }
}
