/** Seals what the application has written since the rows were filled: found by its index, so it costs as much as there is. */
import type { Database, SqlSession } from "../../contracts.ts";
import { asOperator } from "../../placement/operator-session.ts";
import { quoteName } from "../../schema/identifier.ts";
import { keyColumns } from "../../schema/table-plan.ts";
import type { SealerOf } from "../jobs/held-sealers.ts";
import type { CellFault } from "../jobs/walk-table.ts";
import { AdoptionError } from "./adoption-error.ts";
import { isStale, placeOf, type AdoptedTable } from "./adopted-table.ts";
import { sealRows, staleReads, type StaleRow } from "./seal-rows.ts";

const batch = 200;

/** Rows that may be left: a busy application always leaves some, and they are sealed while the tables are locked. */
const fewRows = 50;

/** One batch. Gives how many rows were found, and how many of them are sealed now. Throws `adopt/faulty` for a text that cannot be. */
export async function sealStale(
  session: SqlSession,
  table: AdoptedTable,
  sealerOf: SealerOf,
): Promise<{ readonly found: number; readonly changed: number }> {
  const columns = table.adopted.filter(({ state }) => state === "beside");
  let [found, changed] = [0, 0];
  for (const column of columns) {
    const keys = keyColumns(table.plan, table.plan.key).map((name) => `t.${quoteName(name)}`);
    const { rows } = await session.query(
      `SELECT ${keys.map((key, index) => `${key}::text AS k${index}`).join(", ")}, ${staleReads([column]).join(", ")} AS plain
FROM ${table.relation} AS t WHERE ${isStale(column)} ORDER BY ${keys.join(", ")} LIMIT ${batch}`,
      [],
    );
    found += rows.length;
    const byTenant = Map.groupBy(rows, (row) => String(row["k0"]));
    for (const [tenant, theirs] of byTenant) {
      const stale = theirs.map((row): StaleRow => ({
        key: [String(row["k1"])],
        values: [String(row["plain"])],
      }));
      const outcome = await sealRows(
        session,
        table,
        [column],
        tenant,
        await sealerOf(session, tenant),
        stale,
      );
      if (outcome.faults.length > 0) throw faulty(table, outcome.faults);
      changed += outcome.changed;
    }
  }
  return { found, changed };
}

export function faulty(table: AdoptedTable, faults: readonly CellFault[]): AdoptionError {
  return new AdoptionError(
    "adopt/faulty",
    "there are values that cannot be sealed: they stay as they are",
    faults.slice(0, 20).map(({ column, row, code }) => ({
      place: placeOf(table, column),
      reason: `the value of the row ${row} cannot be sealed (${code}): it is longer than 16 MiB`,
      cure: "shorten it, or delete the row",
    })),
  );
}

/** Until hardly any row is left. Throws `adopt/busy` where that does not come to be in so many milliseconds. */
export async function catchUp(
  database: Database,
  tables: readonly AdoptedTable[],
  sealerOf: SealerOf,
  patience = 60_000,
): Promise<void> {
  const began = performance.now();
  for (const table of tables)
    for (;;) {
      const { found, changed } = await asOperator(database, (session) => sealStale(session, table, sealerOf));
      if (found <= fewRows && (changed > 0 || found === 0)) break;
      // What was there before anybody waited is not counted.
      if (found >= batch && changed > 0) continue;
      if (performance.now() - began > patience)
        throw new AdoptionError(
          "adopt/busy",
          "the application holds or writes the rows faster than they are sealed: what was sealed stands, try again",
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
