/** A statement once more, under a name of its own: its documentation and what stands in it come along, the comments above it do not. */
import type { Statement } from "@wardline/compiler";
import { canRename } from "../build-card.ts";
import type { CardContext } from "../card-context.ts";
import type { CardKind } from "../card.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Refused } from "../text/change.ts";
import { documentationOf } from "./documentation.ts";
import { declaredNames, freshName, freshTitleNumber } from "./fresh-name.ts";

/** The kinds of cards of which a file may have several that say the same. */
export const canCopy: ReadonlySet<CardKind> = new Set([...canRename, "parameter", "test"] as const);

/** The text of a copy. */
export function copyOf(ctx: CardContext, block: Block): string | Refused {
  const { statement } = block;
  const called = statement === null ? null : callingOf(ctx, statement);
  if (called === null) return refuse("A file has such a card once. Change this one.");
  const { start, end, text } = called;
  const lines = documentationOf(block).map((line) => line.text);
  const copy = ctx.text.slice(block.start, start) + text + ctx.text.slice(end, block.end);
  return [...lines, copy].join("\n");
}

/** Where a statement is called what, and what its copy is called. */
function callingOf(
  ctx: CardContext,
  statement: Statement,
): { readonly start: number; readonly end: number; readonly text: string } | null {
  if (statement.kind === "test") {
    const { start, end } = statement.titleSpan;
    const written = ctx.text.slice(start, end);
    return { start, end, text: `${written.slice(0, -1)} ${freshTitleNumber(ctx, statement.title)}"` };
  }
  // Of several in one statement none is the one that a copy is called after.
  const [name, ...others] = declaredNames(statement);
  return name === undefined || others.length > 0 ? null : { ...name.span, text: freshName(ctx, name.text) };
}
