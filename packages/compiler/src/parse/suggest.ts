/** Did you mean: the nearest of some words. */
import { distance } from "fastest-levenshtein";

/** The candidate that a word is most likely a misspelling of, or null. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = word.length <= 2 ? 0 : word.length <= 4 ? 1 : 2;
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance && d < candidate.length) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best === word ? null : best;
}
