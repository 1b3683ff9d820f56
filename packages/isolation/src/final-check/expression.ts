/**
 * Expressions, rebuilt from the parts that are known: every operator, function, type and collation as one of pg_catalog's.
 * What could tell of a row is noted where it stands outside of the views.
 */
import type { A_Const, CaseExpr, CollateClause, Node, ParamRef, TypeCast } from "libpg-query";
import { checkCall } from "./call.ts";
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
import { checkColumn } from "./column.ts";
import { common } from "./common-type.ts";
import { boolNode, nameNode } from "./nodes.ts";
import { checkOperation } from "./operation.ts";
import { Refused } from "./rules.ts";
import { checkSublink } from "./sublink.ts";
import { checkType } from "./type-node.ts";
import { isListedCast } from "./types.ts";

/** The most parameters of one statement in the protocol. */
const maxParameter = 65_535;

export function readExpression(checking: Checking, names: Names, given: Node | undefined): Typed {
  const [kind] = opened(given);
  const node = given as Node;
  const inner = (child: Node | undefined): Typed => checkExpression(checking, names, child);
  switch (kind) {
    case "ColumnRef":
      return checkColumn(checking, names, expected(node, kind));
    case "ParamRef":
      return checkParameter(checking, expected(node, kind));
    case "A_Const":
      return checkConstant(checking, expected(node, kind));
    case "A_Expr":
      return checkOperation(checking, names, expected(node, kind));
    case "BoolExpr": {
      const { boolop, args } = expected(node, kind);
      onlyParts(checking, expected(node, kind), ["boolop", "args"]);
      return {
        node: boolNode(
          boolop ?? "AND_EXPR",
          (args ?? []).map((arg) => inner(arg).node),
        ),
        type: "bool",
      };
    }
    case "NullTest": {
      const { arg, nulltesttype } = expected(node, kind);
      onlyParts(checking, expected(node, kind), ["arg", "nulltesttype"]);
      return {
        node: { NullTest: { arg: inner(arg).node, nulltesttype: nulltesttype ?? "IS_NULL" } },
        type: "bool",
      };
    }
    case "BooleanTest": {
      const { arg, booltesttype } = expected(node, kind);
      onlyParts(checking, expected(node, kind), ["arg", "booltesttype"]);
      return {
        node: { BooleanTest: { arg: inner(arg).node, booltesttype: booltesttype ?? "IS_TRUE" } },
        type: "bool",
      };
    }
    case "CaseExpr":
      return checkCase(checking, names, expected(node, kind));
    case "CoalesceExpr": {
      onlyParts(checking, expected(node, kind), ["args"]);
      const args = (expected(node, kind).args ?? []).map(inner);
      noteLeak(checking, names);
      return { node: { CoalesceExpr: { args: args.map((arg) => arg.node) } }, type: common(checking, args) };
    }
    case "MinMaxExpr": {
      const { op, args: given = [] } = expected(node, kind);
      onlyParts(checking, expected(node, kind), ["op", "args"]);
      const args = given.map(inner);
      noteLeak(checking, names);
      return {
        node: { MinMaxExpr: { op: op ?? "IS_GREATEST", args: args.map((arg) => arg.node) } },
        type: common(checking, args),
      };
    }
    case "TypeCast":
      return checkCast(checking, names, expected(node, kind));
    case "CollateClause":
      return checkCollation(checking, names, expected(node, kind));
    case "FuncCall":
      return checkCall(checking, names, expected(node, kind));
    case "SubLink":
      return checkSublink(checking, names, expected(node, kind));
    default:
      throw new Refused("node/kind");
  }
}

function checkParameter(checking: Checking, node: ParamRef): Typed {
  onlyParts(checking, node, ["number"]);
  const number = node.number ?? 0;
  checking.demand("parameter/number", number >= 1 && number <= maxParameter);
  const { found } = checking;
  found.uses.set(number, (found.uses.get(number) ?? 0) + 1);
  if (number === 1) found.firsts += 1;
  return { node: { ParamRef: { number } }, type: "unknown" };
}

function checkConstant(checking: Checking, node: A_Const): Typed {
  onlyParts(checking, node, ["ival", "fval", "boolval", "sval", "isnull"]);
  const { ival, fval, boolval, sval, isnull } = node;
  if (isnull === true) return { node: { A_Const: { isnull } }, type: "unknown" };
  if (boolval !== undefined) return { node: { A_Const: { boolval } }, type: "bool" };
  if (sval !== undefined) return { node: { A_Const: { sval } }, type: "unknown" };
  if (ival !== undefined) return { node: { A_Const: { ival } }, type: "int4" };
  const digits = fval?.fval ?? "";
  if (!/^-?\d+(\.\d+)?$/.test(digits)) throw new Refused("node/part");
  return { node: { A_Const: { fval: { fval: digits } } }, type: isBig(digits) ? "int8" : "numeric" };
}

/** Beyond the largest of them a whole number is a numeric to the server. */
function isBig(digits: string): boolean {
  return !digits.includes(".") && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}

function checkCase(checking: Checking, names: Names, node: CaseExpr): Typed {
  onlyParts(checking, node, ["arg", "args", "defresult"]);
  const inner = (child: Node | undefined): Typed => checkExpression(checking, names, child);
  noteLeak(checking, names);
  const arg = node.arg === undefined ? undefined : inner(node.arg);
  const results: Typed[] = [];
  const args = (node.args ?? []).map((child): Node => {
    const when = expected(child, "CaseWhen");
    onlyParts(checking, when, ["expr", "result"]);
    const condition = inner(when.expr);
    // `case a when b` compares by `=`.
    if (arg !== undefined) common(checking, [arg, condition]);
    const result = checkCell(checking, names, when.result);
    results.push(result);
    return { CaseWhen: { expr: condition.node, result: result.node } };
  });
  const otherwise = node.defresult === undefined ? undefined : checkCell(checking, names, node.defresult);
  if (otherwise !== undefined) results.push(otherwise);
  return {
    node: {
      CaseExpr: {
        ...(arg === undefined ? {} : { arg: arg.node }),
        args,
        ...(otherwise === undefined ? {} : { defresult: otherwise.node }),
      },
    },
    type: common(checking, results),
  };
}

function checkCast(checking: Checking, names: Names, cast: TypeCast): Typed {
  onlyParts(checking, cast, ["arg", "typeName"]);
  // A parameter that stands once takes on the type when it is bound: no row is looked at.
  const { arg: of } = cast;
  if (of === undefined || !("ParamRef" in of)) noteLeak(checking, names);
  const arg = checkExpression(checking, names, cast.arg);
  const { node: typeName, type } = checkType(checking, cast.typeName);
  checking.demand("cast/pair", isListedCast(arg.type, type));
  return { node: { TypeCast: { arg: arg.node, typeName } }, type };
}

/** Orders that no server lacks, none of them nondeterministic. */
export const collations: readonly string[] = ["C", "POSIX", "ucs_basic", "und-x-icu"];

function checkCollation(checking: Checking, names: Names, node: CollateClause): Typed {
  onlyParts(checking, node, ["arg", "collname"]);
  const path = texts(node.collname);
  checking.demand(
    "collation/unknown",
    collations.includes(path.at(-1) ?? "") &&
      (path.length === 1 || (path.length === 2 && path[0] === "pg_catalog")),
  );
  const arg = checkExpression(checking, names, node.arg);
  checking.demand("collation/unknown", arg.type === "text" || arg.type === "unknown");
  const collname = [nameNode("pg_catalog"), nameNode(path.at(-1) ?? "C")];
  return { node: { CollateClause: { arg: arg.node, collname } }, type: "text" };
}
