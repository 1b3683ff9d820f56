/** Functions of the control schema that statements of the driver call: each alone in a select, with one parameter or none. */
import type { FuncCall, Node, SelectStmt } from "libpg-query";
import { controlSchema } from "../schema/identifier.ts";
import { expected, onlyParts, opened, texts, type Checking } from "./checking.ts";
import { nameNode } from "./nodes.ts";
import { checkType } from "./type-node.ts";
import type { TypeName } from "./types.ts";

/** Name → the type of its one argument; null for none. */
const controlFunctions: ReadonlyMap<string, TypeName | null> = new Map([
  ["audit_append", "text[]"],
  ["challenge_spend", "text"],
  ["facts_epoch", null],
  ["tenant_keys", null],
]);

export function isControlCall(select: SelectStmt): boolean {
  const [only] = select.targetList ?? [];
  const value = only !== undefined && "ResTarget" in only ? only.ResTarget.val : undefined;
  const call = value !== undefined && "TypeCast" in value ? value.TypeCast.arg : value;
  if (call === undefined || !("FuncCall" in call)) return false;
  const [schema] = call.FuncCall.funcname ?? [];
  return schema !== undefined && "String" in schema && schema.String.sval === controlSchema;
}

/** The call, or the call as text, and nothing else. */
export function checkControlCall(checking: Checking, select: SelectStmt): SelectStmt {
  onlyParts(checking, select, ["targetList", "limitOption", "op"]);
  const [only, ...more] = select.targetList ?? [];
  checking.demand("function/control", more.length === 0);
  const target = expected(only, "ResTarget");
  onlyParts(checking, target, ["name", "val"]);
  const name = target.name === undefined ? {} : { name: target.name };
  return {
    targetList: [{ ResTarget: { ...name, val: checkValue(checking, target.val) } }],
    limitOption: "LIMIT_OPTION_DEFAULT",
    op: "SETOP_NONE",
  };
}

function checkValue(checking: Checking, node: Node | undefined): Node {
  if (opened(node)[0] !== "TypeCast")
    return { FuncCall: checkFunction(checking, expected(node, "FuncCall")) };
  const cast = expected(node, "TypeCast");
  onlyParts(checking, cast, ["arg", "typeName"]);
  const { node: typeName, type } = checkType(checking, cast.typeName);
  checking.demand("function/control", type === "text");
  return {
    TypeCast: { arg: { FuncCall: checkFunction(checking, expected(cast.arg, "FuncCall")) }, typeName },
  };
}

function checkFunction(checking: Checking, call: FuncCall): FuncCall {
  onlyParts(checking, call, ["funcname", "args", "funcformat"]);
  const [, name = "", ...rest] = texts(call.funcname);
  const type = controlFunctions.get(name);
  checking.demand("function/control", rest.length === 0 && type !== undefined);
  const [arg, ...others] = call.args ?? [];
  checking.demand("function/control", others.length === 0 && (arg !== undefined) === (type !== null));
  return {
    funcname: [nameNode(controlSchema), nameNode(name)],
    ...(arg === undefined ? {} : { args: [checkArgument(checking, arg, type ?? null)] }),
    funcformat: "COERCE_EXPLICIT_CALL",
  };
}

function checkArgument(checking: Checking, arg: Node, type: TypeName | null): Node {
  const cast = expected(arg, "TypeCast");
  onlyParts(checking, cast, ["arg", "typeName"]);
  const { node: typeName, type: given } = checkType(checking, cast.typeName);
  const parameter = expected(cast.arg, "ParamRef");
  onlyParts(checking, parameter, ["number"]);
  checking.demand("function/control", given === type && parameter.number === 1);
  return { TypeCast: { arg: { ParamRef: { number: parameter.number ?? 0 } }, typeName } };
}
