/** Whether the server calls leakproof what the list of this package does. Asked once, before any view stands without a fence. */
import type { SqlSession } from "../contracts.ts";
import { leakproofOperators } from "../scope/leakproof-operators.ts";

/** The leakproof operators among `$2`, between two operands of each of the types `$1` that `format_type` prints. */
export const leakproofQuery = `SELECT pg_catalog.format_type(o.oprleft, NULL) AS type, o.oprname::text AS operator
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE n.nspname = 'pg_catalog' AND o.oprleft = o.oprright AND p.proleakproof
  AND pg_catalog.format_type(o.oprleft, NULL) = ANY ($1::text[])
  AND o.oprname::text = ANY ($2::text[])`;

/** The operators of the list that this server does not call leakproof, such as `text =`; empty if it agrees. */
export async function notLeakproofHere(session: SqlSession): Promise<readonly string[]> {
  const types = Object.keys(leakproofOperators);
  const operators = [...new Set(Object.values(leakproofOperators).flat())];
  const { rows } = await session.query(leakproofQuery, [types, operators]);
  const known = new Set(rows.map((row) => `${String(row["type"])} ${String(row["operator"])}`));
  return types.flatMap((type) =>
    (leakproofOperators[type] ?? []).map((operator) => `${type} ${operator}`).filter((op) => !known.has(op)),
  );
}
