/** The `wardline` command as a function: arguments in, exit code out. */
import { Command, CommanderError } from "commander";
import { addAudit } from "./command/audit.ts";
import { addBuild } from "./command/build.ts";
import { addCheck } from "./command/check.ts";
import { addCompletion } from "./command/completion.ts";
import { addConfig } from "./command/config.ts";
import { addDb } from "./command/db.ts";
import { addDecide } from "./command/decide.ts";
import { addDiff } from "./command/diff.ts";
import { addDoctor } from "./command/doctor.ts";
import { addExplain } from "./command/explain.ts";
import { addFmt } from "./command/fmt.ts";
import { addHelp } from "./command/help.ts";
import { addInit } from "./command/init.ts";
import { addKeys } from "./command/keys.ts";
import { addLsp } from "./command/lsp.ts";
import { addPublish, addRefresh, addRollback } from "./command/publish.ts";
import type { AddCommand, Shell } from "./command/shell.ts";
import { addStudio } from "./command/studio.ts";
import { addTenant } from "./command/tenant.ts";
import { addTest } from "./command/test.ts";
import { addTypes } from "./command/types.ts";
import { addVerify } from "./command/verify.ts";
import { addWhatCan } from "./command/what-can.ts";
import { addWhoCan } from "./command/who-can.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { reportFailure } from "./failure.ts";
import type { Io } from "./io.ts";
import { visible } from "./report/visible.ts";
import { version } from "./version.ts";

/** In the order of the help. */
const commands: readonly AddCommand[] = [
  addInit,
  addCheck,
  addTest,
  addFmt,
  addDecide,
  addExplain,
  addWhoCan,
  addWhatCan,
  addDiff,
  addTypes,
  addBuild,
  addKeys,
  addPublish,
  addRefresh,
  addRollback,
  addVerify,
  addDb,
  addDoctor,
  addTenant,
  addAudit,
  addStudio,
  addLsp,
  addConfig,
  addCompletion,
  addHelp,
];

const exitCodes = `
Exit codes: 0 fine, 1 errors or too many warnings, 2 usage or input, 3 tests,
4 access gate, 5 denied, 6 signature or integrity, 70 a bug in Wardline.
`;

/** The program with all its commands. */
export function buildProgram(shell: Shell): Command {
  const program = new Command("wardline")
    .description("Security as code for multi-tenant SaaS.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: shell.io.out,
      // An error repeats what was typed.
      writeErr: (text) => shell.io.err(text.split("\n").map(visible).join("\n")),
      // The same text everywhere.
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .addHelpText("after", exitCodes);
  for (const add of commands) add(program, shell);
  return program;
}

/** Runs one command line (without the program's own name) and returns its exit code. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCode.fine;
  try {
    await buildProgram({ io, end: (end) => (code = end) }).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
    return reportFailure(io, error);
  }
}
