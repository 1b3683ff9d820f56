import type { Finding } from "@wardline/core";
import type { Io } from "../io.ts";
import { formatJson } from "./json.ts";
import { formatPlain } from "./plain.ts";
import { formatPretty } from "./pretty.ts";

export const reportFormats = ["pretty", "plain", "json"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Prints findings to `out`. */
export function printFindings(
  io: Io,
  format: ReportFormat,
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
): void {
  switch (format) {
    case "pretty":
      if (findings.length > 0) io.out(`${formatPretty(findings, sources, io.color)}\n`);
      return;
    case "plain":
      io.out(formatPlain(findings, sources));
      return;
    case "json":
      io.out(formatJson(findings, sources));
      return;
  }
}

/** "2 errors, 1 warning". */
export function summarize(findings: readonly Finding[]): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const words = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  return `${words(count("error"), "error")}, ${words(count("warning"), "warning")}`;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
