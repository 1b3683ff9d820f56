/** What the extension does wherever it runs: it starts a language server, shows what its commands answer, and stops it. */
import { commands, window, type ExtensionContext } from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { clientOptions } from "./client-options.ts";
import { showAnswer } from "./show-answer.ts";

let client: BaseLanguageClient | undefined;

/** Starts the client that `make` makes, for documents of the schemes. Throws where the server does not start. */
export async function startShell<Client extends BaseLanguageClient>(
  context: ExtensionContext,
  schemes: readonly string[],
  make: (options: LanguageClientOptions) => Client,
): Promise<Client> {
  const output = window.createOutputChannel("Wardline", { log: true });
  const answers = window.createOutputChannel("Wardline: Answers");
  const started = make(clientOptions(schemes, output, (title, answer) => showAnswer(answers, title, answer)));
  client = started;
  context.subscriptions.push(
    output,
    answers,
    commands.registerCommand("wardline.restartServer", async () => {
      if (started.isRunning()) await started.stop();
      await started.start();
    }),
    commands.registerCommand("wardline.showOutput", () => output.show()),
  );
  await started.start();
  return started;
}

export async function stopShell(): Promise<void> {
  const running = client;
  client = undefined;
  // A server that did not start, or has ended, is stopped already.
  if (running?.isRunning() === true) await running.stop();
}
