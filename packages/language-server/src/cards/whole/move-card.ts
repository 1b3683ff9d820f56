/** Putting statements into a file, taking them out, and changing their places: what stands between them stays. */
import type { TextEdit } from "@wardline/core";
import type { Block, BlockFile } from "../text/blocks.ts";
import { spanIn } from "../text/blocks.ts";
import { refuse, type Refused } from "../text/change.ts";

const lineEndOf = (text: string) => (text.includes("\r\n") ? "\r\n" : "\n");

/** Puts a statement behind a block, or before the first one; a blank line stands between. */
export function insertAfter(
  { source, headerEnd, blocks }: BlockFile,
  after: Block | null,
  statement: string,
): readonly TextEdit[] {
  const at = after?.to ?? headerEnd;
  const [first] = blocks;
  const close = after === null && first !== undefined && !source.text.slice(at, first.from).includes("\n");
  const text = `\n\n${statement}${close ? "\n\n" : ""}`.replaceAll("\n", lineEndOf(source.text));
  return [{ span: spanIn(source.name, at, at), text }];
}

/** Takes a block out. The blank lines on one of its sides go with it. */
export function removeBlock({ source, blocks, headerEnd }: BlockFile, block: Block): readonly TextEdit[] {
  const { text } = source;
  const before = blocks[block.index - 1]?.to ?? headerEnd;
  const lead = /\s*$/.exec(text.slice(before, block.from))?.[0] ?? "";
  const after = /^\s*/.exec(text.slice(block.to))?.[0] ?? "";
  const isLast = block.to + after.length === text.length;
  const span = isLast
    ? spanIn(source.name, block.from - lead.length, block.to)
    : spanIn(source.name, block.from, block.to + after.length);
  // Two statements on one line were kept apart by what goes.
  const apart = isLast || lead !== "" || block.from === 0 ? "" : after;
  return [{ span, text: apart }];
}

/** Lets a block and the one before or after it change places. */
export function swapBlocks(
  { source, blocks }: BlockFile,
  block: Block,
  to: "up" | "down",
): readonly TextEdit[] | Refused {
  const other = blocks[block.index + (to === "up" ? -1 : 1)];
  if (other === undefined)
    return refuse(to === "up" ? "This is the first card already." : "This is the last card already.");
  if (other.statement === null) return refuse("The text beside this card has a mistake. Mend it first.");
  const [first, second] = to === "up" ? [other, block] : [block, other];
  const between = source.text.slice(first.to, second.from);
  if (!between.includes("\n"))
    return refuse("Both cards stand on one line of the text. Format the text first.");
  const [one, two] = [source.text.slice(first.from, first.to), source.text.slice(second.from, second.to)];
  return [
    { span: spanIn(source.name, first.from, first.to), text: two },
    { span: spanIn(source.name, second.from, second.to), text: one },
  ];
}
