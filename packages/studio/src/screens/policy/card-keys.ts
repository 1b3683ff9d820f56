/** Names of cards that last from one text to the next, as far as they can: ids of cards hold for one text only. */
import type { Card } from "@wardline/language-server";

type Named = Pick<Card, "kind" | "name">;

/** Cards of the text before, each with its key. */
export type KeyedCards = readonly { readonly card: Named; readonly key: string }[];

/** The key of each card, by what the card is and is called, and by which of those it is. One that is renamed keeps its key. */
export function cardKeys(cards: readonly Named[], before: KeyedCards): readonly string[] {
  const known = new Map(callings(before.map(({ card }) => card)).map((name, at) => [name, at]));
  const names = callings(cards);
  const keys = names.map((name) => before[known.get(name) ?? -1]?.key);
  const renamed = keys.indexOf(undefined);
  const left = before.findIndex(({ key }) => !keys.includes(key));
  const isRename =
    cards.length === before.length &&
    left !== -1 &&
    renamed === keys.lastIndexOf(undefined) &&
    before[left]?.card.kind === cards[renamed]?.kind;
  if (isRename) keys[renamed] = before[left]?.key;
  const taken = new Set(keys);
  return keys.map((key, at) => {
    if (key !== undefined) return key;
    let fresh = names[at] as string;
    while (taken.has(fresh)) fresh += "'";
    taken.add(fresh);
    return fresh;
  });
}

function callings(cards: readonly Named[]): readonly string[] {
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
