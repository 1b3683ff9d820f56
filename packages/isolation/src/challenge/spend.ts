/** Spends a continuation in the transaction that is open: it is spent if the transaction stands. */
import type { SqlSession } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { NotResumed } from "../write/refusal.ts";
import { challengeSpend } from "./challenge-ddl.ts";

/** Waits for whoever is spending the same. Throws NotResumed where it is spent already. */
export async function spendContinuation(session: SqlSession, tenant: string, id: string): Promise<void> {
  const { rows } = await session.query(`SELECT ${challengeSpend}($1::pg_catalog.text) AS tenant`, [id]);
  const spentFor = rows[0]?.["tenant"];
  if (spentFor === "") throw new NotResumed("challenge/spent");
  // Invariant: the database took the tenant from its own context, and it is the one that the caller meant.
  if (spentFor !== tenant)
    throw new IsolationViolation("handle/no-context", "the context is another tenant's");
}
