/** What a part of the server is: what it announces for a client, and what it answers. `features.ts` lists all. */
import type {
  CancellationToken,
  ClientCapabilities,
  Connection,
  Position,
  Range,
  ServerCapabilities,
} from "vscode-languageserver";
import type { TextEdit as ProjectEdit } from "@wardline/core";
import type { TextEdit } from "vscode-languageserver";
import type { Span } from "@wardline/core";
import type { LoadedProject } from "../workspace/load-project.ts";
import type { Placed, Workspace } from "../workspace/workspace.ts";

export interface ServerContext {
  readonly connection: Connection;
  readonly client: ClientCapabilities;
  readonly workspace: Workspace;
  /** True for a client that shows what a command answers: it says `showsAnswers: true` in its `initializationOptions`. */
  readonly showsAnswers: boolean;
  /** The document of a request, in its project; undefined for one that is unknown. */
  readonly at: (params: { readonly textDocument: { readonly uri: string } }) => Placed | undefined;
  /** The range of a place in a project, and the URI of its file as the client spells it. */
  readonly locate: (project: LoadedProject, span: Span) => { readonly uri: string; readonly range: Range };
  /** Edits of a project's files by URI, as LSP has them. */
  readonly edits: (project: LoadedProject, edits: readonly ProjectEdit[]) => Record<string, TextEdit[]>;
  /**
   * Registers what answers a request of LSP: `connection.onHover(answering(…))`. The answer is made when messages that
   * came before have been read, is given up when it is cancelled, and is `none` where something fails: no exception
   * reaches a client.
   */
  readonly answering: <Params, Result>(
    answer: (params: Params, token: CancellationToken) => Result | Promise<Result>,
    none: Result,
  ) => (params: Params, token: CancellationToken) => Promise<Result>;
}

/**
 * A feature registers requests of its own only: a connection has one handler for each method, and documents are told of
 * by `workspace.onChange` and `workspace.onClose`.
 */
export interface Feature {
  readonly capabilities: (client: ClientCapabilities) => ServerCapabilities;
  readonly register: (context: ServerContext) => void;
}

/** The offset of a position in a document; one past the end is the end. */
export function offsetAt({ document }: Placed, position: Position): number {
  return document.offsetAt(position);
}
