/** Context keys as files that a command line names. */
import { resolve } from "node:path";
import {
  createContextKey,
  KeyFileError,
  readContextKey,
  writeContextKey,
  type ContextKey,
} from "@wardline/isolation";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";

export function makeContextKey(io: Io, file: string, id: number): ExitCode {
  orUsage(() => writeContextKey(resolve(io.cwd, file), createContextKey(id)));
  io.out(
    `${visible(file)}: key ${id}, for \`contextKey\` of the application and for \`wardline db apply --context-key\`\n`,
  );
  return exitCode.fine;
}

/** Throws {@link UsageError}, which shows nothing of the file. */
export function readContextKeyFile(io: Io, file: string): ContextKey {
  return orUsage(() => readContextKey(resolve(io.cwd, file)));
}

function orUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    throw new UsageError(`${error.message} (${error.code})`);
  }
}
