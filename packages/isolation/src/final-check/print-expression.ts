/** Expressions of a checked statement as text. */
import type { A_Const, A_Expr, FuncCall, Node, SelectStmt, SubLink, TypeName as TypeNode } from "libpg-query";
import { expected, opened, texts } from "./checking.ts";
import { list, literal, name, type Print } from "./print-text.ts";
import { Refused } from "./rules.ts";

type PrintSelect = (select: SelectStmt) => string;

export function printExpression(node: Node | undefined, select: PrintSelect): string {
  const print: Print = (child) => printExpression(child, select);
  const inside: Print = (child) => operand(child, print);
  const [kind] = opened(node);
  switch (kind) {
    case "ColumnRef":
      return texts(expected(node, kind).fields).map(name).join(".");
    case "ParamRef":
      return `$${expected(node, kind).number}`;
    case "A_Const":
      return printConstant(expected(node, kind));
    case "A_Expr":
      return printOperation(expected(node, kind), print, inside);
    case "BoolExpr": {
      const { boolop, args = [] } = expected(node, kind);
      if (boolop === "NOT_EXPR") return `NOT ${inside(args[0])}`;
      return args.map(inside).join(boolop === "AND_EXPR" ? " AND " : " OR ");
    }
    case "NullTest": {
      const { arg, nulltesttype } = expected(node, kind);
      return `${inside(arg)} IS ${nulltesttype === "IS_NULL" ? "" : "NOT "}NULL`;
    }
    case "BooleanTest": {
      const { arg, booltesttype = "IS_TRUE" } = expected(node, kind);
      return `${inside(arg)} ${booltesttype.replaceAll("_", " ")}`;
    }
    case "CoalesceExpr":
      return `COALESCE(${list(expected(node, kind).args, print)})`;
    case "MinMaxExpr": {
      const { op, args } = expected(node, kind);
      return `${op === "IS_LEAST" ? "LEAST" : "GREATEST"}(${list(args, print)})`;
    }
    case "CaseExpr": {
      const { arg, args, defresult } = expected(node, kind);
      const whens = (args ?? []).map((child) => {
        const { expr, result } = expected(child, "CaseWhen");
        return ` WHEN ${print(expr)} THEN ${print(result)}`;
      });
      const of = arg === undefined ? "" : ` ${inside(arg)}`;
      return `CASE${of}${whens.join("")}${defresult === undefined ? "" : ` ELSE ${print(defresult)}`} END`;
    }
    case "TypeCast": {
      const { arg, typeName } = expected(node, kind);
      return `CAST(${print(arg)} AS ${printType(typeName ?? {})})`;
    }
    case "CollateClause": {
      const { arg, collname } = expected(node, kind);
      return `${inside(arg)} COLLATE ${texts(collname).map(name).join(".")}`;
    }
    case "FuncCall":
      return printCall(expected(node, kind), print);
    case "RowExpr":
      return `(${list(expected(node, kind).args, print)})`;
    case "SubLink":
      return printSublink(expected(node, kind), inside, select);
    case "SortBy": {
      const { node: by, sortby_dir, sortby_nulls } = expected(node, kind);
      const direction = sortby_dir === "SORTBY_ASC" ? " ASC" : sortby_dir === "SORTBY_DESC" ? " DESC" : "";
      const nulls =
        sortby_nulls === "SORTBY_NULLS_FIRST"
          ? " NULLS FIRST"
          : sortby_nulls === "SORTBY_NULLS_LAST"
            ? " NULLS LAST"
            : "";
      return `${inside(by)}${direction}${nulls}`;
    }
    default:
      throw new Refused("deparse/different");
  }
}

const whole = new Set([
  "ColumnRef",
  "ParamRef",
  "A_Const",
  "CoalesceExpr",
  "MinMaxExpr",
  "TypeCast",
  "FuncCall",
  "RowExpr",
]);

function operand(node: Node | undefined, print: Print): string {
  const text = print(node);
  return whole.has(opened(node)[0]) ? text : `(${text})`;
}

function printConstant({ ival, fval, boolval, sval, isnull }: A_Const): string {
  if (isnull === true) return "NULL";
  if (boolval !== undefined) return boolval.boolval === true ? "TRUE" : "FALSE";
  if (sval !== undefined) return literal(sval.sval ?? "");
  const digits = ival === undefined ? (fval?.fval ?? "") : String(ival.ival ?? 0);
  return digits.startsWith("-") ? `(${digits})` : digits;
}

function printOperation({ kind, name: path, lexpr, rexpr }: A_Expr, print: Print, inside: Print): string {
  const op = texts(path).at(-1) ?? "";
  switch (kind as string) {
    case "AEXPR_OP":
      return `${lexpr === undefined ? "" : `${inside(lexpr)} `}OPERATOR("pg_catalog".${op}) ${inside(rexpr)}`;
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL": {
      const quantifier = kind === "AEXPR_OP_ANY" ? "ANY" : "ALL";
      return `${inside(lexpr)} OPERATOR("pg_catalog".${op}) ${quantifier} (${print(rexpr)})`;
    }
    case "AEXPR_DISTINCT":
      return `${inside(lexpr)} IS DISTINCT FROM ${inside(rexpr)}`;
    case "AEXPR_NOT_DISTINCT":
      return `${inside(lexpr)} IS NOT DISTINCT FROM ${inside(rexpr)}`;
    case "AEXPR_NULLIF":
      return `NULLIF(${print(lexpr)}, ${print(rexpr)})`;
    case "AEXPR_IN":
      return `${inside(lexpr)} ${op === "=" ? "IN" : "NOT IN"} (${list(expected(rexpr, "List").items, print)})`;
    default:
      throw new Refused("deparse/different");
  }
}

function printType({ names, typmods, arrayBounds }: TypeNode): string {
  const modifiers =
    typmods === undefined ? "" : `(${list(typmods, (node) => printConstant(expected(node, "A_Const")))})`;
  return `${texts(names).map(name).join(".")}${modifiers}${arrayBounds === undefined ? "" : "[]"}`;
}

function printCall(call: FuncCall, print: Print): string {
  const distinct = call.agg_distinct === true ? "DISTINCT " : "";
  const order = call.agg_order === undefined ? "" : ` ORDER BY ${list(call.agg_order, print)}`;
  const args = call.agg_star === true ? "*" : `${distinct}${list(call.args, print)}${order}`;
  const filter = call.agg_filter === undefined ? "" : ` FILTER (WHERE ${print(call.agg_filter)})`;
  return `${texts(call.funcname).map(name).join(".")}(${args})${filter}${printWindow(call, print)}`;
}

function printWindow({ over }: FuncCall, print: Print): string {
  if (over === undefined) return "";
  const parts: string[] = [];
  if (over.partitionClause !== undefined) parts.push(`PARTITION BY ${list(over.partitionClause, print)}`);
  if (over.orderClause !== undefined) parts.push(`ORDER BY ${list(over.orderClause, print)}`);
  return ` OVER (${parts.join(" ")})`;
}

function printSublink(
  { subLinkType, subselect, testexpr, operName }: SubLink,
  inside: Print,
  select: PrintSelect,
): string {
  const text = `(${select(expected(subselect, "SelectStmt"))})`;
  switch (subLinkType as string) {
    case "EXISTS_SUBLINK":
      return `EXISTS ${text}`;
    case "EXPR_SUBLINK":
      return text;
    case "ANY_SUBLINK":
    case "ALL_SUBLINK": {
      if (operName === undefined) return `${inside(testexpr)} IN ${text}`;
      const quantifier = subLinkType === "ANY_SUBLINK" ? "ANY" : "ALL";
      return `${inside(testexpr)} OPERATOR("pg_catalog".${texts(operName).at(-1)}) ${quantifier} ${text}`;
    }
    default:
      throw new Refused("deparse/different");
  }
}
