/** The name that the server gives to an output without one (FigureColname of its parser); null where it has none to call it by. */
import type { Node } from "libpg-query";
import { opened } from "../final-check/checking.ts";

export function outputName(node: Node | undefined): string | null {
  if (node === undefined) return null;
  if ("ColumnRef" in node) return lastText(node.ColumnRef.fields);
  if ("FuncCall" in node) return lastText(node.FuncCall.funcname);
  if ("TypeCast" in node) return outputName(node.TypeCast.arg) ?? lastText(node.TypeCast.typeName?.names);
  if ("CollateClause" in node) return outputName(node.CollateClause.arg);
  if ("CoalesceExpr" in node) return "coalesce";
  if ("MinMaxExpr" in node) return node.MinMaxExpr.op === "IS_LEAST" ? "least" : "greatest";
  if ("CaseExpr" in node) return outputName(node.CaseExpr.defresult) ?? "case";
  if (!("SubLink" in node)) return null;
  const { subLinkType, subselect } = node.SubLink;
  if (subLinkType === "EXISTS_SUBLINK") return "exists";
  if (subLinkType !== "EXPR_SUBLINK" || subselect === undefined || !("SelectStmt" in subselect)) return null;
  const [first] = subselect.SelectStmt.targetList ?? [];
  const [, target] = opened(first);
  const { name, val } = target as { readonly name?: string; readonly val?: Node };
  return name ?? outputName(val);
}

function lastText(path: readonly Node[] | undefined): string | null {
  const last = path?.at(-1);
  return last !== undefined && "String" in last ? (last.String.sval ?? null) : null;
}
