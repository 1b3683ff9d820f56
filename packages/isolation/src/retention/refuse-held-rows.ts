/**
 * No row of a tenant goes while a legal hold of it is on record. A page asks behind a lock that whoever places a hold waits for, so that
 * no page is under way any more when the hold is said to stand.
 */
import type { Database, SqlSession } from "../contracts.ts";
import { holdTable } from "../placement/catalogue-ddl.ts";
import { operatorTransaction } from "../placement/operator-session.ts";
import { RetentionRefused } from "./retention-refused.ts";

const lockSpace = 0x73_77_65_65;
const lockOf = (parameter: string): string =>
  `pg_catalog.hashtextextended(${parameter}::text COLLATE pg_catalog."C", ${lockSpace})`;

/** In the transaction of a page, before anything of it is read. `elsewhere`: a catalogue that is not in this database. Throws `retention/held`. */
export async function refuseHeldRows(
  session: SqlSession,
  tenant: string,
  elsewhere: Database | null,
): Promise<void> {
  await session.query(`SELECT pg_catalog.pg_advisory_xact_lock_shared(${lockOf("$1")})`, [tenant]);
  const isHeld =
    (await heldIn(session, tenant)) ||
    (elsewhere !== null && (await elsewhere.turn((other) => heldIn(other, tenant))));
  if (isHeld)
    throw new RetentionRefused(
      "retention/held",
      "a legal hold is on record for the tenant: nothing of it is deleted before that is released",
    );
}

/** Waits until no page is under way that asked before the hold was there. */
export async function awaitPages(database: Database, tenant: string): Promise<void> {
  await database.turn((session) =>
    operatorTransaction(session, () =>
      session.query(`SELECT pg_catalog.pg_advisory_xact_lock(${lockOf("$1")})`, [tenant]),
    ),
  );
}

export async function heldIn(session: SqlSession, tenant: string): Promise<boolean> {
  const { rows } = await session.query(`SELECT pg_catalog.to_regclass('${holdTable}')::text AS there`, []);
  if (rows[0]?.["there"] == null) return false;
  const held = await session.query(
    `SELECT FROM ${holdTable} WHERE tenant = $1 AND released_at IS NULL LIMIT 1`,
    [tenant],
  );
  return held.rows.length > 0;
}
