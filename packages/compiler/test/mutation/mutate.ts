/** Changes of one token of a text, as a slip of the hand makes them. */
import type { Random } from "@wardline/core/testing";
import { classify, tokenize } from "../../src/index.ts";
import type { TokenClass } from "../../src/index.ts";

export const mutationKinds = ["delete", "duplicate", "swap", "same kind", "other kind", "misspell"] as const;
export type MutationKind = (typeof mutationKinds)[number];

export interface Piece {
  readonly image: string;
  readonly start: number;
  readonly end: number;
  readonly class: TokenClass;
}

/** The tokens of a text with their classes; comments are none. */
export function piecesOf(text: string): readonly Piece[] {
  const file = tokenize({ name: "pieces", text });
  const starts = new Set(file.tokens.map(({ startOffset }) => startOffset));
  return classify(file)
    .filter(({ start }) => starts.has(start))
    .map((token) => ({ ...token, image: text.slice(token.start, token.end) }));
}

/** One replaced run of a text. */
export interface Mutation {
  readonly kind: MutationKind;
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

export const apply = (text: string, { start, end, put }: Mutation): string =>
  text.slice(0, start) + put + text.slice(end);

/** A mutation of a kind at a token; null where there is none, such as a misspelling of a sign. */
export function mutate(
  text: string,
  pieces: readonly Piece[],
  index: number,
  kind: MutationKind,
  pool: readonly Piece[],
  random: Random,
): Mutation | null {
  const piece = pieces[index];
  if (piece === undefined) return null;
  const { start, end, image } = piece;
  const replace = (put: string | undefined): Mutation | null =>
    put === undefined || put === image ? null : { kind, start, end, put };
  switch (kind) {
    case "delete":
      return replace("");
    case "duplicate":
      return replace(`${image} ${image}`);
    case "swap": {
      const next = pieces[index + 1];
      if (next === undefined || next.image === image) return null;
      const between = text.slice(end, next.start);
      // A comment between them would swallow what is moved before its line's end.
      if (between.includes("//")) return null;
      return { kind, start, end: next.end, put: next.image + between + image };
    }
    case "same kind": {
      const others = pool.filter((other) => other.class === piece.class && other.image !== image);
      return others.length === 0 ? null : replace(random.pick(others).image);
    }
    case "other kind": {
      const others = pool.filter((other) => other.class !== piece.class);
      return others.length === 0 ? null : replace(random.pick(others).image);
    }
    case "misspell":
      return /^#?[A-Za-z_]{3,}$/.test(image) ? replace(misspelt(image, random)) : null;
  }
}

/** A word with one slip: two letters swapped, one dropped, doubled or struck wrong. */
function misspelt(word: string, random: Random): string {
  const at = random.between(word.startsWith("#") ? 2 : 1, word.length - 1);
  const [before, letter, after] = [word.slice(0, at), word[at] ?? "", word.slice(at + 1)];
  return random.pick([
    before.slice(0, -1) + letter + before.slice(-1) + after,
    before + after,
    before + letter + letter + after,
    before + random.pick([..."aeinorst"]) + after,
  ]);
}
