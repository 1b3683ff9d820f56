/** The place where something is to be completed: the statement around it, what stands before, what the grammar expects. */
import { readPartly, type Expectation, type Frame } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import { namesIn, type Names } from "./names.ts";
import { cutText, type CutText, endOf, indentAt, isFirstOnLine, type Token } from "./statement-at.ts";

export interface Place {
  readonly snapshot: Snapshot;
  readonly file: string;
  readonly text: string;
  readonly offset: number;
  readonly names: Names;
  /** What an item replaces: the word at the place, or nothing. */
  readonly start: number;
  readonly end: number;
  /** The tokens of the statement, without the word at the place. */
  readonly tokens: readonly Token[];
  /** How many of them stand before the place. */
  readonly at: number;
  /** What each of them was taken as; null for what fits nowhere. */
  readonly taken: readonly (Frame | null)[];
  readonly expected: readonly Expectation[];
  /** True if another statement can begin here. */
  readonly opensStatement: boolean;
  /** True if nothing can go on here with the statement before. */
  readonly opensOnly: boolean;
  readonly isHeader: boolean;
}

/** Kinds of tokens that are a word, or the beginning of one. */
const wordLike = /^[A-Za-z_#0-9]/;

/** Null inside of comments and texts, and in a file that is not of the project. */
export function placeAt(snapshot: Snapshot, file: string, offset: number): Place | null {
  const text = snapshot.text(file);
  const names = namesIn(snapshot, file);
  if (text === undefined || names === null || offset < 0 || offset > text.length) return null;
  const cut = cutAround(text, offset);
  const { starts } = cut;
  if (cut.comments.some((one) => one.startOffset < offset && offset <= endOf(one))) return null;
  const all = cut.tokens;
  const first = firstFrom(all, offset);
  const word = all[first];
  const isInside = word !== undefined && word.startOffset < offset && offset <= endOf(word);
  if (isInside && word.image.startsWith('"') && (offset < endOf(word) || word.tokenType.name !== "Text"))
    return null;
  const isWord = isInside && wordLike.test(word.image);
  const hole = isInside && !isWord ? first + 1 : first;
  const after = isWord ? first + 1 : hole;
  // A word that begins a statement of its own is completed in place of the statement's first.
  const startIndex = starts.findLastIndex((start) => start < hole || (isWord && start === first));
  const from = startIndex < 0 ? 0 : (starts[startIndex] as number);
  const to = starts.find((start) => start > from && start >= after) ?? all.length;
  const isHeader = startIndex < 0;
  const tokens = [...all.slice(from, hole), ...all.slice(after, Math.max(to, after))];
  const at = hole - from;
  if (isBeyond(tokens)) return null;
  const rule = isHeader ? ("header" as const) : ("statement" as const);
  const before = readPartly(tokens.slice(0, at), rule);
  const start = isWord ? word.startOffset : offset;
  const opener = all[from];
  const isOut =
    isFirstOnLine(text, start) &&
    indentAt(text, start) <= (opener === undefined || at === 0 ? 0 : indentAt(text, opener.startOffset));
  const opensStatement = at > 0 && (isHeader ? before.whole : isOut || before.whole);
  return {
    snapshot,
    file,
    text,
    offset,
    names,
    start,
    end: isWord ? endOf(word) : offset,
    tokens,
    at,
    taken: at === tokens.length ? before.taken : readPartly(tokens, rule, at).taken,
    expected: before.expected,
    opensStatement,
    opensOnly: opensStatement && isOut && before.whole,
    isHeader,
  };
}

/** The text's tokens; a sign that the place divides, such as the two dots of `a..b`, is two. */
function cutAround(text: string, offset: number): CutText {
  const cut = cutText(text, offset);
  const token = cut.tokens[firstFrom(cut.tokens, offset)];
  const isDivided =
    token !== undefined &&
    token.startOffset < offset &&
    offset < endOf(token) &&
    /^[^\w"#]/.test(token.image);
  return isDivided ? cutText(`${text.slice(0, offset)} ${text.slice(offset)}`, offset) : cut;
}

/** No statement that compiles is so long or so deep; to read it would take time for nothing. */
const maxTokens = 5000;
const maxDepth = 48;

function isBeyond(tokens: readonly Token[]): boolean {
  if (tokens.length > maxTokens) return true;
  let depth = 0;
  let negations = 0;
  for (const { image } of tokens) {
    negations = image === "not" ? negations + 1 : 0;
    if (image === "(" || image === "[" || image === "{") depth += 1;
    else if (image === ")" || image === "]" || image === "}") depth -= 1;
    if (depth + negations > maxDepth) return true;
  }
  return false;
}

/** The index of the first token that ends at or after an offset and is not wholly before it. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const token = tokens[middle] as Token;
    const isBefore = wordLike.test(token.image) ? endOf(token) < offset : endOf(token) <= offset;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True if a rule is the frame's own or one that it stands in. */
export function isWithin(frame: Frame | null, rule: Frame["rule"]): boolean {
  return frameOf(frame, rule) !== null;
}

/** The innermost frame of a rule. */
export function frameOf(frame: Frame | null, rule: Frame["rule"]): Frame | null {
  for (let at = frame; at !== null; at = at.parent) if (at.rule === rule) return at;
  return null;
}

/** The token so many before the place: 1 is the last. */
export function before(place: Place, count = 1): Token | undefined {
  return place.tokens[place.at - count];
}

/** The tokens of the statement that rules of the given names took, in order. */
export function takenBy(place: Place, ...rules: readonly Frame["rule"][]): readonly Token[] {
  return place.tokens.filter((_, index) => {
    const frame = place.taken[index] ?? null;
    return rules.every((rule) => isWithin(frame, rule));
  });
}
