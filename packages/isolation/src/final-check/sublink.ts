/** Sub-selects in expressions. One that stands for a value, or is looked into, raises errors that could tell of a row. */
import type { Node, SubLink } from "libpg-query";
import {
  checkExpression,
  checkSelect,
  expected,
  noteLeak,
  onlyParts,
  opened,
  type Checking,
  type Names,
  type Typed,
} from "./checking.ts";
import { nameNode, rowNode } from "./nodes.ts";
import { compareParts, operatorName } from "./operation.ts";
import { checkRow } from "./row.ts";
import { Refused } from "./rules.ts";

export function checkSublink(checking: Checking, names: Names, link: SubLink): Typed {
  onlyParts(checking, link, ["subLinkType", "subselect", "testexpr", "operName"]);
  const select = expected(link.subselect, "SelectStmt");
  const { node, columns } = checkSelect(checking, select, names, "expression");
  const subselect: Node = { SelectStmt: node };
  const subLinkType: string = link.subLinkType ?? "";
  switch (subLinkType) {
    case "EXISTS_SUBLINK":
      return { node: { SubLink: { subLinkType, subselect } }, type: "bool" };
    case "EXPR_SUBLINK": {
      noteLeak(checking, names);
      const [only, ...more] = columns;
      if (only === undefined || more.length > 0) throw new Refused("node/part");
      return { node: { SubLink: { subLinkType, subselect } }, type: only.type };
    }
    case "ANY_SUBLINK":
    case "ALL_SUBLINK": {
      const isRow = opened(link.testexpr)[0] === "RowExpr";
      const left = isRow
        ? checkRow(checking, names, expected(link.testexpr, "RowExpr"))
        : [checkExpression(checking, names, link.testexpr)];
      // IN has no operator's name, and means `=`.
      const name = link.operName === undefined ? "=" : operatorName(checking, link.operName);
      compareParts(checking, names, name, left, columns);
      const operName = link.operName === undefined ? {} : { operName: ["pg_catalog", name].map(nameNode) };
      const testexpr = isRow ? rowNode(left.map((part) => part.node)) : (left[0] as Typed).node;
      return { node: { SubLink: { subLinkType, testexpr, ...operName, subselect } }, type: "bool" };
    }
    default:
      throw new Refused("node/kind");
  }
}
