/** Findings as workflow commands, which GitHub shows beside the lines of a change. */
import type { Severity } from "@wardline/core";
import type { FindingReport, Reader } from "./finding-report.ts";
import { placesIn } from "./places.ts";
import { visible } from "./visible.ts";

export function formatGithub({ findings, sources }: FindingReport, reader: Reader): string {
  const places = placesIn(sources);
  return findings
    .map((finding) => {
      const { file, start, end } = places.of(finding.labels[0].span);
      // Columns are for spans of one line only.
      const columns =
        start.line === end.line
          ? { col: String(start.column), endColumn: String(Math.max(start.column, end.column - 1)) }
          : {};
      const text = [finding.message, finding.labels[0].message, finding.note, finding.help]
        .flatMap((part) => part?.split("\n") ?? [])
        .map(visible)
        .join("\n");
      return command(
        commandOf(finding.severity),
        {
          file: visible(reader.rooted(file)),
          line: String(start.line),
          endLine: String(end.line),
          ...columns,
          title: finding.code === "" ? "wardline" : finding.code,
        },
        text,
      );
    })
    .join("");
}

/** One workflow command; what it says can neither end it nor begin another. */
function command(name: string, properties: Readonly<Record<string, string>>, text: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${pairs.join(",")}::${escapeData(text)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function commandOf(severity: Severity): string {
  switch (severity) {
    case "error":
      return "error";
    case "warning":
      return "warning";
    case "info":
      return "notice";
  }
}
