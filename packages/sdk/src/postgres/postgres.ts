/**
 * A real Postgres, directly or behind a pooler. Every turn has a connection to itself, and a connection that does not come
 * back idle is destroyed: what it was doing would be done in somebody else's name.
 */
import {
  ConnectionLost,
  type Database,
  type SqlBatch,
  type SqlResult,
  type SqlSession,
  type SqlStatement,
} from "@wardline/isolation";
import pg from "pg";
import { ConnectionRefused } from "./connection-refused.ts";
import { operatorLimits, usualLimits } from "./limits.ts";
import { readOptions, type PostgresOptions, type ReadOptions } from "./postgres-options.ts";
import { ServerClient } from "./server-client.ts";
import { asLocalStatements, asStartOptions, settingsFor } from "./settings.ts";
import { leavesState, opensTransaction } from "./statement-kind.ts";

/** The application's way to a server. It logs in as the role that owns nothing. Throws {@link ConnectionRefused}. */
export function postgres(options: PostgresOptions): Database {
  return open(readOptions(options, usualLimits), "application");
}

/**
 * An operator's way to a server, for making tables and loading rows: it logs in as their owner. `Wardline.open` does not
 * take it. Throws {@link ConnectionRefused}; behind a pooler too, because what it does needs a session of its own.
 */
export function postgresOperator(options: PostgresOptions): Database {
  const read = readOptions(options, operatorLimits);
  if (read.pooled)
    throw new ConnectionRefused(
      "connection/bad-option",
      "an operator connects to the server, not to a pooler",
    );
  return open(read, "operator");
}

const oldest = 15;

/** Opened when the first is needed. */
const asideConnections = 2;

function open(options: ReadOptions, purpose: "application" | "operator"): Database {
  const { pooled, limits, schema } = options;
  const settings = settingsFor(limits);
  const within = { within: limits.answer, named: !pooled };
  const prologue = pooled ? asLocalStatements(settings) : [];
  const pool = new pg.Pool({
    ...options.pool,
    ...(pooled ? {} : { options: asStartOptions(settings) }),
    application_name: "wardline",
    Client: ServerClient as unknown as new () => pg.ClientBase,
  });
  // A connection that breaks while nobody uses it is gone from the pool by itself.
  pool.on("error", () => undefined);

  async function prepare(client: ServerClient): Promise<void> {
    if (client.major < oldest)
      throw new ConnectionRefused("connection/old-server", `the server is older than Postgres ${oldest}`);
    if (!pooled && client.major >= 17)
      await client.exchange(
        [{ sql: `SET transaction_timeout = ${limits.transaction}`, parameters: [] }],
        within,
      );
  }

  async function take(): Promise<ServerClient & pg.PoolClient> {
    for (;;) {
      const client = (await pool.connect().catch((error: unknown) => {
        throw new ConnectionLost("unavailable", { cause: error });
      })) as unknown as ServerClient & pg.PoolClient;
      // Invariant: nobody gets a connection on which something is still going on.
      if (client.isIdle) {
        try {
          if (!ready.has(client)) await prepare(client);
          ready.add(client);
          return client;
        } catch (error) {
          destroy(client);
          throw error;
        }
      }
      destroy(client);
    }
  }

  const ready = new WeakSet<ServerClient>();

  async function giveBack(client: ServerClient & pg.PoolClient, tainted: boolean): Promise<void> {
    try {
      if (client.isIdle && tainted) {
        client.forgetPrepared();
        await client.exchange([{ sql: "DISCARD ALL", parameters: [] }], { ...within, named: false });
        await prepare(client);
      }
    } catch {
      // It is not idle then, or lost.
    }
    if (client.isIdle) client.release();
    else destroy(client);
  }

  async function turn<T>(run: (session: SqlSession) => Promise<T>): Promise<T> {
    const client = await take();
    const running = new Set<Promise<unknown>>();
    let over = false;
    let tainted = purpose === "operator";
    const ask = async (statements: readonly SqlStatement[]): Promise<readonly SqlResult[]> => {
      if (over) throw new Error("the turn is over");
      const sent = statements.flatMap((statement) =>
        opensTransaction(statement.sql) ? [statement, ...prologue] : [statement],
      );
      const answer = client.exchange(sent, within).catch((error: unknown) => {
        tainted ||= isStalePlan(error);
        throw error;
      });
      const settled = answer.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
      // What fails is undone with its transaction, or refused before it did anything.
      const { results, tags } = await answer;
      tainted ||= tags.some((tag, index) => leavesState(sent[index]?.sql ?? "", tag));
      if (sent.length === statements.length) return results;
      let at = 0;
      return statements.map((statement) => {
        const result = results[at] as SqlResult;
        at += opensTransaction(statement.sql) ? 1 + prologue.length : 1;
        return result;
      });
    };
    const session: SqlSession = {
      query: async (sql, parameters) => (await ask([{ sql, parameters }]))[0] as SqlResult,
      batch: ask,
      backend: pooled ? 0 : client.backend,
      abort: () => client.cut("limit"),
    };
    try {
      return await run(session);
    } finally {
      over = true;
      // What the turn did not wait for is still answered on this connection, and must not be on another turn's.
      await Promise.all(running);
      await giveBack(client, tainted && !pooled);
    }
  }

  async function direct(
    client: ServerClient,
    statements: readonly SqlStatement[],
  ): Promise<readonly SqlResult[]> {
    try {
      return (await client.exchange(statements, within)).results;
    } catch (error) {
      // The table has changed since the statement was prepared. Nothing was done, so it can be asked once more.
      if (!isStalePlan(error) || !client.isIdle) throw error;
      client.forgetPrepared();
      await client.exchange([{ sql: "DEALLOCATE ALL", parameters: [] }], { ...within, named: false });
      return (await client.exchange(statements, within)).results;
    }
  }

  async function batch(given: SqlBatch): Promise<readonly SqlResult[]> {
    const client = await take();
    try {
      const statements = typeof given === "function" ? given(pooled ? 0 : client.backend) : given;
      if (!pooled) return await direct(client, statements);
      const { results } = await client.exchange([begin, ...prologue, ...statements, commit], within);
      return results.slice(1 + prologue.length, -1);
    } catch (error) {
      if (pooled && !client.isIdle && !client.isLost)
        await client.exchange([rollback], within).catch(() => undefined);
      throw error;
    } finally {
      await giveBack(client, false);
    }
  }

  // Invariant: what waits here waits for no turn, so that transactions which hold all connections can still be put on record.
  let kept: Database | undefined;
  let closing: Promise<void> | undefined;
  const aside = (statements: SqlBatch): Promise<readonly SqlResult[]> => {
    // What is opened after the end is closed by nobody.
    if (closing === undefined)
      kept ??= open({ ...options, pool: { ...options.pool, max: asideConnections } }, purpose);
    return kept === undefined ? batch(statements) : kept.batch(statements);
  };

  return {
    kind: "server",
    purpose,
    schema,
    turn,
    batch,
    aside,
    close: () => (closing ??= Promise.all([pool.end(), kept?.close()]).then(() => undefined)),
  };
}

/** A prepared statement whose result is not what it was when it was prepared, or one that the server has forgotten. */
function isStalePlan(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { readonly code?: unknown; readonly routine?: unknown };
  return (code === "0A000" && routine === "RevalidateCachedQuery") || code === "26000";
}

const begin: SqlStatement = { sql: "BEGIN", parameters: [] };
const commit: SqlStatement = { sql: "COMMIT", parameters: [] };
const rollback: SqlStatement = { sql: "ROLLBACK", parameters: [] };

function destroy(client: ServerClient & pg.PoolClient): void {
  client.release(true);
  client.cut("closed");
}
