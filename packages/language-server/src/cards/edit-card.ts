/** An edit of a card as edits of the text, or why it is not done. Pure, and never throws on any text. */
import { applyEdits, formatText, type Statement } from "@wardline/compiler";
import type { TextEdit } from "@wardline/core";
import { rename } from "../navigate/rename.ts";
import { capital } from "../plain-words.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { buildCard, canRename, kindOf, nameOf, type BuiltCard } from "./build-card.ts";
import type { CardEdit, EditResult } from "./card.ts";
import { cardContext, isTrusted, type CardContext } from "./card-context.ts";
import { whyNot } from "./cards-of.ts";
import { blocksOf, type Block, type BlockFile } from "./text/blocks.ts";
import {
  editBetween,
  editsOfChange,
  formatPiece,
  isRefused,
  refuse,
  type Change,
  type Refused,
} from "./text/change.ts";
import { nameText } from "./condition/value.ts";
import { copyOf } from "./whole/copy-card.ts";
import { setDocumentation } from "./whole/documentation.ts";
import { ownName } from "./whole/own-name.ts";
import { insertAfter, removeBlock, swapBlocks } from "./whole/move-card.ts";
import { newStatement } from "./whole/new-card.ts";
import { newError, verify, type Meant } from "./whole/verify.ts";

/** Answers an edit: what it makes of the text has no error that the text had not before. */
export function editCard(snapshot: Snapshot, file: string, asked: CardEdit): EditResult {
  const edit = renameOf(snapshot, file, asked);
  const planned = edit.kind === "rename" ? renamed(snapshot, file, edit) : planEdit(snapshot, file, edit);
  if (isRefused(planned) || planned.edits.length === 0) return planned;
  const error = newError(snapshot, file, planned.edits);
  if (error === null) return planned;
  if (error.code === "type/unguarded" && asksFirst(snapshot, file, edit))
    return refuse(
      "Another condition of this card reads what this one asks for first. Change or remove that condition, then this one.",
    );
  const cure = error.help === undefined ? "" : ` ${sentence(error.help)}`;
  return refuse(`${sentence(error.message)}${cure}`);
}

/** A name that is set in a sentence is another one wherever it stands. */
function renameOf(snapshot: Snapshot, file: string, edit: CardEdit): CardEdit {
  if (edit.kind !== "set" || edit.slot !== ownName || typeof edit.value !== "string") return edit;
  const ctx = cardContext(snapshot, file);
  const block = ctx === null ? undefined : blockNamed(ctx, edit.card);
  const named = block?.statement?.kind;
  const isOther =
    block?.statement !== null && block?.statement !== undefined && nameOf(block.statement) !== edit.value;
  return isOther && (named === "role" || named === "let")
    ? { kind: "rename", card: edit.card, name: edit.value }
    : edit;
}

/** Whether an edit is of a line that says that something is given. */
function asksFirst(snapshot: Snapshot, file: string, edit: CardEdit): boolean {
  if (edit.kind !== "set" && edit.kind !== "remove" && edit.kind !== "negate") return false;
  const ctx = cardContext(snapshot, file);
  const block = ctx === null ? undefined : blockNamed(ctx, edit.card);
  if (ctx === null || block === undefined) return false;
  const { parts } = buildCard(ctx, block).draft;
  const line = parts.find(({ id, segments }) =>
    edit.kind === "set"
      ? segments.some((one) => one.kind === "slot" && one.id === edit.slot)
      : id === edit.part,
  );
  return line?.segments.some((one) => one.kind === "slot" && one.value === "has") ?? false;
}

/** `what is wrong` → `What is wrong.` */
function sentence(text: string): string {
  const first = capital(text);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

type PlannedEdit = Exclude<CardEdit, { readonly kind: "rename" }>;

/** The edits of the text alone: they parse and change nothing else, but may not be right. */
function planEdit(snapshot: Snapshot, file: string, edit: PlannedEdit): EditResult {
  const ctx = cardContext(snapshot, file);
  if (ctx === null) return refuse(whyNot(snapshot, file));
  const planned = planIn(ctx, edit);
  return isRefused(planned) ? planned : { edits: planned.edits };
}

/** The same in a context that is there already, with the blocks of what comes of it. */
export function planIn(
  ctx: CardContext,
  edit: PlannedEdit,
): { readonly edits: readonly TextEdit[]; readonly after: BlockFile } | Refused {
  if (ctx.role.kind === "model") return refuse("The model is not edited by cards. Edit it as text.");
  if (ctx.blocks.header === null)
    return refuse("The first line of the text does not say what it is. Mend it first.");
  const planned = planOf(ctx, edit);
  if (isRefused(planned)) return planned;
  const [edits, meant] = planned;
  if (edits.length === 0) return { edits, after: ctx.blocks };
  const after = verify(ctx.blocks, edits, meant, isTrusted(ctx.role));
  return isRefused(after) ? after : { edits, after };
}

type Planned = readonly [readonly TextEdit[], Meant] | Refused;

function planOf(ctx: CardContext, edit: PlannedEdit): Planned {
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
    case "copyCard":
    case "removeCard":
    case "moveCard":
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

type OnCard = Exclude<PlannedEdit, { readonly kind: "addCard" | "addText" }>;

function onCard(ctx: CardContext, edit: OnCard): Planned {
  const block = ctx.blocks.blocks[Number.parseInt(edit.card, 10)];
  if (block === undefined) return refuse(stale);
  const built = buildCard(ctx, block);
  if (built.id !== edit.card) return refuse(stale);
  if (block.statement === null) return refuse(`${built.locked ?? ""} Mend it as text.`);
  switch (edit.kind) {
    case "copyCard": {
      const text = copyOf(ctx, block);
      return typeof text === "string" ? addedAfter(ctx, edit.card, text) : text;
    }
    case "removeCard":
      return [removeBlock(ctx.blocks, block), { kind: "remove", index: block.index }];
    case "moveCard": {
      const edits = swapBlocks(ctx.blocks, block, edit.to);
      const index = edit.to === "up" ? block.index - 1 : block.index;
      return isRefused(edits) ? edits : [edits, { kind: "swap", index }];
    }
    case "document":
      return changed(ctx, block, setDocumentation(block, ctx.text, edit.text));
    case "set":
    case "add":
    case "remove":
    case "negate":
    case "group":
      return changed(ctx, block, changeOf(built, edit));
  }
}

/** A rename goes through all files, and looks itself whether anything else is changed by it. */
function renamed(
  snapshot: Snapshot,
  file: string,
  { card, name }: Extract<CardEdit, { readonly kind: "rename" }>,
): EditResult {
  const ctx = cardContext(snapshot, file);
  if (ctx === null) return refuse(whyNot(snapshot, file));
  const block = blockNamed(ctx, card);
  if (block === undefined) return refuse(stale);
  const at = block.statement === null ? null : namePlace(block.statement);
  if (at === null) return refuse("This card has no name of its own.");
  const wrong = nameText(name);
  if (typeof wrong !== "string") return wrong;
  const result = rename(snapshot, file, at, name);
  return isRefused(result)
    ? refuse(sentence(result.refused))
    : { edits: keptFormatted(snapshot, result.edits) };
}

function namePlace(statement: Statement): number | null {
  if (statement.kind === "role")
    return statement.names.length === 1 ? (statement.names[0]?.span.start ?? null) : null;
  return canRename.has(kindOf(statement)) && "name" in statement ? statement.name.span.start : null;
}

/** A longer name may break a line: a file that was formatted stays so. */
function keptFormatted(snapshot: Snapshot, edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...new Set(edits.map(({ span }) => span.file))].flatMap((name) => {
    const own = edits.filter(({ span }) => span.file === name);
    const before = snapshot.text(name) ?? "";
    const after = applyEdits(before, own);
    const formatted = wholeFormatted(name, before) === before ? wholeFormatted(name, after) : after;
    return formatted === null || formatted === after ? own : editBetween(name, 0, before, formatted);
  });
}

function wholeFormatted(name: string, text: string): string | null {
  const formatted = formatText({ name, text });
  return "text" in formatted ? formatted.text : null;
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
