/**
 * A session whose transaction begins with its first statement: BEGIN, the context and that statement go together where the
 * session can send several. Nothing of a caller's passes before the context.
 */
import type { ContextClaims, ContextGate, SqlResult, SqlSession, SqlStatement } from "../contracts.ts";
import { queryAll } from "../database/query-all.ts";

export interface EnteringSession extends SqlSession {
  /** True once something was sent. */
  begun(): boolean;
  /** Sends what enters, if nothing was sent yet. */
  enter(): Promise<void>;
}

const begin: SqlStatement = { sql: "begin", parameters: [] };

export function enteringSession(
  session: SqlSession,
  context: ContextGate,
  claims: ContextClaims,
): EnteringSession {
  let entered: Promise<unknown> | null = null;
  const send = async (statements: readonly SqlStatement[]): Promise<readonly SqlResult[]> => {
    if (entered !== null) {
      // Invariant: what is asked while the first is under way does not overtake it.
      await entered;
      return queryAll(session, statements);
    }
    if (session.batch === undefined) {
      await (entered = enterAlone(session, context, claims));
      return queryAll(session, statements);
    }
    const first = [begin, ...context.statements(claims, session.backend)];
    const answer = session.batch([...first, ...statements]);
    entered = answer;
    return (await answer).slice(first.length);
  };
  return {
    query: async (sql, parameters) => (await send([{ sql, parameters }]))[0] as SqlResult,
    ...(session.batch === undefined ? {} : { batch: send }),
    ...(session.backend === undefined ? {} : { backend: session.backend }),
    begun: () => entered !== null,
    enter: async () => {
      if (entered === null) await send([]);
    },
  };
}

/** On a session that sends one statement at a time it is read back whether the context was entered. */
async function enterAlone(session: SqlSession, context: ContextGate, claims: ContextClaims): Promise<void> {
  await session.query(begin.sql, begin.parameters);
  await context.enter(session, claims);
}
