/**
 * Columns whose plaintext becomes sealed while the application goes on: a place beside it, filling, the switch, and the end of the
 * plaintext, each a step of its own that may be cut off and run again. `docs/keys.md` says what an operator does.
 */
import type { Database } from "../../contracts.ts";
import type { Catalogue } from "../../doctor/catalogue.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import { asOperator } from "../../placement/operator-session.ts";
import type { KeyProvider } from "../key-provider.ts";
import { withSealers, type HeldSealers } from "../jobs/held-sealers.ts";
import { withJobPlace, type JobPlace } from "../jobs/job-place.ts";
import type { WalkOptions, WalkProgress } from "../jobs/walk-table.ts";
import { AdoptionError, type Hindrance } from "./adoption-error.ts";
import {
  columnsOf,
  placeOf,
  readTablesToAdopt,
  staleRows,
  type AdoptedTable,
  type AdoptionState,
} from "./adopted-table.ts";
import { adoptionTenants, destroyedTenants, keylessTenants } from "./adopting-tenants.ts";
import { catchUp, faulty } from "./catch-up.ts";
import { dropAside, verifyAside } from "./drop-plaintext.ts";
import { collapse, expand } from "./expand.ts";
import { fillTable } from "./fill.ts";
import { hindrancesOf } from "./hindrances.ts";
import { oneAdoption } from "./one-adoption.ts";
import { prepareSwitch } from "./prepare-switch.ts";
import { recordAdoption } from "./record-adoption.ts";
import { remainsAfter } from "./remains.ts";
import { rewriteTables } from "./rewrite.ts";
import { switchColumns } from "./switch-columns.ts";
import type { LockOptions } from "./with-tables-locked.ts";

export interface AdoptOptions extends LockOptions {
  /** An operator's connection to one place: a schema with the tables of all its tenants. */
  readonly database: Database;
  /** The new model, in which the columns are sealed. */
  readonly stored: StoredModel;
  readonly keys: KeyProvider;
  /** Who does it, for the tenants' record. */
  readonly operator: string;
  /** Rows of a page, and milliseconds between two pages. */
  readonly pages?: Pick<WalkOptions, "pageRows" | "pause">;
  readonly onProgress?: (progress: AdoptProgress) => void | Promise<void>;
}

export interface Wanted {
  /** What the database is to be with the new model. */
  readonly wanted: Catalogue;
}

export interface AdoptProgress extends WalkProgress {
  readonly tenant: string;
  /** Of this many tenants, the how manieth it is. */
  readonly number: number;
  readonly tenants: number;
}

export interface AdoptedColumnStatus {
  /** `schema.table.column`. */
  readonly column: string;
  readonly state: AdoptionState;
  readonly searchable: boolean;
  /** Rows whose cell is still to be made, counted up to 100 000; null where none has a place for it yet, or all are switched. */
  readonly left: number | null;
}

export interface AdoptionStatus {
  /** Those that the model wants sealed and that have plaintext. Empty where there is nothing to do. */
  readonly columns: readonly AdoptedColumnStatus[];
  /** What has to be settled before a step is taken. */
  readonly hindrances: readonly Hindrance[];
  readonly tenants: readonly string[];
}

const mostCounted = 100_000;

/** How far each column is, and what stands in the way. It changes nothing. */
export async function adoptionStatus({
  database,
  stored,
}: Pick<AdoptOptions, "database" | "stored">): Promise<AdoptionStatus> {
  return asOperator(database, async (session) => {
    const tables = await readTablesToAdopt(session, stored, database.schema);
    const hindrances: Hindrance[] = [];
    const columns: AdoptedColumnStatus[] = [];
    for (const table of tables) {
      hindrances.push(...(await hindrancesOf(session, table)));
      for (const column of table.adopted)
        columns.push({
          column: placeOf(table, column.plan.name),
          state: column.state,
          searchable: column.index !== null,
          left: column.state === "beside" ? await staleRows(session, table, column, mostCounted) : null,
        });
    }
    const waiting = tables.filter(({ adopted }) => adopted.some(({ state }) => state !== "switched"));
    const tenants = await adoptionTenants(session, tables);
    const isSearched = waiting.some(({ adopted }) => adopted.some(({ index }) => index !== null));
    if (waiting.length > 0)
      hindrances.push(
        ...(await keylessTenants(session, await adoptionTenants(session, waiting), isSearched)),
      );
    return { columns, hindrances, tenants };
  });
}

export interface AdoptReport {
  readonly columns: readonly string[];
  readonly tenants: number;
  /** Rows whose cells were made, in earlier runs too. */
  readonly rows: number;
}

/**
 * Makes a place for sealed cells beside each column that is to be sealed, fills it, and makes ready for the switch. The application goes
 * on with the old model and notices nothing. Throws AdoptionError: `adopt/refused` with nothing begun, `adopt/faulty` for values that
 * cannot be sealed, `adopt/busy`.
 */
export async function adoptColumns(options: AdoptOptions): Promise<AdoptReport> {
  const { database, stored } = options;
  refuse(await adoptionStatus(options));
  return adopting(options, async (sealers) => {
    const waiting = async (): Promise<readonly AdoptedTable[]> =>
      (await database.turn((session) => readTablesToAdopt(session, stored, database.schema))).filter(
        ({ adopted }) => adopted.some(({ state }) => state === "plaintext" || state === "beside"),
      );
    await expand(database, await waiting(), options);
    const tables = await waiting();
    let rows = 0;
    const tenants = new Set<string>();
    await eachTenant(options, tables, async (place, table, walk) => {
      tenants.add(place.tenant);
      const report = await fillTable(place, table, sealers.of, walk);
      rows += report.done;
      if (report.faults.length > 0) throw faulty(table, report.faults);
    });
    await prepareSwitch(database, tables, options);
    // Of tenants who came meanwhile, too.
    await catchUp(database, tables, sealers.of, options.lockPatience);
    return { columns: columnsOf(tables), tenants: tenants.size, rows };
  });
}

/**
 * Puts the sealed cells in the place of the plaintext, and makes the tables those of the new model, in one transaction that has them to
 * itself for a moment. From then on no context is entered in the database under a policy whose revision is below the one that is named: an
 * application on the old model is refused whatever it asks. Throws AdoptionError with nothing switched: `adopt/not-ready` before
 * {@link adoptColumns}, `adopt/refused`, `adopt/busy`. Gives the columns that were switched.
 */
export async function switchAdopted(
  options: AdoptOptions & Wanted & { readonly revision: number },
): Promise<readonly string[]> {
  const { database, stored, revision } = options;
  if (!Number.isSafeInteger(revision) || revision < 1)
    throw new RangeError("the revision of a bundle is a whole number from 1");
  return adopting(options, async (sealers) => {
    const tables = await database.turn((session) => readTablesToAdopt(session, stored, database.schema));
    const waiting = tables.filter(({ adopted }) => adopted.some(({ state }) => state !== "switched"));
    if (waiting.length === 0) return [];
    const status = await adoptionStatus(options);
    const unready = status.columns.filter(({ state, left }) => state === "plaintext" || left === mostCounted);
    if (unready.length > 0)
      throw new AdoptionError(
        "adopt/not-ready",
        `${unready.map(({ column }) => column).join(", ")}: not sealed yet: run \`wardline keys adopt\` first`,
      );
    refuse(status);
    await catchUp(database, waiting, sealers.of, options.lockPatience);
    await prepareSwitch(database, waiting, options);
    await switchColumns(database, { ...options, sealers });
    return columnsOf(waiting);
  });
}

export interface DropReport {
  /** The columns whose plaintext is gone. */
  readonly dropped: readonly string[];
  /** Rows whose cells were opened and compared with it before. */
  readonly verified: number;
  /** Tables that were written anew. */
  readonly rewritten: readonly string[];
  /** Where the plaintext can still be. */
  readonly remains: readonly string[];
}

/**
 * Opens each sealed cell whose plaintext still stands aside, compares the two, and drops the plaintext. Throws AdoptionError with nothing
 * dropped: `adopt/not-ready` before the switch, `adopt/faulty` where a cell does not open to it, `adopt/busy`. With `rewrite` the tables
 * are written anew afterwards, which has each to itself for as long as that takes.
 */
export async function dropPlaintext(
  options: AdoptOptions & Wanted & { readonly rewrite?: boolean },
): Promise<DropReport> {
  const { database, stored } = options;
  return adopting(options, async (sealers) => {
    const tables = await database.turn((session) => readTablesToAdopt(session, stored, database.schema));
    const behind = tables.filter(({ adopted }) => adopted.some(({ state }) => state !== "switched"));
    if (behind.length > 0)
      throw new AdoptionError(
        "adopt/not-ready",
        `${columnsOf(behind).join(", ")}: not switched yet: run \`wardline keys adopt --switch\` first`,
      );
    const faults: Hindrance[] = [];
    let verified = 0;
    // What a shredding left of plaintext goes without being compared with cells that are dead.
    const except = await database.turn(destroyedTenants);
    await eachTenant({ ...options, except }, tables, async (place, table, walk) => {
      const report = await verifyAside(place, table, sealers.of, walk);
      verified += report.rows;
      for (const { column, row, code } of report.faults.slice(0, 20))
        faults.push({
          place: placeOf(table, column),
          reason: `the cell of the row ${row} does not open to the plaintext beside it (${code})`,
          cure: "write the value anew through a handle, which also takes its plaintext away",
        });
    });
    if (faults.length > 0)
      throw new AdoptionError(
        "adopt/faulty",
        "cells do not open to their plaintext: nothing was dropped",
        faults,
      );
    await recordAdoption(database, { ...options, action: "keys.adopt.drop", tables });
    const dropped = await dropAside(database, tables, options);
    const rewritten = options.rewrite === true ? await rewriteTables(database, stored, options) : [];
    return { dropped, verified, rewritten, remains: remainsAfter(dropped, rewritten) };
  });
}

/** Takes back what was begun before the switch; the plaintext was never touched. Throws `adopt/too-late` after it, with nothing done. */
export async function abortAdoption(options: AdoptOptions): Promise<readonly string[]> {
  const { database, stored } = options;
  return oneAdoption(database, async () => {
    const tables = await database.turn((session) => readTablesToAdopt(session, stored, database.schema));
    const switched = tables.filter(({ adopted }) => adopted.some(({ state }) => state === "switched"));
    if (switched.length > 0)
      throw new AdoptionError(
        "adopt/too-late",
        `${columnsOf(switched).join(", ")}: the sealed cells are in its place, and values have been written that only they hold`,
      );
    const begun = tables.filter(({ adopted }) => adopted.some(({ state }) => state === "beside"));
    await collapse(database, begun, options);
    return columnsOf(begun);
  });
}

function refuse({ hindrances }: AdoptionStatus): void {
  if (hindrances.length > 0)
    throw new AdoptionError("adopt/refused", "something stands in the way: nothing was begun", hindrances);
}

/** One run at a time, with the tenants' keys at hand. */
function adopting<T>(
  { database, keys }: AdoptOptions,
  run: (sealers: HeldSealers) => Promise<T>,
): Promise<T> {
  return oneAdoption(database, () => withSealers(keys, run));
}

/** Each tenant in each table, one after the other, under the lock of jobs over its cells. */
async function eachTenant(
  { database, pages, onProgress, except }: AdoptOptions & { readonly except?: ReadonlySet<string> },
  tables: readonly AdoptedTable[],
  run: (place: JobPlace, table: AdoptedTable, walk: WalkOptions) => Promise<void>,
): Promise<void> {
  const all = await asOperator(database, (session) => adoptionTenants(session, tables));
  const tenants = all.filter((tenant) => except?.has(tenant) !== true);
  for (const [index, tenant] of tenants.entries())
    await withJobPlace(database, tenant, async (place) => {
      for (const table of tables)
        await run(place, table, {
          ...pages,
          onProgress: (progress) =>
            onProgress?.({ ...progress, tenant, number: index + 1, tenants: tenants.length }),
        });
    });
}
