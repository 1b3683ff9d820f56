/** What is shown at every character of a text, to compare one way of colouring with another. */
import { classify, tokenClasses, tokenize } from "../../src/index.ts";
import type { TokenClass } from "../../src/index.ts";

/** The class at each character; null between tokens. */
export type Shown = readonly (TokenClass | null)[];

/** What the lexer makes of a text. */
export function shownByLexer(text: string): Shown {
  const shown: (TokenClass | null)[] = Array.from({ length: text.length }, () => null);
  for (const { start, end, class: name } of classify(tokenize({ name: "x", text })))
    shown.fill(name, start, end);
  return shown;
}

/** The first place where two disagree on a character of a token, as `line: text of the line, "what", expected`. */
export function difference(text: string, expected: Shown, shown: Shown): string | null {
  const at = expected.findIndex((name, index) => name !== (shown[index] ?? null));
  if (at < 0) return null;
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1).split("\n")[0] ?? "";
  const column = at - text.lastIndexOf("\n", at - 1) - 1;
  return `${line.slice(0, column)}⟪${line.slice(column)}⟫ is ${String(shown[at])}, should be ${String(expected[at])}`;
}

/** How often each class is shown. */
export function classesShown(all: readonly Shown[]): ReadonlyMap<TokenClass, number> {
  return new Map(
    tokenClasses.map((name) => [
      name,
      all.reduce(
        (sum, shown) => sum + shown.filter((one, at) => one === name && shown[at - 1] !== name).length,
        0,
      ),
    ]),
  );
}

/** Lines with their offsets, without what ends them. */
export function linesOf(text: string): readonly { readonly line: string; readonly start: number }[] {
  let start = 0;
  return text.split("\n").map((part) => {
    const line = { line: part.replace(/\r$/, ""), start };
    start += part.length + 1;
    return line;
  });
}
