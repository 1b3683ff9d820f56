/** Completion and signature help over LSP. */
import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type CompletionList,
  type SignatureHelp,
} from "vscode-languageserver";
import { markup } from "../server/markup.ts";
import { offsetAt, type Feature } from "../server/feature.ts";
import { rangeIn } from "../server/places.ts";
import { complete } from "./complete.ts";
import { documentationOf } from "./documentation.ts";
import type { Item, ItemData, ItemKind } from "./item.ts";
import { signatureAt } from "./signature.ts";

const kinds: { readonly [Kind in ItemKind]: CompletionItemKind } = {
  keyword: CompletionItemKind.Keyword,
  operator: CompletionItemKind.Operator,
  role: CompletionItemKind.Interface,
  principal: CompletionItemKind.Class,
  entity: CompletionItemKind.Class,
  type: CompletionItemKind.Struct,
  action: CompletionItemKind.Event,
  group: CompletionItemKind.Event,
  class: CompletionItemKind.Color,
  field: CompletionItemKind.Field,
  fact: CompletionItemKind.Property,
  method: CompletionItemKind.Method,
  relation: CompletionItemKind.Function,
  let: CompletionItemKind.Variable,
  parameter: CompletionItemKind.TypeParameter,
  enum: CompletionItemKind.Enum,
  value: CompletionItemKind.EnumMember,
  literal: CompletionItemKind.Value,
  obligation: CompletionItemKind.Function,
  mask: CompletionItemKind.Function,
  setting: CompletionItemKind.Property,
  pack: CompletionItemKind.Module,
  rule: CompletionItemKind.Reference,
  binding: CompletionItemKind.Variable,
  evidence: CompletionItemKind.Constant,
  snippet: CompletionItemKind.Snippet,
};

/** What an item carries until it is resolved. */
interface Carried extends ItemData {
  readonly uri: string;
}

export const completionFeature: Feature = {
  capabilities: () => ({
    completionProvider: { triggerCharacters: [".", "#", "@", "(", "[", " "], resolveProvider: true },
    signatureHelpProvider: { triggerCharacters: ["(", ","] },
  }),
  register: ({ connection, client, at, answering, workspace }) => {
    const asked = client.textDocument?.completion?.completionItem;
    const snippets = asked?.snippetSupport === true;
    const formats = asked?.documentationFormat;
    const offsets =
      client.textDocument?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport ===
      true;
    connection.onCompletion(
      answering((params): CompletionList | null => {
        const placed = at(params);
        if (placed === undefined) return null;
        const items = complete(placed.project.snapshot, placed.file, offsetAt(placed, params.position));
        return {
          isIncomplete: false,
          items: items.flatMap((item) => itemOf(item, params.textDocument.uri, placed.document, snippets)),
        };
      }, null),
    );
    connection.onCompletionResolve(
      answering(
        (item): CompletionItem => {
          const data = item.data as Carried | undefined;
          const placed = data === undefined ? undefined : workspace.at(data.uri);
          const value =
            data === undefined || placed === undefined
              ? null
              : documentationOf(placed.project.snapshot, data);
          return value === null ? item : { ...item, documentation: markup(formats, value) };
        },
        { label: "" },
      ),
    );
    connection.onSignatureHelp(
      answering((params): SignatureHelp | null => {
        const placed = at(params);
        const found =
          placed === undefined
            ? null
            : signatureAt(placed.project.snapshot, placed.file, offsetAt(placed, params.position));
        if (found === null) return null;
        const { label, parameters, active, documentation } = found;
        const signature = {
          label,
          parameters: parameters.map(([start, end]) => ({
            label: offsets ? ([start, end] as [number, number]) : label.slice(start, end),
          })),
          ...(documentation === null ? {} : { documentation }),
        };
        return { signatures: [signature], activeSignature: 0, activeParameter: active };
      }, null),
    );
  },
};

/** A client without snippets is given the word alone. */
function itemOf(
  item: Item,
  uri: string,
  document: Parameters<typeof rangeIn>[0],
  snippets: boolean,
): readonly CompletionItem[] {
  const { label, kind, detail, sortText, filterText, insert, isSnippet, commit, data } = item;
  if (isSnippet && kind === "snippet" && !snippets) return [];
  const asSnippet = isSnippet && snippets;
  const newText = asSnippet ? insert : isSnippet ? (/^[A-Za-z0-9_#]+/.exec(label)?.[0] ?? label) : insert;
  return [
    {
      label,
      kind: kinds[kind],
      ...(detail === undefined ? {} : { detail }),
      sortText,
      ...(filterText === undefined ? {} : { filterText }),
      insertTextFormat: asSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      textEdit: { range: rangeIn(document, item), newText },
      ...(commit === undefined || commit.length === 0 ? {} : { commitCharacters: [...commit] }),
      data: { ...data, uri } satisfies Carried,
    },
  ];
}
