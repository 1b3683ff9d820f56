/** The language server over a connection: documents, projects, features and the requests of the table. Knows nothing of where bytes come from. */
import {
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import type { ProjectSource } from "../workspace/project-source.ts";
import { Workspace } from "../workspace/workspace.ts";
import { serveDocuments } from "./documents.ts";
import { improper, type ServerContext } from "./feature.ts";
import { features } from "./features.ts";
import { serveRequests } from "./serve-requests.ts";
import { editsIn, locateIn } from "./places.ts";

/** Makes the source of a session by what the client says as it begins. */
export type SourceFor = (params: InitializeParams) => ProjectSource;

/** Starts the server. Answers until the connection is closed. */
export function startServer(connection: Connection, sourceFor: SourceFor): void {
  connection.onInitialize((params) => {
    const workspace = new Workspace(sourceFor(params));
    const root = params.rootUri === null || params.rootUri === undefined ? [] : [params.rootUri];
    workspace.setFolders(params.workspaceFolders?.map(({ uri }) => uri) ?? root);
    const client = params.capabilities;
    let isShutDown = false;
    connection.onShutdown(() => {
      isShutDown = true;
    });
    const context: ServerContext = {
      connection,
      client,
      workspace,
      showsAnswers:
        (params.initializationOptions as { readonly showsAnswers?: unknown } | null | undefined)
          ?.showsAnswers === true,
      at: (params) => {
        const uri: unknown = params?.textDocument?.uri;
        if (typeof uri !== "string") throw improper("`textDocument.uri` is a text");
        return workspace.at(uri);
      },
      locate: locateIn(workspace),
      edits: editsIn(workspace, client),
      answering: (answer, none) => async (params, token) => {
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (token.isCancellationRequested)
          throw new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
        if (isShutDown) throw new ResponseError(ErrorCodes.InvalidRequest, "the server was shut down");
        try {
          return await answer(params, token);
        } catch (error) {
          if (error instanceof ResponseError) throw error;
          connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
          return none;
        }
      },
    };
    serveDocuments(context);
    serveRequests(context);
    for (const feature of features) feature.register(context);
    const announced = features.map(({ capabilities }) => capabilities(client));
    const base: ServerCapabilities = {
      positionEncoding: "utf-16",
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    return {
      capabilities: announced.reduce<ServerCapabilities>(
        (all, one) => ({ ...all, ...one, workspace: { ...all.workspace, ...one.workspace } }),
        base,
      ),
      serverInfo: { name: "wardline" },
    };
  });
  connection.listen();
}
