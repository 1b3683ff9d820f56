/** Findings for people: the line, the words underlined, why it matters, what to do. */
import type { Finding, Label, Severity } from "@wardline/core";
import pc from "picocolors";
import { headOf } from "./finding-report.ts";
import { placesIn, type Places } from "./places.ts";
import { columns, visible } from "./visible.ts";

type Colors = ReturnType<typeof pc.createColors>;

/** One block of text for each finding. `sources` holds each file's text by name. */
export function formatPretty(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  color: boolean,
): string {
  const colors = pc.createColors(color);
  const places = placesIn(sources);
  return findings.map((finding) => formatFinding(finding, places, colors)).join("\n");
}

function formatFinding(finding: Finding, places: Places, colors: Colors): string {
  const paint = paintOf(finding.severity, colors);
  const lines = [`${paint(headOf(finding))}${colors.bold(`: ${visible(finding.message)}`)}`];
  const numbers = finding.labels.map((label) => String(places.of(label.span).start.line).length);
  const margin = " ".repeat(Math.max(2, ...numbers));
  let shown = "";
  finding.labels.forEach((label, index) => {
    const [place, source, marks] = formatLabel(
      label,
      places,
      margin,
      index === 0 ? paint : colors.cyan,
      colors,
    );
    // A line that stands right above is not shown again.
    const line = `${label.span.file}\n${source}`;
    lines.push(...(line === shown ? [marks] : [place, source, marks]));
    shown = line;
  });
  const remark = (word: string, text: string | undefined) => {
    const [first, ...rest] = text?.split("\n") ?? [];
    if (first !== undefined) lines.push(`${margin} ${colors.dim("=")} ${word}: ${visible(first)}`);
    for (const line of rest) lines.push(`${margin}   ${visible(line)}`);
  };
  remark("note", finding.note);
  remark("help", finding.help);
  return `${lines.join("\n")}\n`;
}

function formatLabel(
  label: Label,
  places: Places,
  margin: string,
  paint: (text: string) => string,
  colors: Colors,
): readonly [place: string, source: string, marks: string] {
  const { file, start } = places.of(label.span);
  const line = places.lineOf(label.span);
  const from = label.span.start - line.start;
  const to = Math.min(label.span.end - line.start, line.text.length);
  const [before, marked, after] = excerpt(
    visible(line.text.slice(0, from)),
    visible(line.text.slice(from, to)),
    visible(line.text.slice(to)),
  );
  const more = label.span.end - line.start > line.text.length ? "…" : "";
  const words = label.message === undefined ? "" : ` ${visible(label.message)}`;
  const marks = "^".repeat(Math.max(1, columns(marked)));
  return [
    `${margin} ${colors.dim("┌─")} ${visible(file)}:${start.line}:${start.column}`,
    `${colors.dim(`${String(start.line).padStart(margin.length)} │`)} ${before}${marked}${after}`.trimEnd(),
    `${margin} ${colors.dim("│")} ${" ".repeat(columns(before))}${paint(marks + more + words)}`,
  ];
}

/** The most characters before, in and after the marked words that are shown. */
const shown = [100, 200, 100] as const;

/** Cuts a line that no screen holds down to what stands around the marked words. */
function excerpt(before: string, marked: string, after: string): readonly [string, string, string] {
  const [left, middle, right] = [before, marked, after].map((text) => Array.from(text)) as [
    string[],
    string[],
    string[],
  ];
  return [
    left.length > shown[0] ? `…${left.slice(-shown[0]).join("")}` : before,
    middle.length > shown[1] ? `${middle.slice(0, shown[1]).join("")}…` : marked,
    right.length > shown[2] ? `${right.slice(0, shown[2]).join("")}…` : after,
  ];
}

export function paintOf(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case "error":
      return colors.red;
    case "warning":
      return colors.yellow;
    case "info":
      return colors.blue;
  }
}
