/**
 * A file's text cut into what each card holds: a statement with the comments directly above it and the one behind it.
 * Every statement and every damaged stretch is in exactly one block; what stands between blocks belongs to none.
 */
import {
  leavesIn,
  parseOnce,
  platformLimits,
  tenantLimits,
  type Comment,
  type CstToken,
  type Extent,
  type Header,
  type Leaves,
  type Statement,
  type Trivia,
} from "@wardline/compiler";
import type { Finding, SourceFile, Span } from "@wardline/core";

export interface Block {
  readonly index: number;
  /** Null for a damaged stretch. */
  readonly statement: Statement | null;
  /** Of the statement alone. */
  readonly start: number;
  readonly end: number;
  /** With its comments. */
  readonly from: number;
  readonly to: number;
  readonly tokens: readonly CstToken[];
  /** All comments of the block, in order. */
  readonly comments: readonly Trivia[];
}

export interface BlockFile {
  readonly source: SourceFile;
  readonly header: Header | null;
  /** Where the header ends, and what belongs to it. */
  readonly headerEnd: number;
  readonly blocks: readonly Block[];
  /** All comments of the file, in order. */
  readonly comments: readonly Comment[];
  /** Errors of the syntax. */
  readonly errors: readonly Finding[];
}

const known = new WeakMap<SourceFile, { readonly trusted: boolean; readonly file: BlockFile }>();

/** Cuts a text, once. `trusted`: written by the platform, without a tenant's limits. A source is never changed in place. */
export function blocksOf(source: SourceFile, trusted: boolean): BlockFile {
  const before = known.get(source);
  if (before?.trusted === trusted) return before.file;
  const limits = trusted ? platformLimits : tenantLimits;
  const { ast, headerTokens, extents, comments, findings } = parseOnce(source, limits);
  const leaves = leavesIn(source, limits);
  const file = {
    source,
    header: ast.header,
    headerEnd: trailing(leaves, leaves.tokens[headerTokens - 1])?.end ?? 0,
    blocks: extents.map((extent, index) => blockOf(leaves, extent, index)),
    comments,
    errors: findings.filter(({ severity }) => severity === "error"),
  };
  known.set(source, { trusted, file });
  return file;
}

/** Where a token ends. */
export const endOf = ({ token }: CstToken): number => token.startOffset + token.image.length;

export const spanIn = (file: string, start: number, end: number): Span => ({ file, start, end });

function blockOf(leaves: Leaves, { from, to, statement }: Extent, index: number): Block {
  const tokens = leaves.tokens.slice(from, to);
  const [first, last] = [tokens[0], tokens.at(-1)] as [CstToken, CstToken];
  const start = first.token.startOffset;
  const above = commentsAbove(first);
  const behind = trailing(leaves, last);
  return {
    index,
    statement,
    start,
    end: endOf(last),
    from: above[0]?.start ?? start,
    to: behind?.end ?? endOf(last),
    tokens,
    comments: [
      ...above,
      ...tokens.slice(1).flatMap(({ leading }) => leading.filter(isComment)),
      ...(behind?.comment === undefined ? [] : [behind.comment]),
    ],
  };
}

const isComment = ({ kind }: Trivia) => kind === "comment";

const lineEnds = (text: string) => text.split("\n").length - 1;

/** The comments on lines of their own directly above a token, and documentation with whatever stands below it. */
function commentsAbove({ leading }: CstToken): readonly Trivia[] {
  const own = (at: number) => {
    const before = leading[at - 1];
    const begins =
      before === undefined ? leading[at]?.start === 0 : before.kind === "space" && lineEnds(before.text) > 0;
    return begins && leading[at]?.kind === "comment";
  };
  const firstDoc = leading.findIndex((trivia, at) => own(at) && isDocumentation(trivia.text));
  let from = leading.length;
  for (let at = leading.length - 1; at >= 0; at -= 1) {
    const trivia = leading[at] as Trivia;
    if (trivia.kind === "comment") {
      if (!own(at)) break;
      from = at;
    } else if (lineEnds(trivia.text) !== 1 && !(firstDoc >= 0 && firstDoc < at)) break;
  }
  return leading.slice(from).filter(isComment);
}

export const isDocumentation = (comment: string) => comment.startsWith("///") && !comment.startsWith("////");

/** The comment on the line where a token ends, and the end of that line's text; null without the token. */
function trailing(
  leaves: Leaves,
  last: CstToken | undefined,
): { readonly comment: Trivia | undefined; readonly end: number } | null {
  if (last === undefined) return null;
  const after = leaves.tokens[last.index + 1]?.leading ?? leaves.end;
  const end = endOf(last);
  const comment = after.find(isComment);
  if (comment === undefined) return { comment, end };
  const space = after[0];
  const sameLine = space === comment || (space?.kind === "space" && lineEnds(space.text) === 0);
  return sameLine ? { comment, end: comment.start + comment.text.length } : { comment: undefined, end };
}
