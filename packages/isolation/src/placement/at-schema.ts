import type { Database } from "../contracts.ts";

/** The same database with another schema for the model's tables. Closing it is left to whoever opened it. */
export function atSchema(database: Database, schema: string): Database {
  const { kind, purpose } = database;
  return {
    kind,
    ...(purpose === undefined ? {} : { purpose }),
    schema,
    turn: (run) => database.turn(run),
    batch: (statements) => database.batch(statements),
    close: async () => undefined,
  };
}
