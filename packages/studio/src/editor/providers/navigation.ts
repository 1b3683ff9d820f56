/** Hover, definition, references, highlights, symbols, folding and selection ranges. */
import type * as lsp from "vscode-languageserver-protocol";
import { markdownOf, placeOf, rangeOf } from "../convert.ts";
import { languageId, monaco } from "../monaco.ts";
import { documentOf, type ProviderInput } from "./provider-input.ts";

export function registerNavigation({ ask, capabilities }: ProviderInput): void {
  const { languages } = monaco;
  const at = (model: monaco.editor.ITextModel, position: monaco.Position) => ({
    ...documentOf(model),
    position: placeOf(position),
  });
  if (capabilities.hoverProvider)
    languages.registerHoverProvider(languageId, {
      provideHover: async (model, position) => {
        const hover = await ask<lsp.Hover | null>("textDocument/hover", at(model, position));
        if (hover === undefined || hover === null) return null;
        const contents = Array.isArray(hover.contents) ? hover.contents : [hover.contents];
        return {
          contents: contents.map(markdownOf),
          ...(hover.range === undefined ? {} : { range: rangeOf(hover.range) }),
        };
      },
    });
  if (capabilities.definitionProvider)
    languages.registerDefinitionProvider(languageId, {
      provideDefinition: async (model, position) =>
        locationsOf(
          await ask<lsp.Definition | lsp.LocationLink[] | null>(
            "textDocument/definition",
            at(model, position),
          ),
        ),
    });
  if (capabilities.referencesProvider)
    languages.registerReferenceProvider(languageId, {
      provideReferences: async (model, position, context) =>
        locationsOf(
          await ask<lsp.Location[] | null>("textDocument/references", { ...at(model, position), context }),
        ),
    });
  if (capabilities.documentHighlightProvider)
    languages.registerDocumentHighlightProvider(languageId, {
      provideDocumentHighlights: async (model, position) => {
        const found = await ask<lsp.DocumentHighlight[] | null>(
          "textDocument/documentHighlight",
          at(model, position),
        );
        return (found ?? []).map(({ range, kind }) => ({ range: rangeOf(range), kind: (kind ?? 1) - 1 }));
      },
    });
  if (capabilities.documentSymbolProvider)
    languages.registerDocumentSymbolProvider(languageId, {
      displayName: "Wardline",
      provideDocumentSymbols: async (model) =>
        (
          (await ask<lsp.DocumentSymbol[] | null>("textDocument/documentSymbol", documentOf(model))) ?? []
        ).map(symbolOf),
    });
  if (capabilities.foldingRangeProvider)
    languages.registerFoldingRangeProvider(languageId, {
      provideFoldingRanges: async (model) => {
        const found = await ask<lsp.FoldingRange[] | null>("textDocument/foldingRange", documentOf(model));
        return (found ?? []).map(({ startLine, endLine, kind }) => ({
          start: startLine + 1,
          end: endLine + 1,
          ...(kind === "comment" ? { kind: languages.FoldingRangeKind.Comment } : {}),
        }));
      },
    });
  if (capabilities.selectionRangeProvider)
    languages.registerSelectionRangeProvider(languageId, {
      provideSelectionRanges: async (model, positions) => {
        const params = { ...documentOf(model), positions: positions.map(placeOf) };
        const found = await ask<lsp.SelectionRange[] | null>("textDocument/selectionRange", params);
        return (found ?? []).map(chainOf);
      },
    });
}

function locationsOf(
  found: lsp.Definition | lsp.LocationLink[] | null | undefined,
): monaco.languages.Location[] {
  if (found === null || found === undefined) return [];
  return (Array.isArray(found) ? found : [found]).map((location) =>
    "targetUri" in location
      ? { uri: monaco.Uri.parse(location.targetUri), range: rangeOf(location.targetSelectionRange) }
      : { uri: monaco.Uri.parse(location.uri), range: rangeOf(location.range) },
  );
}

/** The kinds of the protocol, from 1. The editor has the same names with other numbers. */
const symbolNames = [
  "File Module Namespace Package Class Method Property Field Constructor Enum Interface Function Variable Constant",
  "String Number Boolean Array Object Key Null EnumMember Struct Event Operator TypeParameter",
]
  .join(" ")
  .split(" ");

function symbolOf(symbol: lsp.DocumentSymbol): monaco.languages.DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail ?? "",
    kind: monaco.languages.SymbolKind[(symbolNames[symbol.kind - 1] ?? "Variable") as "Variable"],
    tags: [],
    range: rangeOf(symbol.range),
    selectionRange: rangeOf(symbol.selectionRange),
    children: (symbol.children ?? []).map(symbolOf),
  };
}

function chainOf(range: lsp.SelectionRange): monaco.languages.SelectionRange[] {
  const rest = range.parent === undefined ? [] : chainOf(range.parent);
  return [{ range: rangeOf(range.range) }, ...rest];
}
