/** A file as cards. Never throws on any text, and changes nothing. */
import type { Finding } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import { canRename, headings, idOf, type BuiltCard } from "./build-card.ts";
import type { Card, CardFile } from "./card.ts";
import { cardContext, type CardContext } from "./card-context.ts";
import { contentsOf, type CardContent } from "./kept-contents.ts";
import { isDocumentation, spanIn, type Block } from "./text/blocks.ts";
import { sentenceOf } from "./text/draft.ts";
import { documentationOf } from "./whole/documentation.ts";
import { canCopy } from "./whole/copy-card.ts";
import { newCardsOf } from "./whole/new-card.ts";

/** The cards of a file; refused where there is no such file, or no model that can be read. */
export function cardsOf(snapshot: Snapshot, file: string): CardFile | { readonly refused: string } {
  const ctx = cardContext(snapshot, file);
  if (ctx === null) return { refused: whyNot(snapshot, file) };
  const tooLong = ctx.blocks.errors.find(({ code }) => code === "limit/text");
  if (tooLong !== undefined)
    return { refused: `${tooLong.message.charAt(0).toUpperCase()}${tooLong.message.slice(1)}.` };
  const contents = contentsOf(ctx, contentOf);
  const findings = findingsByBlock(ctx, snapshot.findings());
  const cards = ctx.blocks.blocks.map((block, index): Card => {
    const content = contents[index] as CardContent;
    return {
      id: idOf(block, content),
      ...content,
      span: spanIn(file, block.from, block.to),
      statement: spanIn(file, block.start, block.end),
      findings: findings.get(block) ?? [],
      can: abilitiesOf(ctx, block, content),
    };
  });
  const newCards = newCardsOf(ctx);
  return { file, kind: ctx.role.kind, cards, lists: Object.fromEntries(ctx.lists), newCards };
}

export function whyNot(snapshot: Snapshot, file: string): string {
  if (snapshot.roleOf(file) === undefined) return `The project has no file \`${file}\`.`;
  return "The model has mistakes, and cards are made of its words. Mend the model first.";
}

function contentOf({ text }: CardContext, built: BuiltCard): CardContent {
  const { block, draft, kind, name } = built;
  const comments = block.comments.filter(
    (comment) => !isDocumentation(comment.text) || comment.start >= block.start,
  );
  return {
    kind,
    name,
    heading: headings[kind],
    summary:
      built.locked === null ? sentenceOf(draft.parts) : headings[kind] + (name === null ? "" : ` ${name}`),
    text: text.slice(block.from, block.to),
    documentation: documentationText(built),
    locked: built.locked === null ? null : { reason: built.locked },
    comments: comments.map((comment) => comment.text.replace(/^\/+ ?/, "").trimEnd()),
    parts: draft.parts,
    additions: draft.additions,
  };
}

/** The findings of each block, in the order in which they were found. */
function findingsByBlock(
  { file, blocks: { blocks } }: CardContext,
  findings: readonly Finding[],
): ReadonlyMap<Block, readonly Finding[]> {
  const own = findings.filter(({ labels: [{ span }] }) => span.file === file);
  const byBlock = new Map<Block, Finding[]>();
  for (const finding of own) {
    const block = lastUpTo(blocks, finding.labels[0].span.start);
    if (block === undefined || finding.labels[0].span.start >= block.to) continue;
    const known = byBlock.get(block);
    if (known === undefined) byBlock.set(block, [finding]);
    else known.push(finding);
  }
  return byBlock;
}

/** The last block that begins at an offset or before it. Blocks stand in the order of the text. */
function lastUpTo(blocks: readonly Block[], offset: number): Block | undefined {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as Block).from <= offset) low = middle + 1;
    else high = middle;
  }
  return blocks[low - 1];
}

const documentationText = ({ block }: BuiltCard): string | null => {
  const lines = documentationOf(block).map(({ text }) => text.slice(3).replace(/^ /, "").trimEnd());
  return lines.length === 0 ? null : lines.join("\n");
};

function abilitiesOf(
  { role, blocks, hasHeader }: CardContext,
  { index }: Block,
  { kind, name }: CardContent,
): Card["can"] {
  const open = role.kind !== "model" && kind !== "damaged" && hasHeader;
  const beside = (by: number) => open && (blocks.blocks[index + by]?.statement ?? null) !== null;
  return {
    remove: open,
    moveUp: beside(-1),
    moveDown: beside(1),
    rename: open && canRename.has(kind) && name?.includes(",") === false,
    document: open,
    copy: open && canCopy.has(kind) && !(kind === "role" && name?.includes(",") === true),
  };
}
