/** Tests: a part on each line, an expectation on more lines only if it does not fit. */
import type { CstElement } from "../../cst/node.ts";
import type { RuleName } from "../../parse/grammar/rule-names.ts";
import { OpenRound } from "../../parse/tokens.ts";
import { gap, group, indent, sequence, softLine } from "../doc.ts";
import type { Doc } from "../doc.ts";
import { tokenOf } from "./builder.ts";
import type { Builder, Layout } from "./builder.ts";
import { block, bracketed, saying } from "./lists.ts";
import { spaced } from "./spaced.ts";

/** `test "…" { … }` */
export const test: Layout = (children, builder, rule) =>
  sequence([spaced(children.slice(0, 2), builder, rule), gap, block(children.slice(2), builder, rule, 1)]);

/** A line, a word and what it says, indented. */
function said(children: readonly CstElement[], from: number, builder: Builder, rule: RuleName): Doc[] {
  const docs: Doc[] = [];
  for (let at = from; at < children.length; at += 2)
    docs.push(indent([softLine, saying(children.slice(at, at + 2), builder, rule)]));
  return docs;
}

/** `permit SUBJECT to ACTION SUBJECT`, then `by`, `with` and `as`, or `list SUBJECT to ACTION TYPE`, then `over` and `gives` */
export const expectation: Layout = (children, builder, rule) =>
  group([spaced(children.slice(0, 5), builder, rule), ...said(children, 5, builder, rule)]);

/** `given context { … }`, `given now 22:00`, `given RELATION(SUBJECT, SUBJECT)` */
export const given: Layout = (children, builder, rule) => {
  const open = children.findIndex((child) => tokenOf(child)?.tokenType === OpenRound);
  if (open < 0) return spaced(children, builder, rule);
  return sequence([
    spaced(children.slice(0, open), builder, rule),
    bracketed(children.slice(open), builder, rule),
  ]);
};
