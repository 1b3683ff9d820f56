/** Findings one fact a line, without drawing: for screen readers and simple tools. */
import { positionAt, type Finding } from "@wardline/core";

export function formatPlain(findings: readonly Finding[], sources: ReadonlyMap<string, string>): string {
  return findings
    .map((finding) => {
      const [first, ...others] = finding.labels;
      const lines = [
        `${placeOf(first.span.file, first.span.start, sources)}: ${finding.severity} ${finding.code}: ${finding.message}`,
      ];
      if (first.message !== undefined) lines.push(`  here: ${first.message}`);
      for (const label of others)
        lines.push(
          `  see ${placeOf(label.span.file, label.span.start, sources)}${label.message === undefined ? "" : `: ${label.message}`}`,
        );
      if (finding.note !== undefined) lines.push(`  note: ${finding.note}`);
      if (finding.help !== undefined) lines.push(`  help: ${finding.help}`);
      return `${lines.join("\n")}\n`;
    })
    .join("");
}

function placeOf(file: string, offset: number, sources: ReadonlyMap<string, string>): string {
  const { line, column } = positionAt(sources.get(file) ?? "", offset);
  return `${file}:${line}:${column}`;
}
