/** What a shredding does not reach, for its receipt: whoever reads that must not take it for more than it is. */
import { isAdoptionColumn, isAsideColumn } from "../../keys/adopt/adoption-names.ts";
import type { KeyProvider } from "../../keys/key-provider.ts";
import { operationTable } from "../catalogue-ddl.ts";
import { databaseAt, plansOf, type Estate } from "../estate.ts";
import { asOperator } from "../operator-session.ts";
import { tenantTables } from "../tenant-tables.ts";
import { isIndexColumn } from "./clear-indexes.ts";
import { hasRegistry, nameOf, type ShredDatabase } from "./shred-databases.ts";

export interface NotCovered {
  readonly what:
    | "unsealed-columns"
    | "archives"
    | "left-places"
    | "keyless-places"
    | "audit-log"
    | "exports-and-logs"
    | "before-sealing"
    | "backups"
    | "copies-of-wrapping-keys"
    | "standing-processes";
  readonly says: string;
  /** `table.column`, or a folder and when it was written, or a place. */
  readonly names: readonly string[];
}

export async function notCovered(
  estate: Estate,
  tenant: string,
  databases: readonly ShredDatabase[],
  withAudit: boolean,
): Promise<readonly NotCovered[]> {
  const provider = estate.keys as KeyProvider;
  return [
    {
      what: "unsealed-columns",
      says: "these columns hold no sealed cells: what stands in them, here and at places that the tenant left, stands in clear",
      names: await unsealedColumns(estate, databases),
    },
    {
      what: "archives",
      says: "archives that were exported hold unsealed columns in clear, and blind indexes; their sealed cells are dead",
      names: await archives(estate, tenant),
    },
    {
      what: "left-places",
      says: "at these places the tenant lived, or was being moved to: keys and blind indexes were destroyed there too, rows were not",
      names: databases.filter((database) => !database.isHome && hasRegistry(database)).map(nameOf),
    },
    {
      what: "keyless-places",
      says: "these databases have no registry of keys: nothing was done there, and blind indexes that stand there were not emptied",
      names: databases.filter(({ isKeyless }) => isKeyless).map(nameOf),
    },
    {
      what: "audit-log",
      says: withAudit
        ? "the clear parts of entries stay: times, actions, entities, rules, outcomes, counts; what they say of persons is dead"
        : "the audit log keeps its key and stays readable, with what it says of persons",
      names: [],
    },
    {
      what: "exports-and-logs",
      says: "what the application handed out, exported, printed or sent elsewhere",
      names: [],
    },
    {
      what: "before-sealing",
      says: "plaintext from before a column was sealed, in the write-ahead log, in dead tuples until they are vacuumed, and in the statistics of the planner; of blind indexes likewise",
      names: [],
    },
    {
      what: "backups",
      says: "backups and replicas of the databases keep unsealed columns, blind indexes and wrapped keys until their retention ends; without the wrapping key the wrapped keys open nothing",
      names: [],
    },
    {
      what: "copies-of-wrapping-keys",
      says: copiesOf(provider.name),
      names: [],
    },
    {
      what: "standing-processes",
      says: "a process on a machine that stood still meanwhile counts its own time: it may use keys that it held for the rest of their life once it goes on",
      names: [],
    },
  ];
}

function copiesOf(provider: string): string {
  switch (provider) {
    case "local":
      return "copies of the file of wrapping keys, and blocks of the disk that held it";
    case "vault-transit":
      return "snapshots of Vault's storage, until they are gone: one that is restored brings the wrapping key back, and the tenant has to be shredded again";
    case "aws-kms":
      return "none: KMS keeps no copies that outlive the waiting period";
    default:
      return "copies that the provider's keeper makes of its store";
  }
}

/** As the tables are, whatever the model says: a column that is still to be sealed, or that the model does not know, holds what it holds. */
async function unsealedColumns(
  estate: Estate,
  databases: readonly ShredDatabase[],
): Promise<readonly string[]> {
  const sealed = new Set(sealedColumns(estate));
  const tables = new Map(tenantTables(plansOf(estate)).map(({ name, tenant }) => [name, tenant]));
  const names = new Set<string>();
  for (const { cell, database, schemas, isGone } of databases) {
    if (isGone) continue;
    const { rows } = await asOperator(databaseAt(estate, { cell, database, schema: "public" }), (session) =>
      session.query(
        `SELECT c.relname::text AS "table", a.attname::text AS "column", (a.atttypid = 'pg_catalog.bytea'::pg_catalog.regtype)::text AS bytes
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
        [schemas],
      ),
    );
    for (const row of rows) {
      const [table, column] = [String(row["table"]), String(row["column"])];
      if (!tables.has(table) || tables.get(table) === column) continue;
      // What was put aside is emptied.
      if (isAsideColumn(column)) continue;
      // Cells that are still to take their column's place are cells.
      const holdsCells = sealed.has(`${table}.${column}`) || isAdoptionColumn(column);
      if (row["bytes"] !== "true" || !(holdsCells || isIndexColumn(column))) names.add(`${table}.${column}`);
    }
  }
  return [...names].toSorted();
}

/** `table.column` of what the model seals. */
function sealedColumns({ stored: { model, sealed } }: Estate): readonly string[] {
  return model.entities.flatMap(({ name, storage, fields }) => {
    const those = sealed.find(({ entity }) => entity === name)?.fields ?? [];
    return fields.flatMap((field) =>
      storage !== null && field.storage?.kind === "column" && those.includes(field.name)
        ? [`${storage.table}.${field.storage.column}`]
        : [],
    );
  });
}

async function archives({ catalogue }: Estate, tenant: string): Promise<readonly string[]> {
  const { rows } = await catalogue.turn((session) =>
    session.query(
      `SELECT pg_catalog.to_char(begun AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, plan ->> 'folder' AS folder
FROM ${operationTable} WHERE tenant = $1 AND kind = 'export' AND state = 'done' ORDER BY begun, id`,
      [tenant],
    ),
  );
  return rows.map((row) => `${String(row["at"])} ${String(row["folder"])}`);
}
