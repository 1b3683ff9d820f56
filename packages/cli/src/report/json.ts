/** Findings for machines, as `docs/spec/report.schema.json` says. `formatVersion` changes when a reader would have to. */
import { countOf, type FindingReport } from "./finding-report.ts";
import { placesIn } from "./places.ts";
import { version } from "../version.ts";

export const formatVersion = 1;

export function formatJson({ findings, sources, fingerprints, json }: FindingReport): string {
  const places = placesIn(sources);
  const document = {
    formatVersion,
    tool: { name: "wardline", version },
    summary: countOf(findings),
    findings: findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      message: finding.message,
      labels: finding.labels.map((label) => ({ ...places.of(label.span), message: label.message ?? null })),
      note: finding.note ?? null,
      help: finding.help ?? null,
      fixes: finding.fixes.map((fix) => ({
        title: fix.title,
        choice: fix.choice === true,
        edits: fix.edits.map((edit) => ({ ...places.of(edit.span), text: edit.text })),
      })),
      fingerprint: fingerprints.get(finding) ?? null,
    })),
    ...json,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
