/** What `doctor` found, before any format. */
import type { SourceFile } from "@wardline/core";
import type { DoctorFinding, ServerFacts } from "@wardline/isolation";
import { many } from "../finding-report.ts";

export interface DoctorReport {
  readonly server: ServerFacts;
  readonly schemas: readonly string[];
  readonly findings: readonly DoctorFinding[];
  /** The model, in whose text the tables are named. */
  readonly model: SourceFile;
  readonly passed: boolean;
}

export interface DoctorCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function countOf(findings: readonly DoctorFinding[]): DoctorCounts {
  const count = (severity: DoctorFinding["severity"]) =>
    findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), infos: count("info") };
}

/** "2 errors, 1 warning". */
export function summaryOf(findings: readonly DoctorFinding[]): string {
  const { errors, warnings, infos } = countOf(findings);
  const words = [many(errors, "error"), many(warnings, "warning")];
  if (infos > 0) words.push(many(infos, "hint"));
  return words.join(", ");
}
