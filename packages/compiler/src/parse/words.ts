/** The words of the language. The one list: the lexer, the formatter and the editors' grammars read it. */

/** Never a declared name; legal after `.` and before `:` in braces. */
export const reservedWords = [
  "permit",
  "forbid",
  "require",
  "ceiling",
  "floor",
  "share",
  "assert",
  "test",
  "let",
  "use",
  "settings",
  "role",
  "delegate",
  "evidence",
  "enum",
  "entity",
  "relation",
  "action",
  "group",
  "parameter",
  "expect",
  "when",
  "unless",
  "because",
  "and",
  "or",
  "not",
  "has",
  "in",
  "true",
  "false",
  "anyone",
  "anything",
  "act",
  "principal",
  "resource",
  "prior",
  "next",
  "context",
  "tenant",
  "clock",
  "now",
] as const;

/** Words with a meaning in one place, and ordinary names elsewhere. */
export const contextualWords = [
  "model",
  "platform",
  "pack",
  "policy",
  "for",
  "with",
  "to",
  "from",
  "as",
  "by",
  "on",
  "except",
  "never",
  "always",
  "show",
  "deny",
  "challenge",
  "list",
  "over",
  "gives",
  "given",
  "extends",
  "stored",
  "via",
  "searchable",
  "class",
  "touching",
  "trusting",
  "reads",
  "creates",
  "updates",
  "deletes",
  "tenants",
  "shared",
  "off",
] as const;

/** The words that a statement can begin with. */
export const statementWords = [
  "permit",
  "forbid",
  "ceiling",
  "floor",
  "share",
  "require",
  "assert",
  "role",
  "let",
  "settings",
  "use",
  "test",
  "parameter",
  "enum",
  "tenant",
  "context",
  "entity",
  "principal",
  "delegate",
  "evidence",
  "relation",
  "action",
  "group",
] as const satisfies readonly (typeof reservedWords)[number][];

/** The words that a file's first line can begin with. */
export const headerWords = [
  "model",
  "platform",
  "pack",
  "policy",
] as const satisfies readonly (typeof contextualWords)[number][];

/** The words that a clause of a rule can begin with. */
export const clauseWords = ["when", "unless", "with", "because", "trusting"] as const;

export type ReservedWord = (typeof reservedWords)[number];
export type ContextualWord = (typeof contextualWords)[number];
export type Word = ReservedWord | ContextualWord;

const reserved: ReadonlySet<string> = new Set(reservedWords);

export function isReservedWord(text: string): text is ReservedWord {
  return reserved.has(text);
}
