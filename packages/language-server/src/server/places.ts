/** Places of a project, UTF-16 offsets under file names, as LSP has them: lines and characters under URIs. */
import type { Span, TextEdit as ProjectEdit } from "@wardline/core";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { ClientCapabilities, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { LoadedProject } from "../workspace/load-project.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A place whose file is gone is the begin of it. */
export function locateIn(workspace: Workspace) {
  return (project: LoadedProject, span: Span): { uri: string; range: Range } => {
    const uri = project.uriOf(span.file);
    const document = workspace.at(uri)?.document ?? TextDocument.create(uri, "wardline", 0, "");
    return { uri: workspace.clientUri(uri), range: rangeIn(document, span) };
  };
}

export function rangeIn(
  document: TextDocument,
  { start, end }: { readonly start: number; readonly end: number },
): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** Edits of the files of a project. */
export interface ProjectEdits {
  readonly project: LoadedProject;
  readonly edits: readonly ProjectEdit[];
}

export function editsIn(workspace: Workspace, client: ClientCapabilities) {
  const locate = locateIn(workspace);
  return (...of: readonly ProjectEdits[]): WorkspaceEdit => {
    const changes: Record<string, TextEdit[]> = {};
    for (const { project, edits } of of)
      for (const { span, text } of edits) {
        const { uri, range } = locate(project, span);
        (changes[uri] ??= []).push({ range, newText: text });
      }
    return workspaceEdit(workspace, client, changes);
  };
}

/** Edits by URI, of the versions that are opened where the client knows of versions. */
export function workspaceEdit(
  workspace: Workspace,
  client: ClientCapabilities,
  changes: Record<string, TextEdit[]>,
): WorkspaceEdit {
  if (client.workspace?.workspaceEdit?.documentChanges !== true) return { changes };
  return {
    documentChanges: Object.entries(changes).map(([uri, own]) => ({
      textDocument: { uri, version: workspace.document(uri)?.version ?? null },
      edits: own,
    })),
  };
}
