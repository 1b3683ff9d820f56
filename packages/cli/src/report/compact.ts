/** Findings one a line, for grep, editors and whoever reads many of them. */
import type { Finding } from "@wardline/core";
import { headOf } from "./finding-report.ts";
import { placesIn } from "./places.ts";
import { visible } from "./visible.ts";

export function formatCompact(findings: readonly Finding[], sources: ReadonlyMap<string, string>): string {
  const places = placesIn(sources);
  return findings
    .map((finding) => {
      const { file, start } = places.of(finding.labels[0].span);
      const here = finding.labels[0].message;
      const more = [
        ...(here === undefined ? [] : [here]),
        ...(finding.help === undefined ? [] : [`help: ${finding.help}`]),
      ];
      const place = `${file}:${start.line}:${start.column}`;
      return `${visible([`${place}: ${headOf(finding)}: ${finding.message}`, ...more].join("; "))}\n`;
    })
    .join("");
}
