/** What the layout of a rule works with: its children, and how each is laid out. */
import type { IToken } from "chevrotain";
import type { CstElement, CstNode, CstToken } from "../../cst/node.ts";
import type { RuleName } from "../../parse/grammar/rule-names.ts";
import type { Doc, Note } from "../doc.ts";

export interface Builder {
  /** The layout of a child. */
  readonly of: (element: CstElement) => Doc;
  /** A closing bracket without the comments before it, and these: they stand inside the brackets. */
  readonly closing: (bracket: CstElement) => { readonly bracket: Doc; readonly notes: readonly Note[] };
}

export type Layout = (children: readonly CstElement[], builder: Builder, rule: RuleName) => Doc;

/** The token that an element is, or null if it is a node. */
export const tokenOf = (element: CstElement | undefined): IToken | null =>
  element?.kind === "token" ? element.token : null;

/** Whether an element is what a rule took. */
export const isRule = (element: CstElement | undefined, rule: RuleName): element is CstNode =>
  element?.kind === "node" && element.rule === rule;

/** The first token in an element; null in one that took nothing. */
export function firstToken(element: CstElement): CstToken | null {
  let inner = element;
  while (inner.kind === "node") {
    const child = inner.children.find((one) => one.kind === "token" || one.children.length > 0);
    if (child === undefined) return null;
    inner = child;
  }
  return inner;
}

/** The last token in an element; null in one that took nothing. */
export function lastToken(element: CstElement): CstToken | null {
  let inner = element;
  while (inner.kind === "node") {
    const child = inner.children.findLast((one) => one.kind === "token" || one.children.length > 0);
    if (child === undefined) return null;
    inner = child;
  }
  return inner;
}

/** Passes through rules that took one thing alone. Clauses are laid out as such also where there is one. */
export function innermost(element: CstElement): CstElement {
  let inner = element;
  while (inner.kind === "node" && inner.rule !== "clauses") {
    const [only] = inner.children;
    if (only === undefined || inner.children.length > 1) return inner;
    inner = only;
  }
  return inner;
}
