/** A field that is marked searchable, and that nothing seals. */
import { finding } from "../../diagnostics/table.ts";
import type { Fix, Span } from "@wardline/core";
import type { PlacedFile } from "../../check/placed-file.ts";
import type { LintRule } from "../lint-rule.ts";

export const unsealedSearchable: LintRule = {
  code: "lint/unsealed-searchable",
  check: ({ model, sealed, modelFile }) =>
    [...model.entities].flatMap(([entity, { fields }]) =>
      [...fields].flatMap(([name, { model: field, span }]) =>
        field.searchable && sealed.get(entity)?.has(name) !== true
          ? [
              finding(
                "lint/unsealed-searchable",
                span,
                { name: `${entity}.${name}` },
                { fixes: withoutMark(modelFile, span) },
              ),
            ]
          : [],
      ),
    ),
};

/** To leave the mark out, or to seal the field, is its author's to choose. */
function withoutMark({ source, statements }: PlacedFile, name: Span): readonly Fix[] {
  const fields = statements.flatMap((statement) => ("fields" in statement ? statement.fields : []));
  const span = fields.find((field) => field.name.span.start === name.start)?.span;
  if (span === undefined) return [];
  const mark = /\s+searchable\b/.exec(source.text.slice(span.start, span.end));
  if (mark === null) return [];
  const start = span.start + mark.index;
  const edits = [{ span: { ...span, start, end: start + mark[0].length }, text: "" }];
  return [{ title: "leave `searchable` out", choice: true, edits }];
}
