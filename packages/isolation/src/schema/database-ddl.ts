/**
 * The tables, keys, checks and indexes of a model, as statements. Running them again changes nothing; a table that
 * stands there with other columns than the model says makes them fail, so that a sealed field never stays plain text.
 */
import { checkSchemaName, derivedName, qualify, quoteName, quoteText } from "./identifier.ts";
import {
  allColumns,
  type ColumnPlan,
  keyColumns,
  planTables,
  type StoredModel,
  type TablePlan,
} from "./table-plan.ts";

export interface DdlOptions {
  /** Where the model's tables live. */
  readonly schema: string;
}

/**
 * Statements that make a model's tables in a database, to be run in order in one transaction, each by itself.
 * Throws if the model can't be stored. Follow them with `securityDdl`: until then nothing guards the tables.
 */
export function databaseDdl(stored: StoredModel, options: DdlOptions): readonly string[] {
  const { schema } = options;
  checkSchemaName(schema);
  const tables = planTables(stored);
  const byName = new Map(tables.map((table) => [table.name, table]));
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`,
    ...tables.map((table) => createTable(schema, table)),
    ...(tables.length === 0 ? [] : [compareWithCatalogue(schema, tables)]),
    ...tables.flatMap((table) => foreignKeys(schema, table, byName)),
    ...tables.flatMap((table) => indexes(schema, table)),
  ];
}

function createTable(schema: string, table: TablePlan): string {
  const lines = [
    ...allColumns(table).map(columnLine),
    `PRIMARY KEY (${keyColumns(table, table.key).map(quoteName).join(", ")})`,
  ];
  return `CREATE TABLE IF NOT EXISTS ${qualify(schema, table.name)} (\n  ${lines.join(",\n  ")}\n)`;
}

function columnLine(column: ColumnPlan): string {
  const name = quoteName(column.name);
  const parts = [name, column.type.type];
  if (column.type.collate) parts.push('COLLATE pg_catalog."C"');
  if (!column.optional) parts.push("NOT NULL");
  if (column.type.check !== null) parts.push(`CHECK (${column.type.check(name)})`);
  return parts.join(" ");
}

function compareWithCatalogue(schema: string, tables: readonly TablePlan[]): string {
  const expected = tables.flatMap((table) =>
    allColumns(table).map(
      (column) =>
        `(${[
          `${quoteText(qualify(schema, table.name))}::pg_catalog.regclass`,
          quoteText(column.name),
          quoteText(column.type.type),
          String(!column.optional),
          String(column.type.collate),
        ].join(", ")})`,
    ),
  );
  return `DO $wardline$
DECLARE
  wrong record;
BEGIN
  SELECT e.relation, e.name, e.type INTO wrong
  FROM (VALUES
    ${expected.join(",\n    ")}
  ) AS e(relation, name, type, required, bytewise)
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = e.relation AND a.attname = e.name AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
  WHERE a.attnum IS NULL
    OR pg_catalog.format_type(a.atttypid, a.atttypmod) <> e.type
    OR a.attnotnull <> e.required
    OR (e.bytewise AND c.collname IS DISTINCT FROM 'C')
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the column %.% is not the % that the model says', wrong.relation, wrong.name, wrong.type
      USING ERRCODE = 'datatype_mismatch';
  END IF;
END
$wardline$`;
}

function foreignKeys(
  schema: string,
  table: TablePlan,
  byName: ReadonlyMap<string, TablePlan>,
): readonly string[] {
  return table.references.map((reference) => {
    const target = byName.get(reference.table);
    const key = target?.key;
    if (target === undefined || key?.length !== 1)
      throw new Error(`${reference.table} is no table of an entity`);
    const name = derivedName(table.name, reference.column, "fkey");
    // What is shared is named by its key alone; what is a tenant's within the tenant.
    const isWithin = table.tenant !== null && target.tenant !== null;
    const here = (isWithin ? keyColumns(table, [reference.column]) : [reference.column])
      .map(quoteName)
      .join(", ");
    const there = (isWithin ? keyColumns(target, key) : key).map(quoteName).join(", ");
    const relation = qualify(schema, table.name);
    return `DO $wardline$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint
    WHERE conrelid = ${quoteText(relation)}::pg_catalog.regclass AND conname = ${quoteText(name)}
  ) THEN
    ALTER TABLE ${relation} ADD CONSTRAINT ${quoteName(name)}
      FOREIGN KEY (${here}) REFERENCES ${qualify(schema, target.name)} (${there})
      ON UPDATE NO ACTION ON DELETE ${reference.cascade ? "CASCADE" : "NO ACTION"};
  END IF;
END
$wardline$`;
  });
}

function indexes(schema: string, table: TablePlan): readonly string[] {
  const distinct = new Map(table.indexes.map((columns) => [columns.join("\0"), columns]));
  return [...distinct.values()].map((columns) => {
    const name = quoteName(derivedName(table.name, ...columns, "idx"));
    const list = keyColumns(table, columns).map(quoteName).join(", ");
    return `CREATE INDEX IF NOT EXISTS ${name} ON ${qualify(schema, table.name)} (${list})`;
  });
}
