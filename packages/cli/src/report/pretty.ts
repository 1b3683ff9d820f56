/** Findings for people: the line, the words underlined, why it matters, what to do. */
import { positionAt, type Finding, type Label, type Severity } from "@wardline/core";
import pc from "picocolors";

type Colors = ReturnType<typeof pc.createColors>;

/** One block of text for each finding, and a summary. `sources` holds each file's text by name. */
export function formatPretty(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  color: boolean,
): string {
  const colors = pc.createColors(color);
  return findings.map((finding) => formatFinding(finding, sources, colors)).join("\n");
}

function formatFinding(finding: Finding, sources: ReadonlyMap<string, string>, colors: Colors): string {
  const paint = paintOf(finding.severity, colors);
  const lines = [`${paint(`${finding.severity}[${finding.code}]`)}${colors.bold(`: ${finding.message}`)}`];
  const numbers = finding.labels.map((label) => String(lineNumber(label, sources)).length);
  const margin = " ".repeat(Math.max(2, ...numbers));
  finding.labels.forEach((label, index) => {
    lines.push(...formatLabel(label, sources, margin, index === 0 ? paint : colors.cyan, colors));
  });
  if (finding.note !== undefined) lines.push(`${margin} ${colors.dim("=")} note: ${finding.note}`);
  if (finding.help !== undefined) lines.push(`${margin} ${colors.dim("=")} help: ${finding.help}`);
  return `${lines.join("\n")}\n`;
}

function formatLabel(
  label: Label,
  sources: ReadonlyMap<string, string>,
  margin: string,
  paint: (text: string) => string,
  colors: Colors,
): readonly string[] {
  const text = sources.get(label.span.file) ?? "";
  const { line, column } = positionAt(text, label.span.start);
  const place = `${margin} ${colors.dim("┌─")} ${label.span.file}:${line}:${column}`;
  const start = text.lastIndexOf("\n", label.span.start - 1) + 1;
  const end = lineEnd(text, label.span.start);
  const source = visible(text.slice(start, end));
  const before = width(visible(text.slice(start, label.span.start)));
  const marked = Math.max(1, width(visible(text.slice(label.span.start, Math.min(label.span.end, end)))));
  const more = label.span.end > end ? "…" : "";
  const words = label.message === undefined ? "" : ` ${label.message}`;
  return [
    place,
    `${colors.dim(`${String(line).padStart(margin.length)} │`)} ${source}`,
    `${margin} ${colors.dim("│")} ${" ".repeat(before)}${paint("^".repeat(marked) + more + words)}`,
  ];
}

function lineNumber(label: Label, sources: ReadonlyMap<string, string>): number {
  return positionAt(sources.get(label.span.file) ?? "", label.span.start).line;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

/** Tabs as two spaces; control and format characters by name, so that a terminal shows what is there. */
function visible(text: string): string {
  return text
    .replaceAll("\t", "  ")
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Cs}]/gu,
      (char) => `<U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}>`,
    );
}

/** Columns in a terminal: East Asian wide characters and emoji take two, combining marks none. */
function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{M}/u.test(char)) continue;
    columns +=
      /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return columns;
}

function paintOf(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case "error":
      return colors.red;
    case "warning":
      return colors.yellow;
    case "info":
      return colors.blue;
  }
}
