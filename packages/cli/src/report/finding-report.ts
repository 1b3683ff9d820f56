/** What a command found, before any format. */
import type { Finding } from "@wardline/core";

export interface FindingReport {
  readonly findings: readonly Finding[];
  /** The text of each file, by the name that spans bear. */
  readonly sources: ReadonlyMap<string, string>;
  /** Finding → what it is known by from run to run. */
  readonly fingerprints: ReadonlyMap<Finding, string>;
  /** One sentence a line that end a report for people. */
  readonly closing: readonly string[];
  /** Keys beside the findings in JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Where a report is made and who reads it. */
export interface Reader {
  readonly color: boolean;
  /** Names a file as from the root of the repository, for services that show findings beside the code. */
  readonly rooted: (file: string) => string;
}

/** "error[name/unknown]"; what is no finding of the compiler, such as a test that fails, has no code. */
export function headOf({ severity, code }: Finding): string {
  return code === "" ? severity : `${severity}[${code}]`;
}

/** "2 errors, 1 warning". */
export function summarize(findings: readonly Finding[]): string {
  const { errors, warnings, infos } = countOf(findings);
  const words = [many(errors, "error"), many(warnings, "warning")];
  if (infos > 0) words.push(many(infos, "hint"));
  return words.join(", ");
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function countOf(findings: readonly Finding[]): Counts {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), infos: count("info") };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}

/** "1 file", "2 files". */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
