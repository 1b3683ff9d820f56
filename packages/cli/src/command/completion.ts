/** `wardline completion SHELL`: a script for the shell, which asks `wardline complete` what fits. */
import { Argument } from "commander";
import { candidates } from "../completion/candidates.ts";
import { completionScripts, shells, type Shell } from "../completion/scripts.ts";
import { exitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { findConfig } from "../project/config.ts";
import type { AddCommand } from "./shell.ts";

export const addCompletion: AddCommand = (program, { io, end }) => {
  program
    .command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>", "whose script").choices(shells))
    .action((shell: Shell) => {
      io.out(completionScripts[shell]);
    });
  program
    .command("complete", { hidden: true })
    .description("print the words that can end a command line")
    .argument("[words...]")
    .action(async (words: readonly string[]) => {
      const { diagnosticPages } = await import("@wardline/compiler/diagnostics");
      const known = (name: string): readonly string[] => {
        if (name === "tenant") return tenantsOf(io);
        if (name !== "topic") return [];
        const commands = program.createHelp().visibleCommands(program);
        return [...commands.map((command) => command.name()), ...Object.keys(diagnosticPages)];
      };
      io.out(
        candidates(program, words, known)
          .map((word) => `${word}\n`)
          .join(""),
      );
      end(exitCode.fine);
    });
};

/** The tenants of the project, or none where it cannot be read: a completion must not fail. */
function tenantsOf(io: Io): readonly string[] {
  try {
    return [...(findConfig(io.cwd)?.tenants.keys() ?? [])];
  } catch {
    return [];
  }
}
