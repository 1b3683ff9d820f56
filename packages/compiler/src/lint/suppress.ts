/**
 * `// allow lint/x: reason`, at the end of a line of the statement that it concerns or on a line before it. Takes lints
 * away and nothing else; a comment that does not is itself reported.
 */
import type { Finding, Fix, SourceFile, Span } from "@wardline/core";
import type { FileAst } from "../ast/statement.ts";
import { nearest } from "../check/suggest.ts";
import { diagnostics, finding } from "../diagnostics/table.ts";
import type { Comment } from "../parse/parse-file.ts";
import { isLintCode, lintCodes, type LintCode, type LintLevels } from "./lint-code.ts";

/** A file whose comments can suppress findings. */
export interface CommentedFile {
  readonly source: SourceFile;
  readonly ast: FileAst;
  readonly comments: readonly Comment[];
}

interface Suppression {
  readonly code: LintCode;
  /** The whole comment. */
  readonly span: Span;
  /** The code in it. */
  readonly codeSpan: Span;
  /** The statement that it concerns, or null if none follows. */
  readonly statement: Span | null;
}

/** What begins a suppression; a colon and the reason follow. */
const opening = /^\/\/\s*allow\s+([a-z]+\/[A-Za-z0-9_/-]+)/i;

/** The findings that no comment suppresses, with those about the comments. Lints that are off count as found. */
export function suppress(
  files: readonly CommentedFile[],
  findings: readonly Finding[],
  levels: LintLevels,
): readonly Finding[] {
  const complaints: Finding[] = [];
  const suppressions = files.flatMap((file) =>
    file.comments.flatMap((comment) => read(file, comment, complaints) ?? []),
  );
  const used = new Set<Suppression>();
  const kept = findings.filter((found) => {
    const by = suppressions.filter((suppression) => concerns(suppression, found));
    for (const suppression of by) used.add(suppression);
    return by.length === 0;
  });
  // Beside an error not everything was looked at.
  const whole = !findings.some((found) => found.severity === "error");
  for (const suppression of suppressions)
    if (whole && !used.has(suppression) && levels[suppression.code] !== "off")
      complaints.push(unused(suppression));
  return [...kept, ...complaints];
}

/** A comment's suppression, or null if it has none or was reported. */
function read(file: CommentedFile, comment: Comment, complaints: Finding[]): Suppression | null {
  const [opened = "", code] = opening.exec(comment.text) ?? [];
  if (code === undefined) return null;
  const start = comment.span.start + opened.length - code.length;
  const codeSpan = { ...comment.span, start, end: start + code.length };
  const fixes = [removal(comment.span)];
  if (Object.hasOwn(diagnostics, code) && !isLintCode(code)) {
    complaints.push(finding("suppression/not-a-lint", codeSpan, { code }, { fixes }));
    return null;
  }
  if (!isLintCode(code)) {
    complaints.push(unknown(code, codeSpan));
    return null;
  }
  const rest = comment.text.slice(opened.length).trim();
  if (!rest.startsWith(":") || rest.slice(1).trim() === "") {
    complaints.push(finding("suppression/no-reason", comment.span, { code }));
    return null;
  }
  return { code, span: comment.span, codeSpan, statement: concernedBy(file, comment.span) };
}

function unknown(code: string, span: Span): Finding {
  const near =
    nearest(code, lintCodes) ?? lintCodes.find((lint) => lint.endsWith(code.replace(/^.*\//, "/")));
  return finding(
    "suppression/unknown-lint",
    span,
    { code },
    near === undefined
      ? { help: "the codes of lints stand in what `check` reports, such as `lint/unused-let`" }
      : {
          help: `did you mean \`${near}\`?`,
          fixes: [{ title: `write \`${near}\``, edits: [{ span, text: near }] }],
        },
  );
}

function unused({ code, span, codeSpan, statement }: Suppression): Finding {
  const what = statement === null ? "a statement here" : "the statement that this concerns";
  return finding("suppression/unused", codeSpan, { code, what }, { fixes: [removal(span)] });
}

function removal(span: Span): Fix {
  return { title: "leave the comment out", edits: [{ span, text: "" }] };
}

/** The statement whose line the comment ends, or else the one that stands after it or around it. */
function concernedBy({ source, ast }: CommentedFile, comment: Span): Span | null {
  const spans = [...(ast.header === null ? [] : [ast.header.span]), ...ast.statements.map((s) => s.span)];
  const lineStart = source.text.lastIndexOf("\n", comment.start - 1) + 1;
  const before = source.text.slice(lineStart, comment.start).trimEnd();
  if (before !== "") {
    const last = lineStart + before.length - 1;
    return spans.find((span) => span.start <= last && last < span.end) ?? null;
  }
  return spans.find((span) => span.end > comment.end) ?? null;
}

function concerns({ code, statement }: Suppression, found: Finding): boolean {
  const { file, start, end } = found.labels[0].span;
  return (
    found.code === code &&
    statement !== null &&
    file === statement.file &&
    statement.start <= start &&
    end <= statement.end
  );
}
