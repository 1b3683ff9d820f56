/** Faults that a run must find: each takes one part of the guard away, as a mistake in it would. */
import { cellMask, type SqlExpression } from "@wardline/core";
import type { Scenario } from "../world/scenario.ts";
import { changedOptions, changedRawText, changedText, changedView, type PlantedFault } from "./plant.ts";

const always: SqlExpression = { kind: "boolean", value: true };

/** The conjuncts of a view's condition. */
function conjuncts(where: SqlExpression | null): readonly SqlExpression[] {
  if (where === null) return [];
  return where.kind === "and" ? where.of : [where];
}

function isTenantConjunct(expression: SqlExpression, { asker }: Scenario): boolean {
  return (
    expression.kind === "binary" &&
    expression.op === "=" &&
    expression.right.kind === "parameter" &&
    expression.right.value === asker.tenant
  );
}

/** The same tree, with the masks that stand in sealed cells' marks taken out. */
function unmasked(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(unmasked);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      key === "value" && typeof value === "string"
        ? value.replace(/:(sealed|plain):[^:]*:/, `:$1:${cellMask({ kind: "show" })}:`)
        : unmasked(value),
    ]),
  );
}

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: "a view without the tenant's condition",
    setting: "scope",
    plant: changedView((view, scenario) => ({
      ...view,
      select: {
        ...view.select,
        where: {
          kind: "and",
          of: [always, ...conjuncts(view.select.where).filter((part) => !isTenantConjunct(part, scenario))],
        },
      },
    })),
  },
  {
    name: "a view without the policy's condition",
    setting: "both",
    plant: changedView((view, scenario) => ({
      ...view,
      select: {
        ...view.select,
        where: {
          kind: "and",
          of: [always, ...conjuncts(view.select.where).filter((part) => isTenantConjunct(part, scenario))],
        },
      },
    })),
  },
  {
    name: "a view without a fence",
    setting: "scope",
    plant: changedText((sql, parameters) => [sql.replaceAll(" OFFSET 0", ""), parameters]),
  },
  {
    name: "masks are not applied",
    setting: "both",
    plant: changedView((view) => {
      const table = view.select.from?.alias ?? "";
      const columns = view.select.columns.map((column) => {
        if (view.residual === "never") return column;
        if (view.sealedColumns.includes(column.as)) return unmasked(column) as typeof column;
        return { ...column, expression: { kind: "column", table, column: column.as } as const };
      });
      return { ...view, select: { ...view.select, columns } };
    }),
  },
  {
    name: "a blind index is searched under a mask",
    setting: "both",
    plant: changedView((view) => {
      const table = view.select.from?.alias ?? "";
      const columns = view.select.columns.map((column) =>
        view.residual !== "never" && view.indexes.some(({ index }) => index === column.as)
          ? { ...column, expression: { kind: "column", table, column: column.as } as const }
          : column,
      );
      return { ...view, select: { ...view.select, columns } };
    }),
  },
  {
    name: "a new row is stamped with the other tenant",
    setting: "scope",
    plant: changedText((sql, parameters, { asker, other }) => [
      sql,
      /^\s*insert into/i.test(sql)
        ? parameters.map((value) => (value === asker.tenant ? other : value))
        : parameters,
    ]),
  },
  {
    name: "a write does not name its tenant",
    setting: "scope",
    plant: changedText((sql, parameters, { asker }) => {
      if (!/^\s*(update|delete)/i.test(sql)) return [sql, parameters];
      const at = parameters.indexOf(asker.tenant) + 1;
      return [
        sql.replace(
          new RegExp(`OPERATOR\\("pg_catalog"\\.=\\) (\\$${at})\\b`),
          "is distinct from nullif($1::text, $1::text)",
        ),
        parameters,
      ];
    }),
  },
  {
    name: "views in raw SQL without the tenant's condition",
    setting: "scope",
    servers: true,
    plant: changedRawText((sql, parameters) => [
      sql.replaceAll(/OPERATOR\("pg_catalog"\.=\) \$1\b/g, "is distinct from nullif($1::text, $1::text)"),
      parameters,
    ]),
  },
  {
    name: "views in raw SQL without a fence",
    setting: "scope",
    servers: true,
    plant: changedRawText((sql, parameters) => [sql.replaceAll(" OFFSET 0", ""), parameters]),
  },
  {
    name: "every write is permitted",
    setting: "both",
    plant: changedOptions((options) => ({
      ...options,
      guard: {
        ...options.guard,
        decide: (request) => ({ ...options.guard.decide(request), outcome: "permit", obligations: [] }),
      },
    })),
  },
];
