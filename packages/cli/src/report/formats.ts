/** The formats that findings can be reported in. */
import { formatCompact } from "./compact.ts";
import type { FindingReport, Reader } from "./finding-report.ts";
import { formatGithub } from "./github.ts";
import { formatJson } from "./json.ts";
import { formatJunit } from "./junit.ts";
import { formatPlain } from "./plain.ts";
import { formatPretty } from "./pretty.ts";
import { visible } from "./visible.ts";

export const reportFormats = ["pretty", "plain", "compact", "json", "sarif", "junit", "github"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** A report in one format, ending in a line break unless it is empty. */
export async function formatReport(
  format: ReportFormat,
  report: FindingReport,
  reader: Reader,
): Promise<string> {
  const { findings, sources } = report;
  const closing = report.closing.map((line) => `${visible(line)}\n`).join("");
  switch (format) {
    case "pretty":
      return `${formatPretty(findings, sources, reader.color)}${findings.length === 0 ? "" : "\n"}${closing}`;
    case "plain":
      return formatPlain(findings, sources) + closing;
    case "compact":
      return formatCompact(findings, sources);
    case "json":
      return formatJson(report);
    case "sarif":
      return (await import("./sarif/sarif.ts")).formatSarif(report, reader);
    case "junit":
      return formatJunit(report);
    case "github":
      return formatGithub(report, reader);
  }
}
