/** The second step of an adoption: seals the plaintext of one tenant in one table, page by page, while the application goes on. */
import { quoteName } from "../../schema/identifier.ts";
import type { SealerOf } from "../jobs/held-sealers.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import { walkTable, type WalkOptions, type WalkReport } from "../jobs/walk-table.ts";
import { isStale, type AdoptedTable } from "./adopted-table.ts";
import { sealRows, staleReads, standingTable } from "./seal-rows.ts";

export async function fillTable(
  place: JobPlace,
  table: AdoptedTable,
  sealerOf: SealerOf,
  options: WalkOptions,
): Promise<WalkReport> {
  const columns = table.adopted.filter(({ state }) => state === "beside");
  return walkTable(
    place,
    {
      kind: "adopt",
      table: standingTable(table, columns),
      target: JSON.stringify(["fill", ...columns.map(({ plan }) => plan.name)]),
      isPending: columns.map((column) => isStale(column)).join(" OR "),
      reads: staleReads(columns),
      weight: columns
        .map(
          (column) =>
            `COALESCE(CASE WHEN ${isStale(column)} THEN pg_catalog.octet_length(t.${quoteName(column.plan.name)}) END, 0)::pg_catalog.int8`,
        )
        .join(" + "),
      async work(session, rows) {
        const sealer = await sealerOf(session, place.tenant);
        return sealRows(session, table, columns, place.tenant, sealer, rows);
      },
    },
    // The application goes on writing, and so a pass that finds nothing to do may never come: what is left has an index that finds it.
    { ...options, once: true },
  );
}
