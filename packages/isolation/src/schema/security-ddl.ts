/**
 * Row-level security, roles and grants for a model's tables, as statements. After them the application role sees one
 * tenant, and a role that nobody thought of sees nothing; nothing here may widen what the tables' owner had closed.
 *
 * In this step the tenant stands in a transaction-local setting that the driver writes before it takes on the
 * application's role, which itself may not call `set_config`. That is no authenticated context: who can run `SET` as
 * text could change it. So no handle carries text, and a signed token takes the setting's place in a later step.
 */
import {
  applicationRole,
  checkSchemaName,
  controlSchema,
  derivedName,
  qualify,
  quoteName,
  quoteText,
  tenantSetting,
} from "./identifier.ts";
import { revokeFromEveryone } from "./revocations.ts";
import type { DdlOptions } from "./database-ddl.ts";
import { planTables, type StoredModel, type TablePlan } from "./table-plan.ts";

const role = quoteName(applicationRole);
const currentTenant = `${qualify(controlSchema, "current_tenant")}()`;

/**
 * Statements that guard the tables of `databaseDdl`, to be run after it by the same owner, in order, in one
 * transaction, each by itself. Running them again puts back what they say.
 */
export function securityDdl(stored: StoredModel, options: DdlOptions): readonly string[] {
  const { schema } = options;
  checkSchemaName(schema);
  const tables = planTables(stored);
  return [
    ...applicationRoleDdl(),
    ...contextDdl(),
    `REVOKE ALL ON SCHEMA ${quoteName(schema)} FROM PUBLIC, ${role}`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${quoteName(schema)} FROM PUBLIC, ${role}`,
    `GRANT USAGE ON SCHEMA ${quoteName(schema)} TO ${role}`,
    ...tables.flatMap((table) => guardTable(schema, table)),
    ...revokeFromEveryone(),
  ];
}

function applicationRoleDdl(): readonly string[] {
  return [
    `DO $wardline$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteText(applicationRole)}) THEN
    CREATE ROLE ${role};
  END IF;
END
$wardline$`,
    `ALTER ROLE ${role} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT NOLOGIN`,
    `ALTER ROLE ${role} RESET ALL`,
    // Invariant: the application's role owns nothing and is member of nothing, so no table obeys it as its owner.
    `DO $wardline$
BEGIN
  IF EXISTS (
    SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
    WHERE r.rolname = ${quoteText(applicationRole)}
  ) OR EXISTS (
    SELECT FROM pg_catalog.pg_shdepend d JOIN pg_catalog.pg_roles r ON r.oid = d.refobjid
    WHERE r.rolname = ${quoteText(applicationRole)}
      AND d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.deptype = 'o'
  ) THEN
    RAISE EXCEPTION '${applicationRole} owns something or is member of a role' USING ERRCODE = 'invalid_grant_operation';
  END IF;
END
$wardline$`,
  ];
}

/** The function that every policy asks. An unset and an empty setting are the same: after a transaction it is empty. */
function contextDdl(): readonly string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quoteName(controlSchema)}`,
    `REVOKE ALL ON SCHEMA ${quoteName(controlSchema)} FROM PUBLIC, ${role}`,
    `GRANT USAGE ON SCHEMA ${quoteName(controlSchema)} TO ${role}`,
    `CREATE OR REPLACE FUNCTION ${currentTenant} RETURNS pg_catalog.text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = '' AS $wardline$
DECLARE
  tenant pg_catalog.text := pg_catalog.current_setting(${quoteText(tenantSetting)}, true);
BEGIN
  IF tenant IS NULL OR tenant = '' THEN
    RAISE EXCEPTION 'no tenant context' USING ERRCODE = '28000';
  END IF;
  RETURN tenant;
END
$wardline$`,
    `REVOKE ALL ON FUNCTION ${currentTenant} FROM PUBLIC, ${role}`,
    `GRANT EXECUTE ON FUNCTION ${currentTenant} TO ${role}`,
  ];
}

function guardTable(schema: string, table: TablePlan): readonly string[] {
  const relation = qualify(schema, table.name);
  // What is shared is seen inside every tenant's context, and in none other.
  const mine =
    table.tenant === null
      ? `(SELECT ${currentTenant}) IS NOT NULL`
      : `${quoteName(table.tenant)} = (SELECT ${currentTenant})`;
  const open = quoteName(derivedName(table.name, "open"));
  const boundary = quoteName(derivedName(table.name, "tenant"));
  const fixed = new Set(table.key);
  const updatable = table.columns.map((column) => column.name).filter((name) => !fixed.has(name));
  return [
    `ALTER TABLE ${relation} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${relation} FORCE ROW LEVEL SECURITY`,
    // The permissive policy goes first and comes last: in between nothing is to be seen, never everything.
    `DROP POLICY IF EXISTS ${open} ON ${relation}`,
    `DROP POLICY IF EXISTS ${boundary} ON ${relation}`,
    `CREATE POLICY ${boundary} ON ${relation} AS RESTRICTIVE FOR ALL TO PUBLIC USING (${mine}) WITH CHECK (${mine})`,
    `CREATE POLICY ${open} ON ${relation} AS PERMISSIVE FOR ALL TO ${role} USING (true) WITH CHECK (true)`,
    `GRANT SELECT ON ${relation} TO ${role}`,
    ...(table.readOnly ? [] : [`GRANT INSERT, DELETE ON ${relation} TO ${role}`]),
    ...(updatable.length === 0 || table.readOnly
      ? []
      : [`GRANT UPDATE (${updatable.map(quoteName).join(", ")}) ON ${relation} TO ${role}`]),
  ];
}
