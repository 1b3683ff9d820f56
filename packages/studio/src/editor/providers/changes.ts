/** What changes texts: rename, format, code actions. Edits over several places or files go into the store as one entry. */
import type * as lsp from "vscode-languageserver-protocol";
import { fileOfUri, lspRange, placeOf, rangeOf } from "../convert.ts";
import { languageId, monaco } from "../monaco.ts";
import { applyCommand, documentOf, runCommand, type ProviderInput } from "./provider-input.ts";

export function registerChanges(input: ProviderInput): void {
  const { ask, capabilities, apply } = input;
  const { languages } = monaco;
  if (capabilities.renameProvider)
    languages.registerRenameProvider(languageId, {
      resolveRenameLocation: async (model, position) => {
        const params = { ...documentOf(model), position: placeOf(position) };
        const answer = await ask<lsp.PrepareRenameResult | null>("textDocument/prepareRename", params);
        if (answer === undefined || answer === null || "defaultBehavior" in answer) return noRename(position);
        const range = rangeOf("range" in answer ? answer.range : answer);
        return { range, text: "placeholder" in answer ? answer.placeholder : model.getValueInRange(range) };
      },
      provideRenameEdits: async (model, position, newName) => {
        const made = input.revision();
        const params = { ...documentOf(model), position: placeOf(position), newName };
        const edit = await ask<lsp.WorkspaceEdit | null>("textDocument/rename", params);
        if (edit === undefined || edit === null)
          return { edits: [], rejectReason: `${newName} is no name for this` };
        // The store makes it one entry over all files; nothing is left to the editor.
        return apply(edit, `Rename to ${newName}`, made)
          ? { edits: [] }
          : { edits: [], rejectReason: "The text has changed meanwhile" };
      },
    });
  // As a rename, so that it is one entry under its own name.
  const format = async (model: monaco.editor.ITextModel, method: string, params: object) => {
    const made = input.revision();
    const { textDocument } = documentOf(model);
    const edits = (await ask<lsp.TextEdit[] | null>(method, { textDocument, ...params, options })) ?? [];
    if (edits.length > 0) apply({ changes: { [textDocument.uri]: edits } }, "Format", made);
    return [];
  };
  const options = { tabSize: 2, insertSpaces: true };
  if (capabilities.documentFormattingProvider)
    languages.registerDocumentFormattingEditProvider(languageId, {
      displayName: "Wardline",
      provideDocumentFormattingEdits: (model) => format(model, "textDocument/formatting", {}),
    });
  if (capabilities.documentRangeFormattingProvider)
    languages.registerDocumentRangeFormattingEditProvider(languageId, {
      displayName: "Wardline",
      provideDocumentRangeFormattingEdits: (model, range) =>
        format(model, "textDocument/rangeFormatting", { range: lspRange(range) }),
    });
  if (capabilities.codeActionProvider)
    languages.registerCodeActionProvider(languageId, {
      provideCodeActions: async (model, range, context) => {
        const answer = await ask<(lsp.CodeAction | lsp.Command)[] | null>("textDocument/codeAction", {
          ...documentOf(model),
          range: lspRange(range),
          context: {
            diagnostics: input
              .diagnosticsOf(fileOfUri(model.uri))
              .filter((diagnostic) =>
                monaco.Range.areIntersectingOrTouching(rangeOf(diagnostic.range), range),
              ),
            ...(context.only === undefined ? {} : { only: [context.only] }),
            triggerKind: context.trigger,
          },
        });
        return { actions: (answer ?? []).map(actionOf), dispose: () => {} };
      },
    });
}

function noRename({
  lineNumber,
  column,
}: monaco.Position): monaco.languages.RenameLocation & monaco.languages.Rejection {
  const range = new monaco.Range(lineNumber, column, lineNumber, column);
  return { range, text: "", rejectReason: "This has no name of its own" };
}

/** An action is carried out by a command of ours, so that the store has it as one entry under its title. */
function actionOf(action: lsp.CodeAction | lsp.Command): monaco.languages.CodeAction {
  const { title } = action;
  if (isCommand(action)) return { title, command: { id: runCommand, title, arguments: [action] } };
  return {
    title,
    ...(action.kind === undefined ? {} : { kind: action.kind }),
    ...(action.isPreferred === undefined ? {} : { isPreferred: action.isPreferred }),
    ...(action.disabled === undefined ? {} : { disabled: action.disabled.reason }),
    command: { id: applyCommand, title, arguments: [action] },
  };
}

function isCommand(action: lsp.CodeAction | lsp.Command): action is lsp.Command {
  return typeof action.command === "string";
}
