/** The contract of cards, held against one edit of one text. Each broken promise is a sentence. */
import { applyEdits, formatText, type Statement } from "@wardline/compiler";
import { withTexts } from "@wardline/compiler/project";
import type { TextEdit } from "@wardline/core";
import type { Picker, SlotValue } from "../../src/cards/card.ts";
import { snapshotOf, type Snapshot } from "../../src/index.ts";
import { buildCard } from "../../src/cards/build-card.ts";
import { cardContext, type CardContext } from "../../src/cards/card-context.ts";
import { planIn } from "../../src/cards/edit-card.ts";
import { blocksOf, type BlockFile } from "../../src/cards/text/blocks.ts";
import { editsOfChange, isRefused } from "../../src/cards/text/change.ts";
import type { RandomEdit } from "./random-edits.ts";
import { isSlot } from "./slots.ts";
import type { EditedText } from "./texts.ts";

export function openText({ project, file }: EditedText, text: string): Snapshot {
  return snapshotOf(withTexts(project, new Map([[file, text]])));
}

export interface Kept {
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

export type Outcome =
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "done"; readonly text: string; readonly edits: readonly TextEdit[] }
  | { readonly kind: "broken"; readonly promise: string };

const broken = (promise: string): Outcome => ({ kind: "broken", promise });

/** Carries out an edit and looks at what became of the text. */
export function holdEdit(ctx: CardContext, edit: RandomEdit, stable: boolean): Outcome {
  const result = planIn(ctx, edit);
  if ("refused" in result) {
    return /[.!?]$/.test(result.refused)
      ? { kind: "refused", reason: result.refused }
      : broken(`"${result.refused}" is no sentence`);
  }
  const { edits, after } = result;
  const text = applyEdits(ctx.text, edits);
  const promise =
    (after.source.text === text ? null : "the edits make another text") ??
    othersKept(ctx.blocks, after, edit, edits) ??
    commentsKept(ctx, after, edit) ??
    (applyEdits(text, inverse(ctx.text, edits)) === ctx.text
      ? null
      : "the inverse edits do not give the text back") ??
    (stable && !isFormatted(text) ? "a formatted text is not formatted any more" : null);
  return promise === null ? { kind: "done", text, edits } : broken(promise);
}

export function isFormatted(text: string): boolean {
  const done = formatText({ name: "text", text });
  return "text" in done && done.text === text;
}

/** The edits that undo others. */
export function inverse(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  let shift = 0;
  return edits.map(({ span, text: put }) => {
    const start = span.start + shift;
    shift += put.length - (span.end - span.start);
    return {
      span: { file: span.file, start, end: start + put.length },
      text: text.slice(span.start, span.end),
    };
  });
}

const textsOf = ({ source, blocks }: BlockFile) =>
  blocks.map(({ start, end }) => source.text.slice(start, end));

function othersKept(
  before: BlockFile,
  after: BlockFile,
  edit: RandomEdit,
  edits: readonly TextEdit[],
): string | null {
  const [old, now] = [textsOf(before), textsOf(after)];
  if (after.errors.length > before.errors.length)
    return `the text has a new mistake: ${after.errors[0]?.message}`;
  if (after.header === null) return "the header is lost";
  if (edit.kind === "addCard" || edit.kind === "addText" || edit.kind === "copyCard") {
    const at = now.findIndex((text, index) => text !== old[index]);
    return JSON.stringify(now.toSpliced(at, 1)) === JSON.stringify(old)
      ? null
      : "another statement is changed by an added one";
  }
  const index = Number.parseInt(edit.card, 10);
  if (edit.kind === "removeCard")
    return JSON.stringify(now) === JSON.stringify(old.toSpliced(index, 1))
      ? null
      : "another statement is changed by a removed one";
  if (edit.kind === "moveCard") {
    const other = edit.to === "up" ? index - 1 : index + 1;
    const swapped = old.with(index, old[other] as string).with(other, old[index] as string);
    return JSON.stringify(now) === JSON.stringify(swapped) ? null : "statements are not in their new order";
  }
  const { from, to } = before.blocks[index] as BlockFile["blocks"][number];
  if (edits.some(({ span }) => span.start < from || span.end > to))
    return "bytes outside of the edited statement are changed";
  return JSON.stringify(now.toSpliced(index, 1)) === JSON.stringify(old.toSpliced(index, 1))
    ? null
    : "another statement is changed";
}

const commentsOf = ({ comments }: BlockFile) => comments.map(({ text }) => text.trimEnd()).toSorted();

function commentsKept(ctx: CardContext, after: BlockFile, edit: RandomEdit): string | null {
  const [old, now] = [commentsOf(ctx.blocks), commentsOf(after)];
  if (edit.kind === "addText" || edit.kind === "document") return null;
  if (edit.kind === "copyCard") {
    const more = now.slice();
    const lost = old.some((text) => !more.includes(text) || more.splice(more.indexOf(text), 1).length === 0);
    return lost ? "a comment is lost or changed" : null;
  }
  if (edit.kind !== "removeCard")
    return JSON.stringify(old) === JSON.stringify(now) ? null : "a comment is lost or changed";
  const { comments } = ctx.blocks.blocks[Number.parseInt(edit.card, 10)] as BlockFile["blocks"][number];
  const own = comments.map(({ text }) => text.trimEnd());
  const left = old.slice();
  for (const text of own) left.splice(left.indexOf(text), 1);
  return JSON.stringify(left) === JSON.stringify(now) ? null : "a comment of another statement is lost";
}

/** Setting each slot to its own value gives no edit; written anew it gives the same tree. */
export function holdSlots(ctx: CardContext, index: number): string | null {
  const block = ctx.blocks.blocks[index];
  if (block === undefined || block.statement === null) return null;
  const { draft, locked } = buildCard(ctx, block);
  if (locked !== null) return locked.endsWith(".") ? null : `"${locked}" is no sentence`;
  const slots = draft.parts.flatMap(({ segments }) => segments.filter(isSlot));
  const ids = new Set(slots.map(({ id }) => id));
  if (ids.size < slots.length) return "two slots have one id";
  if (new Set(draft.parts.map(({ id }) => id)).size < draft.parts.length) return "two parts have one id";
  for (const { id, value, shown, picker } of slots) {
    if (shown.trim() === "") return `the slot ${id} shows nothing`;
    const same = draft.set(id, value);
    if (isRefused(same) || same.length > 0) return `the slot ${id} set to its own value is an edit`;
    if (id.endsWith(".operator") || id.endsWith(".fact") || id.endsWith(".how")) continue;
    const anew = draft.set(id, value, true);
    // A text may name what the model has not, or hold what is out of bounds: that is the checker's to say.
    if (isRefused(anew) && !isOffered(ctx, picker, value)) continue;
    if (isRefused(anew))
      return `the slot ${id} refuses its own value ${JSON.stringify(value)}: ${anew.refused}`;
    const text = applyEdits(ctx.text, editsOfChange(ctx.blocks, block, anew));
    const after = blocksOf({ name: ctx.file, text }, true).blocks[index]?.statement;
    if (treeOf(after) !== treeOf(block.statement)) return `the slot ${id} written anew is another tree`;
  }
  return null;
}

function isOffered(ctx: CardContext, picker: Picker, value: SlotValue): boolean {
  if (picker.kind === "number" || picker.kind === "duration") return false;
  if (picker.kind === "list" && value.length < picker.least) return false;
  const options = "options" in picker ? picker.options : null;
  if (options === null) return true;
  const known = new Set(["anyone", ...(ctx.lists.get(options) ?? []).map(({ id }) => id)]);
  return [value].flat().every((name) => known.has(name));
}

/** A tree without its places. */
function treeOf(statement: Statement | null | undefined): string {
  return JSON.stringify(statement, (key, value: unknown) =>
    key === "span" || key.endsWith("Span") ? undefined : value,
  );
}

export function contextOf(edited: EditedText, text: string): CardContext | null {
  return cardContext(openText(edited, text), edited.file);
}
