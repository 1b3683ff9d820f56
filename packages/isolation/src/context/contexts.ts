/** The gates of databases, each made once: a database has an id of its own, and an embedded one a key of its own. */
import { randomInt } from "node:crypto";
import type { ContextGate, Database, SqlSession } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { controlSchema, qualify } from "../schema/identifier.ts";
import { createContextGate } from "./context-gate.ts";
import { createContextKey, type ContextKey } from "./context-key.ts";
import { createContextSigner } from "./signer.ts";

export interface Contexts {
  /** The gate of a database. Asked outside any turn of it. Throws `context/no-key` where its key is not at hand or not installed. */
  at(database: Database): Promise<ContextGate>;
}

/** `key` signs for servers, which have it installed; an embedded database is given one that lives as long as the process. */
export function createContexts(key: ContextKey | null): Contexts {
  const gates = new WeakMap<Database, Promise<ContextGate>>();
  return {
    at(database) {
      const known = gates.get(database);
      if (known !== undefined) return known;
      const gate = openGate(database, key);
      gates.set(database, gate);
      // What failed may have been mended when it is asked for again.
      gate.catch(() => gates.delete(database));
      return gate;
    },
  };
}

async function openGate(database: Database, given: ContextKey | null): Promise<ContextGate> {
  const { kind } = database;
  if (kind === "server" && given === null)
    throw new IsolationViolation("context/no-key", "a server takes contexts that are signed: give the key");
  return database.turn(async (session) => {
    const key = given ?? createContextKey(randomInt(1, 0xffff_ffff));
    if (kind === "embedded") await installForProcess(session, key);
    else await session.query(`SELECT ${named("attest")}()`, []).catch(() => undefined);
    const cluster = await readCluster(session);
    if (cluster === null) throw new IsolationViolation("context/no-key", "the database has no context key");
    return createContextGate({ signer: createContextSigner({ key, cluster }), kind });
  });
}

/** The id that the database signs itself with, 16 bytes; null before a key was installed. */
export async function readCluster(session: SqlSession): Promise<Uint8Array | null> {
  const { rows } = await session.query(
    `SELECT pg_catalog.encode(${named("cluster_id")}(), 'hex') AS cluster`,
    [],
  );
  const cluster = rows[0]?.["cluster"];
  return typeof cluster === "string" ? new Uint8Array(Buffer.from(cluster, "hex")) : null;
}

/** Installs a key, or puts another one under its id. The session is an operator's. */
export async function installContextKey(session: SqlSession, key: ContextKey): Promise<void> {
  await session.query(`SELECT ${named("install_key")}($1::bigint, $2::pg_catalog.bytea, NULL)`, [
    String(key.id),
    key.secret,
  ]);
}

/** After a restore, or in a clone: voids all keys and every context, and gives the database an id of its own. */
export async function rotateCluster(session: SqlSession): Promise<void> {
  await session.query(`SELECT ${named("rotate_cluster")}()`, []);
}

/** Keys of processes that are gone are void: the database was only in them. */
async function installForProcess(session: SqlSession, key: ContextKey): Promise<void> {
  await session.query(`SELECT ${named("retire_keys_of_others")}()`, []);
  await installContextKey(session, key);
}

const named = (name: string): string => qualify(controlSchema, name);
