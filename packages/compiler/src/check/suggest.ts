/** Did-you-mean: the nearest of the names that would be right. */
import type { Finding, Span } from "@wardline/core";
import { distance } from "fastest-levenshtein";
import type { Name } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";

/** The most names that a help line lists. */
const listed = 8;

/** The candidate that the word is most likely to mean, or undefined if none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  // Two letters that changed places are two steps.
  const far = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let bestDistance = far + 1;
  for (const candidate of candidates) {
    // A text of another length is at least as many steps away.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const steps = candidate.toLowerCase() === lower ? 0 : distance(word, candidate);
    if (steps < bestDistance) {
      best = candidate;
      bestDistance = steps;
    }
  }
  return best;
}

/** The finding for a name that stands for nothing. The label is under the name and nothing else. */
export function unknownName(kind: string, name: Name, candidates: Iterable<string>): Finding {
  const names = [...new Set(candidates)];
  const near = nearest(name.text, names);
  const holes = { kind, name: name.text };
  if (near !== undefined)
    return finding("name/unknown", name.span, holes, {
      label: `did you mean \`${near}\`?`,
      fixes: [replaceFix(name.span, near)],
    });
  if (names.length === 0) return finding("name/unknown", name.span, holes);
  const more = names.length > listed ? ", …" : "";
  return finding("name/unknown", name.span, holes, {
    help: `known: ${names.slice(0, listed).join(", ")}${more}`,
  });
}

export function replaceFix(
  span: Span,
  text: string,
): { title: string; edits: { span: Span; text: string }[] } {
  return { title: `write \`${text}\``, edits: [{ span, text }] };
}
