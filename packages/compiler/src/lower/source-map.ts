/** Where the atoms of a program stand in the texts that it was made of. */
import type { AtomPlace, SourceFile, SourceMap, Span } from "@wardline/core";
import type { Formula, Question, Words } from "../check/formula.ts";
import { lineIndex } from "../check/line-index.ts";
import type { CheckedRule } from "../check/rule.ts";

/** `rules` in the order of the program, `atomOf` the atom of a question that was lowered, `atoms` how many there are. */
export function sourceMapOf(
  rules: readonly CheckedRule[],
  atomOf: (question: Question) => number | undefined,
  atoms: number,
  sources: readonly SourceFile[],
): SourceMap {
  const places = Array.from({ length: atoms }, (): AtomPlace[] => []);
  const files = new Map(sources.map((source) => [source.name, openSource(source.text)]));
  rules.forEach(({ cases }, rule) => {
    // Two rules may share a let: what it asks is asked by each.
    const seen = new Set<string>();
    const asked: { readonly atom: number; readonly words: Words }[] = [];
    for (const formula of new Set(cases.map((c) => c.when)))
      visit(formula, (question, words) => {
        const atom = atomOf(question);
        const { file, start, end } = words.span;
        const key = `${atom} ${start} ${end} ${file}`;
        if (atom === undefined || seen.has(key)) return;
        seen.add(key);
        asked.push({ atom, words });
      });
    for (const { atom, words } of asked.toSorted((a, b) => inOrder(a.words.span, b.words.span))) {
      const { file, start } = words.span;
      const source = files.get(file);
      if (source === undefined) continue;
      places[atom]?.push({ rule, file, ...source.placeAt(start), text: textOf(source.text, words) });
    }
  });
  return { atoms: places };
}

function visit(formula: Formula, ask: (question: Question, words: Words) => void): void {
  switch (formula.kind) {
    case "constant":
      return;
    case "ask":
      if (formula.words !== null) ask(formula.question, formula.words);
      return;
    case "not":
      return visit(formula.of, ask);
    case "and":
    case "or":
      for (const child of formula.of) visit(child, ask);
  }
}

function inOrder(a: Span, b: Span): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}

function textOf(text: string, { parts }: Words): string {
  return parts
    .map((part) => (typeof part === "string" ? part : onOneLine(text.slice(part.start, part.end))))
    .join("");
}

/** Words without their comments and line breaks. A string stands on one line, and may hold what begins a comment. */
function onOneLine(words: string): string {
  return words
    .replaceAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*/g, (found) => (found.startsWith('"') ? found : ""))
    .replaceAll(/\s*\n\s*/g, " ");
}

interface OpenSource {
  readonly text: string;
  /** Both count from 1, columns in code points. */
  readonly placeAt: (offset: number) => { readonly line: number; readonly column: number };
}

/** A text whose places are asked from its beginning to its end, in the main: each goes on from the one before. */
function openSource(text: string): OpenSource {
  const lineAt = lineIndex(text);
  let last = { start: 0, offset: 0, column: 1 };
  return {
    text,
    placeAt: (offset) => {
      const start = offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
      const from = last.start === start && last.offset <= offset ? last : { offset: start, column: 1 };
      last = { start, offset, column: from.column + Array.from(text.slice(from.offset, offset)).length };
      return { line: lineAt(offset), column: last.column };
    },
  };
}
