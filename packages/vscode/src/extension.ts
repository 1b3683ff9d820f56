/** The shell of the extension: starts the language server that is packed with it, and stops it. It asks for nothing outside of the machine. */
import { commands, window, type ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientOptions } from "./client-options.ts";
import { showAnswer } from "./show-answer.ts";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("Wardline", { log: true });
  const answers = window.createOutputChannel("Wardline: Answers");
  const server = { module: context.asAbsolutePath("dist/server.mjs"), transport: TransportKind.stdio };
  const started = new LanguageClient(
    "wardline",
    "Wardline",
    { run: server, debug: server },
    clientOptions(output, (title, answer) => showAnswer(answers, title, answer)),
  );
  client = started;
  context.subscriptions.push(
    output,
    answers,
    commands.registerCommand("wardline.restartServer", () => started.restart()),
    commands.registerCommand("wardline.showOutput", () => output.show()),
  );
  await started.start();
}

export async function deactivate(): Promise<void> {
  const running = client;
  client = undefined;
  // A server that did not start, or has ended, is stopped already.
  if (running?.isRunning() === true) await running.stop();
}
