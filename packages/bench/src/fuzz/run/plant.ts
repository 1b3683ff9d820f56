/** How one part of the guard is taken away, as a mistake in it would. */
import type { GuardedDialectOptions, SqlSession, SqlStatement } from "@wardline/isolation";
import type { GuardedView } from "@wardline/core";
import type { Plant } from "../observe/scoped.ts";
import type { Scenario } from "../world/scenario.ts";
import type { Setting } from "./setting.ts";

export interface PlantedFault {
  readonly name: string;
  /** Where no other layer makes up for it. */
  readonly setting: Setting;
  readonly plant: (scenario: Scenario) => Plant;
  /** It stands where servers alone come by. */
  readonly servers?: true;
}

export function changedView(
  change: (view: GuardedView, scenario: Scenario) => GuardedView,
): PlantedFault["plant"] {
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

type TextChange = (
  sql: string,
  parameters: readonly unknown[],
  scenario: Scenario,
) => readonly [string, readonly unknown[]];

/** Statements of the driver, changed on their way to the database. */
export function changedText(change: TextChange): PlantedFault["plant"] {
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

/** The same for what was printed of raw SQL, and for nothing else. */
export function changedRawText(change: TextChange): PlantedFault["plant"] {
  return (scenario) => (options) => {
    const printed = new Set<string>();
    const recorded: GuardedDialectOptions = {
      ...options,
      // Another guard than without the fault: no plan that was kept is taken for its own.
      guard: { ...options.guard },
      finalCheck: (...of) => {
        const check = options.finalCheck(...of);
        const print = (tree: Parameters<typeof check.print>[0]): string => {
          const text = check.print(tree);
          printed.add(text);
          return text;
        };
        return { ...check, print };
      },
    };
    const some: TextChange = (sql, parameters, of) =>
      printed.has(sql) ? change(sql, parameters, of) : [sql, parameters];
    return changedText(some)(scenario)(recorded);
  };
}

type Batch = NonNullable<SqlSession["batch"]>;

export function changedOptions(
  change: (options: GuardedDialectOptions, scenario: Scenario) => GuardedDialectOptions,
) {
  return (scenario: Scenario): Plant =>
    (options) =>
      change(options, scenario);
}
