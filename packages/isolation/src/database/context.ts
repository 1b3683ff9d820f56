/**
 * Enters a tenant's context on an embedded database, whose one session is a superuser: for one transaction the tenant
 * setting and then the role that owns nothing. It must never leave a context behind that it has not read back.
 */
import type { ContextClaims, ContextGate, SqlStatement } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { applicationRole, controlSchema, qualify, quoteName, tenantSetting } from "../schema/identifier.ts";

const state =
  `SELECT current_user::text AS role, ${qualify(controlSchema, "current_tenant")}() AS tenant, ` +
  `(SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user) AS above`;

/**
 * The gate for a session that may write settings. The setting is written before the role is taken on, because the role
 * may not call `set_config`; so a transaction enters once, and a second tenant in it is refused by the database.
 * Throws `handle/no-context` outside a transaction, on an empty tenant, and where the role is not what it should be.
 */
export function createContextGate(): ContextGate {
  const statements = ({ tenant }: ContextClaims): readonly SqlStatement[] => {
    if (tenant === "" || tenant.includes("\0") || !tenant.isWellFormed()) throw noContext();
    return [
      { sql: `SELECT pg_catalog.set_config('${tenantSetting}', $1, true)`, parameters: [tenant] },
      { sql: `SET LOCAL ROLE ${quoteName(applicationRole)}`, parameters: [] },
    ];
  };
  return {
    statements,
    async enter(session, claims) {
      const { tenant } = claims;
      for (const { sql, parameters } of statements(claims)) await session.query(sql, parameters);
      const { rows } = await session.query(state, []).catch(() => {
        throw noContext();
      });
      const row = rows[0];
      // Invariant: what the policies will see is this tenant, through a role that row-level security binds.
      if (
        rows.length !== 1 ||
        row?.["role"] !== applicationRole ||
        row["tenant"] !== tenant ||
        row["above"] !== false
      ) {
        throw noContext();
      }
    },
  };
}

function noContext(): IsolationViolation {
  return new IsolationViolation("handle/no-context", "no tenant context could be entered");
}
