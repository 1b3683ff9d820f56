/**
 * Where a word of the language is a name. Only what stands beside it on its own line counts, so that a grammar
 * that reads line by line can tell the same.
 */
import type { TokenType } from "chevrotain";
import { At, Colon, Comma, Dot, OpenRound, OpenSquare, words } from "../parse/tokens.ts";
import { contextualWords, reservedWords } from "../parse/words.ts";
import type { Word } from "../parse/words.ts";
import type { TokenClass } from "./token-class.ts";

/** After one of these tokens, some words are of another class. */
export interface After {
  readonly token: TokenType;
  readonly words: readonly Word[];
  readonly class: TokenClass;
  /** Whether identifiers are of that class too. */
  readonly identifiers: boolean;
}

const any: readonly Word[] = [...reservedWords, ...contextualWords];
const but = (...others: readonly Word[]) => contextualWords.filter((word) => !others.includes(word));

export const after: readonly After[] = [
  { token: At, words: contextualWords, class: "annotation", identifiers: true },
  { token: Dot, words: any, class: "name", identifiers: false },
  { token: Comma, words: contextualWords, class: "name", identifiers: false },
  { token: OpenRound, words: contextualWords, class: "name", identifiers: false },
  { token: OpenSquare, words: contextualWords, class: "name", identifiers: false },
  // `features: off`, but `never: never permit` and `shown: class`
  { token: Colon, words: but("never", "always", "class"), class: "name", identifiers: false },
  // `to list Book`, but `to tenants`
  { token: words.to, words: but("tenants"), class: "name", identifiers: false },
];

/** Before one of these signs, as regular expressions, some words are names. */
export interface Before {
  readonly sign: string;
  readonly words: readonly Word[];
}

export const before: readonly Before[] = [
  // `::` begins an address.
  { sign: ":(?!:)", words: any },
  { sign: String.raw`[,()\].<>]|==|!=|\?\?`, words: contextualWords },
  // `let list = …`, but `parameter shown: class = …`
  { sign: "=", words: but("class") },
];

/** What may stand between neighbours. */
export const gap = String.raw`[ \t]*`;
