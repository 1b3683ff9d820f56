/** Cards of the next text that are equal to those of the last one stay the same objects, so that they are not shown anew. */
import type { CardFile } from "@wardline/language-server";

export function keepCards(before: CardFile | null, now: CardFile): CardFile {
  if (before === null) return now;
  const known = new Map(before.cards.map((card) => [JSON.stringify(card), card]));
  return {
    ...now,
    lists: JSON.stringify(before.lists) === JSON.stringify(now.lists) ? before.lists : now.lists,
    cards: now.cards.map((card) => known.get(JSON.stringify(card)) ?? card),
  };
}
