/** What edits of a group of conditions do to its text, at any depth: its parentheses stay as long as they are needed. */
import type { Expression } from "@wardline/compiler";
import type { Block } from "../text/blocks.ts";
import type { Change, Splice } from "../text/change.ts";
import { outerOf, tokensBetween } from "./outer.ts";

export type Joined = Extract<Expression, { readonly kind: "and" | "or" }>;

/** Turns a group into its opposite. `member`: the group, or the `not` before it. */
export function negateGroup(block: Block, member: Expression, group: Joined): Change {
  const outer = outerOf(block, member);
  if (member.kind === "not")
    return [{ start: member.span.start, end: outerOf(block, group).start, text: "" }];
  const [open, close] = outer.start < group.span.start ? ["not ", ""] : ["not (", ")"];
  return [
    { start: outer.start, end: outer.start, text: open },
    { start: outer.end, end: outer.end, text: close },
  ];
}

/** Another connective between all members. */
export function regroup(block: Block, group: Joined, word: "and" | "or"): Change {
  return group.of.slice(1).flatMap((member, at): readonly Splice[] => {
    const from = outerOf(block, group.of[at] as Expression).end;
    const [connective] = tokensBetween(block, from, outerOf(block, member).start);
    if (connective === undefined) return [];
    const start = connective.token.startOffset;
    return [{ start, end: start + connective.token.image.length, text: word }];
  });
}

/** Takes a condition out, with the connective at its side. */
export function removeMember(block: Block, group: Joined, at: number): Change {
  const own = outerOf(block, group.of[at] as Expression);
  const before = group.of[at - 1];
  if (before !== undefined) return [{ start: outerOf(block, before).end, end: own.end, text: "" }];
  const after = group.of[at + 1];
  const end = after === undefined ? own.end : outerOf(block, after).start;
  return [{ start: own.start, end, text: "" }];
}

/** Of two conditions one is left: the group and its parentheses go. */
export function keepOther(block: Block, group: Joined, at: number): Change {
  const kept = outerOf(block, group.of[1 - at] as Expression);
  const whole = outerOf(block, group);
  return [
    { start: whole.start, end: kept.start, text: "" },
    { start: kept.end, end: whole.end, text: "" },
  ].filter(({ start, end }) => end > start);
}
