/** Text → tokens. Every text has tokens; what has no meaning becomes a `Bad` token with a finding. Never throws. */
import { Lexer, tokenMatcher } from "chevrotain";
import type { IToken } from "chevrotain";
import type { Finding, SourceFile, Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import { checkForeign, checkProse, checkSpace } from "./characters.ts";
import type { Piece } from "./characters.ts";
import { badEscape, badValue } from "./literals.ts";
import { inStyle } from "./name-style.ts";
import { allTokens, Bad, BadClass, BadNumber, BadText, BadWord, Doc, Foreign, Text } from "./tokens.ts";

export interface Tokens {
  readonly source: SourceFile;
  readonly tokens: readonly IToken[];
  /** `//` and `///` comments, in order. */
  readonly comments: readonly IToken[];
  /** By the offset of the token that follows them: the text of the `///` lines. */
  readonly docs: ReadonlyMap<number, string>;
  /** The offsets of the tokens that have a finding. */
  readonly broken: ReadonlySet<number>;
  readonly findings: readonly Finding[];
}

let lexer: Lexer | undefined;
const theLexer = () =>
  (lexer ??= new Lexer(allTokens, { positionTracking: "onlyOffset", ensureOptimizations: true }));

/** Cuts a text into tokens. */
export function tokenize(source: SourceFile): Tokens {
  const result = theLexer().tokenize(source.text);
  if (result.errors.length > 0) throw new Error("Invariant: every character is part of a token");
  const comments = result.groups["comments"] ?? [];
  const spaces = (result.groups["spaces"] ?? []).filter(
    (space) => space.image !== "\ufeff" || space.startOffset > 0,
  );
  const piece = (token: IToken): Piece => ({ source, start: token.startOffset, text: token.image });
  const broken = new Set<number>();
  const findings: (Finding | null)[] = [
    ...spaces.map((token) => checkSpace(piece(token))),
    ...comments.map((token) => checkProse(piece(token))),
  ];
  for (const token of result.tokens) {
    const found = checkToken(token, piece(token));
    if (found !== null) broken.add(token.startOffset);
    findings.push(found);
  }
  return {
    source,
    tokens: result.tokens,
    comments,
    docs: docsOf(source.text, result.tokens, comments),
    broken,
    findings: findings.filter((found) => found !== null),
  };
}

const signs: Readonly<Record<string, { readonly help: string; readonly text: string | null }>> = {
  "&&": { help: "write `and`", text: "and" },
  "||": { help: "write `or`", text: "or" },
  "!": { help: "write `not`", text: "not " },
  ";": { help: "statements need no terminator", text: "" },
  "'": { help: 'strings are written in straight double quotes: "text"', text: null },
  "/*": { help: "comments are written `// …`, to the end of the line", text: null },
  "*": { help: "there is no arithmetic between attributes", text: null },
  "\r": { help: "lines end in a line feed", text: "\n" },
};

function checkToken(token: IToken, piece: Piece): Finding | null {
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
    return bad === null ? null : finding("syntax/bad-value", span, { found, ...bad });
  }
  switch (token.tokenType) {
    case BadNumber:
      return finding("syntax/bad-number", span, { found });
    case BadText:
      return checkProse(piece) ?? finding("syntax/open-string", span, {});
    case BadWord:
    case BadClass:
      return /\P{ASCII}/u.test(found) ? checkForeign(piece) : nameStyle(found, span);
    case Foreign:
      return checkForeign(piece);
    default: {
      const sign = signs[found];
      const printable =
        found > " " && found < "\u007f" ? `\`${found}\`` : `character ${JSON.stringify(found)}`;
      if (sign === undefined) return finding("syntax/bad-character", span, { found: printable });
      const fixes = sign.text === null ? [] : [{ title: sign.help, edits: [{ span, text: sign.text }] }];
      return finding(
        "syntax/bad-character",
        span,
        { found: found === "\r" ? "a lone carriage return" : printable },
        { help: sign.help, fixes },
      );
    }
  }
}

function nameStyle(found: string, span: Span): Finding {
  const text = inStyle(found);
  const fixes = text === null ? [] : [{ title: `Write \`${text}\``, edits: [{ span, text }] }];
  return finding("syntax/name-style", span, { found }, { fixes });
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
