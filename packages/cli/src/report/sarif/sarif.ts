/** Findings as SARIF 2.1.0, for services that collect the results of checks. */
import type { FindingReport, Reader } from "../finding-report.ts";
import { placesIn } from "../places.ts";
import { resultOf } from "./result.ts";
import { sarifRules } from "./rules.ts";
import { sarifLog } from "./sarif-log.ts";

export function formatSarif(report: FindingReport, reader: Reader): string {
  const context = { places: placesIn(report.sources), reader };
  return sarifLog({
    automation: "wardline/check",
    rules: sarifRules,
    items: report.findings,
    result: (finding) => resultOf(finding, report.fingerprints.get(finding) as string, context),
  });
}
