/** One row as its principal may read it, by the names of the model, through the guarded view of it: one statement like any other. */
import { isText, isUuid, storedColumns } from "@wardline/core";
import { Kysely } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { isStored } from "../gate/catalogue.ts";
import { GuardedConnection } from "./connection.ts";
import { createGuardedDialect } from "./dialect.ts";
import { refuseRevoked, type GuardedDialectOptions } from "./options.ts";

/** Null where there is none, or none that may be read: they look the same. Throws `query/unknown-table` for a type without rows. */
export async function getRow(
  options: GuardedDialectOptions,
  type: string,
  id: string,
): Promise<Record<string, unknown> | null> {
  refuseRevoked(options);
  const entity = options.guard.program.model.entities.find(({ name }) => name === type);
  if (entity === undefined || !isStored(entity))
    throw new UnsupportedQuery("query/unknown-table", `${type} has no rows`);
  // Invariant: a row is counted and found by one text of its id, so that no other way to write it has a limit of its own.
  const isId = typeof id === "string" && isText(id) && (entity.keyType === "text" || isUuid(id));
  if (!isId) return null;
  const { table, key } = entity.storage;
  const fields = storedColumns(entity).flatMap(({ name, storage }) =>
    storage?.kind === "column" ? [{ name, column: storage.column }] : [],
  );
  const compiler = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: createGuardedDialect(options),
  });
  const query = compiler
    .selectFrom(table)
    .select([...new Set([key, ...fields.map(({ column }) => column)])])
    .where(key, "=", id)
    .compile();
  const { rows } = await new GuardedConnection(options).executeQuery<Record<string, unknown>>(
    query,
    {},
    { entity: entity.name, id },
  );
  const [row] = rows;
  if (row === undefined) return null;
  return Object.fromEntries([...fields.map(({ name, column }) => [name, row[column]]), ["id", row[key]]]);
}
