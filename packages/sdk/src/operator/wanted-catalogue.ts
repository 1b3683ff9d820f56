/** The catalogue as the model wants it: that of an empty database in this process, in which its statements have just run. */
import {
  catalogueDdl,
  readCatalogue,
  type Catalogue,
  type Database,
  type StoredModel,
} from "@wardline/isolation";
import { pglite } from "../pglite.ts";
import { schemaStatements } from "./schema-statements.ts";
import { inTransaction } from "./transaction.ts";

/** What a database of this kind should be, with the model's tables in each of the schemas. */
export async function wantedCatalogue(
  stored: StoredModel,
  kind: Database["kind"],
  schemas: readonly string[],
): Promise<Catalogue> {
  const empty = pglite();
  try {
    await inTransaction(empty, async (session) => {
      const statements = schemas.flatMap((schema) => schemaStatements(stored, { schema, kind }));
      for (const statement of [...statements, ...catalogueDdl()]) await session.query(statement, []);
    });
    return await empty.turn(readCatalogue);
  } finally {
    await empty.close();
  }
}
