/** Findings as SARIF 2.1.0, for services that collect the results of checks. */
import type { Finding } from "@wardline/core";
import { version } from "../../version.ts";
import type { FindingReport, Reader } from "../finding-report.ts";
import { placesIn } from "../places.ts";
import { resultOf } from "./result.ts";
import { sarifRules } from "./rules.ts";

/** The most results that services take from one run. */
const maxResults = 25_000;

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export function formatSarif(report: FindingReport, reader: Reader): string {
  const context = { places: placesIn(report.sources), reader };
  const kept = mostSevere(report.findings, maxResults);
  const results = kept.map((finding) =>
    resultOf(finding, report.fingerprints.get(finding) as string, context),
  );
  const left = report.findings.length - kept.length;
  const run = {
    tool: { driver: { name: "wardline", version, semanticVersion: version, rules: sarifRules } },
    automationDetails: { id: "wardline/check" },
    columnKind: "unicodeCodePoints",
    invocations: [
      {
        executionSuccessful: true,
        ...(left === 0
          ? {}
          : {
              toolExecutionNotifications: [
                { level: "warning", message: { text: `${left} more findings are left out` } },
              ],
            }),
      },
    ],
    results,
  };
  return `${JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

/** As many findings as there is room for: errors before warnings, in their order. */
function mostSevere(findings: readonly Finding[], room: number): readonly Finding[] {
  if (findings.length <= room) return findings;
  const errors = findings.filter((finding) => finding.severity === "error");
  const others = findings.filter((finding) => finding.severity !== "error");
  const kept = new Set([...errors, ...others].slice(0, room));
  return findings.filter((finding) => kept.has(finding));
}
