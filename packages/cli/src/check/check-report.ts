/** What `check` says beside the findings, for people and for machines. */
import { fixOf, type AppliedFix } from "@wardline/compiler";
import { countOf, many, summarize, type FindingReport } from "../report/finding-report.ts";
import { placesIn } from "../report/places.ts";
import type { Checked } from "./check-projects.ts";

export interface CheckReport extends FindingReport {
  /** The part of the closing lines that no format for machines holds in its findings. */
  readonly remarks: readonly string[];
}

export interface ReportOptions {
  readonly fix?: true;
  readonly maxWarnings?: number;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

export function checkReport(checked: Checked, options: ReportOptions): CheckReport {
  const remarks = [...fixed(checked), ...leftOut(checked, options)];
  const { errors, warnings } = countOf(checked.findings);
  if (warnings > (options.maxWarnings ?? Infinity))
    remarks.push(`${many(warnings, "warning")} of at most ${options.maxWarnings}`);
  if (options.writeBaseline !== undefined)
    remarks.push(`${many(checked.all.length, "finding")} written to ${options.writeBaseline} as known`);
  const fixable = checked.findings.filter((finding) => fixOf(finding) !== undefined).length;
  const { fine, all } = checked.policies;
  const policies = all === 0 ? "no policy" : `${fine} of ${all} ${all === 1 ? "policy" : "policies"} fine`;
  const closing = [...remarks, `${policies}: ${summarize(checked.findings)}`];
  if (fixable > 0 && options.fix !== true) closing.push(`${fixable} of them can be mended with --fix`);
  return {
    findings: checked.findings,
    sources: checked.sources,
    fingerprints: checked.fingerprints,
    closing,
    remarks,
    json: {
      policies: checked.policies,
      fixed: checked.applied.map(({ finding, fix, before }) => ({
        code: finding.code,
        ...placesIn(before).of(finding.labels[0].span),
        title: fix.title,
      })),
      baseline:
        checked.known === undefined ? null : { known: checked.known.known.size, gone: checked.known.gone },
      unchanged: checked.unchanged === undefined ? null : countOf(checked.unchanged),
      passed: errors === 0 && warnings <= (options.maxWarnings ?? Infinity),
    },
  };
}

function fixed({ applied, refused }: Checked): readonly string[] {
  const done = ({ finding, fix, before }: AppliedFix) => {
    const { file, start } = placesIn(before).of(finding.labels[0].span);
    return `fixed ${file}:${start.line}:${start.column}: ${finding.message}: ${fix.title}`;
  };
  return [
    ...applied.map(done),
    ...refused.map(
      ({ message, labels }) =>
        `not fixed in ${labels[0].span.file}, since there would be more errors than before: ${message}`,
    ),
  ];
}

function leftOut({ known, unchanged }: Checked, { baseline }: ReportOptions): readonly string[] {
  const lines: string[] = [];
  if (known !== undefined && known.known.size > 0)
    lines.push(`${many(known.known.size, "finding")} of ${baseline} left out as known`);
  for (const { file, code } of known?.gone ?? [])
    lines.push(`${baseline} knows ${code} in ${file}, which no longer occurs: write it again`);
  if (unchanged !== undefined && unchanged.length > 0)
    lines.push(`left out in files that did not change: ${summarize(unchanged)}`);
  return lines;
}
