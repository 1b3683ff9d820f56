/**
 * Rules, requires and asserts: the head on one line if it fits, each clause on a line of its own, clauses in one order.
 */
import type { CstElement } from "../../cst/node.ts";
import { clauseWords } from "../../parse/words.ts";
import { gap, group, hardLine, indent, sequence, softLine } from "../doc.ts";
import type { Doc } from "../doc.ts";
import { isRule, tokenOf } from "./builder.ts";
import type { Builder, Layout } from "./builder.ts";
import { commaList, filling, itemsOf, saying } from "./lists.ts";
import { spaced } from "./spaced.ts";

const order: ReadonlyMap<string, number> = new Map(clauseWords.map((word, index) => [word, index]));

function orderOf(clause: CstElement): number {
  const word = clause.kind === "node" ? tokenOf(clause.children[0])?.image : undefined;
  return order.get(word ?? "") ?? clauseWords.length;
}

/** Clauses in the order of `clauseWords`; several of one kind stay in theirs. */
export const clauses: Layout = (children, { of }) => {
  const sorted = children.toSorted((a, b) => orderOf(a) - orderOf(b));
  return indent(sorted.flatMap((clause) => [hardLine("none"), of(clause)]));
};

/** `WHO to ACTIONS TYPES [touching CLASS]`: a line may end before `to`, with the group that it stands in. */
export const reach: Layout = (children, builder) => {
  const { of } = builder;
  const [who, to, actions, types, touching, classOrName] = children;
  const targets = [actions, types].flatMap((list) => {
    const names = list?.kind === "node" ? list.children[0] : undefined;
    if (isRule(names, "names") || isRule(names, "typeNames"))
      return itemsOf(names.children, builder, "names");
    return list === undefined ? [] : [of(list)];
  });
  const rest =
    touching === undefined || classOrName === undefined
      ? []
      : [sequence([of(touching), gap, of(classOrName)])];
  return sequence([
    indent([indent([of(who as CstElement)])]),
    indent([softLine]),
    indent([indent([of(to as CstElement), gap, filling([...targets, ...rest])])]),
  ]);
};

/** `anyone [except NAMES]` or a list */
export const who: Layout = (children, builder, rule) =>
  children[0]?.kind === "token" ? spaced(children, builder, rule) : commaList(children, builder, rule);

/** `permit NAME: REACH` and its clauses */
export const rule: Layout = (children, builder, name) => {
  const [reached, all] = children.slice(-2) as [CstElement, CstElement];
  return sequence([
    group([spaced(children.slice(0, -2), builder, name), gap, builder.of(reached)]),
    builder.of(all),
  ]);
};

/** `require NAME: TERMS [for REACH]` and its clauses */
export const require: Layout = (children, builder, name) => {
  const { of } = builder;
  const terms = children[3] as CstElement;
  const scope = children.slice(4, -1);
  const target =
    scope.length === 0 ? [] : [indent([softLine]), indent([group([spaced(scope, builder, name)])])];
  const head = group([
    spaced(children.slice(0, 3), builder, name),
    gap,
    indent([indent([of(terms)])]),
    ...target,
  ]);
  return sequence([head, of(children.at(-1) as CstElement)]);
};

/** `assert NAME: never|always CLAIM`, its clauses, and `except NAMES` on a line of its own */
export const assert: Layout = (children, builder, name) => {
  const at = children.findIndex((child) => isRule(child, "clauses"));
  const head = group([spaced(children.slice(0, at), builder, name)]);
  const except = children.slice(at + 1);
  const last: Doc[] = except.length === 0 ? [] : [indent([hardLine("none"), saying(except, builder, name)])];
  return sequence([head, builder.of(children[at] as CstElement), ...last]);
};

/** `show TYPE.FIELD to WHO` */
export const shown: Layout = (children, builder, name) =>
  sequence([
    spaced(children.slice(0, 4), builder, name),
    indent([softLine]),
    indent([spaced(children.slice(4), builder, name)]),
  ]);

/** `a and b and c`: a line ends before each connective, or before none. */
export const expression: Layout = (children, builder: Builder) => {
  const [first, ...rest] = children.map(builder.of);
  if (first === undefined || rest.length === 0) return first ?? sequence([]);
  const joined: Doc[] = [];
  for (let at = 0; at < rest.length; at += 2)
    joined.push(softLine, rest[at] as Doc, gap, rest[at + 1] as Doc);
  return group([indent([first, ...joined])]);
};
