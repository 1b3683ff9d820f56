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
    const lensProvider: monaco.languages.CodeLensProvider = {
      provideCodeLenses: async (model) => {
        const found = await ask<lsp.CodeLens[] | null>("textDocument/codeLens", documentOf(model));
        return { lenses: (found ?? []).map(lensOf), dispose: () => {} };
      },
      // What takes work is asked for when a lens comes into sight.
      resolveCodeLens: async (_, lens) => {
        const resolved = await ask<lsp.CodeLens>("codeLens/resolve", (lens as GivenLens).given);
        return resolved === undefined ? lens : lensOf(resolved);
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

type GivenLens = monaco.languages.CodeLens & { readonly given: lsp.CodeLens };

function lensOf(given: lsp.CodeLens): GivenLens {
  const { range, command } = given;
  return {
    given,
    range: rangeOf(range),
    ...(command === undefined
      ? {}
      : { command: { id: runCommand, title: command.title, arguments: [command] } }),
  };
}
