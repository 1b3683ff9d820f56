/** Names in the database, and the check that no two things share one place. */
import type { Span } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { Join } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";

export const keyColumn = "id";
export const tenantColumn = "tenant_id";

/** What Postgres keeps of an identifier (NAMEDATALEN − 1). */
const longest = 63;

/** Reports a name that the database would cut short. */
export function checkLength(report: Report, name: Name): void {
  if (name.text.length > longest)
    report.add(finding("model/long-name", name.span, { name: name.text, limit: String(longest) }));
}

/** The two columns of `table(a, b)`, or null if there are not exactly two different ones. */
export function twoColumns(
  report: Report,
  join: Join,
  what: string,
  columns: string,
): readonly [string, string] | null {
  for (const name of [join.table, ...join.columns]) checkLength(report, name);
  const [first, second] = join.columns;
  if (
    join.columns.length !== 2 ||
    first === undefined ||
    second === undefined ||
    first.text === second.text
  ) {
    report.add(finding("model/columns", join.span, { what, columns }));
    return null;
  }
  for (const name of join.columns)
    if (name.text === tenantColumn)
      report.add(
        finding("model/column-taken", name.span, {
          column: tenantColumn,
          table: join.table.text,
          other: "the tenant",
        }),
      );
  return [first.text, second.text];
}

/** The columns of one table and what each holds. */
export interface Columns {
  readonly take: (column: string, holds: string, span: Span) => void;
}

/** `tenant`: the column of the tenant; null where the table is shared by all. */
export function newColumns(report: Report, table: string, key: string, tenant: string | null): Columns {
  const taken = new Map([[key, "the key"]]);
  if (tenant !== null) taken.set(tenant, "the tenant");
  return {
    take: (column, holds, span) => {
      const other = taken.get(column);
      if (other !== undefined && other !== holds)
        report.add(finding("model/column-taken", span, { column, table, other }));
      else taken.set(column, holds);
    },
  };
}
