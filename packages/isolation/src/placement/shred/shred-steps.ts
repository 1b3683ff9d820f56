/**
 * The steps of a shredding. Each can be run again after it was cut off anywhere, and none goes back: keys are destroyed only when nobody
 * holds them any more, and what is written of it is written after it happened.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SqlSession } from "../../contracts.ts";
import { keyParts, type KeyPart, type KeyProvider } from "../../keys/key-provider.ts";
import { KeyProviderError } from "../../keys/key-provider-error.ts";
import { registryRows } from "../../keys/registry-rows.ts";
import { quoteName } from "../../schema/identifier.ts";
import { changePlacement, locate, tombstoneIn } from "../catalogue.ts";
import { databaseAt, plansOf, type Estate } from "../estate.ts";
import { drain, putFence, readFence } from "../fence.ts";
import { asOperator } from "../operator-session.ts";
import { advance, holdIn, notePlan, notePlanIn, type Lease, type Operation } from "../operation-log.ts";
import type { PlacementState, Spot } from "../placement.ts";
import type { Step } from "../run-steps.ts";
import { siloName } from "../silo-name.ts";
import { tenantTables } from "../tenant-tables.ts";
import { inTransaction } from "../transaction.ts";
import { clearIndexes } from "./clear-indexes.ts";
import { refuseHeld } from "./legal-hold.ts";
import { expectSameStore } from "./same-store.ts";
import { hasRegistry, nameOf, registryOf, type ShredDatabase } from "./shred-databases.ts";
import type { Confirmation } from "./shred-receipt.ts";
import { destroyKeys, disableKeys, everybodyLeft, shredRecord } from "./shred-registry.ts";
import { ShredRefused, ShredWaits } from "./shred-refused.ts";

export interface ShredPlan {
  /** Whether the audit log's own key goes too. */
  readonly audit: boolean;
  readonly home: Spot;
  readonly epoch: number;
  readonly databases: readonly ShredDatabase[];
  /** What was found on the way: as what the catalogue had the tenant before it was taken out of service. */
  readonly before?: PlacementState;
  /** By this machine's clock, when everybody was out. */
  readonly leftAt?: number;
  readonly destroying?: true;
  readonly cancelling?: true;
  readonly askedAt?: string;
  readonly pending?: Partial<Record<KeyPart, string>>;
  readonly confirmed?: Partial<Readonly<Record<KeyPart, Confirmation>>>;
}

export const shredStepNames = ["disable", "leases out", "destroy", "clear"] as const;

export function shredSteps(
  estate: Estate & { readonly keys: KeyProvider },
  operation: Operation<ShredPlan>,
  lease: Lease,
  waits: boolean,
): readonly Step[] {
  const { tenant, id } = operation;
  const { catalogue, keys } = estate;
  let { plan } = operation;
  const databases = plan.databases.filter(hasRegistry);
  const parts = keyParts.filter((part) => part === "data" || plan.audit);
  const note = async (found: Partial<ShredPlan>): Promise<void> => {
    await notePlan(catalogue, lease, found);
    plan = { ...plan, ...found };
  };

  const steps: Readonly<Record<(typeof shredStepNames)[number], Step["run"]>> = {
    disable: async (tell) => {
      await inTransaction(catalogue, async (session) => {
        await holdIn(session, lease);
        await refuseHeld(session, tenant);
        const now = await locate(session, tenant);
        if (now !== null && plan.before === undefined)
          await notePlanIn(session, lease, { before: now.state });
        if (now !== null && now.state !== "suspended")
          await changePlacement(session, now, { ...now, state: "suspended" });
      });
      for (const database of databases) {
        await tell(nameOf(database), 0, null);
        await asOperator(registryOf(estate, database), async (session) => {
          await disableKeys(session, tenant, id);
          const fence = await readFence(session, tenant);
          if (fence === null && !database.isHome) return;
          // Invariant: a mover that lost its lease and does not know it finds no fence that it relies on.
          const epoch = Math.max(fence?.epoch ?? 0, plan.epoch) + 1;
          await putFence(session, tenant, { epoch, state: "moved" });
        });
      }
      // Invariant: whoever reads a registry from here on reads that it is disabled, however old the snapshot of a transaction that was inside.
      for (const database of databases) await drain(registryOf(estate, database), tenant);
      for (const database of databases)
        await asOperator(registryOf(estate, database), (session) => everybodyLeft(session, tenant));
      await note({ leftAt: Date.now() });
    },

    "leases out": async (tell) => {
      const began = performance.now();
      for (;;) {
        const records = await Promise.all(databases.map((database) => recordOf(database)));
        const bound = Math.max(...records.map((record) => record.bound));
        const byDatabases = Math.max(...records.map((record) => record.remaining));
        const byThisClock = (plan.leftAt ?? Date.now()) + bound - Date.now();
        const waited = bound - (performance.now() - began);
        // Invariant: the databases' clocks and this machine's agree, or this process has itself waited for all of it.
        const remaining = Math.min(Math.max(byDatabases, byThisClock), waited);
        if (remaining <= 0) return;
        if (!waits) throw new ShredWaits("leases out", new Date(Date.now() + remaining));
        await tell("seconds", Math.ceil(Math.max(0, bound - remaining) / 1000), Math.ceil(bound / 1000));
        await sleep(Math.min(remaining, 1000));
      }
    },

    destroy: async () => {
      // Invariant: whoever goes on with it destroys the wrapping keys of the tenant, and not those that another store has under its name.
      const rows = await Promise.all(
        databases.map((database) =>
          asOperator(registryOf(estate, database), (session) => registryRows(session, tenant)),
        ),
      );
      await expectSameStore(keys, tenant, rows.flat(), parts);
      if (plan.destroying !== true) {
        const askedAt = await inTransaction(catalogue, async (session) => {
          // Invariant: a hold is placed under the lock of the operation's row, or finds that it comes too late.
          await holdIn(session, lease);
          await refuseHeld(session, tenant);
          const now = await timeOf(session);
          await notePlanIn(session, lease, { destroying: true, askedAt: now });
          await tombstoneIn(session, tenant, `shredded: operation ${id}`);
          return now;
        });
        plan = { ...plan, destroying: true, askedAt };
      }
      const entry = { tenant, operation: id, audit: plan.audit };
      const before = ((await estate.ledger?.find(tenant)) ?? []).filter(({ state }) => state === "destroyed");
      await estate.ledger?.add({ ...entry, state: "begun", at: plan.askedAt ?? "" });
      const waiting: number[] = [];
      for (const part of parts) {
        if (plan.confirmed?.[part] !== undefined) continue;
        const isKnown = before.some(({ audit }) => part === "data" || audit);
        const said = await destroyOutside(part, isKnown);
        if (said instanceof Date) waiting.push(said.getTime());
        // Kept at once: a provider may know of one key by the other, and forget both.
        else await note({ confirmed: { ...plan.confirmed, [part]: said } });
      }
      if (waiting.length > 0) throw new ShredWaits("destroy", new Date(Math.max(...waiting)));
      await estate.ledger?.add({ ...entry, state: "destroyed", at: await catalogue.turn(timeOf) });
    },

    clear: async (tell) => {
      await stillDestroyed();
      const tables = tenantTables(plansOf(estate));
      for (const database of databases) {
        const registry = registryOf(estate, database);
        for (const schema of database.schemas) {
          const at = databaseAt(estate, { ...database, schema });
          await clearIndexes(at, schema, tables, tenant, tell);
        }
        await asOperator(registry, async (session) => {
          // What a restore that was cut off had loaded.
          await session.query(
            `DROP SCHEMA IF EXISTS ${quoteName(siloName("rehearsal", tenant))} CASCADE`,
            [],
          );
          await destroyKeys(session, tenant, plan.audit);
        });
      }
    },
  };
  return shredStepNames.map((name) => ({ name, run: steps[name] }));

  async function recordOf(database: ShredDatabase) {
    const record = await asOperator(registryOf(estate, database), (session) => shredRecord(session, tenant));
    if (record?.leftAt == null)
      throw new ShredRefused("shred/not-destroyed", `${nameOf(database)} does not know of the shredding`);
    return record;
  }

  /** What the provider confirmed, or until when it waits. */
  async function destroyOutside(part: KeyPart, isKnown: boolean): Promise<Confirmation | Date> {
    const before = plan.pending?.[part];
    const isOver = before !== undefined && new Date(before).getTime() <= Date.now();
    let state: Confirmation["state"] = "destroyed";
    try {
      const said = await keys.destroy(tenant, part);
      if (said.kind === "pending") {
        await note({ pending: { ...plan.pending, [part]: said.until.toISOString() } });
        return said.until;
      }
      // The provider's own word, asked for again.
      const now = await keys.state(tenant, part);
      if (said.kind !== "destroyed" || now.kind !== "destroyed") throw notDestroyed(part, now.kind);
    } catch (error) {
      // Once its waiting period is over KMS knows nothing of a key. Before, and where there was none, it is the wrong provider, unless
      // the ledger knows that it was destroyed before this database was restored.
      if (!(error instanceof KeyProviderError) || error.code !== "keys/missing" || !(isOver || isKnown))
        throw error;
      state = "missing";
    }
    const confirmedAt = await catalogue.turn(timeOf);
    return { state, askedAt: plan.askedAt ?? confirmedAt, confirmedAt, pendingUntil: before ?? null };
  }

  /** Invariant: nothing is written of a destruction that is not so now. What was brought back, as from a snapshot, is destroyed by the next run. */
  async function stillDestroyed(): Promise<void> {
    for (const part of parts) {
      const { kind } = await keys.state(tenant, part);
      const isGone = kind === "destroyed" || kind === "missing";
      if (plan.confirmed?.[part] !== undefined && isGone) continue;
      const { [part]: _, ...confirmed } = plan.confirmed ?? {};
      await note({ confirmed });
      await advance(catalogue, lease, shredStepNames.indexOf("destroy"));
      throw notDestroyed(part, kind);
    }
  }
}

function notDestroyed(part: KeyPart, kind: string): ShredRefused {
  return new ShredRefused(
    "shred/not-destroyed",
    `the provider says that the tenant's wrapping key for ${part} is ${kind}: run it again`,
  );
}

/** RFC 3339, by the catalogue's clock. */
export async function timeOf(session: SqlSession): Promise<string> {
  const { rows } = await session.query(
    `SELECT pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`,
    [],
  );
  return String(rows[0]?.["now"]);
}
