/**
 * The embedded database: Postgres in the process, kept in memory or in a folder. One session serves every tenant, so
 * turns never overlap, and whatever a turn leaves behind (transaction, role, setting) is gone before the next begins.
 * Its session is a superuser: it is no privilege boundary against code in the same process.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import type { Database, SqlResult, SqlSession } from "@wardline/isolation";
import {
  asText,
  canonicalInstant,
  parameterText,
  refuseQuietRollback,
  typeIds,
  wholeNumber,
} from "./wire/wire-values.ts";

export interface PgliteOptions {
  /** The schema of the model's tables; `public` if left out. */
  readonly schema?: string;
}

/**
 * A database in the folder `dataDir`, or in memory without one. It is opened at the first turn. Types as the engine's
 * wire form has them: numeric and instants as text, bigint as number where that is exact and as text elsewhere.
 */
export function pglite(dataDir?: string, options: PgliteOptions = {}): Database {
  const connect = once(() => (dataDir === undefined ? start() : openFolder(resolve(dataDir))));
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let lost = false;

  function queue<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  const turn: Database["turn"] = (run) => {
    if (closed) return Promise.reject(new Error("the database is closed"));
    return queue(async () => {
      // Invariant: a session that could not be cleaned serves nobody again.
      if (lost) throw new Error("the database is lost: a turn could not be undone");
      return takeTurn(await connect(), run, () => (lost = true));
    });
  };

  return {
    kind: "embedded",
    schema: options.schema ?? "public",
    turn,
    batch: (statements) =>
      turn(async (session) => {
        const results: SqlResult[] = [];
        await session.query("BEGIN", []);
        const given = typeof statements === "function" ? statements(0) : statements;
        for (const { sql, parameters } of given) results.push(await session.query(sql, parameters));
        await session.query("COMMIT", []);
        return results;
      }),
    close() {
      if (closed) return last.then(() => undefined);
      closed = true;
      return queue(async () => {
        if (connect.begun()) await (await connect()).close();
      });
    },
  };
}

async function takeTurn<T>(
  connection: PGlite,
  run: (session: SqlSession) => Promise<T>,
  onLost: () => void,
): Promise<T> {
  const running = new Set<Promise<unknown>>();
  let over = false;
  const session: SqlSession = {
    query(sql, parameters) {
      if (over) return Promise.reject(new Error("the turn is over"));
      const answer = ask(connection, sql, parameters);
      const settled = answer.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
      return answer;
    },
  };
  try {
    return await run(session);
  } finally {
    over = true;
    // What the turn did not wait for still runs on the one session; it must not run in the next turn.
    await Promise.all(running);
    await clean(connection).catch((error: unknown) => {
      onLost();
      throw error;
    });
  }
}

async function clean(connection: PGlite): Promise<void> {
  await connection.exec("ROLLBACK");
  await connection.exec("DISCARD ALL");
}

async function ask(connection: PGlite, sql: string, parameters: readonly unknown[]): Promise<SqlResult> {
  const result = await connection.query<Record<string, unknown>>(sql, [...parameters]);
  refuseQuietRollback(sql, result.command);
  return { rows: result.rows, affected: result.affectedRows ?? 0 };
}

function start(dataDir?: string): Promise<PGlite> {
  return PGlite.create({
    ...(dataDir === undefined ? {} : { dataDir }),
    // As start parameters, because DISCARD ALL goes back to these.
    startParams: [
      ...PGlite.defaultStartParams.map((parameter) =>
        parameter === "search_path=public" ? "search_path=" : parameter,
      ),
      "-c",
      "TimeZone=UTC",
    ],
    parsers: {
      [typeIds.int8]: wholeNumber,
      [typeIds.numeric]: asText,
      [typeIds.timestamptz]: canonicalInstant,
      [typeIds.timestamp]: asText,
      [typeIds.date]: asText,
    },
    // The driver's own would throw an error without a code, or take a number for an instant.
    serializers: Object.fromEntries(
      [typeIds.bool, typeIds.date, typeIds.timestamp, typeIds.timestamptz].map((id) => [id, parameterText]),
    ),
  });
}

/** Opens a folder. A new one is made beside its place and moved there whole: one that was made by half never opens. */
async function openFolder(path: string): Promise<PGlite> {
  if (existsSync(`${path}/PG_VERSION`)) return start(path);
  if (existsSync(path) && (await readdir(path)).length > 0)
    throw new Error(`${path} is a folder of something else`);
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.new-${randomUUID()}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await (await start(draft)).close();
    await rename(draft, path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return start(path);
}

function once<T>(make: () => Promise<T>): (() => Promise<T>) & { begun(): boolean } {
  let made: Promise<T> | undefined;
  return Object.assign(() => (made ??= make()), { begun: () => made !== undefined });
}
