/** Inlay hints, code lenses and semantic tokens. */
import type * as lsp from "vscode-languageserver-protocol";
import { lspRange, markdownOf, rangeOf } from "../convert.ts";
import { languageId, monaco } from "../monaco.ts";
import { documentOf, runCommand, type ProviderInput } from "./provider-input.ts";

/** `changed` fires when another file may have changed what these say. */
export function registerHints(input: ProviderInput, changed: monaco.IEvent<void>): void {
  const { ask, capabilities } = input;
  const { languages } = monaco;
  if (capabilities.inlayHintProvider)
    languages.registerInlayHintsProvider(languageId, {
      onDidChangeInlayHints: changed,
      provideInlayHints: async (model, range) => {
        const params = { ...documentOf(model), range: lspRange(range) };
        const found = await ask<lsp.InlayHint[] | null>("textDocument/inlayHint", params);
        return { hints: (found ?? []).map(hintOf), dispose: () => {} };
      },
    });
  if (capabilities.codeLensProvider !== undefined) {
    const resolves = capabilities.codeLensProvider.resolveProvider === true;
    const lensProvider: monaco.languages.CodeLensProvider = {
      provideCodeLenses: async (model) => {
        const found = (await ask<lsp.CodeLens[] | null>("textDocument/codeLens", documentOf(model))) ?? [];
        const whole = resolves
          ? await Promise.all(
              found.map(async (lens) =>
                lens.command === undefined
                  ? ((await ask<lsp.CodeLens>("codeLens/resolve", lens)) ?? lens)
                  : lens,
              ),
            )
          : found;
        return { lenses: whole.map(lensOf), dispose: () => {} };
      },
    };
    languages.registerCodeLensProvider(languageId, lensProvider);
  }
  const tokens = capabilities.semanticTokensProvider;
  if (tokens !== undefined)
    languages.registerDocumentSemanticTokensProvider(languageId, {
      onDidChange: changed,
      getLegend: () => ({
        tokenTypes: [...tokens.legend.tokenTypes],
        tokenModifiers: [...tokens.legend.tokenModifiers],
      }),
      provideDocumentSemanticTokens: async (model) => {
        const answer = await ask<lsp.SemanticTokens | null>(
          "textDocument/semanticTokens/full",
          documentOf(model),
        );
        return answer === undefined || answer === null ? null : { data: new Uint32Array(answer.data) };
      },
      releaseDocumentSemanticTokens: () => {},
    });
}

const hintKinds = {
  1: monaco.languages.InlayHintKind.Type,
  2: monaco.languages.InlayHintKind.Parameter,
} as const;

function hintOf({
  position,
  label,
  tooltip,
  paddingLeft,
  paddingRight,
  kind,
}: lsp.InlayHint): monaco.languages.InlayHint {
  return {
    position: { lineNumber: position.line + 1, column: position.character + 1 },
    label: typeof label === "string" ? label : label.map(({ value }) => value).join(""),
    ...(kind === undefined ? {} : { kind: hintKinds[kind] }),
    ...(tooltip === undefined ? {} : { tooltip: markdownOf(tooltip) }),
    ...(paddingLeft === undefined ? {} : { paddingLeft }),
    ...(paddingRight === undefined ? {} : { paddingRight }),
  };
}

function lensOf({ range, command }: lsp.CodeLens): monaco.languages.CodeLens {
  if (command === undefined) return { range: rangeOf(range) };
  return {
    range: rangeOf(range),
    command: { id: runCommand, title: command.title, arguments: [command] },
  };
}
