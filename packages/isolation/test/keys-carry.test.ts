/** A tenant's registry in a second database: moved, restored from an older moment, and after its keys were destroyed. */
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test as vector } from "vitest";
import {
  addVersion,
  databaseDdl,
  keyRegistryDdl,
  newFirstKeys,
  operatorSealers,
  registryRows,
  retireBelow,
  securityDdl,
  setTenantKeyState,
  storeFirstKeys,
  tenantKeyState,
} from "../src/index.ts";
import { localKeys, type LocalKeys } from "../src/keys/local/local-keys.ts";
import { carryKeys, readKeys } from "../src/placement/copy-keys.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseOf, sessionOf } from "./context-server.ts";
import { library, librarySealed } from "./schema-library.ts";

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const cell = { table: "books", column: "remark", row: "7" };

let server: PostgresServer;
let here: Connection;
let there: Connection;
let folder: string;
let keys: LocalKeys;
let tenant: string;
let count = 0;

beforeAll(async () => {
  server = await startPostgres();
  here = await connect(server);
  await here.exec("CREATE DATABASE there");
  there = await connect({ ...server, database: "there" });
  const stored = { model: library, sealed: librarySealed };
  const options = { schema: "lending", login: true };
  const statements = [...databaseDdl(stored, options), ...securityDdl(stored, options), ...keyRegistryDdl()];
  for (const connection of [here, there])
    await connection.exec(["begin", ...statements, "commit"].join(";\n"));
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  keys = localKeys(join(folder, "keys.json"));
});
afterAll(async () => {
  await here.close();
  await there.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = `tenant ${(count += 1)}`;
  await make(here);
});

async function within<T>(
  connection: Connection,
  run: (session: ReturnType<typeof sessionOf>) => Promise<T>,
): Promise<T> {
  await connection.exec("begin");
  try {
    const result = await run(sessionOf(connection));
    await connection.exec("commit");
    return result;
  } catch (error) {
    await connection.exec("rollback");
    throw error;
  }
}
const make = async (at: Connection): Promise<void> => {
  const made = await newFirstKeys(databaseOf(at), keys, tenant);
  await within(at, (session) => storeFirstKeys(session, tenant, made));
};
const carry = async (from: Connection, to: Connection): Promise<void> => {
  const carried = await readKeys(sessionOf(from), tenant);
  await within(to, (session) => carryKeys(session, tenant, carried));
};
const sealersOf = (connection: Connection) => operatorSealers(sessionOf(connection), keys, tenant);
const states = async (connection: Connection) =>
  (await registryRows(sessionOf(connection), tenant))
    .filter(({ purpose }) => purpose === "seal")
    .map(({ version, state }) => `${version} ${state}`);

describe("a registry that is carried", () => {
  it("opens at the new place what was sealed at the old one, goes on there, and comes back", async () => {
    const hex = (await sealersOf(here)).cells.seal(cell, "a remark");
    await carry(here, there);
    await carry(here, there);
    expect((await sealersOf(there)).cells.open(cell, hex)).toBe("a remark");
    await within(there, (session) => addVersion(session, keys, tenant, "seal", 0));
    await within(there, (session) => retireBelow(session, tenant, "seal", 2, 0));
    await carry(there, here);
    expect(await states(here)).toEqual(["1 retired", "2 current"]);
    expect(await readKeys(sessionOf(here), tenant)).toEqual(await readKeys(sessionOf(there), tenant));
  });

  it("of an older moment takes nothing back", async () => {
    const old = await readKeys(sessionOf(here), tenant);
    await within(here, (session) => addVersion(session, keys, tenant, "seal", 0));
    await within(here, (session) => setTenantKeyState(session, tenant, "disabled"));
    const before = await readKeys(sessionOf(here), tenant);
    await within(here, (session) => carryKeys(session, tenant, old));
    expect(await readKeys(sessionOf(here), tenant)).toEqual(before);
  });

  it("does not take the place of another key with the same number", async () => {
    await make(there);
    await expect(carry(here, there)).rejects.toThrow(code("placement/keys-forked"));
  });

  vector("V106: keys that were destroyed do not come back with an older registry", async () => {
    const old = await readKeys(sessionOf(here), tenant);
    const hex = (await sealersOf(here)).cells.seal(cell, "a remark");
    await within(here, (session) => setTenantKeyState(session, tenant, "destroyed"));
    await within(here, (session) => carryKeys(session, tenant, old));
    expect(await states(here)).toEqual(["1 destroyed"]);
    expect(await tenantKeyState(sessionOf(here), tenant)).toBe("destroyed");
    // Nor where the one place knows of it and the other does not.
    await within(there, (session) => carryKeys(session, tenant, old));
    await carry(here, there);
    expect(await states(there)).toEqual(["1 destroyed"]);
    const { cells } = await sealersOf(there);
    expect(() => cells.open(cell, hex)).toThrow(code("destroyed"));
  });

  vector("V106: a backup of the whole database brings the registry back and no key", async () => {
    const { cells, audit } = await sealersOf(here);
    const [hex, entry] = [cells.seal(cell, "a remark"), audit.seal("1", "who")];
    // The backup: the same rows in a database that never heard of what came after.
    await carry(here, there);
    await within(here, (session) => setTenantKeyState(session, tenant, "destroyed"));
    await keys.destroy(tenant, "data");
    expect(await states(there)).toEqual(["1 current"]);
    const restored = await sealersOf(there);
    expect(() => restored.cells.open(cell, hex)).toThrow(code("keys/destroyed"));
    expect(() => restored.cells.seal(cell, "a")).toThrow(code("keys/destroyed"));
    // The audit's own key is another part.
    expect(restored.audit.open("1", entry)).toBe("who");
    await expect(keys.create(tenant)).rejects.toThrow(code("keys/destroyed"));
    await expect(within(there, (session) => addVersion(session, keys, tenant, "seal"))).rejects.toThrow(
      code("keys/destroyed"),
    );
  });
});
