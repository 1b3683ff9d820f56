/** Names of cards that last from one text to the next, as far as they can: ids of cards hold for one text only. */
import type { Card } from "@wardline/language-server";

/** The key of each card, by what the card is and is called, and by which of those it is. */
export function cardKeys(cards: readonly Card[]): readonly string[] {
  const counts = new Map<string, number>();
  return cards.map(({ kind, name }) => {
    const base = `${kind} ${name ?? ""}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    return count === 1 ? base : `${base} ${count}`;
  });
}

/** The place of the card at an offset of the text, of the last that begins before it and does not end before it; -1 without. */
export function cardAt(cards: readonly Card[], offset: number): number {
  return cards.findLastIndex(({ span }) => span.start <= offset && offset <= span.end);
}
