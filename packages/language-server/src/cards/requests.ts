/** The requests of cards: which file, and which edit of the text that the client sees. */
import type { TextEdit } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { CardEdit, CardFile } from "./card.ts";
import { cardsOf } from "./cards-of.ts";
import { editCard } from "./edit-card.ts";

export interface CardsParams {
  readonly file: string;
}

export interface EditCardParams {
  readonly file: string;
  /** The text that the cards were made of. An edit of another text is refused. */
  readonly text: string;
  readonly edit: CardEdit;
}

export interface EditedCard {
  readonly edits: readonly TextEdit[];
}

interface Refused {
  readonly refused: string;
}

export function answerCards(snapshot: Snapshot, { file }: CardsParams): CardFile | Refused {
  return cardsOf(snapshot, file);
}

export function answerEdit(snapshot: Snapshot, { file, text, edit }: EditCardParams): EditedCard | Refused {
  if (snapshot.text(file) !== text) return { refused: "The text has changed since the cards were shown." };
  return editCard(snapshot, file, edit);
}
