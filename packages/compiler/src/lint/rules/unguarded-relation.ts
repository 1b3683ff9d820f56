/** A relation whose table is that of an entity that tenants may write, and no guardrail stops them. */
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";

export const unguardedRelation: LintRule = {
  code: "lint/unguarded-relation",
  check: ({ model, modelFile, rules }) =>
    modelFile.statements.flatMap((statement) => {
      if (statement.kind !== "relation") return [];
      const relation = model.relations.get(statement.name.text);
      const entity = [...model.entities.values()].find((e) => e.model.storage?.table === relation?.table);
      if (relation === undefined || entity === undefined) return [];
      const writes = [...model.actions.values()].filter(
        (action) => action.kind !== "reads" && action.entities.includes(entity.name),
      );
      const guarded = rules.some(
        ({ rule, cases }) =>
          rule.layer === "platform" &&
          rule.kind === "forbid" &&
          cases.some((c) => c.entity === entity.name && writes.some((action) => action.name === c.action)),
      );
      if (writes.length === 0 || guarded) return [];
      return [
        finding("lint/unguarded-relation", statement.name.span, {
          name: relation.name,
          entity: entity.name,
        }),
      ];
    }),
};
