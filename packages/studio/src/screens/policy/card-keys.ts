/** Names of cards that last from one text to the next, as far as they can: ids of cards hold for one text only. */
import type { Card } from "@wardline/language-server";

/** Card id → key, by what the card is and is called, and by which of those it is. */
export function cardKeys(cards: readonly Card[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    cards.map(({ id, kind, name }) => {
      const base = `${kind} ${name ?? ""}`;
      const count = (counts.get(base) ?? 0) + 1;
      counts.set(base, count);
      return [id, count === 1 ? base : `${base} ${count}`];
    }),
  );
}

/** The card at a place of the text: the last that begins before it and does not end before it. */
export function cardAt(cards: readonly Card[], offset: number): Card | undefined {
  return cards.findLast(({ span }) => span.start <= offset && offset <= span.end);
}
