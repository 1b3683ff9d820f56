/** Statements over all tables of a model at once, for one tenant. They are made from plans and hold no value. */
import { qualify, quoteName } from "../schema/identifier.ts";
import { allColumns, type TablePlan } from "../schema/table-plan.ts";

/** Tables that hold rows of tenants, with the name of the tenant column. */
export type TenantTable = TablePlan & { readonly tenant: string };

export function tenantTables(plans: readonly TablePlan[]): readonly TenantTable[] {
  return plans.filter((plan): plan is TenantTable => plan.tenant !== null);
}

/** Tables whose rows belong to no tenant. */
export function sharedTables(plans: readonly TablePlan[]): readonly TablePlan[] {
  return plans.filter((plan) => plan.tenant === null);
}

export function columnList(plan: TablePlan): string {
  return allColumns(plan)
    .map((column) => quoteName(column.name))
    .join(", ");
}

/** Deletes the rows of the tenant `$1`. One statement, so that references are looked at when all rows are gone. */
export function deleteAll(schema: string, tables: readonly TenantTable[]): string {
  return together(
    tables.map((plan) => `DELETE FROM ${qualify(schema, plan.name)} WHERE ${quoteName(plan.tenant)} = $1`),
  );
}

/** Inserts what is in other tables; `from` names them, and may say which rows. One statement, for the same reason. */
export function insertAll(
  schema: string,
  tables: readonly TablePlan[],
  from: (plan: TablePlan) => string,
  ending = "",
): string {
  return together(
    tables.map(
      (plan) =>
        `INSERT INTO ${qualify(schema, plan.name)} (${columnList(plan)}) SELECT ${columnList(plan)} FROM ${from(plan)}${ending}`,
    ),
  );
}

/** `… AS x` of a tenant's rows in the tables of another schema. */
export function rowsIn(schema: string): (plan: TablePlan) => string {
  return (plan) =>
    `${qualify(schema, plan.name)}${plan.tenant === null ? "" : ` WHERE ${quoteName(plan.tenant)} = $1`}`;
}

function together(statements: readonly string[]): string {
  const parts = statements.map((statement, index) => `w${index} AS (${statement})`);
  return `WITH ${parts.join(",\n")}\nSELECT 1 AS done`;
}
