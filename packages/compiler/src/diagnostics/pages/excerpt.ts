/** A text with the places of its findings underlined, for pages. Must show every character that is not seen. */
import type { Finding, SourceFile } from "@wardline/core";

/** The lines of `source` that the findings underline, each with its carets and what is said of the place. */
export function excerpt({ name, text }: SourceFile, findings: readonly Finding[]): string {
  const places = findings.flatMap((found) => found.labels).filter(({ span }) => span.file === name);
  const lines: string[] = [];
  let last = -1;
  for (const { span, message } of places.toSorted((a, b) => a.span.start - b.span.start)) {
    const start = text.lastIndexOf("\n", span.start - 1) + 1;
    const lineEnd = (text.indexOf("\n", start) + 1 || text.length + 1) - 1;
    const end = Math.min(span.end, lineEnd);
    if (start !== last) lines.push(clip(visible(text.slice(start, lineEnd))));
    last = start;
    const before = visible(text.slice(start, span.start)).length;
    const carets = "^".repeat(Math.max(1, visible(text.slice(span.start, end)).length));
    lines.push(`${" ".repeat(before)}${carets}${message === undefined ? "" : ` ${message}`}`);
  }
  return lines.join("\n");
}

/** Characters that cannot be seen, or that look like others, by their code. */
export function visible(text: string): string {
  return text.replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{M}\p{Cs}]|\u00a0/gu,
    (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
}

const widest = 110;

function clip(line: string): string {
  return line.length <= widest ? line : `${line.slice(0, widest - 1)}…`;
}
