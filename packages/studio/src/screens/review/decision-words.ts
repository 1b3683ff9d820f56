/** What is left to say of a decision beside its outcome: by what rules, and on what terms. */
import type { ReviewedChange } from "@wardline/language-server";

type Decision = NonNullable<ReviewedChange["before"]>;

const reasons: readonly (readonly [string, string])[] = [
  ["deny as not_granted", "nothing grants it"],
  ["deny as forbidden", "forbidden"],
  ["deny as", "refused as"],
  ["permit", ""],
  ["challenge", ""],
];

/** `by north/desk`, `nothing grants it`, `forbidden by platform/lost_stays`. */
export function decisionWords({ text }: Pick<Decision, "text">): string {
  const [begins, word] = reasons.find(([start]) => text.startsWith(start)) ?? ["", ""];
  return `${word}${text.slice(begins.length)}`.trim();
}
