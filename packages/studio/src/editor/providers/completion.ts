/** Completion and signature help. */
import type * as lsp from "vscode-languageserver-protocol";
import { markdownOf, placeOf, rangeOf } from "../convert.ts";
import { languageId, monaco } from "../monaco.ts";
import { documentOf, type ProviderInput } from "./provider-input.ts";

type Item = monaco.languages.CompletionItem & { readonly given: lsp.CompletionItem };

export function registerCompletion({ ask, capabilities }: ProviderInput): void {
  const { completionProvider, signatureHelpProvider } = capabilities;
  if (completionProvider !== undefined)
    monaco.languages.registerCompletionItemProvider(languageId, {
      triggerCharacters: [...(completionProvider.triggerCharacters ?? [])],
      provideCompletionItems: async (model, position, context) => {
        const answer = await ask<lsp.CompletionList | lsp.CompletionItem[] | null>(
          "textDocument/completion",
          {
            ...documentOf(model),
            position: placeOf(position),
            context: {
              triggerKind: context.triggerKind + 1,
              ...(context.triggerCharacter === undefined
                ? {}
                : { triggerCharacter: context.triggerCharacter }),
            },
          },
        );
        const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
        const incomplete = !Array.isArray(answer) && answer?.isIncomplete === true;
        return { suggestions: items.map((item) => itemOf(item, model, position)), incomplete };
      },
      ...(completionProvider.resolveProvider === true
        ? {
            resolveCompletionItem: async (item) => {
              const resolved = await ask<lsp.CompletionItem>("completionItem/resolve", (item as Item).given);
              return resolved === undefined ? item : { ...item, ...wordsOf(resolved) };
            },
          }
        : {}),
    });
  if (signatureHelpProvider !== undefined)
    monaco.languages.registerSignatureHelpProvider(languageId, {
      signatureHelpTriggerCharacters: [...(signatureHelpProvider.triggerCharacters ?? [])],
      signatureHelpRetriggerCharacters: [...(signatureHelpProvider.retriggerCharacters ?? [])],
      provideSignatureHelp: async (model, position) => {
        const params = { ...documentOf(model), position: placeOf(position) };
        const help = await ask<lsp.SignatureHelp | null>("textDocument/signatureHelp", params);
        return help === undefined || help === null ? null : { value: signaturesOf(help), dispose: () => {} };
      },
    });
}

function itemOf(given: lsp.CompletionItem, model: monaco.editor.ITextModel, at: monaco.Position): Item {
  const word = model.getWordUntilPosition(at);
  const around = new monaco.Range(at.lineNumber, word.startColumn, at.lineNumber, word.endColumn);
  const { textEdit, insertText, label, labelDetails } = given;
  const range =
    textEdit === undefined
      ? around
      : "range" in textEdit
        ? rangeOf(textEdit.range)
        : { insert: rangeOf(textEdit.insert), replace: rangeOf(textEdit.replace) };
  return {
    given,
    label: labelDetails === undefined ? label : { label, ...labelDetails },
    kind: kindOf(given.kind),
    insertText: textEdit?.newText ?? insertText ?? label,
    insertTextRules:
      given.insertTextFormat === 2
        ? monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet
        : monaco.languages.CompletionItemInsertTextRule.None,
    range,
    ...(given.sortText === undefined ? {} : { sortText: given.sortText }),
    ...(given.filterText === undefined ? {} : { filterText: given.filterText }),
    ...(given.preselect === undefined ? {} : { preselect: given.preselect }),
    ...(given.commitCharacters === undefined ? {} : { commitCharacters: given.commitCharacters }),
    ...wordsOf(given),
  };
}

function wordsOf({ detail, documentation, additionalTextEdits }: lsp.CompletionItem) {
  return {
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: markdownOf(documentation) }),
    ...(additionalTextEdits === undefined
      ? {}
      : {
          additionalTextEdits: additionalTextEdits.map(({ range, newText }) => ({
            range: rangeOf(range),
            text: newText,
          })),
        }),
  };
}

/** Both name their kinds alike, with other numbers. */
const kindNames = [
  "Text Method Function Constructor Field Variable Class Interface Module Property Unit Value Enum Keyword Snippet",
  "Color File Reference Folder EnumMember Constant Struct Event Operator TypeParameter",
]
  .join(" ")
  .split(" ");

function kindOf(kind: lsp.CompletionItemKind | undefined): monaco.languages.CompletionItemKind {
  const name = kindNames[(kind ?? 1) - 1] ?? "Text";
  return monaco.languages.CompletionItemKind[name as "Text"];
}

function signaturesOf({
  signatures,
  activeSignature,
  activeParameter,
}: lsp.SignatureHelp): monaco.languages.SignatureHelp {
  return {
    activeSignature: activeSignature ?? 0,
    activeParameter: activeParameter ?? 0,
    signatures: signatures.map(({ label, documentation, parameters }) => ({
      label,
      ...(documentation === undefined ? {} : { documentation: markdownOf(documentation) }),
      parameters: (parameters ?? []).map((parameter) => ({
        label: parameter.label,
        ...(parameter.documentation === undefined
          ? {}
          : { documentation: markdownOf(parameter.documentation) }),
      })),
    })),
  };
}
