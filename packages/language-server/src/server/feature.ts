/** What a part of the server is: what it announces for a client, and what it answers. `features.ts` lists all. */
import {
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type Position,
  type Range,
  type ServerCapabilities,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Span } from "@wardline/core";
import type { LoadedProject } from "../workspace/load-project.ts";
import type { Placed, Workspace } from "../workspace/workspace.ts";
import type { ProjectEdits } from "./places.ts";

export interface ServerContext {
  readonly connection: Connection;
  readonly client: ClientCapabilities;
  readonly workspace: Workspace;
  /** True for a client that shows what a command answers: it says `showsAnswers: true` in its `initializationOptions`. */
  readonly showsAnswers: boolean;
  /** The document of a request, in its project; undefined for one that is unknown. What names no document is refused. */
  readonly at: (params: { readonly textDocument: { readonly uri: string } }) => Placed | undefined;
  /** The range of a place in a project, and the URI of its file as the client spells it. */
  readonly locate: (project: LoadedProject, span: Span) => { readonly uri: string; readonly range: Range };
  /**
   * Edits of projects' files as LSP has them: of the versions that they were made for, where the client knows of
   * versions, so that none is put into a text that has gone on.
   */
  readonly edits: (...of: readonly ProjectEdits[]) => WorkspaceEdit;
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

/** The offset of a position in a document; one past the end is the end. What is no position is refused. */
export function offsetAt({ document }: Placed, position: Position): number {
  if (!Number.isInteger(position?.line) || !Number.isInteger(position?.character))
    throw improper("a position has a `line` and a `character`, which are whole numbers");
  return document.offsetAt(position);
}

/** The offsets of a range in a document. */
export function stretchIn(placed: Placed, range: Range): { readonly start: number; readonly end: number } {
  if (typeof range !== "object" || range === null) throw improper("a range has a `start` and an `end`");
  return { start: offsetAt(placed, range.start), end: offsetAt(placed, range.end) };
}

/** The answer to a request whose parameters are not those of LSP. */
export const improper = (why: string) => new ResponseError(ErrorCodes.InvalidParams, why);
