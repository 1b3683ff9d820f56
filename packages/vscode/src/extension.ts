/** The extension on a machine: the language server that is packed with it, in a process. It asks for nothing outside of the machine. */
import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { startShell, stopShell } from "./shell.ts";

export async function activate(context: ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath("dist/server.mjs"), transport: TransportKind.stdio };
  // The server reads files of this machine.
  await startShell(
    context,
    ["file"],
    (options) => new LanguageClient("wardline", "Wardline", { run: server, debug: server }, options),
  );
}

export const deactivate = stopShell;
