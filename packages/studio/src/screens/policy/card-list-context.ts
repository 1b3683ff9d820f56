/** What every part of a card needs: the lists of options, how to edit, and whether it may be edited at all. */
import type { Card, Option } from "@wardline/language-server";
import { createContext, useContext } from "react";
import type { EditCards } from "./use-cards.ts";

export interface CardList {
  /** Those of now, whenever they are read. */
  readonly lists: Readonly<Record<string, readonly Option[]>>;
  readonly edit: EditCards;
  /** Whether the cards are those of the text as it is now. */
  readonly isCurrent: () => boolean;
  /** The findings of a card as they are now, by its id: their places move with the text. */
  readonly findingsOf: (card: string) => Card["findings"];
  /** Read only: words instead of pickers. */
  readonly readOnly: boolean;
}

export const CardListContext = createContext<CardList | null>(null);

export function useCardList(): CardList {
  const list = useContext(CardListContext);
  if (list === null) throw new Error("a card stands outside of its list");
  return list;
}

export function optionsIn({ lists }: CardList, name: string): readonly Option[] {
  return lists[name] ?? [];
}
