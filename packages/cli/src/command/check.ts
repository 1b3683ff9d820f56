import { compileProject, sourcesOf } from "../project/compile-project.ts";
import { byHeaderNotice, readProject } from "../project/project.ts";
import { exitCode, UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { hasErrors, printFindings, summarize, type ReportFormat } from "../report/report.ts";

export interface CheckOptions {
  readonly format: ReportFormat;
}

/** `wardline check [folder]`: parse, resolve, type, guardrails. 0 without errors, 1 with. */
export function check(io: Io, folder: string, options: CheckOptions): number {
  const project = readProject(io.cwd, folder);
  if (project.tenants.size === 0) throw new UsageError("the project has no tenant's policy to check");
  if (project.byHeader) io.err(byHeaderNotice);
  const { findings, programs } = compileProject(project);
  printFindings(io, options.format, findings, sourcesOf(project));
  if (options.format === "pretty") {
    const policies = `${programs.size} of ${project.tenants.size} ${project.tenants.size === 1 ? "policy" : "policies"} fine`;
    io.out(`${policies}: ${summarize(findings)}\n`);
  }
  return hasErrors(findings) ? exitCode.findings : exitCode.fine;
}
