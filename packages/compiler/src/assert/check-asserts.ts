/** Checks the asserts of one layer's files. */
import { declare, ofKind } from "../check/declare.ts";
import { lineIndex } from "../check/line-index.ts";
import type { PlacedFile } from "../check/placed-file.ts";
import type { Budget, CheckedRule } from "../check/rule.ts";
import type { Setting } from "../check/scope.ts";
import { checkAssert, type CheckedAssert } from "./check-assert.ts";

/** `rules`: of both layers. What an assert expands to counts with the rules of its layer. */
export function checkAsserts(
  setting: Setting,
  owner: string,
  files: readonly PlacedFile[],
  rules: readonly CheckedRule[],
  budget: Budget,
): readonly CheckedAssert[] {
  // A name stands for one statement of its layer, whether a rule or an assert.
  const own = rules.filter(({ rule }) => rule.layer === setting.layer && rule.pack === undefined);
  const seen = new Map(own.map(({ statement }) => [statement.name.text, statement.name.span]));
  let left = budget;
  return files.flatMap(({ source, statements }) => {
    const lineAt = lineIndex(source.text);
    return ofKind(statements, "assert").flatMap((statement) => {
      if (!declare(setting.report, seen, "statement", statement.name)) return [];
      if (left.terms < 0 || left.total < 0) return [];
      const place = { id: `${owner}/${statement.name.text}`, line: lineAt(statement.span.start) };
      const { checked, left: rest } = checkAssert(setting, place, statement, rules, left);
      left = rest;
      return checked === null ? [] : [checked];
    });
  });
}
