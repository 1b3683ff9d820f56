/**
 * Code lenses over LSP, and the commands behind them. A command answers what is to be shown: JSON with a `text`. Most
 * editors show no answer of a command, so the server has them show it as a message.
 */
import { MessageType, ShowMessageNotification, type CodeLens } from "vscode-languageserver";
import type { Refused } from "../protocol/requests.ts";
import type { Feature } from "../server/feature.ts";
import { rangeIn } from "../server/places.ts";
import { explainRule } from "./explain-rule.ts";
import { lensCommands, lensesOf, titleOf, type Lens } from "./lenses.ts";
import { runFileTests } from "./run-file-tests.ts";
import { whoCanRule } from "./who-rule.ts";

/** What a lens and its command carry. */
interface Carried extends Pick<Lens, "command" | "file" | "name"> {
  readonly uri: string;
  readonly title?: string;
}

export const lensFeature: Feature = {
  capabilities: () => ({
    codeLensProvider: { resolveProvider: true },
    executeCommandProvider: { commands: [...lensCommands] },
  }),
  register: ({ connection, answering, at, workspace, showsAnswers }) => {
    const shown = <Answer extends { readonly text: string } | Refused>(answer: Answer): Answer => {
      if (!showsAnswers)
        void connection.sendNotification(
          ShowMessageNotification.type,
          "text" in answer
            ? { type: MessageType.Info, message: answer.text }
            : { type: MessageType.Warning, message: answer.refused },
        );
      return answer;
    };
    connection.onCodeLens(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        const { uri } = params.textDocument;
        return lensesOf(placed.project.snapshot, placed.file).map(({ start, end, ...lens }): CodeLens => {
          const range = rangeIn(placed.document, { start, end });
          const data: Carried = { ...lens, uri };
          return lens.title === undefined
            ? { range, data }
            : { range, command: commandOf(lens.title, data), data };
        });
      }, null),
    );
    connection.onCodeLensResolve(
      answering(
        (lens): CodeLens => {
          const data = lens.data as Carried | undefined;
          const placed = data === undefined ? undefined : workspace.at(data.uri);
          if (data === undefined || placed === undefined) return lens;
          return { ...lens, command: commandOf(titleOf(placed.project.snapshot, data), data) };
        },
        { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
      ),
    );
    connection.onExecuteCommand(
      answering<{ command: string; arguments?: unknown[] }, unknown>(
        ({ command, arguments: args }) => {
          const data = args?.[0] as Partial<Carried> | undefined;
          const placed = typeof data?.uri === "string" ? workspace.at(data.uri) : undefined;
          if (placed === undefined) return shown({ refused: "Open a file of the project first." });
          const { snapshot } = placed.project;
          const { file } = placed;
          const name = typeof data?.name === "string" ? data.name : null;
          switch (command) {
            case "wardline.runTests":
              return shown(runFileTests(snapshot, { file, ...(name === null ? {} : { title: name }) }));
            case "wardline.explainRule":
              return shown(explainRule(snapshot, { file, rule: name ?? "" }));
            case "wardline.whoCan":
              return shown(whoCanRule(snapshot, { file, rule: name ?? "" }));
            default:
              return shown({ refused: `The server has no command “${command}”.` });
          }
        },
        { refused: "This could not be answered." },
      ),
    );
  },
};

function commandOf(title: string, data: Carried) {
  return { title, command: data.command, arguments: [{ uri: data.uri, name: data.name }] };
}
