/** `wardline test [paths]`: run the tests that stand in the policies. */
import { InvalidArgumentError } from "commander";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { rootedAt } from "../files/rooted.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../progress.ts";
import { byHeaderNotice } from "../project/project.ts";
import { selectProjects } from "../project/selection.ts";
import { hasErrors } from "../report/finding-report.ts";
import { addOutputOptions, writeReport, type OutputOptions } from "../report/outputs.ts";
import { leastOf } from "../test/measured.ts";
import { allHold, testProjects } from "../test/test-projects.ts";
import { formatTests, testFormats, type TestFormat } from "../test/test-report.ts";
import { watchProjects } from "../watch/watch-projects.ts";
import type { AddCommand } from "./shell.ts";

export interface TestOptions extends OutputOptions<TestFormat> {
  readonly filter?: string;
  readonly watch?: true;
  readonly coverage?: true;
  readonly mutate?: true;
  /** The least that `coverage` and `mutate` may measure, in percent. */
  readonly min?: number;
}

export const addTest: AddCommand = (program, { io, end }) => {
  const command = program
    .command("test")
    .description("run the tests that stand in the policies")
    .argument("[paths...]", "folders or files; the project of the current folder without any")
    .option("--filter <text>", "run only tests whose title holds this text")
    .option("--coverage", "say which rules, branches and conditions the tests have seen")
    .option("--mutate", "say how many small faults in the rules the tests would notice")
    .option("--min <percent>", "fail if less than this is covered or noticed", percent)
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
  if (options.min !== undefined && options.coverage !== true && options.mutate !== true)
    throw new UsageError("--min has nothing to measure", "add --coverage or --mutate");
  const progress = startProgress(io, "testing policy");
  const filter = options.filter?.toLowerCase();
  const tested = testProjects(selections, {
    wanted: (title) => filter === undefined || title.toLowerCase().includes(filter),
    coverage: options.coverage === true,
    mutate: options.mutate === true,
    step: progress.step,
  });
  progress.end();
  const reader = { rooted: rootedAt(io.cwd) };
  await writeReport(io, options, (format, color) =>
    formatTests(format, tested, options.filter, { ...reader, color }),
  );
  if (hasErrors(tested.findings)) return exitCode.findings;
  if (
    filter !== undefined &&
    tested.policies.every(({ results, asserts }) => results.length + asserts.length === 0)
  )
    throw new UsageError(`no test has a title that holds \`${options.filter}\``);
  const { min = 0 } = options;
  const isEnough = tested.policies.every(({ measured }) => (leastOf(measured) ?? 100) >= min);
  return allHold(tested) && isEnough ? exitCode.fine : exitCode.tests;
}

function percent(text: string): number {
  const value = Number(text);
  if (!/^\d{1,3}(?:\.\d+)?$/.test(text) || value > 100)
    throw new InvalidArgumentError("a number from 0 to 100");
  return value;
}
