/** Which tokens of a text belong to the statement at a place, also while it is broken. */
import { statementWords, tokenize, type Tokens } from "@wardline/compiler";

export type Token = Tokens["tokens"][number];

export const endOf = (token: Token): number => token.startOffset + token.image.length;

/** Words that also stand inside of statements, and begin one only where nothing goes on. */
const alsoRoots: ReadonlySet<string> = new Set(["principal", "tenant", "context"]);
const starters: ReadonlySet<string> = new Set(statementWords);

/** The last text that was cut: features ask for the same one again and again. */
let last: { readonly text: string; readonly tokens: Tokens; readonly starts: readonly number[] } | null =
  null;

export interface CutText {
  readonly tokens: Tokens;
  /** The indexes of the tokens that begin statements; the header, where there is one, is before the first. */
  readonly starts: readonly number[];
}

export function cutText(text: string): CutText {
  if (last?.text !== text) {
    const tokens = tokenize({ name: "", text }, 1);
    last = { text, tokens, starts: startsIn(text, tokens.tokens) };
  }
  return last;
}

/** True if nothing but space stands before an offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, offset - 200), offset));
}

export function indentAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function startsIn(text: string, tokens: readonly Token[]): readonly number[] {
  const starts: number[] = [];
  let depth = 0;
  let indent = 0;
  /** Between an annotation and its statement. */
  let annotated = false;
  for (const [index, token] of tokens.entries()) {
    const { image } = token;
    const opensStatement = image === "@" || starters.has(image);
    if (opensStatement && !annotated && begins(text, tokens, index, depth, indent)) {
      starts.push(index);
      depth = 0;
      indent = indentAt(text, token.startOffset);
      annotated = image === "@";
    } else if (annotated && opensStatement && image !== "@") annotated = false;
    if (image === "{" || image === "(" || image === "[") depth += 1;
    if (image === "}" || image === ")" || image === "]") depth = Math.max(0, depth - 1);
  }
  return starts;
}

function begins(
  text: string,
  tokens: readonly Token[],
  index: number,
  depth: number,
  indent: number,
): boolean {
  const token = tokens[index] as Token;
  const [before, after] = [tokens[index - 1]?.image, tokens[index + 1]?.image];
  if (before === "." || before === "never" || before === "always" || before === "expect") return false;
  if (after === ":" && !isFirstOnLine(text, token.startOffset)) return false;
  const isOut = isFirstOnLine(text, token.startOffset) && indentAt(text, token.startOffset) <= indent;
  if (alsoRoots.has(token.image) && after !== "{" && !/^[A-Z]/.test(after ?? "")) return false;
  return isOut || (depth === 0 && !alsoRoots.has(token.image));
}
