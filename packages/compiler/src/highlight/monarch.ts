/** The tokens for Monaco's Monarch, as data: its regular expressions are texts. */
import { gap } from "./neighbours.ts";
import { highlightRules } from "./rules.ts";
import type { HighlightRule } from "./rules.ts";
import type { TokenClass } from "./token-class.ts";

const names: { readonly [C in TokenClass]: string } = {
  keyword: "keyword",
  root: "variable.predefined",
  operator: "operator",
  type: "type",
  name: "identifier",
  class: "tag",
  string: "string",
  number: "number",
  literal: "constant",
  annotation: "annotation",
  punctuation: "delimiter",
  documentation: "comment.doc",
  comment: "comment",
  invalid: "invalid",
};

/** The token of a class. */
export const monarchToken = (name: TokenClass): string => names[name];

/** `[pattern, token]`; a pattern of two groups has a token for each. */
export type MonarchRule = readonly [string, string | readonly [string, string]];

export interface MonarchTokens {
  readonly defaultToken: string;
  readonly tokenPostfix: string;
  readonly tokenizer: Readonly<Record<string, readonly MonarchRule[]>>;
}

/** `@` before a letter names an attribute in Monarch. */
const monarch = (pattern: string) => pattern.replaceAll(/@(?=\w)/g, "[@]");

function ruleOf({ class: first, pattern, next }: HighlightRule): MonarchRule {
  if (next === undefined) return [monarch(pattern), names[first]];
  return [monarch(`(${pattern}${gap})(${next.pattern})`), [names[first], names[next.class]]];
}

/** The tokens as `grammar/wardline.monarch.json` holds them. */
export function monarchTokens(): MonarchTokens {
  return {
    defaultToken: names.invalid,
    tokenPostfix: ".wardline",
    tokenizer: {
      root: [[String.raw`[ \t]+`, "white"], ...highlightRules().map(ruleOf)],
    },
  };
}
