/**
 * A file's text cut into what each card holds: a statement with the comments directly above it and the one behind it.
 * Every statement and every damaged stretch is in exactly one block; what stands between blocks belongs to none.
 */
import {
  parseCst,
  platformLimits,
  tenantLimits,
  type CstElement,
  type Comment,
  type CstFile,
  type CstNode,
  type CstToken,
  type Header,
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

/** Cuts a text. `trusted`: written by the platform, without a tenant's limits. */
export function blocksOf(source: SourceFile, trusted: boolean): BlockFile {
  const { ast, cst, comments, findings } = parseCst(source, trusted ? platformLimits : tenantLimits);
  const nodes = ast.header === null ? cst.children : cst.children.slice(1);
  const header = cst.children[0];
  const headerTokens = ast.header === null || header === undefined ? [] : tokensOf(cst, header);
  const statements = new Map(ast.statements.map((statement) => [statement.span.start, statement]));
  const blocks = nodes.map((node, index) => blockOf(cst, tokensOf(cst, node), statements, index));
  return {
    source,
    header: ast.header,
    headerEnd: trailing(cst, headerTokens.at(-1))?.end ?? 0,
    blocks,
    comments,
    errors: findings.filter(({ severity }) => severity === "error"),
  };
}

/** Where a token ends. */
export const endOf = ({ token }: CstToken): number => token.startOffset + token.image.length;

export const spanIn = (file: string, start: number, end: number): Span => ({ file, start, end });

/** The tokens of a node stand side by side among those of the file. */
function tokensOf({ tokens }: CstFile, node: CstNode): readonly CstToken[] {
  const leaf = (element: CstElement, side: 0 | -1): CstToken | null => {
    if (element.kind === "token") return element;
    const { children } = element;
    for (let at = 0; at < children.length; at += 1) {
      const child = children.at(side === 0 ? at : -1 - at);
      const found = child === undefined ? null : leaf(child, side);
      if (found !== null) return found;
    }
    return null;
  };
  const [first, last] = [leaf(node, 0), leaf(node, -1)];
  return first === null || last === null ? [] : tokens.slice(first.index, last.index + 1);
}

function blockOf(
  cst: CstFile,
  tokens: readonly CstToken[],
  statements: ReadonlyMap<number, Statement>,
  index: number,
): Block {
  const [first, last] = [tokens[0], tokens.at(-1)] as [CstToken, CstToken];
  const start = first.token.startOffset;
  const above = commentsAbove(first);
  const behind = trailing(cst, last);
  return {
    index,
    statement: statements.get(start) ?? null,
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
  cst: CstFile,
  last: CstToken | undefined,
): { readonly comment: Trivia | undefined; readonly end: number } | null {
  if (last === undefined) return null;
  const after = cst.tokens[last.index + 1]?.leading ?? cst.end;
  const end = endOf(last);
  const comment = after.find(isComment);
  if (comment === undefined) return { comment, end };
  const space = after[0];
  const sameLine = space === comment || (space?.kind === "space" && lineEnds(space.text) === 0);
  return sameLine ? { comment, end: comment.start + comment.text.length } : { comment: undefined, end };
}
