/** Tenants in several places, instead of one database for all: what `Wardline.open` takes then. */
import {
  Cells,
  IsolationViolation,
  lostRowPolicies,
  Router,
  SchemaMismatch,
  unguardedTables,
  type CellFactories,
  type ContextGate,
  type Database,
  type RouterOptions,
  type RowSecurityKind,
} from "@wardline/isolation";
import type { Program } from "@wardline/core";
import { checkDatabase } from "./check-database.ts";
import type { Policies } from "./policies.ts";

export interface Placement {
  readonly kind: "placed";
  readonly options: RouterOptions;
  /** Closes what the cells' factories opened. The catalogue is whoever opened it's to close. */
  close(): Promise<void>;
}

export interface PlacementOptions extends Omit<RouterOptions, "cells"> {
  readonly cells: CellFactories;
}

/** The catalogue says where a tenant lives, and `cells` open its databases, by the names that the catalogue knows. */
export function placement(options: PlacementOptions): Placement {
  const cells = new Cells(options.cells);
  return { kind: "placed", options: { ...options, cells }, close: () => cells.close() };
}

/** A router that lets nobody into tables that are not those of the tenant's policy, or that nothing guards. */
export function openRouter(
  { options }: Placement,
  policies: Policies,
  onOperatorError: (error: unknown) => void,
): Router {
  const checked = new Map<string, Promise<void>>();
  return new Router(
    options,
    (database, { tenant, cell, database: name, schema, version }) => {
      const { program, rowSecurity } = policies.guardOf(tenant);
      const key = JSON.stringify([cell, name, schema, version, program.sealed]);
      const check = checked.get(key) ?? checkPlace(database, program, rowSecurity?.kinds() ?? []);
      checked.set(key, check);
      // What was refused may have been mended when it is asked for again.
      check.catch(() => checked.delete(key));
      return check.catch((error: unknown) => {
        onOperatorError(error);
        throw new IsolationViolation(
          "placement/behind",
          "the tables of the tenant's place are not those that its policy needs: go on with the migration",
        );
      });
    },
    onOperatorError,
  );
}

async function checkPlace(
  database: Database,
  program: Program,
  kinds: readonly RowSecurityKind[],
): Promise<void> {
  await checkDatabase(database, [program]);
  const { schema } = database;
  const problems = await database.turn(async (session) => [
    ...(await unguardedTables(session, program, schema)),
    ...(await lostRowPolicies(session, program, schema, kinds)),
  ]);
  if (problems.length > 0) throw new SchemaMismatch(problems);
}

/** Stands where a database would, for tenants that are placed: whatever does not ask for the place gets nothing. */
export const nowhere: Database = {
  kind: "server",
  schema: "",
  turn: async () => {
    throw new IsolationViolation("handle/no-context", "the tenant's place was not asked for");
  },
  batch: async () => {
    throw new IsolationViolation("handle/no-context", "the tenant's place was not asked for");
  },
  close: async () => undefined,
};

/** Stands where a gate would, for tenants that are placed. */
export const noGate: ContextGate = {
  statements: () => {
    throw new IsolationViolation("handle/no-context", "the tenant's place was not asked for");
  },
  enter: async () => {
    throw new IsolationViolation("handle/no-context", "the tenant's place was not asked for");
  },
};
