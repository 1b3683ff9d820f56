/** `wardline check [paths]`: parse, resolve, type, lint, guardrails. */
import { Option } from "commander";
import { readBaseline, writeBaseline } from "../check/baseline.ts";
import { checkProjects } from "../check/check-projects.ts";
import { checkReport } from "../check/check-report.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { rootedAt } from "../files/rooted.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../progress.ts";
import { byHeaderNotice } from "../project/project.ts";
import { selectProjects } from "../project/selection.ts";
import { countOf } from "../report/finding-report.ts";
import { formatReport, reportFormats } from "../report/formats.ts";
import { addOutputOptions, writeReport, type OutputOptions } from "../report/outputs.ts";
import { watchProjects } from "../watch/watch-projects.ts";
import { addMaxWarnings } from "./max-warnings.ts";
import type { AddCommand } from "./shell.ts";

export interface CheckOptions extends OutputOptions {
  readonly fix?: true;
  /** A commit, or true for the last one. */
  readonly changed?: string | true;
  readonly watch?: true;
  readonly maxWarnings?: number;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

export const addCheck: AddCommand = (program, { io, end }) => {
  const command = program
    .command("check")
    .description("check policies: syntax, names, types, guardrails, lints")
    .argument("[paths...]", "folders or files; the project of the current folder without any")
    .option("--fix", "carry out the fixes that findings offer, and check again")
    .option(
      "--changed [ref]",
      "report only findings in files that changed since a commit (default: the last one)",
    )
    .option("--watch", "check again whenever a file changes, until interrupted");
  addMaxWarnings(command)
    .addOption(new Option("--baseline <file>", "leave out the findings that this file knows"))
    .addOption(
      new Option("--write-baseline <file>", "write all findings to a file as known").conflicts([
        "baseline",
        "changed",
        "watch",
      ]),
    );
  addOutputOptions(command, reportFormats).action(async (paths: readonly string[], options: CheckOptions) => {
    end(options.watch === true ? await watchCheck(io, paths, options) : await check(io, paths, options));
  });
};

async function check(io: Io, paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const baseline = options.baseline === undefined ? undefined : readBaseline(io.cwd, options.baseline);
  const selections = selectProjects(io.cwd, paths);
  if (selections.some(({ project }) => project.config === undefined)) io.err(byHeaderNotice);
  const progress = startProgress(io, "checking policy");
  const checked = checkProjects(selections, {
    cwd: io.cwd,
    fix: options.fix === true,
    changedSince: options.changed === true ? "HEAD" : options.changed,
    baseline,
    step: progress.step,
  });
  progress.end();
  const report = checkReport(checked, options);
  const reader = { rooted: rootedAt(io.cwd) };
  await writeReport(io, options, (format, color) => formatReport(format, report, { ...reader, color }));
  if (options.format !== "pretty" && options.format !== "plain")
    for (const line of report.remarks) io.err(`${line}\n`);
  if (options.writeBaseline !== undefined) {
    writeBaseline(io.cwd, options.writeBaseline, checked.all, checked.fingerprints);
    return exitCode.fine;
  }
  const { errors, warnings } = countOf(checked.findings);
  return errors > 0 || warnings > (options.maxWarnings ?? Infinity) ? exitCode.findings : exitCode.fine;
}

async function watchCheck(io: Io, paths: readonly string[], options: CheckOptions): Promise<ExitCode> {
  await watchProjects(io, paths, () => check(io, paths, options));
  return exitCode.fine;
}
