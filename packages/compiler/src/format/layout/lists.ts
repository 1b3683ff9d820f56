/** Lists between commas, what stands in brackets, and blocks of parts that each have a line of their own. */
import type { CstElement } from "../../cst/node.ts";
import type { RuleName } from "../../parse/grammar/rule-names.ts";
import { Comma } from "../../parse/tokens.ts";
import { fillLine, gap, group, hardLine, indent, notes, sequence, softBreak, softLine } from "../doc.ts";
import type { Doc, Line } from "../doc.ts";
import { innermost, isRule, tokenOf } from "./builder.ts";
import type { Builder, Layout } from "./builder.ts";
import { spaced } from "./spaced.ts";

/** What stands between commas, each item with the comma after it. */
export function itemsOf(children: readonly CstElement[], builder: Builder, rule: RuleName): Doc[] {
  const items: Doc[] = [];
  let run: CstElement[] = [];
  for (const child of children) {
    run.push(child);
    if (tokenOf(child)?.tokenType !== Comma) continue;
    items.push(spaced(run, builder, rule));
    run = [];
  }
  if (run.length > 0) items.push(spaced(run, builder, rule));
  return items;
}

/** Parts with the same line between them. */
export function joined(docs: readonly Doc[], line: Line): Doc[] {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [line, doc]));
}

/** As many items on a line as fit; each on a line of its own where comments stand between them. */
export function filled(items: readonly Doc[]): Doc {
  const commented = sequence(items).mustBreak;
  return group(joined(items, commented ? softLine : fillLine));
}

/** As many items on a line as fit, comments or not. */
export const filling = (items: readonly Doc[]): Doc => group(joined(items, fillLine));

/** `a, b, c` */
export const commaList: Layout = (children, builder, rule) => filled(itemsOf(children, builder, rule));

/** A word and what it says. A list that goes on on the next line stands further in than the word. */
export function saying(children: readonly CstElement[], builder: Builder, rule: RuleName): Doc {
  const [word, list] = children;
  const isList = isRule(list, "names") || isRule(list, "typeNames") || isRule(list, "terms");
  if (word === undefined || list === undefined || !isList) return spaced(children, builder, rule);
  return sequence([builder.of(word), gap, indent([builder.of(list)])]);
}

interface Brackets {
  /** What stands inside the brackets where all is on one line. */
  readonly edge: Line;
  /** Of a list that does not fit each item has a line of its own if one of them is wider; else the lines are filled. */
  readonly widest: number;
}

function inBrackets(
  children: readonly CstElement[],
  builder: Builder,
  rule: RuleName,
  { edge, widest }: Brackets,
): Doc {
  const open = builder.of(children[0] as CstElement);
  const { bracket, notes: last } = builder.closing(children.at(-1) as CstElement);
  const within = children.slice(1, -1);
  const [only] = within;
  const items = isRule(only, "names")
    ? itemsOf(only.children, builder, "names")
    : itemsOf(within, builder, rule);
  const [item] = items;
  if (item === undefined && last.length === 0)
    return edge.flat === " " ? sequence([open, gap, bracket]) : sequence([open, bracket]);
  const isList =
    rule === "args" && within.length === 1 && only !== undefined && isRule(innermost(only), "list");
  // `f([a, b])`: the brackets of the list are enough.
  if (isList && item !== undefined && last.length === 0 && !item.below && !item.ended)
    return sequence([open, item, bracket]);
  const content = items.some(({ width }) => width > widest)
    ? joined(items, softLine)
    : items.length > 0
      ? [filled(items)]
      : [];
  const end = last.length > 0 ? [...(items.length > 0 ? [softLine] : []), notes(last)] : [];
  return group([open, indent([edge, ...content, ...end]), edge, bracket]);
}

/** `(a, b)` and `[a, b]` */
export const bracketed: Layout = (children, builder, rule) =>
  inBrackets(children, builder, rule, { edge: softBreak, widest: 30 });

/** `{ a, b }` */
export const bracedNames: Layout = (children, builder, rule) =>
  inBrackets(children, builder, rule, { edge: softLine, widest: Infinity });

/** `{ a: 1, b: 2 }` */
export const braced: Layout = (children, builder, rule) =>
  inBrackets(children, builder, rule, { edge: softLine, widest: 0 });

/** `{`, each part on a line of its own, `}`. `size` is how many children make a part. */
export function block(children: readonly CstElement[], builder: Builder, rule: RuleName, size: number): Doc {
  const open = builder.of(children[0] as CstElement);
  const { bracket, notes: last } = builder.closing(children.at(-1) as CstElement);
  const within = children.slice(1, -1);
  const parts: Doc[] = [];
  for (let at = 0; at < within.length; at += size)
    parts.push(spaced(within.slice(at, at + size), builder, rule));
  if (last.length > 0) parts.push(notes(last));
  if (parts.length === 0) return sequence([open, gap, bracket]);
  const lines = parts.flatMap((part, index) => [hardLine(index === 0 ? "later" : "all"), part]);
  return sequence([open, indent(lines), hardLine("none"), bracket]);
}
