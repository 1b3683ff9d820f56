/** Two names of one kind that are hard to tell apart. */
import type { Finding } from "@wardline/core";
import type { Name } from "../../ast/expression.ts";
import { finding } from "../../diagnostics/table.ts";
import { statementsOf, type LintContext, type LintRule } from "../lint-rule.ts";

export const confusableNames: LintRule = {
  code: "lint/confusable-names",
  check: (context) => [
    ...among(context, (s) => ("reach" in s || s.kind === "assert" ? [s.name] : [])),
    ...among(context, (s) => (s.kind === "let" ? [s.name] : [])),
    ...among(context, (s) => (s.kind === "role" ? s.names : [])),
  ],
};

type Statement = LintContext["policy"]["statements"][number];

function among(context: LintContext, namesOf: (statement: Statement) => readonly Name[]): readonly Finding[] {
  const seen = new Map<string, Name>();
  return statementsOf(context)
    .flatMap(namesOf)
    .flatMap((name) => {
      const shape = shapeOf(name.text);
      const first = seen.get(shape);
      if (first === undefined) seen.set(shape, name);
      if (first === undefined || first.text === name.text) return [];
      return [
        finding(
          "lint/confusable-names",
          name.span,
          { name: name.text, other: first.text },
          { related: [{ span: first.span, message: "the other one" }] },
        ),
      ];
    });
}

/** What a hasty reader sees. */
function shapeOf(name: string): string {
  return name
    .replaceAll("_", "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("0", "o")
    .replaceAll(/[1i]/g, "l");
}
