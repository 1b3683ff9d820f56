/** Which documents the server has, and what becomes of its answers here. What it shows as hints it asks the settings itself. */
import { workspace, type LogOutputChannel, type TextDocument } from "vscode";
import { RevealOutputChannelOn, type LanguageClientOptions } from "vscode-languageclient";

/** `schemes` are those of documents whose project the server can read. `show` is given what a command of the server answered. */
export function clientOptions(
  schemes: readonly string[],
  output: LogOutputChannel,
  show: (title: string, answer: unknown) => void,
): LanguageClientOptions {
  return {
    // A text that was not saved is checked alone.
    documentSelector: [...schemes, "untitled"].map((scheme) => ({ scheme, language: "wardline" })),
    initializationOptions: { showsAnswers: true },
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // What a policy says is shown as text: it opens nothing and loads nothing.
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      provideCodeLenses: (document, token, next) => (showsLenses(document) ? next(document, token) : []),
      executeCommand: async (command, parameters, next) => {
        const answer: unknown = await next(command, parameters);
        show(command, answer);
        return answer;
      },
    },
  };
}

function showsLenses(document: TextDocument): boolean {
  return workspace.getConfiguration("wardline", document).get("codeLens.enabled", true);
}
