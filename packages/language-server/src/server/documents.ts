/** Keeps the opened documents and the files of the source as the client tells of them. */
import { DidChangeWatchedFilesNotification, WatchKind } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { configName } from "@wardline/compiler/project";
import type { ServerContext } from "./feature.ts";

export function serveDocuments({ connection, client, workspace }: ServerContext): void {
  let watches = client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    if (!watches) workspace.forgetAll();
    workspace.open(TextDocument.create(uri, languageId, version, text));
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const document = workspace.document(uri);
    if (document !== undefined) workspace.open(TextDocument.update(document, contentChanges, version));
  });
  connection.onDidCloseTextDocument(({ textDocument }) => workspace.close(textDocument.uri));
  connection.onDidSaveTextDocument(() => {
    if (!watches) workspace.forgetAll();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => workspace.forget(changes.map(({ uri }) => uri)));
  connection.onInitialized(() => {
    if (watches)
      connection.client
        .register(DidChangeWatchedFilesNotification.type, {
          watchers: [
            { globPattern: "**/*.ward" },
            { globPattern: `**/${configName}` },
            // Of a folder that goes clients tell nothing more than that it does.
            { globPattern: "**", kind: WatchKind.Delete },
          ],
        })
        // A client that will not watch after all is one that does not tell.
        .catch(() => (watches = false));
    if (client.workspace?.workspaceFolders === true)
      connection.workspace.onDidChangeWorkspaceFolders(() => {
        void connection.workspace
          .getWorkspaceFolders()
          .then((folders) => workspace.setFolders(folders?.map(({ uri }) => uri) ?? []))
          // The folders stay as they are known.
          .catch(() => undefined);
      });
  });
}
