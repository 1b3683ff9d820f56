/** Which words of a text ask the questions of a formula. They are beside what a formula means: equal questions stay one. */
import type { Span } from "@wardline/core";
import type { Formula, Words } from "./formula.ts";

/** The formula, with these words for all questions that have none. */
export function worded(formula: Formula, words: Words): Formula {
  switch (formula.kind) {
    case "constant":
      return formula;
    case "ask":
      return formula.words === null ? { ...formula, words } : formula;
    case "not": {
      const of = worded(formula.of, words);
      return of === formula.of ? formula : { kind: "not", of };
    }
    case "and":
    case "or": {
      const of = formula.of.map((child) => worded(child, words));
      return of.every((child, i) => child === formula.of[i]) ? formula : { kind: formula.kind, of };
    }
  }
}

/** The words at a place, as they stand there. */
export function wordsAt(span: Span): Words {
  return { span, parts: [span] };
}

/** Words that say what one question of several asks, made of parts of the text and of texts between them. */
export function wordsOf(span: Span, ...parts: Words["parts"]): Words {
  return { span, parts };
}
