/** The kinds of tokens. Every text becomes tokens: what has no meaning gets a `Bad…` kind, and a finding of the lexer. */
import { createToken, Lexer } from "chevrotain";
import type { ITokenConfig, TokenType } from "chevrotain";
import { contextualWords, reservedWords } from "./words.ts";
import type { Word } from "./words.ts";

const abstract = (name: string, label: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label, pattern: Lexer.NA, categories });

/** Any word: what may stand after `.` and before `:` in braces. */
export const AnyWord = abstract("AnyWord", "a name");
/** What an author may declare: an identifier or a contextual word. */
export const Name = abstract("Name", "a name", [AnyWord]);
/** Any literal that is one token. */
export const Scalar = abstract("Scalar", "a value");
/** `==`, `<` and the like; `in` and `not in` are words. */
export const Comparison = abstract("Comparison", "a comparison");
/** A word that an attribute is reached from. */
export const PathRoot = abstract(
  "PathRoot",
  "`principal`, `resource`, `prior`, `next`, `context`, `tenant`, `clock`",
);
/** A token that has a finding already. */
export const Bad = abstract("Bad", "a mistake");

const spaces = String.raw`\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;
/** Every character outside ASCII that is no space. */
const foreign = String.raw`\u0080-\u0084\u0086-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff`;
/** What ends a word or a number: nothing that would make it longer. */
export const endOfWord = `(?![A-Za-z0-9_${foreign}])`;
const endOfNumber = String.raw`(?![A-Za-z0-9_${foreign}]|\.[0-9])`;

const token = (name: string, pattern: RegExp, label: string, more: Partial<ITokenConfig> = {}): TokenType =>
  createToken({ name, pattern, label, line_breaks: false, ...more });
const regExp = (...parts: string[]) => new RegExp(parts.join(""));
const symbol = (name: string, text: string, categories: TokenType[] = []) =>
  token(name, regExp(text.replaceAll(/[^a-z]/g, String.raw`\$&`)), `\`${text}\``, { categories });
const literal = (name: string, label: string, ...pattern: string[]) =>
  token(name, regExp(...pattern), label, { categories: [Scalar] });

export const Space = token("Space", /(?:[ \t\n]|\r\n)+/, "space", {
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const BadSpace = token("BadSpace", regExp(`[${spaces}]+`), "space", { group: "spaces" });
export const Doc = token("Doc", /\/\/\/(?!\/)(?:[^\r\n]|\r(?!\n))*/, "documentation", { group: "comments" });
export const Comment = token("Comment", /\/\/(?:[^\r\n]|\r(?!\n))*/, "a comment", { group: "comments" });

const h = "[0-9A-Fa-f]";
const group = `${h}{1,4}`;
const dotted = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const day = String.raw`\d{4}-\d\d-\d\d`;
const digits = String.raw`(?:0|[1-9]\d*(?:_\d+)*)`;
const prefix = String.raw`(?:\/\d{1,3})?`;

export const Uuid = literal("Uuid", "a UUID", `${h}{8}-${h}{4}-${h}{4}-${h}{4}-${h}{12}`, endOfWord);
export const Instant = literal(
  "Instant",
  "an instant",
  day,
  String.raw`T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)`,
  endOfWord,
);
export const DateLiteral = literal("DateLiteral", "a date", day, endOfWord);
export const Ipv6 = literal(
  "Ipv6",
  "an IPv6 address",
  // The last two groups may be written as an IPv4 address.
  `(?:(?:(?:${group}:){6}|(?:${group}(?::${group}){0,5})?::(?:${group}:){0,5})${dotted}`,
  `|(?:${group}:){7}${group}|(?:${group}(?::${group}){0,6})?::(?:${group}(?::${group}){0,6})?)`,
  prefix,
  endOfWord,
);
export const Ipv4 = literal("Ipv4", "an IPv4 address", dotted, prefix, endOfNumber);
/** A date in another form, such as `1/31/2026` or `2026-1-5`. */
export const BadDate = token(
  "BadDate",
  regExp(String.raw`(?:\d{1,4}\/\d{1,2}\/\d{1,4}|\d{4}-\d{1,2}-\d{1,2})`, endOfNumber),
  "a date",
  { categories: [Bad] },
);
export const Version3 = token("Version3", regExp(String.raw`\d+\.\d+\.\d+`, endOfNumber), "a version");
export const Time = literal("Time", "a time of day", String.raw`\d\d:\d\d`, `(?![A-Za-z0-9_:${foreign}])`);
export const Decimal = literal(
  "Decimal",
  "a decimal number",
  digits,
  String.raw`\.\d+(?:_\d+)*`,
  endOfNumber,
);
export const Period = literal("Period", "a period", digits, "(?:mo|y)", endOfWord);
export const Duration = literal("Duration", "a duration", digits, "(?:us|ms|s|m|h|d|w)", endOfWord);
export const Int = literal("Int", "a whole number", digits, endOfNumber);
const wordChar = `[A-Za-z0-9_${foreign}]`;
/** What looks like a date, an instant, a time or a number and is none, whole: one mistake is one finding. */
export const BadNumber = token(
  "BadNumber",
  regExp(
    String.raw`(?:\d{4}-\d{1,2}-\d{1,2}(?:[-:.+]?${wordChar})*`,
    String.raw`|\d{1,2}(?::\d{1,2})+(?:[:.]?${wordChar})*`,
    String.raw`|\d+(?:\.\d+)+\/\d+${wordChar}*`,
    String.raw`|\d(?:\.?${wordChar})*)`,
  ),
  "a number",
  { categories: [Bad] },
);
export const Text = literal("Text", "a string", String.raw`"(?:[^"\\\r\n]|\\[^\r\n])*"`);
export const BadText = token("BadText", /"[^\r\n]*/, "a string", { categories: [Bad] });
export const Class = token("Class", regExp("#[a-z][a-z0-9_]*", endOfWord), "a class (`#name`)");
export const BadClass = token("BadClass", regExp(`#[A-Za-z0-9_${foreign}]*`), "a class", {
  categories: [Bad],
});

export const At = symbol("At", "@");
export const DotDot = symbol("DotDot", "..");
export const Dot = symbol("Dot", ".");
export const QuestionQuestion = symbol("QuestionQuestion", "??");
export const Question = symbol("Question", "?");
export const EqualEqual = symbol("EqualEqual", "==", [Comparison]);
export const NotEqual = symbol("NotEqual", "!=", [Comparison]);
export const LessEqual = symbol("LessEqual", "<=", [Comparison]);
export const GreaterEqual = symbol("GreaterEqual", ">=", [Comparison]);
export const Less = symbol("Less", "<", [Comparison]);
export const Greater = symbol("Greater", ">", [Comparison]);
export const Equal = symbol("Equal", "=");
export const OpenBrace = symbol("OpenBrace", "{");
export const CloseBrace = symbol("CloseBrace", "}");
export const OpenSquare = symbol("OpenSquare", "[");
export const CloseSquare = symbol("CloseSquare", "]");
export const OpenRound = symbol("OpenRound", "(");
export const CloseRound = symbol("CloseRound", ")");
export const Comma = symbol("Comma", ",");
export const Colon = symbol("Colon", ":");
export const Minus = symbol("Minus", "-");
export const Plus = symbol("Plus", "+");

export const identifierPattern = `[a-z][a-z0-9_]*${endOfWord}`;
export const Identifier = token("Identifier", regExp(identifierPattern), "a name", {
  categories: [Name, AnyWord],
});
export const Type = token("Type", regExp("[A-Z][A-Za-z0-9]*", endOfWord), "a type", {
  categories: [AnyWord],
});
/** A word in another style, such as `camelCase`. */
export const BadWord = token("BadWord", regExp("[A-Za-z_][A-Za-z0-9_]*", endOfWord), "a name", {
  categories: [Bad],
});
/** A run of letters and signs of which some are not ASCII. */
export const Foreign = token("Foreign", regExp(`[A-Za-z0-9_${foreign}]+`), "a name", { categories: [Bad] });
/** Signs, quotes and comments of other languages, whole: one mistake is one finding. */
export const ForeignSign = token("ForeignSign", /===|!==|<>|=>|=<|--|[$¢£¥€₹]/, "a sign", {
  categories: [Bad],
});
export const ForeignText = token("ForeignText", /'[^'\r\n]*'/, "a string", { categories: [Bad] });
export const ForeignComment = token("ForeignComment", /\/\*[^]{0,1000}?\*\//, "a comment", {
  categories: [Bad],
  line_breaks: true,
});
export const BadSign = token("BadSign", regExp(String.raw`&&|\|\||\/\*|\*\/|[\u0000-\uFFFF]`), "a sign", {
  categories: [Bad],
});

const categoriesOf = (word: Word): TokenType[] => {
  if (word === "true" || word === "false") return [AnyWord, Scalar];
  const roots: readonly Word[] = ["principal", "resource", "prior", "next", "context", "tenant", "clock"];
  if (roots.includes(word)) return [AnyWord, PathRoot];
  return (contextualWords as readonly Word[]).includes(word) ? [Name, AnyWord] : [AnyWord];
};

/** The token of each word of the language. */
export const words = Object.fromEntries(
  [...reservedWords, ...contextualWords].map((word) => [
    word,
    createToken({
      name: `word_${word}`,
      label: `\`${word}\``,
      pattern: word,
      categories: categoriesOf(word),
      longer_alt: [Identifier, BadWord, Foreign],
    }),
  ]),
) as { readonly [W in Word]: TokenType };

// `tenants` is tried before `tenant`, which begins it.
const longestFirst = Object.values(words).toSorted((a, b) => b.name.length - a.name.length);

/** In the order in which the lexer tries them. */
export const allTokens: TokenType[] = [
  Space,
  BadSpace,
  Doc,
  Comment,
  Uuid,
  Instant,
  DateLiteral,
  Ipv6,
  Ipv4,
  BadDate,
  Version3,
  Time,
  Decimal,
  Period,
  Duration,
  Int,
  BadNumber,
  Text,
  BadText,
  Class,
  BadClass,
  At,
  DotDot,
  Dot,
  QuestionQuestion,
  Question,
  ForeignSign,
  ForeignText,
  ForeignComment,
  EqualEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equal,
  OpenBrace,
  CloseBrace,
  OpenSquare,
  CloseSquare,
  OpenRound,
  CloseRound,
  Comma,
  Colon,
  Minus,
  Plus,
  ...longestFirst,
  Type,
  Identifier,
  BadWord,
  Foreign,
  BadSign,
  AnyWord,
  Name,
  Scalar,
  Comparison,
  PathRoot,
  Bad,
];
