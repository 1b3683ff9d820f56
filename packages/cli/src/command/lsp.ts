/** `wardline lsp`: the language server over standard input and output, for editors. */
import type { AddCommand } from "./shell.ts";

export const addLsp: AddCommand = (program) => {
  program
    .command("lsp")
    .description("speak to an editor: the language server over standard input and output")
    .option("--stdio", "over standard input and output, which is the only way")
    .action(async () => {
      await import("@wardline/language-server/node");
      // The server ends the process, as its client tells it or goes away.
      await new Promise(() => {});
    });
};
