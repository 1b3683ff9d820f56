/** Reads a tenant's rows in the order of their keys, a page at a time, as texts that are the same on every server. */
import { createHash } from "node:crypto";
import type { SqlSession } from "../contracts.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import { keyPlans, type ColumnPlan, type TablePlan } from "../schema/table-plan.ts";
import { tenantTables } from "./tenant-tables.ts";

/** A row's values in the order of the table's columns, without the tenant; bytes in lower-case hex. */
export type RowTexts = readonly (string | null)[];

/** How many rows a table has of a tenant, and the hash over their lines. */
export interface TableImage {
  readonly table: string;
  readonly rows: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

const pageRows = 500;

/** Pages of rows. `tenant` is not looked at for a table whose rows belong to none. */
export async function* readRows(
  session: SqlSession,
  schema: string,
  plan: TablePlan,
  tenant: string,
): AsyncGenerator<readonly RowTexts[]> {
  const keys = keyPlans(plan);
  const places = plan.key.map((name) => plan.columns.findIndex((column) => column.name === name));
  const selected = plan.columns.map((column, index) => `${asText(column)} AS c${index}`).join(", ");
  const order = plan.key.map(quoteName).join(", ");
  const mine = plan.tenant === null ? "$1::text IS NOT NULL" : `${quoteName(plan.tenant)} = $1`;
  const after = keys.map((column, index) => fromText(column, `$${index + 2}`)).join(", ");
  const head = `SELECT ${selected} FROM ${qualify(schema, plan.name)} WHERE ${mine}`;
  const tail = `ORDER BY ${order} LIMIT ${pageRows}`;
  let last: RowTexts | null = null;
  for (;;) {
    const { rows } =
      last === null
        ? await session.query(`${head} ${tail}`, [tenant])
        : await session.query(`${head} AND (${order}) > (${after}) ${tail}`, [
            tenant,
            ...places.map((place) => (last as RowTexts)[place]),
          ]);
    const page = rows.map((row) =>
      plan.columns.map((_, index) => (row[`c${index}`] ?? null) as string | null),
    );
    if (page.length > 0) yield page;
    if (page.length < pageRows) return;
    last = page.at(-1) as RowTexts;
  }
}

/** A row as it stands in an archive, and as it is hashed. */
export function lineOf(row: RowTexts): string {
  return `${JSON.stringify(row)}\n`;
}

/** The images of all tables of a tenant, in the order of the plans. */
export async function imagesOf(
  session: SqlSession,
  schema: string,
  plans: readonly TablePlan[],
  tenant: string,
  tell: (table: string, rows: number) => Promise<void>,
): Promise<readonly TableImage[]> {
  const images: TableImage[] = [];
  for (const plan of tenantTables(plans)) {
    const hash = createHash("sha256");
    let rows = 0;
    for await (const page of readRows(session, schema, plan, tenant)) {
      for (const row of page) hash.update(lineOf(row));
      rows += page.length;
      await tell(plan.name, rows);
    }
    images.push({ table: plan.name, rows, sha256: hash.digest("hex") });
  }
  return images;
}

function asText(column: ColumnPlan): string {
  const name = quoteName(column.name);
  return column.type.type === "bytea" ? `pg_catalog.encode(${name}, 'hex')` : `${name}::text`;
}

/** A value of the column from its text, which `parameter` is. */
export function fromText(column: ColumnPlan, parameter: string): string {
  return column.type.type === "bytea"
    ? `pg_catalog.decode(${parameter}::text, 'hex')`
    : `${parameter}::text::${column.type.type}`;
}
