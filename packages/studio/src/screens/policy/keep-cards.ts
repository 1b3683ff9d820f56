/**
 * The cards of the next text beside those of the last one. What is shown of a card is known by its key, and stays the same
 * object as long as it reads the same and offers the same, wherever its text has moved to: it is not shown anew.
 */
import type { Card, CardEdit, CardFile, CardsAnswer } from "@wardline/language-server";
import { changedCards } from "@wardline/language-server/card-changes";
import { cardKeys } from "./card-keys.ts";

/** A card as it is shown: its id is its key, which lasts from text to text. It does not say where it stands. */
export type ShownCard = Omit<Card, "span" | "statement">;

export interface CardsNow {
  readonly file: string;
  /** The text that the cards are of. */
  readonly text: string;
  /** The name of the answer that they are from. */
  readonly made: number;
  /** As the language server calls them, with their places in the text. */
  readonly cards: CardFile;
  /** The same in the same order, as they are shown. */
  readonly shown: readonly ShownCard[];
}

/** Null where the answer counts on cards that are not there: it is to be asked for all. */
export function cardsNow(before: CardsNow | null, answer: CardsAnswer, text: string): CardsNow | null {
  const cards = allOf(before, answer);
  if (cards === null) return null;
  const known = before?.file === cards.file ? before : null;
  const places = new Map(known?.shown.map((card, place) => [card.id, place]));
  const keys = cardKeys(cards.cards, known?.shown.map((card) => ({ card, key: card.id })) ?? []);
  const shown = cards.cards.map((card, place): ShownCard => {
    const key = keys[place] as string;
    const at = places.get(key);
    const [earlier, asShown] = at === undefined ? [] : [known?.cards.cards[at], known?.shown[at]];
    if (earlier !== undefined && asShown !== undefined && isShownSo(asShown, card)) return asShown;
    const { span: _, statement: __, ...rest } = card;
    return { ...rest, id: key };
  });
  const isAsBefore =
    known?.shown.length === shown.length && shown.every((card, place) => card === known.shown[place]);
  return { file: cards.file, text, made: answer.made, cards, shown: isAsBefore ? known.shown : shown };
}

function allOf(before: CardsNow | null, answer: CardsAnswer): CardFile | null {
  if ("all" in answer) return answer.all;
  return before?.made === answer.since ? changedCards(before.cards, answer.changes) : null;
}

/** An edit of cards as they are shown in the words of the language server; null where a card is not there any more. */
export function editOf({ shown, cards }: CardsNow, edit: CardEdit): CardEdit | null {
  const idOf = (key: string) => cards.cards[shown.findIndex(({ id }) => id === key)]?.id ?? null;
  if ("card" in edit && edit.kind !== "addCard") {
    const card = idOf(edit.card);
    return card === null ? null : { ...edit, card };
  }
  if (!("after" in edit) || edit.after === null) return edit;
  const after = idOf(edit.after);
  return after === null ? null : { ...edit, after };
}

/** Whether a card would be shown as it is. Contents that did not change are mostly the same objects. */
function isShownSo(shown: ShownCard, card: Card): boolean {
  if (shown === card) return true;
  const { id: _, findings, ...content } = shown;
  const keys = Object.keys(content) as (keyof typeof content)[];
  return (
    keys.every((key) => isSame(content[key], card[key])) &&
    isSame(findings.map(wordsOf), card.findings.map(wordsOf))
  );
}

/** A finding without places, which its fixes are looked up by when they are carried out. */
const wordsOf = ({ code, severity, message, note, help, fixes }: Card["findings"][number]) => [
  code,
  severity,
  message,
  note,
  help,
  fixes.map(({ title }) => title),
];

const isSame = (one: unknown, other: unknown) =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
