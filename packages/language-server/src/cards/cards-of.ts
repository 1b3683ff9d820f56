/** A file as cards. Never throws on any text, and changes nothing. */
import type { Finding } from "@wardline/core";
import type { FileRole, Snapshot } from "../workspace/snapshot.ts";
import { buildCard, canRename, headings, type BuiltCard } from "./build-card.ts";
import type { Card, CardFile } from "./card.ts";
import { cardContext, type CardContext } from "./card-context.ts";
import { isDocumentation, spanIn } from "./text/blocks.ts";
import { sentenceOf } from "./text/draft.ts";
import { documentationOf } from "./whole/documentation.ts";
import { newCardsOf } from "./whole/new-card.ts";

/** The cards of a file; refused where there is no such file, or no model that can be read. */
export function cardsOf(snapshot: Snapshot, file: string): CardFile | { readonly refused: string } {
  const ctx = cardContext(snapshot, file);
  if (ctx === null) return { refused: whyNot(snapshot, file) };
  const tooLong = ctx.blocks.errors.find(({ code }) => code === "limit/text");
  if (tooLong !== undefined)
    return { refused: `${tooLong.message.charAt(0).toUpperCase()}${tooLong.message.slice(1)}.` };
  const findings = snapshot.findings().filter(({ labels: [{ span }] }) => span.file === file);
  const cards = ctx.blocks.blocks.map((block) => cardOf(ctx, buildCard(ctx, block), findings));
  const newCards = newCardsOf(ctx);
  return { file, kind: ctx.role.kind, cards, lists: Object.fromEntries(ctx.lists), newCards };
}

export function whyNot(snapshot: Snapshot, file: string): string {
  if (snapshot.roleOf(file) === undefined) return `The project has no file \`${file}\`.`;
  return "The model has mistakes, and cards are made of its words. Mend the model first.";
}

function cardOf(ctx: CardContext, built: BuiltCard, findings: readonly Finding[]): Card {
  const { block, draft, kind, name, id } = built;
  const { file, text } = ctx;
  const comments = block.comments.filter(
    (comment) => !isDocumentation(comment.text) || comment.start >= block.start,
  );
  const written = text.slice(block.from, block.to);
  return {
    id,
    kind,
    name,
    heading: headings[kind],
    summary:
      built.locked === null ? sentenceOf(draft.parts) : headings[kind] + (name === null ? "" : ` ${name}`),
    span: spanIn(file, block.from, block.to),
    statement: spanIn(file, block.start, block.end),
    text: written,
    documentation: documentationText(built),
    locked: built.locked === null ? null : { reason: built.locked },
    comments: comments.map((comment) => comment.text.replace(/^\/+ ?/, "").trimEnd()),
    parts: draft.parts,
    additions: draft.additions,
    findings: findings.filter(({ labels: [{ span }] }) => span.start >= block.from && span.start < block.to),
    can: abilitiesOf(ctx.role, ctx, built),
  };
}

const documentationText = ({ block }: BuiltCard): string | null => {
  const lines = documentationOf(block).map(({ text }) => text.slice(3).replace(/^ /, "").trimEnd());
  return lines.length === 0 ? null : lines.join("\n");
};

function abilitiesOf(role: FileRole, { blocks }: CardContext, { block, kind, name }: BuiltCard): Card["can"] {
  const open = role.kind !== "model" && kind !== "damaged" && blocks.header !== null;
  const beside = (by: number) => open && (blocks.blocks[block.index + by]?.statement ?? null) !== null;
  return {
    remove: open,
    moveUp: beside(-1),
    moveDown: beside(1),
    rename: open && canRename.has(kind) && name?.includes(",") === false,
    document: open,
  };
}
