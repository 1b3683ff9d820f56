/**
 * The first step of an adoption: a place for sealed cells beside the plaintext, and triggers by which whatever writes the plaintext
 * says that its sealed cell is to be made. From then on no write can be missed. Nothing that the application sees changes.
 */
import type { Database, SqlSession } from "../../contracts.ts";
import { derivedName, quoteName } from "../../schema/identifier.ts";
import { blindIndexType, sealedColumn } from "../../schema/column-type.ts";
import { keyColumns } from "../../schema/table-plan.ts";
import { control } from "../../context/ddl/control-object.ts";
import { endJobs } from "../jobs/job-record.ts";
import { adoptionDdl, adoptionFunction, overwritingTrigger } from "./adoption-ddl.ts";
import { unsealedYet } from "./adoption-names.ts";
import { readColumns, type AdoptedColumn, type AdoptedTable } from "./adopted-table.ts";
import { narrowGrants, widenGrants } from "./column-grants.ts";
import { withTablesLocked, type LockOptions } from "./with-tables-locked.ts";

const isPlaintext = ({ state }: AdoptedColumn): boolean => state === "plaintext";

/** One transaction a table, which has it for a moment. Columns that have their place already are left as they are. */
export async function expand(
  database: Database,
  tables: readonly AdoptedTable[],
  options: LockOptions,
): Promise<void> {
  for (const table of tables.filter(({ adopted }) => adopted.some(isPlaintext)))
    await withTablesLocked(database, [table.relation], options, async (session) => {
      await ensureFunction(session);
      const columns = await readColumns(session, table.oid);
      for (const column of table.adopted.filter(isPlaintext))
        if (!columns.has(column.names.sealed))
          for (const statement of expandColumn(table, column)) await session.query(statement, []);
      await narrowGrants(session, table, [...columns.keys()]);
    });
}

/** A database that was made before there were adoptions gets it. Who makes it must be allowed to use its language. */
async function ensureFunction(session: SqlSession): Promise<void> {
  const { rows } = await session.query(
    `SELECT pg_catalog.to_regprocedure('${control(adoptionFunction)}()')::text AS there`,
    [],
  );
  if (rows[0]?.["there"] != null) return;
  for (const statement of adoptionDdl()) await session.query(statement, []);
}

/** Names of constraints that stay: the same whichever run makes them. */
export const formOf = (
  { plan: table }: AdoptedTable,
  { plan }: AdoptedColumn,
  of: "sealed" | "index",
): string => derivedName(table.name, plan.name, of, "form");

function expandColumn(table: AdoptedTable, column: AdoptedColumn): readonly string[] {
  const { relation, plan: of } = table;
  const { plan, index, names, found } = column;
  const alter = `ALTER TABLE ${relation}`;
  const check = (name: string, test: string): string =>
    `${alter} ADD CONSTRAINT ${quoteName(name)} CHECK (${test}) NOT VALID`;
  const sealed = quoteName(names.sealed);
  const plain = quoteName(plan.name);
  // Where each row has a value it has a cell at once, which opens nowhere until it is made.
  const begins = found.required ? unsealedYet : null;
  const values = { [names.sealed]: begins, ...(index === null ? {} : { [names.index]: null }) };
  // Texts by their bytes; and a cell is bound to the row's tenant and key.
  const moved = keyColumns(of, of.key).map(
    (name) => `OLD.${quoteName(name)} IS DISTINCT FROM NEW.${quoteName(name)}`,
  );
  const changed = [
    `OLD.${plain} COLLATE pg_catalog."C" IS DISTINCT FROM NEW.${plain} COLLATE pg_catalog."C"`,
    ...moved,
  ];
  return [
    `${alter} ADD COLUMN ${sealed} bytea${index === null ? "" : `, ADD COLUMN ${quoteName(names.index)} bytea`}`,
    check(formOf(table, column, "sealed"), sealedColumn.check?.(sealed) ?? "true"),
    ...(index === null
      ? []
      : [check(formOf(table, column, "index"), blindIndexType.check?.(quoteName(names.index)) ?? "true")]),
    ...overwritingTrigger(relation, names.onInsert, `INSERT ON ${relation} FOR EACH ROW`, values),
    ...overwritingTrigger(
      relation,
      names.onUpdate,
      `UPDATE ON ${relation} FOR EACH ROW WHEN (${changed.join(" OR ")})`,
      values,
    ),
  ];
}

/** Takes back what `expand` and the filling made; the plaintext was never touched. */
export async function collapse(
  database: Database,
  tables: readonly AdoptedTable[],
  options: LockOptions,
): Promise<void> {
  for (const table of tables.filter(({ adopted }) => adopted.some(({ state }) => state === "beside")))
    await withTablesLocked(database, [table.relation], options, async (session) => {
      const columns = await readColumns(session, table.oid);
      for (const column of table.adopted.filter(({ state }) => state === "beside"))
        await collapseColumn(session, table, column, columns.has(column.names.aside));
      await widenGrants(session, table);
      await endJobs(session, table.schema, { kind: "adopt", table: table.plan.name });
    });
}

async function collapseColumn(
  session: SqlSession,
  { relation }: AdoptedTable,
  { names }: AdoptedColumn,
  isSwitched: boolean,
): Promise<void> {
  if (isSwitched) return;
  for (const trigger of [names.onInsert, names.onUpdate])
    await session.query(`DROP TRIGGER IF EXISTS ${quoteName(trigger)} ON ${relation}`, []);
  // Constraints and indexes of the columns go with them.
  await session.query(
    `ALTER TABLE ${relation} DROP COLUMN IF EXISTS ${quoteName(names.sealed)}, DROP COLUMN IF EXISTS ${quoteName(names.index)}`,
    [],
  );
}
