/**
 * Whether the tables that stand in the database are those that the model means: every predicate is made for these types,
 * and an equality under another collation would let in what the policy keeps out. Asked before anything else is.
 */
import type { SqlResult, SqlSession } from "../contracts.ts";
import {
  allColumns,
  type ColumnPlan,
  keyColumns,
  planTables,
  type StoredModel,
  type TablePlan,
} from "./table-plan.ts";

/** A column as the catalogue has it. */
interface FoundColumn {
  readonly type: string;
  readonly isDomain: boolean;
  readonly required: boolean;
  /** Null for types without one. */
  readonly collation: string | null;
  readonly isDeterministic: boolean;
}

interface FoundTable {
  readonly kind: string;
  readonly columns: ReadonlyMap<string, FoundColumn>;
  /** The columns of each unique index over plain columns. */
  readonly unique: readonly (readonly string[])[];
}

const columnsQuery = `SELECT c.relname::text AS relation, c.relkind::text AS kind, a.attname::text AS name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, (t.typtype = 'd')::text AS domain, a.attnotnull::text AS required,
  (n2.nspname || '.' || o.collname)::text AS collation, o.collisdeterministic::text AS deterministic
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace n2 ON n2.oid = o.collnamespace
WHERE n.nspname = $1 AND c.relname::text = ANY ($2::text[]) AND c.relkind NOT IN ('i', 'I', 'S', 't', 'c')`;

const uniqueQuery = `SELECT c.relname::text AS relation, i.indexrelid::text AS index, a.attname::text AS name
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
  AND a.attnum = ANY ((i.indkey::pg_catalog.int2[])[0:i.indnkeyatts - 1])
WHERE n.nspname = $1 AND c.relname::text = ANY ($2::text[])
  AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`;

/** What is wrong, a sentence each, by table and column; empty if the tables are those of the model. */
export async function catalogueProblems(
  session: SqlSession,
  stored: StoredModel,
  schema: string,
): Promise<readonly string[]> {
  const plans = planTables(stored);
  const names = plans.map((plan) => plan.name);
  const tables = tablesOf(
    await session.query(columnsQuery, [schema, names]),
    await session.query(uniqueQuery, [schema, names]),
  );
  return plans.flatMap((plan) => tableProblems(plan, tables.get(plan.name)));
}

function tablesOf(columns: SqlResult, unique: SqlResult): ReadonlyMap<string, FoundTable> {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const byTable = Map.groupBy(columns.rows, (row) => text(row["relation"]));
  return new Map(
    [...byTable].map(([name, rows]) => {
      const found = rows
        .filter((row) => typeof row["name"] === "string")
        .map((row): readonly [string, FoundColumn] => [
          text(row["name"]),
          {
            type: text(row["type"]),
            isDomain: row["domain"] === "true",
            required: row["required"] === "true",
            collation: typeof row["collation"] === "string" ? row["collation"] : null,
            isDeterministic: row["deterministic"] === "true",
          },
        ]);
      const indexes = Map.groupBy(
        unique.rows.filter((row) => row["relation"] === name),
        (row) => text(row["index"]),
      );
      const keys = [...indexes.values()].map((parts) => parts.map((row) => text(row["name"])));
      return [name, { kind: text(rows[0]?.["kind"]), columns: new Map(found), unique: keys }];
    }),
  );
}

function tableProblems(plan: TablePlan, table: FoundTable | undefined): readonly string[] {
  if (table === undefined) return [`there is no table ${plan.name}`];
  // A view, or a foreign table, has no constraints and no row-level security of its own.
  if (table.kind !== "r" && table.kind !== "p") return [`${plan.name} is no table`];
  const columns = allColumns(plan).flatMap((column) =>
    columnProblems(plan, column, table.columns.get(column.name)),
  );
  const key = keyColumns(plan, plan.key);
  const isKeyed = table.unique.some(
    (index) => index.length <= key.length && index.every((name) => key.includes(name)),
  );
  return isKeyed || columns.length > 0
    ? columns
    : [`${plan.name} has no primary key, or unique index, of ${key.join(", ")}`];
}

function columnProblems(
  plan: TablePlan,
  column: ColumnPlan,
  found: FoundColumn | undefined,
): readonly string[] {
  const place = `${plan.name}.${column.name}`;
  if (found === undefined) return [`there is no column ${place}`];
  const wanted = `${column.type.type}${column.type.collate ? ' COLLATE "C"' : ""}`;
  const domain = found.isDomain ? "the domain " : "";
  if (found.isDomain || !isSameType(column.type.type, found.type))
    return [`${place} is ${domain}${found.type}, and the model needs ${wanted}`];
  if (column.type.collate && found.collation !== "pg_catalog.C")
    return [
      `${place} has the ${found.isDeterministic ? "" : "nondeterministic "}collation ${found.collation ?? "of nothing"}, and the model needs ${wanted}`,
    ];
  return column.optional || found.required ? [] : [`${place} may be NULL, and the model needs a value`];
}

/** `character varying` holds the same texts as `text`, and compares them alike. */
function isSameType(wanted: string, found: string): boolean {
  return wanted === found || (wanted === "text" && /^character varying(?:\(\d+\))?$/.test(found));
}
