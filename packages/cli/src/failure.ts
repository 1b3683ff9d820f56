import { exitCode, UsageError, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { visible } from "./report/visible.ts";

/** Tells what went wrong, and returns the exit code for it. */
export function reportFailure(io: Io, error: unknown): ExitCode {
  if (error instanceof UsageError) {
    io.err(`error: ${visible(error.message)}\n`);
    if (error.help !== undefined) io.err(`  help: ${visible(error.help)}\n`);
    return exitCode.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`this is a bug in wardline: ${detail}\n`);
  return exitCode.bug;
}
