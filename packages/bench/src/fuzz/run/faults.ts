/** Faults that a run must find: each takes one part of the guard away, as a mistake in it would. */
import type { GuardedDialectOptions, SqlSession, SqlStatement } from "@wardline/isolation";
import { cellMask, type GuardedView, type SqlExpression } from "@wardline/core";
import type { Plant } from "../observe/scoped.ts";
import type { Scenario } from "../world/scenario.ts";
import type { Setting } from "./setting.ts";

export interface PlantedFault {
  readonly name: string;
  /** Where no other layer makes up for it. */
  readonly setting: Setting;
  readonly plant: (scenario: Scenario) => Plant;
}

const always: SqlExpression = { kind: "boolean", value: true };

function changedView(change: (view: GuardedView, scenario: Scenario) => GuardedView): PlantedFault["plant"] {
  return (scenario) => (options) => ({
    ...options,
    // The final check would refuse it: what is shown is that the worlds differ without it.
    finalCheck: (...of) => ({
      ...options.finalCheck(...of),
      check: (text) => ({ text, namesTenant: false }),
    }),
    guard: {
      ...options.guard,
      view: (...asked) => change(options.guard.view(...asked), scenario),
    },
  });
}

/** Statements of the driver, changed on their way to the database. */
function changedText(
  change: (
    sql: string,
    parameters: readonly unknown[],
    scenario: Scenario,
  ) => readonly [string, readonly unknown[]],
): PlantedFault["plant"] {
  return (scenario) => (options) => {
    const changed = ({ sql, parameters }: SqlStatement): SqlStatement => {
      const [text, values] = change(sql, parameters, scenario);
      return { sql: text, parameters: values };
    };
    const wrapped = (session: SqlSession): SqlSession => ({
      ...session,
      query: (sql, parameters) => session.query(...change(sql, parameters, scenario)),
      ...(session.batch === undefined
        ? {}
        : { batch: (statements) => (session.batch as Batch)(statements.map(changed)) }),
    });
    const { database } = options;
    return {
      ...options,
      database: {
        ...database,
        turn: (run) => database.turn((session) => run(wrapped(session))),
        batch: (statements) =>
          database.batch((backend) =>
            (typeof statements === "function" ? statements(backend) : statements).map(changed),
          ),
      },
    };
  };
}

type Batch = NonNullable<SqlSession["batch"]>;

function changedOptions(
  change: (options: GuardedDialectOptions, scenario: Scenario) => GuardedDialectOptions,
) {
  return (scenario: Scenario): Plant =>
    (options) =>
      change(options, scenario);
}

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
