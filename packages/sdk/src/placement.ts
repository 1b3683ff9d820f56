/** Tenants in several places, instead of one database for all: what `Wardline.open` takes then. */
import {
  Cells,
  IsolationViolation,
  lostRowPolicies,
  missingRowSecurity,
  Router,
  SchemaMismatch,
  unguardedTables,
  type CellFactories,
  type CheckPlace,
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
  const checked = new Map<string, Checked>();
  return new Router(
    options,
    async (database, place) => {
      const { cell, database: name, schema, version } = place;
      const { program, rowSecurity } = (await policies.bring(place.tenant)) ?? policies.atHand(place.tenant);
      const key = JSON.stringify([cell, name, schema, version, program.sealed]);
      const known = checked.get(key);
      const tables = known?.tables ?? checkDatabase(database, [program]);
      const isFresh = known !== undefined && performance.now() < known.until;
      const guards = isFresh
        ? known.guards
        : tables.then(() => checkGuards(database, program, rowSecurity?.kinds() ?? [], place));
      const until = isFresh ? known.until : performance.now() + (options.remember ?? 60_000);
      checked.set(key, { tables, guards, until });
      // What was refused may have been mended when it is asked for again.
      guards.catch(() => checked.delete(key));
      return guards.catch((error: unknown) => {
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

interface Checked {
  /** Asked once. */
  readonly tables: Promise<void>;
  /** Asked again when a place has been remembered for as long as it may be. */
  readonly guards: Promise<void>;
  readonly until: number;
}

async function checkGuards(
  database: Database,
  program: Program,
  kinds: readonly RowSecurityKind[],
  place: Parameters<CheckPlace>[1],
): Promise<void> {
  const { schema } = database;
  const problems = await database.turn(async (session) => [
    ...(await unguardedTables(session, program, schema)),
    ...(await missingRowSecurity(session, place)),
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
