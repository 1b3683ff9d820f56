/** Findings for machines. `formatVersion` changes when a reader would have to. */
import { positionAt, type Finding, type Span } from "@wardline/core";

export const formatVersion = 1;

export function formatJson(findings: readonly Finding[], sources: ReadonlyMap<string, string>): string {
  const place = (span: Span) => {
    const text = sources.get(span.file) ?? "";
    return { file: span.file, start: positionAt(text, span.start), end: positionAt(text, span.end) };
  };
  const document = {
    formatVersion,
    findings: findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      message: finding.message,
      labels: finding.labels.map((label) => ({ ...place(label.span), message: label.message ?? null })),
      note: finding.note ?? null,
      help: finding.help ?? null,
      fixes: finding.fixes.map((fix) => ({
        title: fix.title,
        edits: fix.edits.map((edit) => ({ ...place(edit.span), text: edit.text })),
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
