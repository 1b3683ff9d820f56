/** Columns whose plaintext becomes sealed while the application goes on. `docs/keys.md` says what an operator does, step by step. */
import type { Program } from "@wardline/core";
import {
  abortAdoption,
  adoptColumns,
  adoptionStatus,
  dropPlaintext,
  readCatalogue,
  switchAdopted,
  type AdoptionStatus,
  type AdoptOptions,
  type AdoptReport,
  type Catalogue,
  type DropReport,
} from "@wardline/isolation";
import { storedModelOf } from "./schema-statements.ts";
import { wantedCatalogue } from "./wanted-catalogue.ts";
import { wantedRows } from "./wanted-rows.ts";

export interface AdoptionOptions extends Omit<AdoptOptions, "stored"> {
  /** Of the new model, in which the columns are sealed: those of all tenants of the place. */
  readonly programs: readonly Program[];
}

/** How far each column is that is to be sealed, and what stands in the way. It changes nothing. */
export function planAdoption({
  database,
  programs,
}: Pick<AdoptionOptions, "database" | "programs">): Promise<AdoptionStatus> {
  return adoptionStatus({ database, stored: storedModelOf(programs) });
}

/**
 * Makes a place for sealed cells beside each column that is to be sealed, fills it, and makes ready for the switch. An application on the
 * old model goes on and notices nothing. Throws AdoptionError: `adopt/refused` with nothing begun, `adopt/faulty` for values that cannot
 * be sealed, `adopt/busy`; and KeyProviderError, KeyJobError. Running it again goes on where it was cut off.
 */
export function beginAdoption(options: AdoptionOptions): Promise<AdoptReport> {
  return adoptColumns({ ...options, stored: storedModelOf(options.programs) });
}

/**
 * Puts the sealed cells in the place of the plaintext and makes the tables those of the new model, in one short transaction. `revision` is
 * that of the first bundles of the new model: from then on no context is entered in the database under a policy below it, so an application
 * on the old model is refused (`policy/rolled-back`) whatever it asks. Throws AdoptionError with nothing switched: `adopt/not-ready` before
 * {@link beginAdoption}, `adopt/refused`, `adopt/busy`; and `PlanFailed`. Gives the columns that were switched.
 */
export async function switchAdoption(
  options: AdoptionOptions & { readonly revision: number },
): Promise<readonly string[]> {
  return switchAdopted({
    ...options,
    stored: storedModelOf(options.programs),
    wanted: await wantedOf(options),
  });
}

/**
 * Opens each sealed cell whose plaintext still stands aside, compares the two, and drops the plaintext. Throws AdoptionError with nothing
 * dropped: `adopt/not-ready` before the switch, `adopt/faulty` where a cell does not open to it, `adopt/busy`. With `rewrite` the tables
 * are written anew afterwards, which has each to itself for as long as that takes.
 */
export async function endAdoption(
  options: AdoptionOptions & { readonly rewrite?: boolean },
): Promise<DropReport> {
  return dropPlaintext({
    ...options,
    stored: storedModelOf(options.programs),
    wanted: await wantedOf(options),
  });
}

/** Takes back what was begun before the switch; the plaintext was never touched. Throws `adopt/too-late` after it, with nothing done. */
export function cancelAdoption(options: AdoptionOptions): Promise<readonly string[]> {
  return abortAdoption({ ...options, stored: storedModelOf(options.programs) });
}

async function wantedOf({ database, programs }: AdoptionOptions): Promise<Catalogue> {
  const { schema, kind } = database;
  const there = await database.turn(readCatalogue);
  const rowSecurity = wantedRows(there, schema, programs, {});
  return wantedCatalogue(storedModelOf(programs), kind, [{ schema, rowSecurity }]);
}
