/** A field that is marked searchable, and that nothing seals. */
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";

export const unsealedSearchable: LintRule = {
  code: "lint/unsealed-searchable",
  check: ({ model, sealed }) =>
    [...model.entities].flatMap(([entity, { fields }]) =>
      [...fields].flatMap(([name, { model: field, span }]) =>
        field.searchable && sealed.get(entity)?.has(name) !== true
          ? [finding("lint/unsealed-searchable", span, { name: `${entity}.${name}` })]
          : [],
      ),
    ),
};
