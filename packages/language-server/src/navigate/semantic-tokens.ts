/** The colours of a text: the class of each token, and for names what the index knows of them. */
import {
  classify,
  isMaskName,
  isObligationName,
  setMethods,
  textMethods,
  tokenizeOnce,
  type TokenClass,
} from "@wardline/compiler";
import { symbolIndex } from "../symbols/symbol-index.ts";
import type { SymbolKind } from "../symbols/symbol.ts";
import { limitsOf, type Snapshot } from "../workspace/snapshot.ts";

/** Standard token types of LSP; the legend, in its order. */
export const tokenTypes = [
  "keyword",
  "variable",
  "operator",
  "type",
  "decorator",
  "string",
  "number",
  "comment",
  "enum",
  "enumMember",
  "property",
  "function",
  "method",
  "parameter",
  "namespace",
  "class",
  "macro",
] as const;

export const tokenModifiers = ["declaration", "documentation", "readonly", "defaultLibrary"] as const;

export interface ColouredToken {
  readonly start: number;
  readonly end: number;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

type Colour = Pick<ColouredToken, "type" | "modifiers">;

const plain = (type: ColouredToken["type"], ...modifiers: ColouredToken["modifiers"]): Colour => ({
  type,
  modifiers,
});

/** Null: the editor's own colour of text. */
const byClass: { readonly [Class in TokenClass]: Colour | null } = {
  keyword: plain("keyword"),
  root: plain("variable", "defaultLibrary"),
  operator: plain("operator"),
  type: plain("type"),
  name: plain("variable"),
  class: plain("macro"),
  string: plain("string"),
  number: plain("number"),
  literal: plain("number", "readonly"),
  annotation: plain("decorator"),
  punctuation: null,
  documentation: plain("comment", "documentation"),
  comment: plain("comment"),
  invalid: null,
};

const byKind: { readonly [Kind in SymbolKind]: ColouredToken["type"] } = {
  model: "namespace",
  tenant: "namespace",
  pack: "namespace",
  enum: "enum",
  value: "enumMember",
  entity: "class",
  principal: "class",
  field: "property",
  tenant_fact: "property",
  context_fact: "property",
  setting: "property",
  role: "type",
  action: "method",
  group: "method",
  relation: "function",
  let: "function",
  evidence: "variable",
  class: "macro",
  let_parameter: "parameter",
  parameter: "parameter",
  rule: "function",
  assert: "function",
  binding: "variable",
};

const methods: ReadonlySet<string> = new Set([...setMethods, ...textMethods, "is_empty"]);

/** Obligations, masks, and what can be asked of sets and texts. */
function ofLanguage(text: string, start: number, end: number): Colour | null {
  const word = text.slice(start, end);
  if (text.charAt(start - 1) === ".") return methods.has(word) ? plain("method", "defaultLibrary") : null;
  return isObligationName(word) || isMaskName(word) ? plain("function", "defaultLibrary") : null;
}

export function semanticTokens(snapshot: Snapshot, file: string): readonly ColouredToken[] {
  const source = snapshot.source(file);
  if (source === undefined) return [];
  const index = symbolIndex(snapshot);
  const named = new Map(index.inFile(file).map((occurrence) => [occurrence.span.end, occurrence]));
  return classify(tokenizeOnce(source, limitsOf(snapshot.roleOf(file)).findings + 1)).flatMap(
    ({ start, end, class: of }): readonly ColouredToken[] => {
      const occurrence = named.get(end);
      const symbol = index.symbols.get(occurrence?.keys[0] ?? "");
      if (symbol !== undefined && occurrence !== undefined && occurrence.span.start >= start)
        return [
          { start, end, type: byKind[symbol.kind], modifiers: occurrence.declares ? ["declaration"] : [] },
        ];
      const colour = of === "name" ? (ofLanguage(source.text, start, end) ?? byClass.name) : byClass[of];
      return colour === null ? [] : [{ start, end, ...colour }];
    },
  );
}
