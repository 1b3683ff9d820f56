/** Plans what a database lacks of what the policies need, and carries it out in one transaction that reads back what it did. */
import type { Program } from "@wardline/core";
import {
  applyPlan,
  installContextKey,
  planDatabase,
  readCatalogue,
  rotateCluster,
  type Applied,
  type ContextKey,
  type Database,
  type DatabasePlan,
} from "@wardline/isolation";
import { wantedRows, type WantedRows } from "./wanted-rows.ts";
import { storedModelOf } from "./schema-statements.ts";
import { wantedCatalogue } from "./wanted-catalogue.ts";

/** What {@link applySchema} would do now. It changes nothing. */
export async function planSchema(
  database: Database,
  programs: readonly Program[],
  rows: WantedRows = {},
): Promise<DatabasePlan> {
  const stored = storedModelOf(programs);
  const { schema, kind } = database;
  const there = await database.turn(readCatalogue);
  const rowSecurity = wantedRows(there, schema, programs, rows);
  const wanted = await wantedCatalogue(stored, kind, [{ schema, rowSecurity }]);
  return planDatabase({ there, wanted, schema });
}

export interface ApplySchemaOptions extends WantedRows {
  /** Installed in the same transaction, or put in the place of the one with its id. */
  readonly contextKey?: ContextKey;
  /**
   * What was signed for another database, of which this is a copy, is void from now on. Asked for explicitly: in the original
   * itself it ends every context.
   */
  readonly rotateCluster?: boolean;
}

/**
 * Makes a database what the programs of all its tenants need. With a refusal nothing is run. Throws `PlanFailed` with nothing
 * done where a statement fails, `RowSecurityRefused` where policies of rows cannot be made, and a TypeError unless the programs agree.
 */
export async function applySchema(
  database: Database,
  programs: readonly Program[],
  { contextKey, rotateCluster: rotate = false, ...rows }: ApplySchemaOptions = {},
): Promise<Applied> {
  const stored = storedModelOf(programs);
  const { schema, kind } = database;
  const rowSecurity = wantedRows(await database.turn(readCatalogue), schema, programs, rows);
  const wanted = await wantedCatalogue(stored, kind, [{ schema, rowSecurity }]);
  return database.turn((session) =>
    applyPlan(session, {
      wanted,
      schema,
      finish: async () => {
        if (rotate) await rotateCluster(session);
        if (contextKey !== undefined) await installContextKey(session, contextKey);
      },
    }),
  );
}
