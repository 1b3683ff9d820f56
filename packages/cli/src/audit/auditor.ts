/** The database as an auditor reads it. */
import type { SqlSession } from "@wardline/isolation";
import type { AuditDatabaseOptions } from "../command/audit.ts";
import { databaseProblem, openDatabase } from "../database/open-database.ts";
import type { Io } from "../io.ts";

/** Throws {@link UsageError} for what the database refuses. */
export async function withAuditor<T>(
  io: Io,
  { database: where, ca }: AuditDatabaseOptions,
  run: (session: SqlSession) => Promise<T>,
): Promise<T> {
  // No table of the model is named: the schema does not matter.
  const database = await openDatabase(io, {
    database: where,
    schema: "public",
    ...(ca === undefined ? {} : { ca }),
  });
  try {
    return await database.turn(run);
  } catch (error) {
    throw databaseProblem(error) ?? error;
  } finally {
    await database.close();
  }
}
