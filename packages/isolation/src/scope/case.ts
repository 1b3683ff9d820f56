/** CASE, with or without a value that is compared. */
import type { CaseNode, OperationNode, WhenNode } from "kysely";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { joined, sql, word } from "./text.ts";
import { commonType, type Typed } from "./type.ts";

export function caseOf(node: OperationNode, inner: (child: OperationNode) => Typed): Typed {
  onlyKeys(node, ["value", "when", "else"]);
  const { value, when = [], else: otherwise } = node as CaseNode;
  const branches = when.map((item) => whenOf(item, inner));
  const last = otherwise === undefined ? [] : [inner(otherwise)];
  const parts = [
    word("case"),
    ...(value === undefined ? [] : [inner(value).text]),
    ...branches.map(({ condition, result }) => sql`when ${condition.text} then ${result.text}`),
    ...last.map(({ text }) => sql`else ${text}`),
    word("end"),
  ];
  const results = [...branches.map(({ result }) => result), ...last];
  return { text: sql`(${joined(parts, " ")})`, type: commonType(results.map(({ type }) => type)) };
}

function whenOf(
  node: WhenNode,
  inner: (child: OperationNode) => Typed,
): { readonly condition: Typed; readonly result: Typed } {
  onlyKeys(node, ["condition", "result"]);
  if (node.kind !== "WhenNode" || node.result === undefined) return refuseNode(node, "case");
  return { condition: inner(node.condition), result: inner(node.result) };
}
