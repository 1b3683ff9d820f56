/** Which columns a model wants sealed, and how far each of them is in a database. It looks at the catalogue and changes nothing. */
import type { SqlSession } from "../../contracts.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import type { ColumnPlan, StoredModel } from "../../schema/table-plan.ts";
import type { TenantTable } from "../../placement/tenant-tables.ts";
import { sealedTables, type SealedColumn } from "../jobs/sealed-tables.ts";
import { AdoptionError } from "./adoption-error.ts";
import { adoptionNames, unsealedYet, type AdoptionNames } from "./adoption-names.ts";

/**
 * `plaintext`: nothing has been done. `beside`: there is a place for sealed cells beside it, which the plaintext's writers keep true.
 * `switched`: the sealed cells are in its place, and the plaintext stands aside. `sealed`: there is no plaintext. `other`: it is
 * nothing that could be adopted.
 */
export type AdoptionState = "plaintext" | "beside" | "switched" | "sealed" | "other";

export interface AdoptedColumn {
  readonly state: AdoptionState;
  /** As the model has it. */
  readonly plan: ColumnPlan;
  /** The blind index beside it; null where it cannot be searched. */
  readonly index: ColumnPlan | null;
  readonly names: AdoptionNames;
  readonly found: FoundColumn;
}

export interface FoundColumn {
  readonly number: number;
  readonly type: string;
  readonly isDomain: boolean;
  readonly required: boolean;
  /** Whether texts are equal if and only if their bytes are. */
  readonly isExact: boolean;
  readonly hasDefault: boolean;
  readonly isGenerated: boolean;
}

export interface AdoptedTable {
  readonly schema: string;
  readonly plan: TenantTable;
  readonly oid: string;
  readonly isPlain: boolean;
  readonly relation: string;
  /** Columns that are there, by name. */
  readonly columns: ReadonlyMap<string, FoundColumn>;
  /** Those that the model wants sealed and that are not, or not for good. */
  readonly adopted: readonly AdoptedColumn[];
}

const tableQuery = `SELECT c.oid::text AS oid, (c.relkind = 'r' AND NOT c.relispartition AND NOT c.relhassubclass)::text AS plain
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname::text = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

const columnsQuery = `SELECT a.attname::text AS name, a.attnum::text AS number, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
  (t.typtype = 'd')::text AS domain, a.attnotnull::text AS required, COALESCE(o.collisdeterministic, true)::text AS exact,
  (a.atthasdef AND a.attgenerated = '')::text AS "default", (a.attidentity <> '' OR a.attgenerated <> '')::text AS generated
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped`;

/** Whether texts can be stored in a column of the type. */
const isText = ({ type, isDomain }: FoundColumn): boolean =>
  !isDomain && /^(?:text|character varying(?:\(\d+\))?)$/.test(type);

/** The tables with columns that are to be sealed and are not, in the order in which they are locked. */
export async function readAdoptedTables(
  session: SqlSession,
  stored: StoredModel,
  schema: string,
): Promise<readonly AdoptedTable[]> {
  const tables: AdoptedTable[] = [];
  for (const { table: plan, columns: sealed } of sealedTables(stored)) {
    const { rows } = await session.query(tableQuery, [schema, plan.name]);
    if (rows[0] === undefined) continue;
    const oid = String(rows[0]["oid"]);
    const columns = await readColumns(session, oid);
    const adopted = sealed.flatMap((column) => adoptedColumn(plan, column, columns));
    if (adopted.length > 0)
      tables.push({
        schema,
        plan,
        oid,
        isPlain: rows[0]["plain"] === "true",
        relation: qualify(schema, plan.name),
        columns,
        adopted,
      });
  }
  return tables.toSorted((a, b) => (a.plan.name < b.plan.name ? -1 : 1));
}

/**
 * The same for a step of an adoption. Throws AdoptionError `adopt/refused` where the schema has none of the tables: it is another one than
 * was meant, and that nothing is in plaintext there says nothing.
 */
export async function readTablesToAdopt(
  session: SqlSession,
  stored: StoredModel,
  schema: string,
): Promise<readonly AdoptedTable[]> {
  const names = sealedTables(stored).map(({ table }) => table.name);
  let isThere = names.length === 0;
  for (const name of names) isThere ||= (await session.query(tableQuery, [schema, name])).rows.length > 0;
  if (!isThere)
    throw new AdoptionError("adopt/refused", "the tables are not in this schema: nothing was done", [
      {
        place: schema,
        reason: `there is no table ${names.join(", ")}`,
        cure: "name the schema of the tables; `wardline db apply` makes them where there are none yet",
      },
    ]);
  return readAdoptedTables(session, stored, schema);
}

export async function readColumns(
  session: SqlSession,
  oid: string,
): Promise<ReadonlyMap<string, FoundColumn>> {
  const { rows } = await session.query(columnsQuery, [oid]);
  return new Map(
    rows.map((row) => [
      String(row["name"]),
      {
        number: Number(row["number"]),
        type: String(row["type"]),
        isDomain: row["domain"] === "true",
        required: row["required"] === "true",
        isExact: row["exact"] === "true",
        hasDefault: row["default"] === "true",
        isGenerated: row["generated"] === "true",
      },
    ]),
  );
}

function adoptedColumn(
  table: TenantTable,
  { column: name, index }: SealedColumn,
  columns: ReadonlyMap<string, FoundColumn>,
): readonly AdoptedColumn[] {
  const found = columns.get(name);
  // One that is missing is made sealed.
  if (found === undefined) return [];
  const names = adoptionNames(table.name, name);
  const state = stateOf(found, names, columns);
  if (state === "sealed") return [];
  const planOf = (one: string | null) => table.columns.find((column) => column.name === one) ?? null;
  return [{ state, plan: planOf(name) as ColumnPlan, index: planOf(index), names, found }];
}

function stateOf(
  found: FoundColumn,
  names: AdoptionNames,
  columns: ReadonlyMap<string, FoundColumn>,
): AdoptionState {
  if (isText(found)) return columns.has(names.sealed) ? "beside" : "plaintext";
  if (found.type !== "bytea" || found.isDomain) return "other";
  return columns.has(names.aside) ? "switched" : "sealed";
}

/** SQL over the row `t`: whether it has plaintext whose sealed cell is still to be made. It holds constants only. */
export function isStale({ plan, names }: AdoptedColumn, row = "t."): string {
  const sealed = `${row}${quoteName(names.sealed)}`;
  return `(${row}${quoteName(plan.name)} IS NOT NULL AND (${sealed} IS NULL OR ${sealed} = '\\x${unsealedYet}'::pg_catalog.bytea))`;
}

/** `schema.table.column`, as errors say it. */
export function placeOf({ schema, plan }: Pick<AdoptedTable, "schema" | "plan">, column: string): string {
  return `${schema}.${plan.name}.${column}`;
}

/** All columns of the tables that are adopted, likewise. */
export function columnsOf(tables: readonly AdoptedTable[]): readonly string[] {
  return tables.flatMap((table) => table.adopted.map(({ plan }) => placeOf(table, plan.name)));
}

/** How many rows have plaintext whose sealed cell is still to be made; no more than `most` are counted. */
export async function staleRows(
  session: SqlSession,
  { relation }: AdoptedTable,
  column: AdoptedColumn,
  most: number,
): Promise<number> {
  const { rows } = await session.query(
    `SELECT pg_catalog.count(*)::text AS n FROM (SELECT FROM ${relation} AS t WHERE ${isStale(column)} LIMIT ${most}) AS s`,
    [],
  );
  return Number(rows[0]?.["n"]);
}
