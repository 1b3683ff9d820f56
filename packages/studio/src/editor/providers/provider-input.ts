/** What every provider needs: the language server, and the store that its edits go into. */
import type { Command, Diagnostic, ServerCapabilities, WorkspaceEdit } from "vscode-languageserver-protocol";
import { uriOf } from "../../worker/file-uri.ts";
import { fileOfUri } from "../convert.ts";
import type { monaco } from "../monaco.ts";

export interface ProviderInput {
  /** Undefined where the server has no answer any more, or failed: the editor shows nothing then. */
  readonly ask: <Answer>(method: string, params: unknown) => Promise<Answer | undefined>;
  readonly capabilities: ServerCapabilities;
  /** Makes edits one entry of the history, if the texts are those of the revision that they were asked at. */
  readonly apply: (edit: WorkspaceEdit, label: string, made: number | undefined) => boolean;
  readonly revision: () => number | undefined;
  readonly diagnosticsOf: (file: string | undefined) => readonly Diagnostic[];
  /** Runs a command that the server names. */
  readonly run: (command: Command) => void;
}

export interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

export function documentOf(model: monaco.editor.ITextModel): DocumentParams {
  return { textDocument: { uri: uriOf(fileOfUri(model.uri) ?? "") } };
}

/** Commands of ours in the editor, each over what the server gave. */
export const runCommand = "wardline.studio.run";
export const applyCommand = "wardline.studio.apply";
