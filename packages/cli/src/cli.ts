/** The `wardline` command as a function: arguments in, exit code out. */
import { Command, CommanderError, Option } from "commander";
import { build } from "./command/build.ts";
import { check } from "./command/check.ts";
import { decide } from "./command/decide.ts";
import { exitCode, UsageError } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { reportFormats, type ReportFormat } from "./report/report.ts";
import { version } from "./version.ts";

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  let code: number = exitCode.fine;
  const program = new Command("wardline")
    .description("Security as code for multi-tenant SaaS.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });

  program
    .command("check")
    .description("check the policies of a project")
    .argument("[folder]", "the project's folder", ".")
    .addOption(
      new Option("--format <format>", "how to print findings").choices(reportFormats).default("pretty"),
    )
    .action((folder: string, options: { format: ReportFormat }) => {
      code = check(io, folder, options);
    });

  program
    .command("decide")
    .description("answer one request")
    .argument("[folder]", "the project's folder", ".")
    .requiredOption("--tenant <tenant>", "whose policy decides")
    .requiredOption("--request <file>", "a request document, or - for standard input")
    .addOption(
      new Option("--format <format>", "how to print the decision")
        .choices(["pretty", "json"])
        .default("pretty"),
    )
    .option("--exit-decision", "exit 5 unless the answer is permit", false)
    .action(async (folder: string, options: Parameters<typeof decide>[2]) => {
      code = await decide(io, folder, options);
    });

  program
    .command("build")
    .description("compile every tenant's policy to a bundle folder")
    .argument("[folder]", "the project's folder", ".")
    .option("--out <folder>", "where the bundles go", "dist")
    .option("--revision <number>", "the revision that the bundles carry", "1")
    .action(async (folder: string, options: Parameters<typeof build>[2]) => {
      code = await build(io, folder, options);
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
    if (error instanceof UsageError) {
      io.err(`error: ${error.message}\n${error.help === undefined ? "" : `  help: ${error.help}\n`}`);
      return exitCode.usage;
    }
    io.err(
      `this is a bug in wardline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCode.bug;
  }
}
