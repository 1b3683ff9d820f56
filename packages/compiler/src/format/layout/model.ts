/** What a model declares, and the statements that are mostly lists of names. */
import type { CstElement } from "../../cst/node.ts";
import type { RuleName } from "../../parse/grammar/rule-names.ts";
import { OpenBrace, words } from "../../parse/tokens.ts";
import { fillLine, gap, group, indent, sequence, softLine } from "../doc.ts";
import type { Doc } from "../doc.ts";
import { isRule, tokenOf } from "./builder.ts";
import type { Builder, Layout } from "./builder.ts";
import { block, bracedNames, filled, itemsOf } from "./lists.ts";
import { spaced } from "./spaced.ts";

/** `KEYWORD NAMES REST`: a line may end before the rest. */
function namesThen(children: readonly CstElement[], builder: Builder, rule: RuleName): Doc {
  const [keyword, names, ...rest] = children;
  const head = sequence([
    builder.of(keyword as CstElement),
    gap,
    indent([indent([builder.of(names as CstElement)])]),
  ]);
  if (rest.length === 0) return head;
  return group([head, indent([softLine]), indent([spaced(rest, builder, rule)])]);
}

export const role: Layout = namesThen;
export const delegate: Layout = namesThen;
export const action: Layout = namesThen;

/** `group NAME = NAMES` */
export const nameGroup: Layout = (children, builder, rule) =>
  sequence([
    spaced(children.slice(0, 3), builder, rule),
    gap,
    indent(children.slice(3).map((child) => builder.of(child))),
  ]);

/** `evidence NAME from FACTS` */
export const evidence: Layout = (children, builder, rule) =>
  sequence([
    spaced(children.slice(0, 3), builder, rule),
    gap,
    indent([filled(itemsOf(children.slice(3), builder, rule))]),
  ]);

/** `enum TYPE { NAMES }` */
export const enumeration: Layout = (children, builder, rule) =>
  sequence([spaced(children.slice(0, 2), builder, rule), gap, bracedNames(children.slice(2), builder, rule)]);

/** `entity TYPE [shared] [in PARENTS] [stored in TABLE] FIELDS`: lines may end before `in` and `stored in`. */
export const entity: Layout = (children, builder, rule) => {
  const fields = children.at(-1) as CstElement;
  const start = children.findIndex((child) => tokenOf(child)?.tokenType === words.in);
  const storage = children.findIndex((child) => isRule(child, "storage"));
  const end = storage < 0 ? children.length - 1 : storage;
  const parts: Doc[] = [spaced(children.slice(0, start < 0 ? end : start), builder, rule)];
  if (start >= 0) {
    const parents = filled(itemsOf(children.slice(start + 1, end), builder, rule));
    parts.push(
      indent([indent([softLine, builder.of(children[start] as CstElement), gap, indent([parents])])]),
    );
  }
  if (storage >= 0) parts.push(indent([indent([softLine, builder.of(children[storage] as CstElement)])]));
  return sequence([group(parts), gap, builder.of(fields)]);
};

/** `NAME: TYPE MODIFIERS` */
export const field: Layout = (children, builder, rule) => {
  const modifiers = children.slice(3).map((child) => [fillLine, builder.of(child)]);
  return group([spaced(children.slice(0, 3), builder, rule), indent(modifiers.flat())]);
};

/** A block of fields, or of the parts of a test */
export const fields: Layout = (children, builder, rule) => block(children, builder, rule, 1);

/** `settings { KEY: VALUE … }`, `use NAME VERSION { KEY: VALUE … }` */
export const entries: Layout = (children, builder, rule) => {
  const open = children.findIndex((child) => tokenOf(child)?.tokenType === OpenBrace);
  if (open < 0) return spaced(children, builder, rule);
  return sequence([
    spaced(children.slice(0, open), builder, rule),
    gap,
    block(children.slice(open), builder, rule, 3),
  ]);
};
