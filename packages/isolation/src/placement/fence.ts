/**
 * The fence of a tenant in a database: its placement epoch and state, which `enter()` compares under a shared lock of the tenant.
 * Changing it and then taking the lock alone waits for everybody who entered before.
 */
import type { Database, SqlSession } from "../contracts.ts";
import { controlSchema, qualify } from "../schema/identifier.ts";
import { PlacementError } from "./placement-error.ts";
import { inTransaction } from "./transaction.ts";

/** `moved` lets nobody in: the tenant has left, or has not come yet. */
export type FenceState = "active" | "read_only" | "moved";

export interface Fence {
  readonly epoch: number;
  readonly state: FenceState;
}

const table = qualify(controlSchema, "tenant_state");

/** Null where the tenant was never placed in this database. Takes the row's lock. */
export async function readFence(session: SqlSession, tenant: string): Promise<Fence | null> {
  const { rows } = await session.query(
    `SELECT placement_epoch::text AS epoch, state FROM ${table} WHERE tenant = $1 FOR UPDATE`,
    [tenant],
  );
  const [row] = rows;
  return row === undefined ? null : { epoch: Number(row["epoch"]), state: row["state"] as FenceState };
}

/** Puts the fence, which never goes back to a lower epoch. Throws `placement/wrong-state`. */
export async function putFence(session: SqlSession, tenant: string, fence: Fence): Promise<void> {
  const { rows } = await session.query(
    `INSERT INTO ${table} AS t (tenant, placement_epoch, state) VALUES ($1, $2, $3)
ON CONFLICT (tenant) DO UPDATE SET placement_epoch = EXCLUDED.placement_epoch, state = EXCLUDED.state
WHERE t.placement_epoch <= EXCLUDED.placement_epoch RETURNING tenant`,
    [tenant, String(fence.epoch), fence.state],
  );
  if (rows.length !== 1)
    throw new PlacementError("placement/wrong-state", "the place knows a later epoch of the tenant");
}

/**
 * Waits until nobody is inside the tenant, and keeps everybody out until the transaction's end. Whoever comes meanwhile waits too,
 * so it is for what is over soon.
 */
export async function lockTenant(session: SqlSession, tenant: string): Promise<void> {
  await session.query(
    `SELECT pg_catalog.pg_advisory_xact_lock(${qualify(controlSchema, "tenant_lock")}($1))`,
    [tenant],
  );
}

/** Changes the fence, then waits until everybody who entered under the old one is out. Nobody waits who comes after. */
export async function shut(database: Database, tenant: string, fence: Fence): Promise<void> {
  await inTransaction(database, (session) => putFence(session, tenant, fence));
  await drain(database, tenant);
}

const holders = `SELECT l.virtualtransaction AS id FROM pg_catalog.pg_locks l, ${qualify(controlSchema, "tenant_lock")}($1) AS k(key)
WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND l.classid = ((k.key >> 32) & 4294967295)::oid AND l.objid = (k.key & 4294967295)::oid`;

/** Longer than a transaction of the application may last, in milliseconds. */
const patience = 180_000;

/**
 * Waits until every transaction is over that is inside the tenant now. `enter` takes its lock before it reads the fence, so
 * whoever is not among them reads the fence as it is now. An exclusive lock would do as well, but keep out everybody who only reads.
 */
export async function drain(database: Database, tenant: string): Promise<void> {
  await drained(() => database.turn((session) => transactionsInside(session, tenant)));
}

/** The transactions that are inside the tenant now, by names that no later one gets. */
export async function transactionsInside(session: SqlSession, tenant: string): Promise<ReadonlySet<string>> {
  const { rows } = await session.query(holders, [tenant]);
  return new Set(rows.map((row) => String(row["id"])));
}

/** Resolves once none is inside any more that was at the beginning. Throws `placement/busy` where they do not end. */
export async function drained(inside: () => Promise<ReadonlySet<string>>): Promise<void> {
  const before = await inside();
  const end = performance.now() + patience;
  for (let now = before; [...before].some((id) => now.has(id)); now = await inside()) {
    if (performance.now() > end)
      throw new PlacementError("placement/busy", "transactions that entered before do not come to their end");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Throws `placement/wrong-state` unless the fence is this one. */
export async function expectFence(session: SqlSession, tenant: string, fence: Fence): Promise<void> {
  const found = await readFence(session, tenant);
  if (found?.epoch !== fence.epoch || found.state !== fence.state)
    throw new PlacementError(
      "placement/wrong-state",
      `the place has the tenant ${found === null ? "not at all" : `as ${found.state} at epoch ${found.epoch}`}, and ${fence.state} at epoch ${fence.epoch} was expected`,
    );
}
