/** Where the rows of an entity are kept: the table, and the columns of the key and of the tenant. */
import type { EntityStorage } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { EntityStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { checkLength, keyColumn, tenantColumn } from "./database-names.ts";
import type { Report } from "./report.ts";

/** Null for what is not stored. Of columns that were refused the usual ones stand. */
export function storageOf(
  report: Report,
  { shared, storedIn, name, kind }: EntityStatement,
): EntityStorage | null {
  if (storedIn === null) {
    if (kind === "entity")
      report.add(finding("model/needs-storage", name.span, { what: `the entity \`${name.text}\`` }));
    return null;
  }
  const { table, columns } = storedIn;
  checkLength(report, table);
  const usual = { table: table.text, key: keyColumn, tenant: tenantColumn };
  const [key, tenant, more] = columns ?? [];
  if (key === undefined) return usual;
  const last = columns?.at(-1) ?? key;
  const span = { ...key.span, end: last.span.end };
  const most = shared ? tenant : more;
  if (most !== undefined || key.text === tenant?.text) {
    const what = `\`stored in ${table.text}\``;
    const wanted = shared
      ? "the column of the key, since rows that are shared have no tenant"
      : "the column of the key, and another of the tenant";
    report.add(finding("model/storage-columns", span, { what, wanted, form: formOf(table, shared) }));
    return usual;
  }
  for (const column of columns ?? []) checkLength(report, column);
  return { ...usual, key: key.text, tenant: tenant?.text ?? tenantColumn };
}

function formOf({ text }: Name, shared: boolean): string {
  return shared ? `stored in ${text}(KEY)` : `stored in ${text}(KEY, TENANT)`;
}
