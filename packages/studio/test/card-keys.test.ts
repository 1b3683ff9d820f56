import { expect, test } from "vitest";
import { cardKeys, type KeyedCards } from "../src/screens/policy/card-keys.ts";

type Named = KeyedCards[number]["card"];

const permit = (name: string): Named => ({ kind: "permit", name });
const keyed = (cards: readonly Named[], before: KeyedCards = []): KeyedCards =>
  cardKeys(cards, before).map((key, at) => ({ card: cards[at] as Named, key }));
const keysOf = (cards: KeyedCards) => cards.map(({ key }) => key);

test("a card keeps its key where it is moved, and where it is renamed", () => {
  const first = keyed([permit("a"), permit("b"), permit("c")]);
  const [a, b, c] = keysOf(first);
  const moved = keyed([permit("b"), permit("a"), permit("c")], first);
  expect(keysOf(moved)).toEqual([b, a, c]);
  const renamed = keyed([permit("b"), permit("z"), permit("c")], moved);
  expect(keysOf(renamed)).toEqual([b, a, c]);
  expect(keysOf(keyed([permit("b"), permit("a"), permit("c")], renamed))).toEqual([b, a, c]);
});

test("no two cards have one key, whatever came, went and was renamed", () => {
  const renamed = keyed([permit("b")], keyed([permit("a")]));
  const both = keyed([permit("b"), permit("a"), permit("a"), { kind: "settings", name: null }], renamed);
  expect(new Set(keysOf(both)).size).toBe(4);
  expect(both[0]?.key).toBe(renamed[0]?.key);
  const other = keyed([{ kind: "forbid", name: "c" }], renamed);
  expect(other[0]?.key).not.toBe(renamed[0]?.key);
});
