/** An edit of a card as edits of the text, or why it is not done. Pure, and never throws on any text. */
import type { TextEdit } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import { buildCard, type BuiltCard } from "./build-card.ts";
import type { CardEdit, EditResult } from "./card.ts";
import { cardContext, isTrusted, type CardContext } from "./card-context.ts";
import { whyNot } from "./cards-of.ts";
import { blocksOf, type Block } from "./text/blocks.ts";
import { editsOfChange, formatPiece, isRefused, refuse, type Change, type Refused } from "./text/change.ts";
import { setDocumentation } from "./whole/documentation.ts";
import { insertAfter, removeBlock, swapBlocks } from "./whole/move-card.ts";
import { newStatement } from "./whole/new-card.ts";
import { newError, verify, type Meant } from "./whole/verify.ts";

/** Answers an edit: what it makes of the text has no error that the text had not before. */
export function editCard(snapshot: Snapshot, file: string, edit: CardEdit): EditResult {
  const planned = planEdit(snapshot, file, edit);
  if (isRefused(planned) || planned.edits.length === 0) return planned;
  const error = newError(snapshot, file, planned.edits);
  if (error === null) return planned;
  const cure = error.help === undefined ? "" : ` ${sentence(error.help)}`;
  return refuse(`${sentence(error.message)}${cure}`);
}

/** `what is wrong` → `What is wrong.` */
function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** The edits of the text alone: they parse and change nothing else, but may not be right. */
export function planEdit(snapshot: Snapshot, file: string, edit: CardEdit): EditResult {
  const ctx = cardContext(snapshot, file);
  if (ctx === null) return refuse(whyNot(snapshot, file));
  if (ctx.role.kind === "model") return refuse("The model is not edited by cards. Edit it as text.");
  if (ctx.blocks.header === null)
    return refuse("The first line of the text does not say what it is. Mend it first.");
  const planned = planOf(ctx, edit);
  if (isRefused(planned)) return planned;
  const [edits, meant] = planned;
  if (edits.length === 0) return { edits };
  return verify(ctx.blocks, edits, meant, isTrusted(ctx.role)) ?? { edits };
}

type Planned = readonly [readonly TextEdit[], Meant] | Refused;

function planOf(ctx: CardContext, edit: CardEdit): Planned {
  switch (edit.kind) {
    case "addCard": {
      const text = newStatement(ctx, edit.card, edit.choice, edit.name);
      return typeof text === "string" ? addedAfter(ctx, edit.after, text) : text;
    }
    case "addText": {
      const text = statementIn(edit.text);
      return typeof text === "string" ? addedAfter(ctx, edit.after, text) : text;
    }
    case "set":
    case "add":
    case "remove":
    case "negate":
    case "group":
    case "removeCard":
    case "moveCard":
    case "rename":
    case "document":
      return onCard(ctx, edit);
  }
}

/** A statement that was written elsewhere, formatted. */
function statementIn(text: string): string | Refused {
  const formatted = formatPiece(text.trim());
  const { blocks, errors } = blocksOf({ name: "text", text: `policy x for y\n\n${text.trim()}\n` }, false);
  if (formatted === null || errors.length > 0) return refuse("This text is no statement of the language.");
  return blocks.length === 1 ? formatted : refuse("Give one statement at a time.");
}

function addedAfter(ctx: CardContext, after: string | null, text: string): Planned {
  const block = after === null ? null : blockNamed(ctx, after);
  if (block === undefined) return refuse(stale);
  const edits = insertAfter(ctx.blocks, block, formatPiece(text) ?? text);
  return [edits, { kind: "add", index: (block?.index ?? -1) + 1 }];
}

const stale = "The text has changed since this card was shown.";

function blockNamed(ctx: CardContext, id: string): Block | undefined {
  const block = ctx.blocks.blocks[Number.parseInt(id, 10)];
  return block !== undefined && buildCard(ctx, block).id === id ? block : undefined;
}

type OnCard = Exclude<CardEdit, { readonly kind: "addCard" | "addText" }>;

function onCard(ctx: CardContext, edit: OnCard): Planned {
  const block = ctx.blocks.blocks[Number.parseInt(edit.card, 10)];
  if (block === undefined) return refuse(stale);
  const built = buildCard(ctx, block);
  if (built.id !== edit.card) return refuse(stale);
  if (block.statement === null) return refuse(`${built.locked ?? ""} Mend it as text.`);
  switch (edit.kind) {
    case "removeCard":
      return [removeBlock(ctx.blocks, block), { kind: "remove", index: block.index }];
    case "moveCard": {
      const edits = swapBlocks(ctx.blocks, block, edit.to);
      const index = edit.to === "up" ? block.index - 1 : block.index;
      return isRefused(edits) ? edits : [edits, { kind: "swap", index }];
    }
    case "document":
      return changed(ctx, block, setDocumentation(block, ctx.text, edit.text));
    case "rename":
      return refuse("Rename it in the text.");
    case "set":
    case "add":
    case "remove":
    case "negate":
    case "group":
      return changed(ctx, block, changeOf(built, edit));
  }
}

type InCard = Extract<CardEdit, { readonly kind: "set" | "add" | "remove" | "negate" | "group" }>;

function changeOf({ draft, locked }: BuiltCard, edit: InCard): Change {
  if (locked !== null) return refuse(`This card is locked. ${locked} Edit it as text.`);
  switch (edit.kind) {
    case "set":
      return draft.set(edit.slot, edit.value);
    case "add":
      return draft.add(edit.addition, edit.choice);
    case "remove":
      return draft.remove(edit.part);
    case "negate":
      return draft.negate(edit.part);
    case "group":
      return draft.regroup(edit.part, edit.of);
  }
}

function changed(ctx: CardContext, block: Block, change: Change): Planned {
  if (isRefused(change)) return change;
  return [editsOfChange(ctx.blocks, block, change), { kind: "change", index: block.index }];
}
