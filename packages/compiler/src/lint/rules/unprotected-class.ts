/** A class of the model that no rule masks, hides, seals or touches. */
import { endClass, type Span } from "@wardline/core";
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";

export const unprotectedClass: LintRule = {
  code: "lint/unprotected-class",
  check: ({ model, modelFile, rules, sealed }) => {
    const fields = new Set(
      rules.flatMap(({ cases }) => cases.flatMap((c) => c.effects.map((e) => `${c.entity}.${e.field}`))),
    );
    for (const [entity, names] of sealed) for (const name of names.keys()) fields.add(`${entity}.${name}`);
    const touched = new Set(rules.flatMap(({ statement }) => statement.reach?.touching?.name.text ?? []));
    const isProtected = (name: string) =>
      // It says when a row came to its end, and nothing of its value.
      name === endClass ||
      touched.has(name) ||
      [...model.entities.values()].some((entity) =>
        entity.model.fields.some((f) => f.classes.includes(name) && fields.has(`${entity.name}.${f.name}`)),
      );
    const first = new Map<string, Span>();
    for (const statement of modelFile.statements)
      if ("fields" in statement)
        for (const field of statement.fields)
          for (const name of field.classes) if (!first.has(name.text)) first.set(name.text, name.span);
    return [...first].flatMap(([name, span]) =>
      isProtected(name) ? [] : [finding("lint/unprotected-class", span, { name })],
    );
  },
};
