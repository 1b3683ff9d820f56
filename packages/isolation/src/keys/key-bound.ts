/** How long processes may hold keys of tenants in one database, as its registry says it: what shredding waits for. */
import type { SqlSession } from "../contracts.ts";
import { longestHold } from "./longest-hold.ts";
import { keyBoundTable, tenantKeyTable } from "./registry-ddl.ts";

const later = (milliseconds: string): string =>
  `pg_catalog.clock_timestamp() + ${milliseconds} * pg_catalog.make_interval(secs => 0.001)`;

/** Longer than the transaction that changes the bound takes, in milliseconds. */
const margin = 10_000;

/**
 * Lets no process use a key for longer than these milliseconds, 1 to 300 000, after it asked the registry. What was asked for before is
 * still held by the bound of before, and shredding waits for it; where no tenant has a key yet nobody holds one. In a short transaction of
 * its own. Throws RangeError.
 */
export async function setKeyBound(session: SqlSession, milliseconds: number): Promise<void> {
  if (!Number.isInteger(milliseconds) || milliseconds < 1 || milliseconds > longestHold)
    throw new RangeError(`keys are held for 1 to ${longestHold} milliseconds`);
  await session.query(
    `INSERT INTO ${keyBoundTable} AS b (hold_for, before_until)
SELECT $1::bigint, CASE WHEN EXISTS (SELECT FROM ${tenantKeyTable})
  THEN ${later(String(longestHold + margin))} ELSE pg_catalog.clock_timestamp() END
ON CONFLICT (single) DO UPDATE SET hold_for = excluded.hold_for,
  before_until = GREATEST(b.before_until, ${later(`(b.hold_for + ${margin})`)})
WHERE b.hold_for <> excluded.hold_for`,
    [String(milliseconds)],
  );
}

/** An expression: from when on nobody uses a key that was asked for until now. */
export const outAfterNow = `GREATEST(
  ${later(`COALESCE((SELECT b.hold_for FROM ${keyBoundTable} AS b), ${longestHold})`)},
  (SELECT b.before_until FROM ${keyBoundTable} AS b))`;
