/** Rows of values, which can only be compared with one another. */
import type { RowExpr } from "libpg-query";
import { checkExpression, noteLeak, onlyParts, type Checking, type Names, type Typed } from "./checking.ts";

export function checkRow(checking: Checking, names: Names, row: RowExpr): readonly Typed[] {
  onlyParts(checking, row, ["args", "row_format"]);
  noteLeak(checking, names);
  return (row.args ?? []).map((arg) => checkExpression(checking, names, arg));
}
