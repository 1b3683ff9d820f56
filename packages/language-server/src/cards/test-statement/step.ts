/** A part of a test: its place among the others, and what taking it out does. */
import type { Expect, TestPart } from "@wardline/compiler";
import { endBefore, tokensBetween, type Stretch } from "../condition/outer.ts";
import { endOf, type Block } from "../text/blocks.ts";
import type { Change, Splice } from "../text/change.ts";

export interface Step<Kind extends TestPart["kind"] = TestPart["kind"]> {
  readonly part: Extract<TestPart, { readonly kind: Kind }>;
  /** Of its line. */
  readonly id: string;
  readonly remove: () => Change;
}

export function stepsOf(block: Block, parts: readonly TestPart[]): readonly Step[] {
  return parts.map((part, at) => ({
    part,
    id: `step-${at}`,
    remove: () => [{ start: endBefore(block, part.span.start), end: part.span.end, text: "" }],
  }));
}

export type OneCase = Extract<Expect, { readonly kind: "one" }>;

/** `by`, `with` and `as` of an expectation, with all that belongs to each, in their order. */
export interface ClausePlace extends Stretch {
  readonly word: string;
}

export function clausesOf(block: Block, from: number, to: number): readonly ClausePlace[] {
  let depth = 0;
  const clauses: { word: string; start: number; end: number }[] = [];
  for (const cst of tokensBetween(block, from, to)) {
    const { image, startOffset } = cst.token;
    if (["(", "[", "{"].includes(image)) depth += 1;
    if ([")", "]", "}"].includes(image)) depth -= 1;
    const last = clauses.at(-1);
    if (depth === 0 && ["by", "with", "as"].includes(image))
      clauses.push({ word: image, start: startOffset, end: endOf(cst) });
    else if (last !== undefined) last.end = endOf(cst);
  }
  return clauses;
}

/** Takes a clause out together with the space before it. */
export const without = (block: Block, clause: ClausePlace): Splice => ({
  start: endBefore(block, clause.start),
  end: clause.end,
  text: "",
});
