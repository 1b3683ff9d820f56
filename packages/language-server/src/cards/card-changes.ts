/** Cards of a text as what changed since those of an earlier one, so that one key does not send a whole policy. Both sides share it. */
import type { Finding, Fix, Span } from "@wardline/core";
import type { Card, CardFile, ListName, NewCard, Option } from "./card.ts";

/** Some cards in the order of the text. */
export type CardStep =
  /** So many of before, from the one at `from` on, each `by` characters further behind. */
  | { readonly kind: "kept"; readonly from: number; readonly count: number; readonly by: number }
  | { readonly kind: "cards"; readonly cards: readonly Card[] };

export interface CardChanges extends Pick<CardFile, "file" | "kind"> {
  readonly steps: readonly CardStep[];
  /** New and other lists. */
  readonly lists: CardFile["lists"];
  /** Lists that are not there any more. */
  readonly gone: readonly ListName[];
  /** Null: as before. */
  readonly newCards: readonly NewCard[] | null;
}

/** What makes `now` of `before`: {@link changedCards} gives back an equal file. */
export function changesOfCards(before: CardFile, now: CardFile): CardChanges {
  const { file, kind } = now;
  const steps: CardStep[] = [];
  const places = placesOf(before.cards);
  let at = 0;
  for (const [index, card] of now.cards.entries()) {
    const alike = places.get(keyOf(card)) ?? [];
    const from = alike.find((place) => place >= at) ?? alike[0] ?? -1;
    const earlier = before.cards[from];
    const by = earlier === undefined ? 0 : card.span.start - earlier.span.start;
    const last = steps.at(-1);
    if (earlier === undefined || !isSame(movedCard(earlier, index, by), card)) {
      if (last?.kind === "cards") steps.splice(-1, 1, { kind: "cards", cards: [...last.cards, card] });
      else steps.push({ kind: "cards", cards: [card] });
      continue;
    }
    if (last?.kind === "kept" && last.from + last.count === from && last.by === by)
      steps.splice(-1, 1, { ...last, count: last.count + 1 });
    else steps.push({ kind: "kept", from, count: 1, by });
    at = from + 1;
  }
  const lists = Object.entries(now.lists).filter(([name, options]) => !sameJson(before.lists[name], options));
  return {
    file,
    kind,
    steps,
    lists: Object.fromEntries(lists),
    gone: Object.keys(before.lists).filter((name) => !Object.hasOwn(now.lists, name)),
    newCards: sameJson(before.newCards, now.newCards) ? null : now.newCards,
  };
}

/** The cards that the changes make of those of before. What stayed is the same object. */
export function changedCards(before: CardFile, { file, kind, ...changes }: CardChanges): CardFile {
  const cards: Card[] = [];
  for (const step of changes.steps) {
    if (step.kind === "cards") cards.push(...step.cards);
    else
      for (const card of before.cards.slice(step.from, step.from + step.count))
        cards.push(movedCard(card, cards.length, step.by));
  }
  const isOther = changes.gone.length > 0 || Object.keys(changes.lists).length > 0;
  const left = Object.entries(before.lists).filter(([name]) => !changes.gone.includes(name));
  const lists: Readonly<Record<ListName, readonly Option[]>> = isOther
    ? { ...Object.fromEntries(left), ...changes.lists }
    : before.lists;
  return { file, kind, cards, lists, newCards: changes.newCards ?? before.newCards };
}

/** Kind and words of a card → where such cards stand, in order. */
function placesOf(cards: readonly Card[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, card] of cards.entries()) {
    const key = keyOf(card);
    const known = places.get(key);
    if (known === undefined) places.set(key, [index]);
    else known.push(index);
  }
  return places;
}

const keyOf = ({ kind, text }: Card) => `${kind} ${text}`;

/** A card at another place of the list and of the text. */
function movedCard(card: Card, index: number, by: number): Card {
  const id = card.id.replace(/^\d+/, String(index));
  if (by === 0) return id === card.id ? card : { ...card, id };
  const { file } = card.span;
  const move = (span: Span): Span =>
    span.file === file ? { ...span, start: span.start + by, end: span.end + by } : span;
  return {
    ...card,
    id,
    span: move(card.span),
    statement: move(card.statement),
    findings: card.findings.map((finding) => movedFinding(finding, move)),
  };
}

function movedFinding(finding: Finding, move: (span: Span) => Span): Finding {
  const [first, ...others] = finding.labels;
  const fix = (one: Fix): Fix => ({
    ...one,
    edits: one.edits.map((edit) => ({ ...edit, span: move(edit.span) })),
  });
  return {
    ...finding,
    labels: [
      { ...first, span: move(first.span) },
      ...others.map((label) => ({ ...label, span: move(label.span) })),
    ],
    fixes: finding.fixes.map(fix),
  };
}

/** Contents that are kept are the same objects, which need not be compared. */
function isSame(one: Card, other: Card): boolean {
  const keys = Object.keys(other) as (keyof Card)[];
  return keys.every((key) => sameJson(one[key], other[key]));
}

const sameJson = (one: unknown, other: unknown) =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
