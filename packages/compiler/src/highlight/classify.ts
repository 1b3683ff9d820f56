/** The class of every token of a text, comments among them, in their order. What editors show is held to it. */
import type { IToken } from "chevrotain";
import type { Tokens } from "../parse/lex.ts";
import { Identifier, words } from "../parse/tokens.ts";
import type { Word } from "../parse/words.ts";
import { after, before, gap } from "./neighbours.ts";
import { classOfType } from "./token-class.ts";
import type { TokenClass } from "./token-class.ts";

export interface ClassifiedToken {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly class: TokenClass;
}

const beforeSign = before.map(({ sign, words }) => ({
  pattern: new RegExp(`${gap}(?:${sign})`, "y"),
  words: new Set<string>(words),
}));
const onlyGap = new RegExp(`^${gap}$`);

/** Classifies the tokens, the comments and the bad spaces of a text. Plain spaces have no class. */
export function classify(file: Tokens): readonly ClassifiedToken[] {
  const { tokens } = file;
  const { text } = file.source;
  const found: ClassifiedToken[] = [];
  for (const [index, token] of tokens.entries()) {
    const [previous, last] = [tokens[index - 1], found[index - 1]];
    const left =
      previous !== undefined && last !== undefined && onlyGap.test(text.slice(last.end, token.startOffset))
        ? { token: previous, class: last.class }
        : null;
    const end = token.startOffset + token.image.length;
    found.push({ start: token.startOffset, end, class: classOf(text, token, left) });
  }
  for (const token of [...file.comments, ...file.spaces]) {
    const end = token.startOffset + token.image.length;
    found.push({ start: token.startOffset, end, class: plainClass(token) });
  }
  return found.toSorted((a, b) => a.start - b.start);
}

interface Left {
  readonly token: IToken;
  readonly class: TokenClass;
}

function plainClass({ tokenType }: IToken): TokenClass {
  const plain = classOfType(tokenType);
  if (plain === null) throw new Error(`Invariant: ${tokenType.name} has a class`);
  return plain;
}

function classOf(text: string, token: IToken, left: Left | null): TokenClass {
  const plain = plainClass(token);
  const word = words[token.image as Word] === token.tokenType;
  if (!word && token.tokenType !== Identifier) return plain;
  // A word that is a name itself tells nothing of the next one.
  const rule = after.find(
    (one) => one.token === left?.token.tokenType && left.class === classOfType(one.token),
  );
  if (rule !== undefined && (word ? rule.words.includes(token.image as Word) : rule.identifiers))
    return rule.class;
  if (!word) return plain;
  const end = token.startOffset + token.image.length;
  const isName = beforeSign.some(({ pattern, words: those }) => {
    pattern.lastIndex = end;
    return those.has(token.image) && pattern.test(text);
  });
  return isName ? "name" : plain;
}
