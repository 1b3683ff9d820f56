/** The requests of cards: which file, and which edit of the text that the client sees. */
import type { TextEdit } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { CardEdit, CardFile } from "./card.ts";
import { changesOfCards, type CardChanges } from "./card-changes.ts";
import { cardsOf } from "./cards-of.ts";
import { editCard } from "./edit-card.ts";
import { isRefused, type Refused } from "./text/change.ts";

export interface CardsParams {
  readonly file: string;
  /** The `made` of an answer whose cards the client still has: the answer may then be what changed since. */
  readonly known?: number;
}

/** All cards of a file, or what makes them of those that the client named. `made` names the answer, in this process alone. */
export type CardsAnswer = { readonly made: number } & (
  | { readonly all: CardFile }
  | { readonly since: number; readonly changes: CardChanges }
);

export interface EditCardParams {
  readonly file: string;
  /** The text that the cards were made of. An edit of another text is refused. */
  readonly text: string;
  readonly edit: CardEdit;
}

export interface EditedCard {
  readonly edits: readonly TextEdit[];
}

/** The last answers, the newest last: a client asks for one file at a time. */
const given: { readonly made: number; readonly all: CardFile }[] = [];
const mostGiven = 4;
let made = 0;

export function answerCards(snapshot: Snapshot, { file, known }: CardsParams): CardsAnswer | Refused {
  const all = cardsOf(snapshot, file);
  if (isRefused(all)) return all;
  const before = given.find((answer) => answer.made === known && answer.all.file === file);
  made += 1;
  given.push({ made, all });
  if (given.length > mostGiven) given.shift();
  return before === undefined
    ? { made, all }
    : { made, since: before.made, changes: changesOfCards(before.all, all) };
}

export function answerEdit(snapshot: Snapshot, { file, text, edit }: EditCardParams): EditedCard | Refused {
  if (!isEdit(edit)) return { refused: "This is no edit of a card." };
  if (snapshot.text(file) !== text) return { refused: "The text has changed since the cards were shown." };
  return editCard(snapshot, file, edit);
}

const isText = (value: unknown) => typeof value === "string";
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isValue = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText));

/** What each kind of edit holds. A client may send anything. */
const shapes: { readonly [Kind in CardEdit["kind"]]: Readonly<Record<string, (value: unknown) => boolean>> } =
  {
    set: { card: isText, slot: isText, value: isValue },
    add: { card: isText, addition: isText, choice: isTextOrNull },
    remove: { card: isText, part: isText },
    negate: { card: isText, part: isText },
    group: { card: isText, part: isText, of: (of) => of === "all" || of === "any" },
    addCard: { after: isTextOrNull, card: isText, choice: isTextOrNull, name: isTextOrNull },
    addText: { after: isTextOrNull, text: isText },
    copyCard: { card: isText },
    removeCard: { card: isText },
    moveCard: { card: isText, to: (to) => to === "up" || to === "down" },
    rename: { card: isText, name: isText },
    document: { card: isText, text: isText },
  };

function isEdit(edit: unknown): edit is CardEdit {
  if (typeof edit !== "object" || edit === null) return false;
  const kind: unknown = Reflect.get(edit, "kind");
  if (typeof kind !== "string" || !Object.hasOwn(shapes, kind)) return false;
  const shape = shapes[kind as CardEdit["kind"]];
  return Object.entries(shape).every(([key, fits]) => fits(Reflect.get(edit, key)));
}
