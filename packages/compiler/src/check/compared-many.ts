/** Sets and lists where one value is compared. Must report each: they stand for no value. */
import { finding } from "../diagnostics/table.ts";
import type { Comparison } from "./comparison.ts";
import type { Side } from "./side.ts";
import type { Scope } from "./scope.ts";

/** True if a side is a set or a list, which was reported. */
export function reportMany(scope: Scope, expression: Comparison, left: Side, right: Side): boolean {
  const { report } = scope.setting;
  const [set, other] = left.kind === "set" ? [left, right] : [right, left];
  if (set.kind === "set" && other.kind === "list" && other.of.length === 0) {
    const text = `${expression.op === "!=" ? "not " : ""}${set.read.text}.is_empty`;
    const fixes =
      expression.op === "==" || expression.op === "!="
        ? [{ title: `write \`${text}\``, edits: [{ span: expression.span, text }] }]
        : [];
    const help = `write \`${text}\``;
    report.add(finding("type/set", set.read.span, { path: set.read.text }, { help, fixes }));
    return true;
  }
  for (const side of [left, right])
    if (side.kind === "set") report.add(finding("type/set", side.read.span, { path: side.read.text }));
    else if (side.kind === "list")
      report.add(finding("type/not-value", side.span, { what: "a list" }, { help: "write `in [..]`" }));
  return [left, right].some((side) => side.kind === "set" || side.kind === "list");
}
