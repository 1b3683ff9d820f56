/** Puts what an operator did to a tenant on the tenant's own record, in the operator's transaction. */
import type { SqlSession } from "../contracts.ts";
import { appendAsOperator } from "../placement/copy-audit.ts";
import { formatEntry } from "./audit-entry.ts";
import { newEntry } from "./new-entry.ts";

export interface OperationEntry {
  /** Who did it. */
  readonly operator: string;
  /** What: `keys.rotate`, say. */
  readonly action: string;
  /** To what of the tenant. */
  readonly entity: string;
  /** What came of it. It stands in clear, so it names no person and holds no value of a row. */
  readonly reason: string;
  /** The entry's id; one is made if it is left out. */
  readonly id?: string;
}

/** The entry stands if the transaction does. */
export async function appendOperation(
  session: SqlSession,
  tenant: string,
  { operator, action, entity, reason, id }: OperationEntry,
): Promise<void> {
  const entry = newEntry({
    kind: "operation",
    principal: { type: "operator", id: operator },
    action,
    entity,
    reason,
    revision: "",
    bundle: null,
    at: new Date().toISOString(),
    ...(id === undefined ? {} : { id }),
  });
  await appendAsOperator(session, tenant, formatEntry(tenant, entry, null));
}
