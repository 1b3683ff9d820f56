/**
 * Enters a context with a signed token, for one transaction only. On an embedded database, whose one session is a
 * superuser, it takes on the application's role first. It must never leave a context behind that it has not read back.
 */
import type { ContextClaims, ContextGate, Database, SqlStatement } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { applicationRole, controlSchema, qualify, quoteName } from "../schema/identifier.ts";
import { contextError } from "../driver/context-error.ts";
import type { ContextSigner } from "./signer.ts";

export interface ContextGateOptions {
  readonly signer: ContextSigner;
  readonly kind: Database["kind"];
}

const takeRole: SqlStatement = { sql: `SET LOCAL ROLE ${quoteName(applicationRole)}`, parameters: [] };
const enterText = `SELECT ${qualify(controlSchema, "enter")}($1)`;

const state =
  `SELECT current_user::text AS role, ${qualify(controlSchema, "current_tenant")}() AS tenant, ` +
  `(SELECT r.rolsuper OR r.rolbypassrls FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user) AS above`;

/**
 * The gate of one database, whose id and key the signer has. Throws `handle/no-context` on claims that have no encoding,
 * outside a transaction, and where the role is not what it should be; else what the database refuses with.
 */
export function createContextGate({ signer, kind }: ContextGateOptions): ContextGate {
  const statements = (claims: ContextClaims, audience = 0): readonly SqlStatement[] => {
    const enter = { sql: enterText, parameters: [signer.sign(claims, audience)] };
    return kind === "embedded" ? [takeRole, enter] : [enter];
  };
  return {
    statements,
    async enter(session, claims) {
      const refuse = (error: unknown): never => {
        throw contextError(error) ?? noContext();
      };
      for (const { sql, parameters } of statements(claims, session.backend))
        await session.query(sql, parameters).catch(refuse);
      // Outside a transaction nothing is left of it, and that is no context at all.
      const { rows } = await session.query(state, []).catch(() => {
        throw noContext();
      });
      const row = rows[0];
      // Invariant: what the policies will see is this tenant, through a role that row-level security binds.
      if (
        rows.length !== 1 ||
        row?.["role"] !== applicationRole ||
        row["tenant"] !== claims.tenant ||
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
