/** What the client tells the server and what it leaves out, by the settings. */
import { workspace, type LogOutputChannel, type TextDocument } from "vscode";
import { RevealOutputChannelOn, type LanguageClientOptions } from "vscode-languageclient";

/** `show` is given what a command of the server answered. */
export function clientOptions(
  output: LogOutputChannel,
  show: (title: string, answer: unknown) => void,
): LanguageClientOptions {
  return {
    // The server reads files of this machine; a text that was not saved is checked alone.
    documentSelector: [
      { scheme: "file", language: "wardline" },
      { scheme: "untitled", language: "wardline" },
    ],
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // What a policy says is shown as text: it opens nothing and loads nothing.
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      provideInlayHints: (document, range, token, next) =>
        isOn("inlayHints", document) ? next(document, range, token) : [],
      provideCodeLenses: (document, token, next) => (isOn("codeLens", document) ? next(document, token) : []),
      executeCommand: async (command, parameters, next) => {
        const answer: unknown = await next(command, parameters);
        show(command, answer);
        return answer;
      },
    },
  };
}

function isOn(setting: "inlayHints" | "codeLens", document: TextDocument): boolean {
  return workspace.getConfiguration("wardline", document).get(`${setting}.enabled`, true);
}
