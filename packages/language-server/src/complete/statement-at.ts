/** Which tokens of a text belong to the statement at a place, also while it is broken. */
import { statementWords, tokenize, type Tokens } from "@wardline/compiler";

export type Token = Tokens["tokens"][number];

export const endOf = (token: Token): number => token.startOffset + token.image.length;

/** Words that also stand inside of statements, and begin one only where nothing goes on. */
const alsoRoots: ReadonlySet<string> = new Set(["principal", "tenant", "context"]);
const starters: ReadonlySet<string> = new Set(statementWords);

export interface CutText {
  readonly tokens: readonly Token[];
  readonly comments: readonly Token[];
  /** The indexes of the tokens that begin statements; the header, where there is one, is before the first. */
  readonly starts: readonly number[];
}

/** Words that begin a statement wherever they stand first on an outermost line. */
const bounds =
  /(?:permit|forbid|ceiling|floor|share|require|assert|role|settings|use|test|parameter|enum|entity|delegate|evidence|relation|action|group)\b/y;

/** The tokens of the statements around an offset: no more of a long text is cut than is needed. Offsets are those of the whole text. */
export function cutText(text: string, offset: number): CutText {
  // Two statements before it: what stands in the first line may belong to the one above.
  const from = boundBefore(text, boundBefore(text, offset) - 1);
  const to = boundAfter(text, boundAfter(text, offset));
  const { tokens: cut, comments } = tokenize({ name: "", text: text.slice(from, to) }, 1);
  const moved = (token: Token): Token =>
    from === 0 ? token : { ...token, startOffset: token.startOffset + from };
  const tokens = cut.map(moved);
  return { tokens, comments: comments.map(moved), starts: startsIn(text, tokens) };
}

function isBound(text: string, lineStart: number): boolean {
  bounds.lastIndex = lineStart;
  return bounds.test(text);
}

/** The last line before an offset, or at it, that begins a statement; 0 if none does. */
function boundBefore(text: string, offset: number): number {
  for (let at = offset; at > 0;) {
    const start = text.lastIndexOf("\n", at - 1) + 1;
    if (start === 0) return 0;
    if (isBound(text, start)) return start;
    at = start - 1;
  }
  return 0;
}

/** The first line after an offset that begins a statement. */
function boundAfter(text: string, offset: number): number {
  for (let at = text.indexOf("\n", offset); at >= 0; at = text.indexOf("\n", at + 1))
    if (isBound(text, at + 1)) return at + 1;
  return text.length;
}

/** True if nothing but space stands before an offset on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, offset - 200), offset));
}

export function indentAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The tokens that begin statements. */
export function startsIn(text: string, tokens: readonly Token[]): readonly number[] {
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
