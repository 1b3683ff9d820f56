/** What each kind of token is to a reader: the one table behind every editor's colours. */
import type { TokenType } from "chevrotain";
import * as t from "../parse/tokens.ts";
import { contextualWords, reservedWords } from "../parse/words.ts";
import type { Word } from "../parse/words.ts";

export const tokenClasses = [
  "keyword",
  /** What an attribute is reached from: `principal`, `resource`, … */
  "root",
  "operator",
  "type",
  "name",
  /** `#private` */
  "class",
  "string",
  "number",
  /** `true`, `22:00`, `10.0.0.0/8` and other literals that are no numbers. */
  "literal",
  "annotation",
  "punctuation",
  "documentation",
  "comment",
  "invalid",
] as const;

export type TokenClass = (typeof tokenClasses)[number];

const operators: readonly Word[] = ["and", "or", "not", "has", "in"];
const literals: readonly Word[] = ["true", "false"];

/** What a word of the language is where it is not a name. */
export function wordClass(word: Word): TokenClass {
  if (operators.includes(word)) return "operator";
  if (literals.includes(word)) return "literal";
  return t.words[word].CATEGORIES?.includes(t.PathRoot) === true ? "root" : "keyword";
}

const bySign: readonly (readonly [TokenClass, readonly TokenType[]])[] = [
  ["documentation", [t.Doc]],
  ["comment", [t.Comment]],
  ["number", [t.Int, t.Decimal, t.Duration, t.Period]],
  ["literal", [t.Uuid, t.Instant, t.DateLiteral, t.Ipv6, t.Ipv4, t.Version3, t.Time]],
  ["string", [t.Text]],
  ["class", [t.Class]],
  ["type", [t.Type]],
  ["name", [t.Identifier]],
  ["annotation", [t.At]],
  [
    "operator",
    [
      t.EqualEqual,
      t.NotEqual,
      t.LessEqual,
      t.GreaterEqual,
      t.Less,
      t.Greater,
      t.Equal,
      t.QuestionQuestion,
      t.Question,
      t.DotDot,
      t.Minus,
      t.Plus,
    ],
  ],
  [
    "punctuation",
    [
      t.OpenBrace,
      t.CloseBrace,
      t.OpenSquare,
      t.CloseSquare,
      t.OpenRound,
      t.CloseRound,
      t.Comma,
      t.Colon,
      t.Dot,
    ],
  ],
  [
    "invalid",
    [
      t.BadSpace,
      t.BadDate,
      t.BadDate,
      t.BadNumber,
      t.BadText,
      t.BadClass,
      t.BadWord,
      t.Foreign,
      t.ForeignSign,
      t.ForeignText,
      t.ForeignComment,
      t.BadSign,
    ],
  ],
];

const classes: ReadonlyMap<TokenType, TokenClass> = new Map([
  ...bySign.flatMap(([name, types]) => types.map((type) => [type, name] as const)),
  ...[...reservedWords, ...contextualWords].map((word) => [t.words[word], wordClass(word)] as const),
]);

/** The class of a kind of token, whatever stands beside it; null for space and for kinds that no text has. */
export function classOfType(type: TokenType): TokenClass | null {
  return classes.get(type) ?? null;
}
