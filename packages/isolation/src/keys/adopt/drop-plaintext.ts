/**
 * The last step of an adoption: opens every sealed cell whose plaintext still stands aside, compares the two, and drops the plaintext.
 * After it nothing of the living table says what a cell holds; what else does, the report names.
 */
import type { Database } from "../../contracts.ts";
import type { Catalogue } from "../../doctor/catalogue.ts";
import { SealBroken } from "../../errors.ts";
import { quoteName } from "../../schema/identifier.ts";
import { textColumn } from "../../schema/column-type.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import { beginJob, moveJob } from "../jobs/job-record.ts";
import type { SealerOf } from "../jobs/held-sealers.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import { readPage } from "../jobs/read-page.ts";
import type { CellFault, WalkOptions } from "../jobs/walk-table.ts";
import { placeOf, readAdoptedTables, type AdoptedColumn, type AdoptedTable } from "./adopted-table.ts";
import { applyModel } from "./apply-model.ts";
import { opensTo } from "./seal-rows.ts";
import { withTablesLocked, type LockOptions } from "./with-tables-locked.ts";

const isSwitched = ({ state }: AdoptedColumn): boolean => state === "switched";

/** Cells of one tenant in one table whose plaintext stands aside, and that do not open to it. Goes on where it was cut off. */
export async function verifyAside(
  place: JobPlace,
  table: AdoptedTable,
  sealerOf: SealerOf,
  { pageRows = 500, pause = 0, onProgress }: WalkOptions,
): Promise<{ readonly rows: number; readonly faults: readonly CellFault[] }> {
  const columns = table.adopted.filter(isSwitched);
  const name = { kind: "adopt", table: table.plan.name } as const;
  const target = JSON.stringify(["verify", ...columns.map(({ plan }) => plan.name)]);
  const asides = columns.map(({ names }) => `t.${quoteName(names.aside)}`);
  const bytes = (column: string): string => `pg_catalog.encode(t.${quoteName(column)}, 'hex')`;
  const query = {
    table: {
      ...table.plan,
      columns: [
        ...table.plan.columns,
        ...columns.map(({ names }) => ({ name: names.aside, type: textColumn, optional: true })),
      ],
    },
    isPending: asides.map((aside) => `${aside} IS NOT NULL`).join(" OR "),
    reads: columns.flatMap(({ plan, index }, at) => [
      `${asides[at]}::text`,
      bytes(plan.name),
      index === null ? "NULL::text" : bytes(index.name),
    ]),
    weight: asides
      .map((aside) => `3 * COALESCE(pg_catalog.octet_length(${aside}), 0)::pg_catalog.int8`)
      .join(" + "),
  };
  const begun = await place.transaction((session) => beginJob(session, place, name, target));
  let [cursor, seen, done] = [begun.cursor, begun.rowsSeen, begun.rowsDone];
  const faults: CellFault[] = [];
  for (;;) {
    const last = await place.transaction(async (session) => {
      const page = await readPage(session, place, query, cursor, pageRows);
      const sealer = await sealerOf(session, place.tenant);
      for (const { key, values } of page.pending)
        for (const [at, column] of columns.entries()) {
          const [plain, sealed, index] = values.slice(3 * at, 3 * at + 3);
          if (plain === null || plain === undefined) continue;
          const row = { id: key[0], plain, sealed, index };
          const code = codeOf(() => opensTo(sealer, table, column, row));
          if (code !== null)
            faults.push({ table: table.plan.name, column: column.plan.name, row: String(key[0]), code });
        }
      seen += page.seen;
      done += page.pending.length;
      // A page with a fault is looked at again by the next run.
      const state = page.last === null && faults.length === 0 ? "done" : "running";
      if (faults.length === 0)
        await moveJob(session, place, name, {
          state,
          cursor: page.last,
          rowsAll: seen,
          rowsSeen: seen,
          rowsDone: done,
        });
      return page.last;
    });
    if (last === null) return { rows: done, faults };
    cursor = last;
    await onProgress?.({ table: name.table, state: "verifying", seen, all: seen, done });
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function codeOf(opens: () => boolean): string | null {
  try {
    return opens() ? null : "adopt/faulty";
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    return error.code;
  }
}

export interface DropOptions extends LockOptions {
  readonly stored: StoredModel;
  readonly wanted: Catalogue;
}

/** Drops what was verified. Throws `adopt/busy` with nothing dropped. Gives the columns whose plaintext is gone. */
export async function dropAside(
  database: Database,
  tables: readonly AdoptedTable[],
  { stored, wanted, ...options }: DropOptions,
): Promise<readonly string[]> {
  const { schema } = database;
  const switched = tables.filter(({ adopted }) => adopted.some(isSwitched));
  if (switched.length === 0) return [];
  // Invariant: nothing is dropped but what was verified.
  const verified = new Set(
    switched.flatMap((table) =>
      table.adopted.filter(isSwitched).map(({ plan }) => placeOf(table, plan.name)),
    ),
  );
  return withTablesLocked(
    database,
    switched.map(({ relation }) => relation),
    options,
    async (session) => {
      const dropped: string[] = [];
      for (const table of await readAdoptedTables(session, stored, schema))
        for (const { names, plan } of table.adopted.filter(isSwitched)) {
          if (!verified.has(placeOf(table, plan.name))) continue;
          await session.query(
            `DROP TRIGGER IF EXISTS ${quoteName(names.onReplace)} ON ${table.relation}`,
            [],
          );
          await session.query(`ALTER TABLE ${table.relation} DROP COLUMN ${quoteName(names.aside)}`, []);
          dropped.push(placeOf(table, plan.name));
        }
      await applyModel(session, { wanted, schema }, "the tables differ from the model: nothing was dropped");
      return dropped;
    },
  );
}
