/** The steps of a restore. Nothing living is touched before the last, which is one transaction. */
import { databaseDdl } from "../schema/database-ddl.ts";
import { quoteName } from "../schema/identifier.ts";
import type { SqlSession } from "../contracts.ts";
import { sqlState } from "../write/refusal.ts";
import { ArchiveRejected } from "./archive/archive-rejected.ts";
import { archivedChain, archivedKeys, archivedRows, type OpenedArchive } from "./archive/read-archive.ts";
import { relateChains, continueChain } from "./copy-audit.ts";
import { carryKeys } from "./copy-keys.ts";
import { expectOpenKeys } from "./expect-open-keys.ts";
import { databaseAt, plansOf, type Estate } from "./estate.ts";
import { expectFence, lockTenant } from "./fence.ts";
import { asOperator } from "./operator-session.ts";
import { notePlan, type Lease, type Operation } from "./operation-log.ts";
import { imagesOf } from "./read-rows.ts";
import type { RestorePlan } from "./restore-tenant.ts";
import { raiseRowSecurity } from "./row-security.ts";
import type { Step } from "./run-steps.ts";
import { siloName } from "./silo-name.ts";
import { carryState, readState } from "./tenant-state.ts";
import { deleteAll, insertAll, rowsIn, sharedTables, tenantTables } from "./tenant-tables.ts";
import { Staging } from "./write-rows.ts";

/** How a table in the archive differs from the living one. */
export interface Difference {
  readonly table: string;
  readonly living: number;
  readonly archived: number;
  readonly same: boolean;
}

export const restoreStepNames = ["rehearse", "compare", "swap"] as const;

export function restoreSteps(
  estate: Estate,
  { tenant, plan }: Operation<RestorePlan>,
  lease: Lease,
  archive: OpenedArchive,
  found: { differences: readonly Difference[] },
): readonly Step[] {
  const { spot, epoch } = plan;
  const living = databaseAt(estate, spot);
  const beside = siloName("rehearsal", tenant);
  const plans = plansOf(estate);
  const mine = tenantTables(plans);
  const { manifest, folder } = archive;

  const steps: Readonly<Record<(typeof restoreStepNames)[number], Step["run"]>> = {
    rehearse: async (tell) => {
      checkColumns(archive, mine);
      await asOperator(living, async (session) => {
        await session.query(`DROP SCHEMA IF EXISTS ${quoteName(beside)} CASCADE`, []);
        for (const statement of databaseDdl(estate.stored, { schema: beside }))
          await session.query(statement, []);
        await session.query(`REVOKE ALL ON SCHEMA ${quoteName(beside)} FROM PUBLIC`, []);
        const shared = sharedTables(plans);
        if (shared.length > 0) await session.query(insertAll(beside, shared, rowsIn(spot.schema)), []);
        await load(session, tell);
      });
    },

    compare: async (tell) => {
      const counted = (table: string, rows: number): Promise<void> => tell(table, rows, null);
      const differences = await asOperator(living, async (session) => {
        await relateChains(session, await archivedChain(archive));
        await expectOpenKeys(session, { tenant, schema: beside }, estate.stored, await archivedKeys(archive));
        const rehearsed = await imagesOf(session, beside, plans, tenant, counted);
        const now = await imagesOf(session, spot.schema, plans, tenant, counted);
        return manifest.tables.map((table, index) => {
          const image = rehearsed[index];
          if (image?.sha256 !== table.sha256 || image.rows !== table.rows)
            throw new ArchiveRejected(
              "archive/bad-row",
              `what ${table.table} makes of the archive is not what stands in it`,
            );
          const { rows, sha256 } = now[index] ?? image;
          return { table: table.table, living: rows, archived: table.rows, same: sha256 === table.sha256 };
        });
      });
      found.differences = differences;
      await notePlan(estate.catalogue, lease, { differences });
    },

    swap: async () => {
      // What comes back is guarded from its first moment on.
      await raiseRowSecurity(estate, tenant, spot);
      const chain = await archivedChain(archive);
      const keys = await archivedKeys(archive);
      await asOperator(living, async (session) => {
        await lockTenant(session, tenant);
        // It was cut off after it had been done: the rehearsal goes with the swap.
        const { rows } = await session.query(`SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1`, [
          beside,
        ]);
        if (rows.length === 0) return;
        await expectFence(session, tenant, { epoch, state: "active" });
        // Invariant: no row that opens is taken away for one that does not.
        await expectOpenKeys(session, { tenant, schema: beside }, estate.stored, keys);
        await session.query(deleteAll(spot.schema, mine), [tenant]);
        await session.query(insertAll(spot.schema, mine, rowsIn(beside)), [tenant]);
        if ((await relateChains(session, chain)) === "shorter") await continueChain(session, chain);
        await carryKeys(session, tenant, keys);
        // Roles and memberships came back with the rows.
        await carryState(session, tenant, await readState(session, tenant));
        await session.query(`DROP SCHEMA ${quoteName(beside)} CASCADE`, []);
      });
    },
  };
  return restoreStepNames.map((name) => ({ name, run: steps[name] }));

  async function load(session: SqlSession, tell: Parameters<Step["run"]>[0]): Promise<void> {
    const staging = await Staging.open(session, tenant, beside, mine);
    for (const [index, table] of manifest.tables.entries()) {
      const to = mine[index] as (typeof mine)[number];
      let rows = 0;
      for await (const page of archivedRows(folder, table)) {
        await staging.add(to, page).catch(refuseRow);
        rows += page.length;
        await tell(table.table, rows, table.rows);
      }
    }
    await staging.settle().catch(refuseRow);
  }
}

/** Throws `archive/other-model` where the files are not those of the tables, in their order. */
function checkColumns({ manifest }: OpenedArchive, mine: ReturnType<typeof tenantTables>): void {
  const shape = (tables: readonly (readonly [string, readonly string[]])[]): string => JSON.stringify(tables);
  const archived = shape(manifest.tables.map(({ table, columns }) => [table, columns]));
  const wanted = shape(mine.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
  if (archived !== wanted)
    throw new ArchiveRejected("archive/other-model", "the archive has other tables than the model");
}

/** The database's own words may hold values of rows; its code says enough. */
function refuseRow(error: unknown): never {
  const state = sqlState(error);
  if (state === "23505")
    throw new ArchiveRejected("archive/duplicate-row", "two rows of the archive have one key");
  if (state?.startsWith("23") === true || state?.startsWith("22") === true)
    throw new ArchiveRejected(
      "archive/bad-row",
      "a row of the archive does not fit its table, or refers to one that is not there",
    );
  throw error;
}
