/** Context keys as files that a command line names. */
import { resolve } from "node:path";
import { createContextKey, readContextKey, writeContextKey, type ContextKey } from "@wardline/isolation";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { orUsage } from "../keys/key-file-usage.ts";
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
  return orUsage(() => readContextKey(resolve(io.cwd, file)), "wardline keys context FILE");
}
