/** Files and folders that are about to be called otherwise: the configurations that name them go along. */
import type { FileRename, WorkspaceEdit } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { nameOfUri, normalUri, uriOfName } from "../workspace/uri.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { improper, type Feature, type ServerContext } from "./feature.ts";
import { rangeIn, workspaceEdit } from "./places.ts";

export const renamedFiles: Feature = {
  capabilities: () => ({
    workspace: {
      fileOperations: {
        willRename: {
          filters: [
            { scheme: "file", pattern: { glob: "**/*.ward", matches: "file" } },
            { scheme: "file", pattern: { glob: "**", matches: "folder" } },
          ],
        },
      },
    },
  }),
  register: ({ connection, workspace, client, answering }: ServerContext) => {
    connection.workspace.onWillRenameFiles(
      answering((params): WorkspaceEdit | null => {
        if (!Array.isArray(params.files)) throw improper("`files` is a list");
        const changes = renamesIn(workspace, params.files);
        return Object.keys(changes).length === 0 ? null : workspaceEdit(workspace, client, changes);
      }, null),
    );
  },
};

/** The edits of configurations, by their URIs. One that moves along with its files stays as it is. */
export function renamesIn(workspace: Workspace, files: readonly FileRename[]): Record<string, TextEdits> {
  const moves = files.map(({ oldUri, newUri }) => ({ from: withoutSlash(oldUri), to: withoutSlash(newUri) }));
  const changes: Record<string, TextEdits> = {};
  for (const { config, folder } of workspace.all()) {
    const document = config === null ? undefined : workspace.documentAt(config);
    if (config === null || document === undefined) continue;
    const nameAfter = (value: string): string | undefined => {
      const uri = uriOfName(folder, value);
      const move = moves.find(({ from }) => isBelow(uri, from) && !isBelow(config, from));
      return move === undefined ? undefined : nameOfUri(folder, `${move.to}${uri.slice(move.from.length)}`);
    };
    const edits = [...stringsIn(document)].flatMap(({ value, ...place }) => {
      const name = value.endsWith(".ward") ? nameAfter(value) : undefined;
      return name === undefined ? [] : [{ range: rangeIn(document, place), newText: JSON.stringify(name) }];
    });
    if (edits.length > 0) changes[workspace.clientUri(config)] = edits;
  }
  return changes;
}

const isBelow = (uri: string, above: string) => uri === above || uri.startsWith(`${above}/`);

type TextEdits = NonNullable<WorkspaceEdit["changes"]>[string];

const withoutSlash = (uri: string) => normalUri(uri).replace(/\/$/, "");

/** The strings of a configuration that are values, as they are written. */
function* stringsIn(document: TextDocument) {
  const text = document.getText();
  for (const { 0: written, index: start } of text.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    // A key.
    if (/^\s*:/.test(text.slice(start + written.length, start + written.length + 200))) continue;
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch {
      continue;
    }
    if (typeof value === "string") yield { value, start, end: start + written.length };
  }
}
