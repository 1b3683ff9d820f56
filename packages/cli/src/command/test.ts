/** `wardline test [paths]`: run the tests that stand in the policies. */
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { rootedAt } from "../files/rooted.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../progress.ts";
import { byHeaderNotice } from "../project/project.ts";
import { selectProjects } from "../project/selection.ts";
import { hasErrors } from "../report/finding-report.ts";
import { addOutputOptions, writeReport, type OutputOptions } from "../report/outputs.ts";
import { allHold, testProjects } from "../test/test-projects.ts";
import { formatTests, testFormats, type TestFormat } from "../test/test-report.ts";
import { watchProjects } from "../watch/watch-projects.ts";
import type { AddCommand } from "./shell.ts";

export interface TestOptions extends OutputOptions<TestFormat> {
  readonly filter?: string;
  readonly watch?: true;
}

export const addTest: AddCommand = (program, { io, end }) => {
  const command = program
    .command("test")
    .description("run the tests that stand in the policies")
    .argument("[paths...]", "folders or files; the project of the current folder without any")
    .option("--filter <text>", "run only tests whose title holds this text")
    .option("--watch", "run again whenever a file changes, until interrupted");
  addOutputOptions(command, testFormats).action(async (paths: readonly string[], options: TestOptions) => {
    if (options.watch === true) {
      await watchProjects(io, paths, () => test(io, paths, options));
      end(exitCode.fine);
    } else end(await test(io, paths, options));
  });
};

export async function test(io: Io, paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  const selections = selectProjects(io.cwd, paths);
  if (selections.some(({ project }) => project.config === undefined)) io.err(byHeaderNotice);
  const progress = startProgress(io, "testing policy");
  const filter = options.filter?.toLowerCase();
  const tested = testProjects(selections, {
    wanted: (title) => filter === undefined || title.toLowerCase().includes(filter),
    step: progress.step,
  });
  progress.end();
  const reader = { rooted: rootedAt(io.cwd) };
  await writeReport(io, options, (format, color) =>
    formatTests(format, tested, options.filter, { ...reader, color }),
  );
  if (hasErrors(tested.findings)) return exitCode.findings;
  if (filter !== undefined && tested.policies.every(({ results }) => results.length === 0))
    throw new UsageError(`no test has a title that holds \`${options.filter}\``);
  return allHold(tested) ? exitCode.fine : exitCode.tests;
}
