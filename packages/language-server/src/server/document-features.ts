/** Outline, folding, selections, colours and formatting over LSP. */
import {
  FoldingRangeKind,
  SelectionRange,
  SymbolKind as LspKind,
  type DocumentSymbol,
  type Range,
  type TextEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { formatText, platformLimits, tenantLimits } from "@wardline/compiler";
import { outlineOf, type OutlineItem, type OutlineKind } from "../navigate/document-symbols.ts";
import { foldsOf, selectionsAt } from "../navigate/ranges.ts";
import { symbolIndex } from "../symbols/symbol-index.ts";
import type { SymbolKind } from "../symbols/symbol.ts";
import type { Placed } from "../workspace/workspace.ts";
import { improper, offsetAt, stretchIn, type Feature } from "./feature.ts";
import { rangeIn } from "./places.ts";

const outlineKinds: { readonly [Kind in OutlineKind]: LspKind } = {
  file: LspKind.File,
  type: LspKind.Class,
  enum: LspKind.Enum,
  value: LspKind.EnumMember,
  field: LspKind.Field,
  role: LspKind.Interface,
  action: LspKind.Method,
  relation: LspKind.Function,
  rule: LspKind.Function,
  let: LspKind.Variable,
  settings: LspKind.Object,
  pack: LspKind.Package,
  parameter: LspKind.TypeParameter,
  test: LspKind.Event,
};

/** What a search over the workspace finds. */
const searched: { readonly [Kind in SymbolKind]?: LspKind } = {
  enum: LspKind.Enum,
  entity: LspKind.Class,
  principal: LspKind.Class,
  field: LspKind.Field,
  role: LspKind.Interface,
  action: LspKind.Method,
  group: LspKind.Method,
  relation: LspKind.Function,
  evidence: LspKind.Field,
  let: LspKind.Variable,
  rule: LspKind.Function,
  assert: LspKind.Function,
  pack: LspKind.Package,
  parameter: LspKind.TypeParameter,
};

export const documentFeatures: Feature = {
  capabilities: () => ({
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
  }),
  register: (context) => {
    const { connection, answering, at, client, workspace } = context;
    const nested = client.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
    connection.onDocumentSymbol(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        const items = outlineOf(placed.project.snapshot, placed.file);
        if (nested) return items.map((item) => documentSymbol(placed, item));
        return items
          .flatMap((item) => [item, ...item.children])
          .map(({ name, kind, span }) => ({
            name: name === "" ? "…" : name,
            kind: outlineKinds[kind],
            location: { uri: params.textDocument.uri, range: rangeIn(placed.document, span) },
          }));
      }, null),
    );
    connection.onWorkspaceSymbol(
      answering(({ query }) => {
        if (typeof query !== "string") throw improper("`query` is a text");
        const letters = query.toLowerCase();
        // A file that a configuration does not name has a project of its own, with what the others share.
        const seen = new Set<string>();
        return workspace.all().flatMap((project) =>
          [...symbolIndex(project.snapshot).symbols.values()].flatMap(({ name, kind, declared, within }) => {
            const lsp = searched[kind];
            if (lsp === undefined || declared === null || !holdsInOrder(name.toLowerCase(), letters))
              return [];
            const place = `${project.uriOf(declared.file)} ${declared.start}`;
            if (seen.has(place)) return [];
            seen.add(place);
            const location = context.locate(project, declared);
            return [{ name, kind: lsp, location, ...(within === null ? {} : { containerName: within }) }];
          }),
        );
      }, null),
    );
    const lines = client.textDocument?.foldingRange?.lineFoldingOnly === true;
    connection.onFoldingRanges(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        return foldsOf(placed.project.snapshot, placed.file).map((fold) => {
          const { start, end } = rangeIn(placed.document, fold);
          return {
            startLine: start.line,
            endLine: end.line,
            ...(lines ? {} : { startCharacter: start.character, endCharacter: end.character }),
            ...(fold.kind === "comment" ? { kind: FoldingRangeKind.Comment } : {}),
          };
        });
      }, null),
    );
    connection.onSelectionRanges(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        if (!Array.isArray(params.positions)) throw improper("`positions` is a list");
        const offsets = params.positions.map((position) => offsetAt(placed, position));
        return selectionsAt(placed.project.snapshot, placed.file, offsets).map((around, index) => {
          const position = params.positions[index];
          const here: Range = {
            start: position ?? { line: 0, character: 0 },
            end: position ?? { line: 0, character: 0 },
          };
          let parent: SelectionRange | undefined;
          for (const stretch of around.toReversed())
            parent = SelectionRange.create(rangeIn(placed.document, stretch), parent);
          return parent ?? SelectionRange.create(here);
        });
      }, null),
    );
    connection.onDocumentFormatting(answering((params) => formatting(at(params), null), null));
    connection.onDocumentRangeFormatting(answering((params) => formatting(at(params), params.range), null));
  },
};

function documentSymbol(placed: Placed, item: OutlineItem): DocumentSymbol {
  return {
    // LSP wants a name that is not empty.
    name: item.name.trim() === "" ? "…" : item.name,
    ...(item.detail === "" ? {} : { detail: item.detail }),
    kind: outlineKinds[item.kind],
    range: rangeIn(placed.document, item.span),
    selectionRange: rangeIn(placed.document, item.nameSpan),
    ...(item.children.length === 0
      ? {}
      : { children: item.children.map((child) => documentSymbol(placed, child)) }),
  };
}

/**
 * The formatter's edits; of those of a range the ones that touch it. A text with an error is left alone. How lines end is
 * the editor's: a document that ends them with `\r\n` keeps them.
 */
export function formatting(placed: Placed | undefined, range: Range | null): TextEdit[] | null {
  const written = placed?.project.snapshot.text(placed.file);
  if (placed === undefined || written === undefined) return null;
  const endsWithReturn = written.includes("\r\n");
  const text = written.replaceAll("\r\n", "\n");
  // The same lines and characters, one code unit for each end of a line.
  const document = endsWithReturn
    ? TextDocument.create(placed.document.uri, "wardline", 0, text)
    : placed.document;
  const role = placed.project.snapshot.roleOf(placed.file)?.kind;
  const limits = role === "model" || role === "platform" ? platformLimits : tenantLimits;
  const result = formatText({ name: placed.file, text }, limits);
  if ("findings" in result) return null;
  const { start, end } =
    range === null ? { start: 0, end: text.length } : stretchIn({ ...placed, document }, range);
  return result.edits
    .filter(({ span }) => span.start <= end && span.end >= start)
    .map(({ span, text: made }) => ({
      range: rangeIn(document, span),
      newText: endsWithReturn ? made.replaceAll("\n", "\r\n") : made,
    }));
}

/** True if the letters stand in the name in their order. */
function holdsInOrder(name: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
