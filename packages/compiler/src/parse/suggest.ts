/** Did you mean: the nearest of some words. */
import { distance } from "fastest-levenshtein";

/** The candidate that a word is most likely a misspelling of, or null. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = word.length <= 2 ? 0 : word.length <= 4 ? 1 : 2;
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = steps(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance && d < candidate.length) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best === word ? null : best;
}

/** How many letters to add, drop, replace or swap with the next one; a swap is counted where it is the only step. */
function steps(word: string, candidate: string): number {
  const at = [...word].findIndex((letter, index) => letter !== candidate[index]);
  const swapped = word.slice(0, at) + (word[at + 1] ?? "") + (word[at] ?? "") + word.slice(at + 2);
  return at >= 0 && swapped === candidate ? 1 : distance(word, candidate);
}
