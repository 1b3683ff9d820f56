/** Parts of a line with what they are, for three languages. A light one: it colours, and says nothing of what is right. */

export type Language = "rego" | "sql" | "json";
export type PartKind = "comment" | "text" | "keyword" | "number" | "name";

export interface LinePart {
  readonly text: string;
  readonly kind: PartKind | null;
}

const words = {
  rego: "package|import|default|if|else|contains|in|every|some|not|with|as|true|false|null|set",
  sql: "SELECT|FROM|WHERE|AND|OR|NOT|CASE|WHEN|THEN|ELSE|END|AS|JOIN|LEFT|ON|EXISTS|ANY|ARRAY|NULL|TRUE|FALSE|IS|IN|OFFSET|UNION|ALL|WITH|RECURSIVE|DISTINCT|BETWEEN",
  json: "true|false|null",
} satisfies { readonly [Name in Language]: string };

const patterns: { readonly [Name in Language]: RegExp } = {
  rego: new RegExp(
    `(?<comment>#.*)|(?<text>"(?:[^"\\\\]|\\\\.)*")|(?<keyword>\\b(?:${words.rego})\\b|:=)|(?<number>\\b\\d+(?:\\.\\d+)?\\b)`,
    "g",
  ),
  sql: new RegExp(
    `(?<comment>--.*)|(?<text>'(?:[^']|'')*')|(?<name>\\$\\d+|(?<!:):[a-z][\\w.]*)|(?<keyword>\\b(?:${words.sql})\\b)|(?<number>\\b\\d+(?:\\.\\d+)?\\b)`,
    "g",
  ),
  json: new RegExp(
    `(?<name>"(?:[^"\\\\]|\\\\.)*"(?=\\s*:))|(?<text>"(?:[^"\\\\]|\\\\.)*")|(?<keyword>\\b(?:${words.json})\\b)|(?<number>-?\\b\\d+(?:\\.\\d+)?\\b)`,
    "g",
  ),
};

/** The parts of a line; joined they are the line. */
export function highlight(language: Language, line: string): readonly LinePart[] {
  const parts: LinePart[] = [];
  let at = 0;
  for (const found of line.matchAll(patterns[language])) {
    if (found.index > at) parts.push({ text: line.slice(at, found.index), kind: null });
    const [kind] = Object.entries(found.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    parts.push({ text: found[0], kind: (kind ?? null) as PartKind | null });
    at = found.index + found[0].length;
  }
  if (at < line.length) parts.push({ text: line.slice(at), kind: null });
  return parts;
}
