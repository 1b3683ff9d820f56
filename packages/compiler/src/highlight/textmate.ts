/** The TextMate grammar, for editors and for highlighters of documentation. Its regular expressions are Oniguruma's. */
import { escapePattern } from "../parse/literals.ts";
import { gap } from "./neighbours.ts";
import { highlightRules } from "./rules.ts";
import type { HighlightRule } from "./rules.ts";
import type { TokenClass } from "./token-class.ts";

const scopes: { readonly [C in TokenClass]: string } = {
  keyword: "keyword.other",
  root: "variable.language",
  operator: "keyword.operator",
  type: "entity.name.type",
  name: "variable.other",
  class: "entity.name.tag",
  string: "string.quoted.double",
  number: "constant.numeric",
  literal: "constant.other",
  annotation: "entity.name.function.decorator",
  punctuation: "punctuation",
  documentation: "comment.line.documentation",
  comment: "comment.line.double-slash",
  invalid: "invalid.illegal",
};

/** The scope of a class of tokens. */
export const textMateScope = (name: TokenClass): string => `${scopes[name]}.wardline`;

/** A rule of the grammar, as far as it is used here. */
export interface TextMateRule {
  readonly name?: string;
  readonly match: string;
  readonly captures?: Readonly<
    Record<string, { readonly name: string; readonly patterns?: readonly TextMateRule[] }>
  >;
}

export interface TextMateGrammar {
  readonly name: string;
  readonly scopeName: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly TextMateRule[];
}

const inString: readonly TextMateRule[] = [
  { name: "constant.character.escape.wardline", match: escapePattern },
  { name: textMateScope("invalid"), match: String.raw`\\.` },
];

/** Oniguruma reads characters where JavaScript reads code units, and digits of every script as `\d`. */
const oniguruma = (pattern: string) =>
  pattern.replaceAll(String.raw`\d`, "[0-9]").replaceAll(/\\uffff/gi, String.raw`\x{10ffff}`);

function ruleOf({ class: first, pattern, next }: HighlightRule): TextMateRule {
  if (next !== undefined)
    return {
      match: oniguruma(`(${pattern})${gap}(${next.pattern})`),
      captures: { 1: { name: textMateScope(first) }, 2: { name: textMateScope(next.class) } },
    };
  const match = oniguruma(pattern);
  return first === "string"
    ? { match, captures: { 0: { name: textMateScope(first), patterns: inString } } }
    : { name: textMateScope(first), match };
}

/** The grammar as `grammar/wardline.tmLanguage.json` holds it. */
export function textMateGrammar(): TextMateGrammar {
  return {
    name: "Wardline",
    scopeName: "source.wardline",
    fileTypes: ["ward"],
    patterns: [{ match: String.raw`[ \t]+` }, ...highlightRules().map(ruleOf)],
  };
}
