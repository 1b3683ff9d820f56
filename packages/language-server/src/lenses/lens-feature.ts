/** Code lenses over LSP, and the commands behind them. A command answers what is to be shown: JSON with a `text`. */
import type { CodeLens } from "vscode-languageserver";
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
  register: ({ connection, answering, at, workspace }) => {
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
          if (placed === undefined) return { refused: "Open a file of the project first." };
          const { snapshot } = placed.project;
          const { file } = placed;
          const name = typeof data?.name === "string" ? data.name : null;
          switch (command) {
            case "wardline.runTests":
              return runFileTests(snapshot, { file, ...(name === null ? {} : { title: name }) });
            case "wardline.explainRule":
              return explainRule(snapshot, { file, rule: name ?? "" });
            case "wardline.whoCan":
              return whoCanRule(snapshot, { file, rule: name ?? "" });
            default:
              return { refused: `The server has no command “${command}”.` };
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
