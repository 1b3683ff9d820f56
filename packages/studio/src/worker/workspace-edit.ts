/** Edits of the language server, over files and lines, as edits of the store. */
import type { TextEdit } from "@wardline/core";
import type { WorkspaceEdit } from "vscode-languageserver-protocol";
import type { DocumentStore } from "../store/document-store.ts";
import { fileOf } from "./file-uri.ts";
import { spanIn } from "./text-place.ts";

/** Null where it is about a file that is not here, or does more than change texts. */
export function editsOf(store: DocumentStore, edit: WorkspaceEdit): readonly TextEdit[] | null {
  const byUri: [string, readonly { readonly range: unknown; readonly newText: string }[]][] = [];
  for (const [uri, edits] of Object.entries(edit.changes ?? {})) byUri.push([uri, edits]);
  for (const change of edit.documentChanges ?? []) {
    if (!("textDocument" in change)) return null;
    const plain = change.edits.filter((one) => "newText" in one);
    if (plain.length !== change.edits.length) return null;
    byUri.push([change.textDocument.uri, plain]);
  }
  const all: TextEdit[] = [];
  for (const [uri, edits] of byUri) {
    const file = fileOf(uri);
    const text = file === undefined ? undefined : store.text(file);
    if (file === undefined || text === undefined) return null;
    for (const { range, newText } of edits)
      all.push({ span: { file, ...spanIn(text, range as Parameters<typeof spanIn>[1]) }, text: newText });
  }
  return all;
}
