/** Text → tokens. Every text has tokens; what has no meaning becomes a `Bad` token with a finding. Never throws. */
import { Lexer, tokenMatcher } from "chevrotain";
import type { IToken } from "chevrotain";
import type { Finding, SourceFile, Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import { checkForeign, checkProse, checkSpace } from "./characters.ts";
import type { Piece } from "./characters.ts";
import { badEscape, badValue } from "./literals.ts";
import { clip } from "./expected.ts";
import { inStyle } from "./name-style.ts";
import { hintOf, numberHint } from "./signs.ts";
import { otherDate } from "./dates.ts";
import {
  allTokens,
  Bad,
  BadClass,
  BadDate,
  BadNumber,
  BadText,
  BadWord,
  Doc,
  Foreign,
  Text,
} from "./tokens.ts";

export interface Tokens {
  readonly source: SourceFile;
  readonly tokens: readonly IToken[];
  /** `//` and `///` comments, in order. */
  readonly comments: readonly IToken[];
  /** Runs of spaces that are not plain ones, in order. */
  readonly spaces: readonly IToken[];
  /** By the offset of the token that follows them: the text of the `///` lines. */
  readonly docs: ReadonlyMap<number, string>;
  /** The offsets of the tokens that have a finding. */
  readonly broken: ReadonlySet<number>;
  readonly findings: readonly Finding[];
}

/** `validate`: look for patterns that can never match, or that match nothing. A test does, as for the parser. */
export function makeLexer(validate: boolean): Lexer {
  const options = { positionTracking: "onlyOffset", ensureOptimizations: true } as const;
  return new Lexer(allTokens, { ...options, skipValidations: !validate });
}

let lexer: Lexer | undefined;
const theLexer = () => (lexer ??= makeLexer(false));

/** Findings on how something is written. */
const writing: ReadonlySet<string> = new Set([
  "syntax/bad-character",
  "syntax/bad-number",
  "syntax/bad-value",
  "syntax/bad-escape",
  "syntax/open-string",
  "syntax/name-style",
]);

/** Cuts a text into tokens. `atMost` bounds the findings that are made of each kind of piece: the first ones are kept. */
export function tokenize(source: SourceFile, atMost = Infinity): Tokens {
  const result = theLexer().tokenize(source.text);
  if (result.errors.length > 0) throw new Error("Invariant: every character is part of a token");
  const comments = result.groups["comments"] ?? [];
  const spaces = (result.groups["spaces"] ?? []).filter(
    (space) => space.image !== "\ufeff" || space.startOffset > 0,
  );
  const { broken, findings } = checkTokens(source, result.tokens, atMost);
  return {
    source,
    tokens: result.tokens,
    comments,
    spaces,
    docs: docsOf(source.text, result.tokens, comments),
    broken,
    findings: [
      ...first(atMost, spaces, (token) => checkSpace(pieceOf(source, token))),
      ...first(atMost, comments, (token) => checkProse(pieceOf(source, token))),
      ...findings,
    ],
  };
}

const pieceOf = (source: SourceFile, { startOffset, image }: IToken): Piece => ({
  source,
  start: startOffset,
  text: image,
});

/** The first findings of some tokens. */
function first(
  atMost: number,
  tokens: readonly IToken[],
  check: (token: IToken) => Finding | null,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const token of tokens) {
    if (findings.length >= atMost) break;
    const found = check(token);
    if (found !== null) findings.push(found);
  }
  return findings;
}

function checkTokens(
  source: SourceFile,
  tokens: readonly IToken[],
  atMost: number,
): Pick<Tokens, "broken" | "findings"> {
  const broken = new Set<number>();
  const findings: Finding[] = [];
  let commentEnd = -1;
  for (const [index, token] of tokens.entries()) {
    const plain = token.startOffset < commentEnd && /^[ -~]*$/.test(token.image);
    if (plain || findings.length >= atMost) {
      if (tokenMatcher(token, Bad)) broken.add(token.startOffset);
      continue;
    }
    const found = checkToken(tokens, index, token, pieceOf(source, token));
    if (found === null) continue;
    broken.add(token.startOffset);
    // What was meant as a comment is one mistake; a character that misleads is said even there.
    if (token.startOffset < commentEnd && writing.has(found.code)) continue;
    findings.push(found);
    if (token.image === "#" || token.image === "--")
      commentEnd = (source.text.indexOf("\n", token.startOffset) + 1 || source.text.length + 1) - 1;
  }
  return { broken, findings };
}

function checkToken(tokens: readonly IToken[], index: number, token: IToken, piece: Piece): Finding | null {
  const span = {
    file: piece.source.name,
    start: token.startOffset,
    end: token.startOffset + token.image.length,
  };
  const found = token.image;
  if (token.tokenType === Text) {
    const prose = checkProse(piece);
    const escape = badEscape(found);
    if (prose !== null || escape === null) return prose;
    const start = span.start + escape.at;
    return finding(
      "syntax/bad-escape",
      { ...span, start, end: start + escape.text.length },
      { found: escape.text },
    );
  }
  if (!tokenMatcher(token, Bad)) {
    const bad = badValue(token);
    if (bad === null) return null;
    const { what, why, help, meant } = bad;
    const fixes =
      meant === undefined
        ? []
        : [{ title: `Write \`${meant}\``, choice: true as const, edits: [{ span, text: meant }] }];
    return finding("syntax/bad-value", span, { found, what, why }, help === undefined ? {} : { help, fixes });
  }
  switch (token.tokenType) {
    case BadNumber: {
      const hint = numberHint(tokens, index, span.file);
      if (hint === null) return finding("syntax/bad-number", span, { found });
      const { help, edits } = hint;
      return finding(
        "syntax/bad-number",
        span,
        { found },
        { help, fixes: edits.length === 0 ? [] : [{ title: help, edits }] },
      );
    }
    case BadDate:
      return otherDate(found, span);
    case BadText:
      if (closesAnother(tokens, index)) return null;
      return checkProse(piece) ?? finding("syntax/open-string", span, {});
    case BadWord:
    case BadClass:
      if (found === "#") return badSign(tokens, index, span);
      return /\P{ASCII}/u.test(found) ? checkForeign(piece) : nameStyle(found, span);
    case Foreign:
      return checkForeign(piece);
    default:
      // A string or a comment of another language may hold a character that misleads. It may go over lines.
      return (
        (found.length > 2 ? checkProse({ ...piece, text: found.replaceAll(/[\r\n]/g, " ") }) : null) ??
        badSign(tokens, index, span)
      );
  }
}

/** The quote that closes a string which crossed lines: one mistake, said where it begins. */
function closesAnother(tokens: readonly IToken[], index: number): boolean {
  if (!/^"[\s,)\]}]*$/.test(tokens[index]?.image ?? "")) return false;
  for (let at = index - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    if (token?.tokenType === Text) return false;
    if (token?.tokenType === BadText) return token.image.length > 1;
  }
  return false;
}

function badSign(tokens: readonly IToken[], index: number, span: Span): Finding {
  const found = tokens[index]?.image ?? "";
  const printable = /^[!-~\p{Sc}]/u.test(found) ? `\`${clip(found)}\`` : `character ${JSON.stringify(found)}`;
  const hint = hintOf(tokens, index);
  if (hint === undefined) return finding("syntax/bad-character", span, { found: printable });
  const { help, text } = hint;
  const fixes = text === null ? [] : [{ title: help, edits: [{ span, text }] }];
  return finding(
    "syntax/bad-character",
    span,
    { found: found === "\r" ? "a lone carriage return" : printable },
    { help, fixes },
  );
}

const styles = {
  names: "names are written `lower_snake`",
  types: "types, entities and enums are written `UpperCamel`",
  classes: "classes are written `#lower_snake`",
};

function nameStyle(found: string, span: Span): Finding {
  const text = inStyle(found);
  const fixes = text === null ? [] : [{ title: `Write \`${text}\``, edits: [{ span, text }] }];
  const style = text?.startsWith("#") === true ? "classes" : /^[A-Z]/.test(text ?? "") ? "types" : "names";
  return finding(
    "syntax/name-style",
    span,
    { found },
    text === null ? {} : { help: `did you mean \`${text}\`? ${styles[style]}`, fixes },
  );
}

/** Documentation belongs to the token after it. On a line with code before it, it is a plain comment. */
function docsOf(text: string, tokens: readonly IToken[], comments: readonly IToken[]): Map<number, string> {
  const docs = new Map<number, string>();
  let next = 0;
  for (const comment of comments) {
    if (comment.tokenType !== Doc) continue;
    while (next < tokens.length && (tokens[next]?.startOffset ?? 0) < comment.startOffset) next += 1;
    const before = tokens[next - 1];
    const gap =
      before === undefined ? "\n" : text.slice(before.startOffset + before.image.length, comment.startOffset);
    const owner = tokens[next];
    if (owner === undefined || !gap.includes("\n")) continue;
    const line = comment.image.slice(3).replace(/^ /, "").trimEnd();
    const earlier = docs.get(owner.startOffset);
    docs.set(owner.startOffset, earlier === undefined ? line : `${earlier}\n${line}`);
  }
  return docs;
}
