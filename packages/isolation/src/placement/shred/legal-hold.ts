/**
 * Legal holds, in the catalogue: while one is on record nothing of the tenant is shredded, its data as little as its audit log. What was held
 * and let go stays on record, and in the tenant's audit chain.
 */
import { randomUUID } from "node:crypto";
import type { Database, SqlSession } from "../../contracts.ts";
import { holdTable, operationTable } from "../catalogue-ddl.ts";
import { placementOfTenant } from "../catalogue.ts";
import { databaseAt, type Estate } from "../estate.ts";
import { awaitPages } from "../../retention/refuse-held-rows.ts";
import { enterOperation } from "../receipt.ts";
import { inTransaction } from "../transaction.ts";
import { ShredRefused } from "./shred-refused.ts";

export interface LegalHold {
  readonly id: string;
  readonly tenant: string;
  /** Why, in the operator's words. It stands in the catalogue alone. */
  readonly reason: string;
  readonly placedBy: string;
  readonly placedAt: Date;
  readonly releasedBy: string | null;
  readonly releasedAt: Date | null;
}

/** Throws `shred/begun` where keys of the tenant are already being destroyed. */
export async function holdTenant(estate: Estate, tenant: string, reason: string): Promise<LegalHold> {
  const placement = await placementOfTenant(estate.catalogue, tenant);
  if (reason.trim() === "") throw new TypeError("a hold has a reason");
  const { catalogue, operator } = estate;
  const id = randomUUID();
  await inTransaction(catalogue, async (session) => {
    // Invariant: the destruction begins under the lock of this row, and reads the holds behind it.
    const { rows } = await session.query(
      `SELECT (plan ? 'destroying')::text AS destroying FROM ${operationTable}
WHERE tenant = $1 AND kind = 'shred' AND state = 'running' FOR UPDATE`,
      [tenant],
    );
    if (rows[0]?.["destroying"] === "true")
      throw new ShredRefused("shred/begun", "the destruction of the tenant's keys has begun");
    await session.query(`INSERT INTO ${holdTable} (id, tenant, reason, placed_by) VALUES ($1, $2, $3, $4)`, [
      id,
      tenant,
      reason,
      operator,
    ]);
  });
  // Invariant: once it is said to stand, no page of a sweep that did not know of it is under way.
  await awaitPages(databaseAt(estate, placement), tenant);
  const held = (await listHolds(catalogue, tenant)).find((hold) => hold.id === id) as LegalHold;
  const at = held.placedAt.toISOString();
  await enterOperation(estate, placement, { id, tenant, kind: "hold", operator, at, reason: null });
  return held;
}

/** Lets go of one hold, or of all of the tenant. Throws `shred/no-hold`. */
export async function releaseTenant(
  estate: Estate,
  tenant: string,
  id: string | null = null,
): Promise<readonly LegalHold[]> {
  const placement = await placementOfTenant(estate.catalogue, tenant);
  const { catalogue, operator } = estate;
  const inForce = (await listHolds(catalogue, tenant)).filter(
    (hold) => hold.releasedAt === null && (id === null || hold.id === id),
  );
  if (inForce.length === 0) throw new ShredRefused("shred/no-hold", "no such hold of the tenant is in force");
  const at = new Date().toISOString();
  // Invariant: no hold is let go of without an entry that says so. What is cut off after it is done again, with another entry.
  for (const hold of inForce)
    await enterOperation(estate, placement, {
      id: hold.id,
      tenant,
      kind: "release",
      operator,
      at,
      reason: null,
    });
  const ids = inForce.map((hold) => hold.id);
  await catalogue.turn((session) =>
    session.query(
      `UPDATE ${holdTable} SET released_by = $2, released_at = pg_catalog.clock_timestamp()
WHERE tenant = $1 AND released_at IS NULL AND id::text = ANY ($3::text[])`,
      [tenant, operator, ids],
    ),
  );
  return (await listHolds(catalogue, tenant)).filter((hold) => ids.includes(hold.id));
}

/** Of a tenant, those in force and those that were let go of, the first first. */
export function listHolds(catalogue: Database, tenant: string): Promise<readonly LegalHold[]> {
  return catalogue.turn((session) => readHolds(session, tenant));
}

/** Throws `shred/held`. */
export async function refuseHeld(session: SqlSession, tenant: string): Promise<void> {
  const held = (await readHolds(session, tenant)).filter(({ releasedAt }) => releasedAt === null);
  if (held.length > 0)
    throw new ShredRefused(
      "shred/held",
      `a legal hold is on record for the tenant, since ${held[0]?.placedAt.toISOString()}: release it first`,
    );
}

async function readHolds(session: SqlSession, tenant: string): Promise<readonly LegalHold[]> {
  const ms = (column: string): string => `(EXTRACT(epoch FROM ${column}) * 1000)::float8`;
  const { rows } = await session.query(
    `SELECT id::text AS id, reason, placed_by, ${ms("placed_at")} AS placed, released_by, ${ms("released_at")} AS released
FROM ${holdTable} WHERE tenant = $1 ORDER BY placed_at, id`,
    [tenant],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    tenant,
    reason: String(row["reason"]),
    placedBy: String(row["placed_by"]),
    placedAt: new Date(Number(row["placed"])),
    releasedBy: typeof row["released_by"] === "string" ? row["released_by"] : null,
    releasedAt: row["released"] === null ? null : new Date(Number(row["released"])),
  }));
}
