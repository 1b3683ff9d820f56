/** A statement once more, under a name of its own: its documentation and what stands in it come along, the comments above it do not. */
import type { Statement } from "@wardline/compiler";
import type { CardContext } from "../card-context.ts";
import type { CardKind } from "../card.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Refused } from "../text/change.ts";
import { documentationOf } from "./documentation.ts";
import { freshName, freshTitleNumber } from "./fresh-name.ts";

/** The kinds of cards of which a file may have several that say the same. */
export const canCopy: ReadonlySet<CardKind> = new Set([
  "permit",
  "forbid",
  "require",
  "ceiling",
  "floor",
  "share",
  "assert",
  "role",
  "let",
  "parameter",
  "test",
] as const);

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
  switch (statement.kind) {
    case "test": {
      const { start, end } = statement.titleSpan;
      const written = ctx.text.slice(start, end);
      return { start, end, text: `${written.slice(0, -1)} ${freshTitleNumber(ctx, statement.title)}"` };
    }
    case "role": {
      const [name] = statement.names;
      return name === undefined || statement.names.length > 1
        ? null
        : { ...name.span, text: freshName(ctx, name.text) };
    }
    case "permit":
    case "forbid":
    case "require":
    case "ceiling":
    case "floor":
    case "share":
    case "assert":
    case "let":
    case "parameter":
      return { ...statement.name.span, text: freshName(ctx, statement.name.text) };
    case "settings":
    case "use":
    case "enum":
    case "facts":
    case "entity":
    case "principal":
    case "delegate":
    case "evidence":
    case "relation":
    case "action":
    case "group":
      return null;
  }
}
