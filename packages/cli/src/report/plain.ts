/** Findings one fact a line, in words, without drawing or colour: for screen readers and simple tools. */
import type { Finding, Label } from "@wardline/core";
import { placesIn, type Places } from "./places.ts";
import { visible } from "./visible.ts";

export function formatPlain(findings: readonly Finding[], sources: ReadonlyMap<string, string>): string {
  const places = placesIn(sources);
  return findings
    .map((finding) => {
      const [first, ...others] = finding.labels;
      const head = finding.code === "" ? finding.severity : `${finding.severity} ${finding.code}`;
      const lines = [`${placeOf(first, places)}: ${head}: ${finding.message}`];
      const marked = sources.get(first.span.file)?.slice(first.span.start, first.span.end) ?? "";
      if (marked !== "" && !marked.includes("\n")) lines.push(`  at: ${marked}`);
      if (first.message !== undefined) lines.push(`  here: ${first.message}`);
      for (const label of others)
        lines.push(
          `  see ${placeOf(label, places)}${label.message === undefined ? "" : `: ${label.message}`}`,
        );
      for (const line of finding.note?.split("\n") ?? []) lines.push(`  note: ${line}`);
      for (const line of finding.help?.split("\n") ?? []) lines.push(`  help: ${line}`);
      return lines.map((line) => `${visible(line)}\n`).join("");
    })
    .join("");
}

function placeOf({ span }: Label, places: Places): string {
  const { file, start } = places.of(span);
  return `${file}:${start.line}:${start.column}`;
}
