/** Texts made of signs that stand for themselves: who wrote each of them is known wherever it turns up. */

export type Writer = "me" | "they";

let last = 0;

/** A sign that nobody has written before. */
export function freshToken(writer: Writer): string {
  last += 1;
  return `${writer}-${last};`;
}

export function tokensOf(text: string | undefined | null): readonly string[] {
  return (text ?? "").match(/(?:me|they)-\d+;/g) ?? [];
}

/** What the second text has not got, and what it has besides. */
export function changeOf(
  before: string | undefined,
  after: string | undefined,
): { readonly vanished: readonly string[]; readonly appeared: readonly string[] } {
  const [one, other] = [new Set(tokensOf(before)), new Set(tokensOf(after))];
  return {
    vanished: [...one].filter((token) => !other.has(token)),
    appeared: [...other].filter((token) => !one.has(token)),
  };
}
