/**
 * Row-level security, roles and grants for a model's tables, as statements. After them the application role sees one
 * tenant, and a role that nobody thought of sees nothing; nothing here may widen what the tables' owner had closed.
 * The tenant is the one of the context that `wardline.enter` bound to the transaction; without one every policy raises.
 */
import {
  applicationRole,
  checkSchemaName,
  controlSchema,
  derivedName,
  qualify,
  quoteName,
} from "./identifier.ts";
import { contextDdl, type ContextDdlOptions } from "../context/ddl/context-ddl.ts";
import { factsTriggers } from "../context/ddl/facts-ddl.ts";
import { rolesDdl, type RoleOptions } from "../context/ddl/roles-ddl.ts";
import { revokeFromEveryone } from "./revocations.ts";
import type { DdlOptions } from "./database-ddl.ts";
import { planTables, type StoredModel, type TablePlan } from "./table-plan.ts";

const role = quoteName(applicationRole);
const currentTenant = `${qualify(controlSchema, "current_tenant")}()`;

export interface SecurityOptions extends DdlOptions, RoleOptions, ContextDdlOptions {}

/**
 * Statements that guard the tables of `databaseDdl`, to be run after it by the same owner, in order, in one
 * transaction, each by itself. Running them again puts back what they say.
 */
export function securityDdl(stored: StoredModel, options: SecurityOptions): readonly string[] {
  return [
    ...rolesDdl(options),
    ...contextDdl(options),
    ...schemaSecurityDdl(stored, options),
    ...revokeFromEveryone(),
  ];
}

/**
 * The part of `securityDdl` that is one schema's: enough where another schema of the database is guarded already. It waits for
 * nobody who is at work in another schema.
 */
export function schemaSecurityDdl(stored: StoredModel, { schema }: DdlOptions): readonly string[] {
  checkSchemaName(schema);
  return [
    `REVOKE ALL ON SCHEMA ${quoteName(schema)} FROM PUBLIC, ${role}`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${quoteName(schema)} FROM PUBLIC, ${role}`,
    `GRANT USAGE ON SCHEMA ${quoteName(schema)} TO ${role}`,
    ...planTables(stored).flatMap((table) => guardTable(schema, table)),
    ...factsTriggers(stored, schema),
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
