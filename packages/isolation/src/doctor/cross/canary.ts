/** Two tenants that nobody has, and a row of theirs for every table: whatever shows one to the other crosses. */
import { randomUUID } from "node:crypto";
import { qualify, quoteName, quoteText } from "../../schema/identifier.ts";
import { allColumns, type ColumnPlan, type TablePlan } from "../../schema/table-plan.ts";

export interface Canary {
  readonly tenant: string;
  /** The key of each of its rows, where that is a uuid. */
  readonly id: string;
}

export function createCanary(name: string): Canary {
  const id = randomUUID();
  return { tenant: `wardline-doctor-${name}-${id}`, id };
}

/** Another row of the same tenant. */
export function withOtherId({ tenant }: Canary): Canary {
  return { tenant, id: randomUUID() };
}

/** A statement that puts a row of the tenant into a table. Cells that can hold its name do. */
export function plantSql(schema: string, table: TablePlan, canary: Canary): string {
  const columns = allColumns(table);
  const names = columns.map(({ name }) => quoteName(name)).join(", ");
  const values = columns.map((column) =>
    column.name === table.tenant ? quoteText(canary.tenant) : cell(column, canary),
  );
  return `INSERT INTO ${qualify(schema, table.name)} (${names}) SELECT ${values.join(", ")}`;
}

/** The first of some values that the column's check lets through; NULL if none does. */
function cell({ type }: ColumnPlan, canary: Canary): string {
  const check = type.check?.('"v"') ?? "true";
  const values = [
    ...literals(check, type.type),
    ...(examples(canary)[type.type] ?? []),
    ...numbers(type.type),
  ]
    .map((value) => `(${value}::${type.type})`)
    .join(", ");
  const collate = type.collate ? ' COLLATE pg_catalog."C"' : "";
  return `(SELECT c."v" FROM (SELECT e."v"${collate} AS "v" FROM (VALUES ${values === "" ? "(NULL)" : values}) AS e("v")) AS c WHERE ${check} LIMIT 1)`;
}

function examples({ tenant, id }: Canary): Readonly<Record<string, readonly string[]>> {
  return {
    text: [quoteText(tenant)],
    uuid: [quoteText(id)],
    boolean: ["false"],
    bigint: ["0"],
    "timestamp with time zone": ["'2026-01-01 00:00:00+00'"],
    date: ["'2026-01-01'"],
    "time without time zone": ["'12:00:00'"],
    inet: ["'192.0.2.1'"],
    bytea: ["pg_catalog.decode('574c5302' || pg_catalog.repeat('00', 84), 'hex')"],
  };
}

function numbers(type: string): readonly string[] {
  return type.startsWith("numeric") ? ["0"] : [];
}

/** What a check of ours compares with: one of an enumeration's texts, or the bounds of a number. */
function literals(check: string, type: string): readonly string[] {
  if (type === "text") return check.match(/E?'(?:[^'\\]|''|\\.)*'/g) ?? [];
  return type === "bigint" ? (check.match(/-?\d+/g) ?? []).map((bound) => `'${bound}'`) : [];
}
