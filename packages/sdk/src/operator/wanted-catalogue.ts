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

/** The catalogue depends on the statements alone; starting a database takes seconds. */
const known = new Map<string, Promise<Catalogue>>();
const keptCatalogues = 8;

/** A schema with the model's tables, and the statements that put policies of rows on them. */
export interface WantedSchema {
  readonly schema: string;
  readonly rowSecurity: readonly string[];
}

/** What a database of this kind should be, with the model's tables in each of the schemas. */
export function wantedCatalogue(
  stored: StoredModel,
  kind: Database["kind"],
  schemas: readonly WantedSchema[],
): Promise<Catalogue> {
  const statements = [
    ...schemas.flatMap(({ schema, rowSecurity }) => [
      ...schemaStatements(stored, { schema, kind }),
      ...rowSecurity,
    ]),
    ...catalogueDdl(),
  ];
  const key = JSON.stringify(statements);
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const [oldest] = known.keys();
  if (known.size >= keptCatalogues && oldest !== undefined) known.delete(oldest);
  const catalogue = catalogueAfter(statements);
  known.set(key, catalogue);
  catalogue.catch(() => known.delete(key));
  return catalogue;
}

async function catalogueAfter(statements: readonly string[]): Promise<Catalogue> {
  const empty = pglite();
  try {
    await inTransaction(empty, async (session) => {
      for (const statement of statements) await session.query(statement, []);
    });
    return await empty.turn(readCatalogue);
  } finally {
    await empty.close();
  }
}
