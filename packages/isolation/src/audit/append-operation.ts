/** Puts what an operator did to a tenant on the tenant's own record, in the operator's transaction. */
import type { SqlSession } from "../contracts.ts";
import { appendAsOperator } from "./append-as-operator.ts";
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
  readonly reason: string | null;
  /** The entry's id; one is made if it is left out. */
  readonly id?: string;
  /** Now if left out. */
  readonly at?: string;
}

/** The entry stands if the transaction does. */
export async function appendOperation(
  session: SqlSession,
  tenant: string,
  operation: OperationEntry,
): Promise<void> {
  await appendAsOperator(session, tenant, operationText(tenant, operation));
}

/** The text of the entry: the same for the same id and time. */
export function operationText(
  tenant: string,
  { operator, action, entity, reason, id, at = new Date().toISOString() }: OperationEntry,
): string {
  const entry = newEntry({
    kind: "operation",
    principal: { type: "operator", id: operator },
    action,
    entity,
    reason,
    revision: "",
    bundle: null,
    at,
    ...(id === undefined ? {} : { id }),
  });
  return formatEntry(tenant, entry, null);
}
