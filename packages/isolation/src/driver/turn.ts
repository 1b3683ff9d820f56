/** A turn that is begun and ended by two calls, as Kysely's transactions are, instead of lasting for a callback. */
import type { Database, SqlSession } from "../contracts.ts";

export interface HeldTurn {
  readonly session: SqlSession;
  /** Ends the turn; resolves when the database has taken it back. */
  end(): Promise<void>;
}

export async function holdTurn(database: Database): Promise<HeldTurn> {
  const opened = Promise.withResolvers<SqlSession>();
  const ended = Promise.withResolvers<void>();
  const turn = database.turn(async (session) => {
    opened.resolve(session);
    await ended.promise;
  });
  // A turn that never comes must not leave its caller waiting.
  turn.catch((error: unknown) => opened.reject(error));
  const session = await opened.promise;
  return {
    session,
    async end() {
      ended.resolve();
      await turn;
    },
  };
}
