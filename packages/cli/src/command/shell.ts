/** What a command is given to register itself with. */
import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";

export interface Shell {
  readonly io: Io;
  /** Says how the run ended. */
  readonly end: (code: ExitCode) => void;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, shell: Shell) => void;
