/** Names of the language and lists of them as a sentence has them: what cards, screens and explanations say alike. */

/** `mfa_age` → `mfa age`. */
export function plain(name: string): string {
  return name.replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function withArticle(noun: string): string {
  return `${/^(?!us|uni|eu|one)[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function andText(words: readonly string[]): string {
  return listed(words, "and");
}

/** `a`, `a or b`, `a, b or c`. */
export function orText(words: readonly string[]): string {
  return listed(words, "or");
}

/** With the word before the last one. */
export function listed(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
