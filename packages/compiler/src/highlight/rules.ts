/** The token table as a list of patterns for one line, to be tried in order. What editors' grammars are made of. */
import type { TokenType } from "chevrotain";
import {
  allTokens,
  endOfWord,
  ForeignComment,
  Identifier,
  identifierPattern,
  Space,
  words,
} from "../parse/tokens.ts";
import type { Word } from "../parse/words.ts";
import { after, before, gap } from "./neighbours.ts";
import { classOfType, tokenClasses, wordClass } from "./token-class.ts";
import type { TokenClass } from "./token-class.ts";

/** One or two tokens beside each other. Patterns are sources of regular expressions without capturing groups. */
export interface HighlightRule {
  readonly class: TokenClass;
  readonly pattern: string;
  /** The token after it, with spaces between. */
  readonly next?: { readonly class: TokenClass; readonly pattern: string };
}

const oneOf = (list: readonly string[]) => `(?:${list.join("|")})${endOfWord}`;

/** A pattern of the table without needless escapes. */
function patternOf(type: TokenType): string {
  const { PATTERN } = type;
  if (typeof PATTERN === "string") return `${PATTERN}${endOfWord}`;
  // Line by line, a comment of another language is seen where it ends on its line.
  if (type === ForeignComment) return String.raw`/\*.*?\*/`;
  if (!(PATTERN instanceof RegExp)) throw new Error(`Invariant: ${type.name} has a pattern`);
  return PATTERN.source.replaceAll(/\\([/@:,=<>!-])(?![^[]*\])/g, "$1");
}

const afterRules = (type: TokenType): readonly HighlightRule[] =>
  after
    .filter(({ token }) => token === type)
    .map((rule) => ({
      class: classOfType(type) ?? "invalid",
      pattern: patternOf(type),
      next: {
        class: rule.class,
        pattern: rule.identifiers
          ? `(?!${oneOf(allWords.filter((word) => !rule.words.includes(word)))})${identifierPattern}`
          : oneOf(rule.words),
      },
    }));

const allWords = Object.keys(words) as readonly Word[];

/** Words that are names, then pairs that a word begins, then words by class. */
const wordRules: readonly HighlightRule[] = [
  ...before.map(({ sign, words: those }) => ({
    class: "name" as const,
    pattern: `${oneOf(those)}(?=${gap}(?:${sign}))`,
  })),
  ...Object.values(words).flatMap(afterRules),
  ...tokenClasses.flatMap((name) => {
    const those = allWords.filter((word) => wordClass(word) === name);
    return those.length === 0 ? [] : [{ class: name, pattern: oneOf(those) }];
  }),
];

/** In the order of the table; the words stand together where the first of them stands. */
export function highlightRules(): readonly HighlightRule[] {
  const isWord = new Set<TokenType>(Object.values(words));
  const firstWord = allTokens.find((type) => isWord.has(type));
  return allTokens.flatMap((type): readonly HighlightRule[] => {
    if (type === firstWord) return wordRules;
    const name = classOfType(type);
    if (isWord.has(type) || name === null || type === Space) return [];
    return [...(type === Identifier ? [] : afterRules(type)), { class: name, pattern: patternOf(type) }];
  });
}
