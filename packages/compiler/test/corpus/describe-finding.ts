/** A finding on one line: where it is, what it is, the words under it, and what its first fix writes there. */
import { positionAt } from "@wardline/core";
import type { Finding, SourceFile } from "@wardline/core";

/** `policy.ward:3:45 error name/unknown "titel"` */
export function describePlace(sources: readonly SourceFile[], found: Finding): string {
  const { span } = found.labels[0];
  const text = textOf(sources, found);
  const { line, column } = positionAt(text, span.start);
  const words = JSON.stringify(text.slice(span.start, span.end));
  return `${span.file}:${line}:${column} ${found.severity} ${found.code} ${words}`;
}

const textOf = (sources: readonly SourceFile[], found: Finding) =>
  sources.find(({ name }) => name === found.labels[0].span.file)?.text ?? "";

/** `policy.ward:3:45 error name/unknown "titel" → "title"` */
export function describeFinding(sources: readonly SourceFile[], found: Finding): string {
  const { span } = found.labels[0];
  const text = textOf(sources, found);
  const [fix] = found.fixes;
  const edits = (fix?.edits ?? []).map((edit) => {
    const same = edit.span.start === span.start && edit.span.end === span.end;
    const at = positionAt(text, edit.span.start);
    return `${same ? "" : `${at.line}:${at.column} `}${JSON.stringify(edit.text)}`;
  });
  const fixed = edits.length === 0 ? "" : ` → ${edits.join(", ")}`;
  return `${describePlace(sources, found)}${fixed}`;
}

/** All findings of a case, one a line. */
export function describeFindings(sources: readonly SourceFile[], findings: readonly Finding[]): string {
  return findings.length === 0
    ? "nothing\n"
    : findings.map((found) => `${describeFinding(sources, found)}\n`).join("");
}
