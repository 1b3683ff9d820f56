/** Calls of functions and aggregates, each one entry of the list. */
import type { FuncCall, Node, WindowDef } from "libpg-query";
import {
  checkExpression,
  noteLeak,
  onlyParts,
  texts,
  type Checking,
  type Names,
  type Typed,
} from "./checking.ts";
import { isListedFunction, resolveFunction, type FunctionKind } from "./functions.ts";
import { nameNode } from "./nodes.ts";
import { checkSort } from "./sort.ts";

/** What a window without a frame clause has: RANGE UNBOUNDED PRECEDING to the current row (FRAMEOPTION_DEFAULTS). */
const usualFrame = 1058;

export function checkCall(checking: Checking, names: Names, call: FuncCall): Typed {
  onlyParts(checking, call, [
    "funcname",
    "args",
    "funcformat",
    "agg_star",
    "agg_distinct",
    "agg_filter",
    "agg_order",
    "over",
  ]);
  const path = texts(call.funcname);
  const name = path.at(-1) ?? "";
  const inCatalogue = path.length === 1 || (path.length === 2 && path[0] === "pg_catalog");
  checking.demand("function/unknown", inCatalogue && isListedFunction(name));
  const inner = (node: Node): Typed => checkExpression(checking, names, node);
  const args = (call.args ?? []).map(inner);
  const entry = resolveFunction(
    name,
    args.map((arg) => arg.type),
  );
  checking.demand("function/signature", entry !== undefined);
  const kind = entry?.kind ?? "scalar";
  checking.demand("function/part", fitsKind(call, kind));
  // What an aggregate says, it says of rows that every condition has let through; in a sub-select of another row, perhaps not.
  if (kind === "scalar" || (name !== "count" && seesOutside(names))) noteLeak(checking, names);
  const order = (call.agg_order ?? []).map((item) => checkSort(checking, item, inner));
  const node: FuncCall = {
    funcname: [nameNode("pg_catalog"), nameNode(name)],
    ...(args.length === 0 ? {} : { args: args.map((arg) => arg.node) }),
    ...(order.length === 0 ? {} : { agg_order: order }),
    ...(call.agg_filter === undefined ? {} : { agg_filter: inner(call.agg_filter).node }),
    ...(call.over === undefined ? {} : { over: checkWindow(checking, call.over, inner) }),
    ...(call.agg_star === true ? { agg_star: true } : {}),
    ...(call.agg_distinct === true ? { agg_distinct: true } : {}),
    funcformat: "COERCE_EXPLICIT_CALL",
  };
  return { node: { FuncCall: node }, type: entry?.result ?? "text" };
}

function seesOutside({ outer }: Names): boolean {
  return outer !== null && (outer.relations.length > 0 || seesOutside(outer));
}

function fitsKind(call: FuncCall, kind: FunctionKind): boolean {
  const aggregates = call.agg_star ?? call.agg_distinct ?? call.agg_filter ?? call.agg_order;
  const star = call.agg_star === true;
  const isCount = texts(call.funcname).at(-1) === "count";
  switch (kind) {
    case "scalar":
      return aggregates === undefined && call.over === undefined;
    case "aggregate":
      // `count(*)` and `count(a)` are two; `count()` is none.
      return isCount ? star !== (call.args ?? []).length > 0 : !star;
    case "window":
      return call.over !== undefined && aggregates === undefined;
  }
}

function checkWindow(checking: Checking, window: WindowDef, inner: (node: Node) => Typed): WindowDef {
  onlyParts(checking, window, ["partitionClause", "orderClause", "frameOptions"]);
  checking.demand("function/part", window.frameOptions === usualFrame);
  const partition = (window.partitionClause ?? []).map((node) => inner(node).node);
  const order = (window.orderClause ?? []).map((node) => checkSort(checking, node, inner));
  return {
    ...(partition.length === 0 ? {} : { partitionClause: partition }),
    ...(order.length === 0 ? {} : { orderClause: order }),
    frameOptions: usualFrame,
  };
}
