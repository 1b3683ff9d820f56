/**
 * Puts a step of an adoption that has no way back on the record of every tenant whose rows it is about, before it is taken: no entry, no
 * step. So an entry says what was about to be done; one that was refused or cut off has another when it is tried again.
 */
import { appendOperation } from "../../audit/append-operation.ts";
import { auditHeadTable, auditTable } from "../../audit/audit-ddl.ts";
import type { Database, SqlSession } from "../../contracts.ts";
import { asOperator } from "../../placement/operator-session.ts";
import { PlacementError } from "../../placement/placement-error.ts";
import { columnsOf, type AdoptedTable } from "./adopted-table.ts";
import { adoptionTenants } from "./adopting-tenants.ts";

export interface AdoptionStep {
  /** Who does it. */
  readonly operator: string;
  readonly action: "keys.adopt.switch" | "keys.adopt.drop";
  readonly tables: readonly AdoptedTable[];
}

/**
 * A transaction for each tenant, so that nobody waits long for the end of a chain. `recorded`: tenants who have their entry already, to whom
 * it adds the others. Throws `placement/not-operator`.
 */
export async function recordAdoption(
  database: Database,
  { operator, action, tables }: AdoptionStep,
  recorded: Set<string> = new Set(),
): Promise<void> {
  const entry = { operator, action, entity: "tenant", reason: columnsOf(tables).join(", ") };
  const tenants = await asOperator(database, async (session) => {
    await expectMayRecord(session);
    return adoptionTenants(session, tables);
  });
  for (const tenant of tenants.filter((one) => !recorded.has(one))) {
    await asOperator(database, (session) => appendOperation(session, tenant, entry));
    recorded.add(tenant);
  }
}

async function expectMayRecord(session: SqlSession): Promise<void> {
  const { rows } = await session.query(
    `SELECT (pg_catalog.has_table_privilege($1, 'INSERT') AND pg_catalog.has_table_privilege($2, 'SELECT') AND pg_catalog.has_table_privilege($2, 'INSERT') AND pg_catalog.has_table_privilege($2, 'UPDATE'))::text AS may`,
    [auditTable, auditHeadTable],
  );
  if (rows[0]?.["may"] !== "true")
    throw new PlacementError(
      "placement/not-operator",
      `the login must own the audit log of the tenants too (${auditTable}, ${auditHeadTable}): what it does is put on record there first`,
    );
}
