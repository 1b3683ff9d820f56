/** Reads and writes the files of a repository that `repositoryDdl` made a table for. Statements run outside any tenant's context. */
import type { Database, SqlSession } from "../contracts.ts";
import { repositoryFile, repositoryTable, timestampPath } from "./repository-ddl.ts";

/** As the application: the file at a path, of at most so many bytes. */
export function readRepositoryFile(
  database: Database,
  path: string,
  most: number,
): Promise<Uint8Array | "missing" | "too-large"> {
  return database.turn(async (session) => {
    const { rows } = await session.query(`SELECT f.body FROM ${repositoryFile}($1::text, $2::bigint) AS f`, [
      path,
      String(most),
    ]);
    const [row] = rows;
    if (row === undefined) return "missing";
    const { body } = row;
    return typeof body === "string" ? Uint8Array.from(Buffer.from(body, "base64")) : "too-large";
  });
}

/** As an operator: the digest of the timestamp that is there; null where there is none. */
export function repositoryState(session: SqlSession): Promise<string | null> {
  return digestOf(session, timestampPath);
}

/**
 * As an operator, in an open transaction: puts files there where the timestamp is still the one with this digest. Resolves to false, and
 * the transaction is to be undone, where it is another one or a file is there with another content.
 */
export async function writeRepositoryFiles(
  session: SqlSession,
  files: ReadonlyMap<string, Uint8Array>,
  state: string | null,
): Promise<boolean> {
  // Invariant: publications follow each other, the first one included, for which there is no row to lock.
  await session.query(`LOCK TABLE ${repositoryTable} IN SHARE ROW EXCLUSIVE MODE`, []);
  if ((await digestOf(session, timestampPath)) !== state) return false;
  for (const [path, bytes] of files) {
    const body = Buffer.from(bytes).toString("base64");
    const replace = path === timestampPath ? "UPDATE SET body = excluded.body" : "NOTHING";
    const { affected } = await session.query(
      `INSERT INTO ${repositoryTable} (path, body) VALUES ($1::text, pg_catalog.decode($2::text, 'base64')) ON CONFLICT (path) DO ${replace}`,
      [path, body],
    );
    if (affected === 1) continue;
    const { rows } = await session.query(
      `SELECT (body = pg_catalog.decode($2::text, 'base64'))::text AS same FROM ${repositoryTable} WHERE path = $1::text`,
      [path, body],
    );
    if (rows[0]?.["same"] !== "true") return false;
  }
  return true;
}

async function digestOf(session: SqlSession, path: string): Promise<string | null> {
  const { rows } = await session.query(
    `SELECT pg_catalog.encode(pg_catalog.sha256(body), 'hex') AS digest FROM ${repositoryTable} WHERE path = $1::text`,
    [path],
  );
  return rows[0] === undefined ? null : String(rows[0]["digest"]);
}
