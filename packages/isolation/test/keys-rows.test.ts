/** What an operator does to the registry, on a real server, where two of them can be at it. */
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test as vector } from "vitest";
import {
  addVersion,
  databaseDdl,
  destroyRetired,
  keyRegistryDdl,
  newFirstKeys,
  operatorSealers,
  registryRows,
  retireBelow,
  rewrapKeys,
  securityDdl,
  setTenantKeyState,
  storeFirstKeys,
  tenantKeyState,
  type KeyProvider,
  type SqlSession,
} from "../src/index.ts";
import { databaseOf, sessionOf } from "./context-server.ts";
import { faultyProvider, type FaultyProvider } from "./keys-faulty-provider.ts";
import { library, librarySealed } from "./schema-library.ts";

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const cell = { table: "books", column: "remark", row: "7" };

let server: PostgresServer;
let one: Connection;
let two: Connection;
let provider: FaultyProvider;
let tenant: string;
let count = 0;

beforeAll(async () => {
  server = await startPostgres();
  [one, two] = [await connect(server), await connect(server)];
  const stored = { model: library, sealed: librarySealed };
  const options = { schema: "lending", login: true };
  const statements = [...databaseDdl(stored, options), ...securityDdl(stored, options), ...keyRegistryDdl()];
  await one.exec(["begin", ...statements, "commit"].join(";\n"));
});
afterAll(async () => {
  await one.close();
  await two.close();
  await server.stop();
});
beforeEach(() => {
  provider = faultyProvider();
  tenant = `tenant ${(count += 1)}`;
});

async function within<T>(connection: Connection, run: (session: SqlSession) => Promise<T>): Promise<T> {
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
const make = async (on = one, by: KeyProvider = provider) => {
  const made = await newFirstKeys(databaseOf(on), by, tenant);
  return within(on, (session) => storeFirstKeys(session, tenant, made));
};
const add = (on: Connection, settle?: number) =>
  within(on, (session) => addVersion(session, provider, tenant, "seal", settle));
/** As a clock does that is an hour ahead from now on. */
async function anHourLater(): Promise<void> {
  for (const sql of [
    "alter table wardline.tenant_key disable trigger advances",
    "update wardline.tenant_key set writes_from = writes_from - interval '1 hour'",
    "alter table wardline.tenant_key enable always trigger advances",
  ])
    await one.exec(sql);
}
const states = async () =>
  (await registryRows(sessionOf(one), tenant))
    .filter(({ purpose }) => purpose === "seal")
    .map(({ version, state }) => `${version} ${state}`);

describe("the keys of a tenant", () => {
  it("are made once for each purpose, and sealed under at once", async () => {
    expect((await make()).map(({ purpose }) => purpose)).toEqual(["seal", "index", "mask", "audit"]);
    expect(await make()).toEqual([]);
    const { cells, audit } = await operatorSealers(sessionOf(one), provider, tenant);
    expect(cells.open(cell, cells.seal(cell, "a"))).toBe("a");
    expect(audit.open("1", audit.seal("1", "a"))).toBe("a");
  });

  it("stay those that another stored meanwhile", async () => {
    const [mine, theirs] = [
      await newFirstKeys(databaseOf(one), provider, tenant),
      await newFirstKeys(databaseOf(two), provider, tenant),
    ];
    expect(await within(one, (session) => storeFirstKeys(session, tenant, mine))).toHaveLength(4);
    const kept = await registryRows(sessionOf(one), tenant);
    expect(await within(two, (session) => storeFirstKeys(session, tenant, theirs))).toEqual([]);
    expect(await registryRows(sessionOf(one), tenant)).toEqual(kept);
    // Keys that were made for another tenant are stored for nobody.
    expect(await within(two, (session) => storeFirstKeys(session, `${tenant} b`, theirs))).toEqual([]);
  });

  it("made by two at a time are one", async () => {
    const both = await Promise.all([make(), make(two)]);
    expect(both.map((made) => made.length).toSorted((a, b) => a - b)).toEqual([0, 4]);
  });

  it("are not made where the provider fails, none of them", async () => {
    const broken: KeyProvider = {
      ...provider,
      generate: async (context) => {
        if (context.purpose === "mask") throw new Error("out of reach");
        return provider.generate(context);
      },
    };
    await expect(make(one, broken)).rejects.toThrow("reach");
    expect(await registryRows(sessionOf(one), tenant)).toEqual([]);
  });

  it("get a next version, which opens at once and is sealed under when its time has come", async () => {
    await make();
    const before = (await operatorSealers(sessionOf(one), provider, tenant)).cells.seal(cell, "a");
    expect(await add(one, 60_000)).toBe(2);
    expect(await states()).toEqual(["1 readable", "2 current"]);
    const early = (await operatorSealers(sessionOf(one), provider, tenant)).cells;
    expect(early.seal(cell, "a").slice(8, 16)).toBe("00000001");
    await expect(add(two)).rejects.toThrow(code("keys/not-settled"));
    await anHourLater();
    const late = (await operatorSealers(sessionOf(one), provider, tenant)).cells;
    const after = late.seal(cell, "b");
    expect(after.slice(8, 16)).toBe("00000002");
    expect([late.open(cell, before), late.open(cell, after), early.open(cell, after)]).toEqual([
      "a",
      "b",
      "b",
    ]);
    expect(await add(two)).toBe(3);
  });

  it("come in the order of their numbers, and the newest seals, however many they are", async () => {
    await make();
    for (let version = 2; version <= 11; version += 1) expect(await add(one, 0)).toBe(version);
    expect(await states()).toEqual([
      ...Array.from({ length: 10 }, (_, at) => `${at + 1} readable`),
      "11 current",
    ]);
    // The newest is not sealed under yet: the one before it is, whatever its digits.
    expect(await add(one, 60_000)).toBe(12);
    const { cells } = await operatorSealers(sessionOf(one), provider, tenant);
    expect(cells.seal(cell, "a").slice(8, 16)).toBe("0000000b");
  });

  it("get one next version where two ask for one at the same time", async () => {
    await make();
    const both = await Promise.allSettled([add(one), add(two)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await states()).toEqual(["1 readable", "2 current"]);
  });

  it("get none where there is none, and where the provider fails", async () => {
    await expect(add(one)).rejects.toThrow(code("keys/no-keys"));
    await make();
    provider.generate = async () => {
      throw new Error("out of reach");
    };
    await expect(add(one)).rejects.toThrow("reach");
    expect(await states()).toEqual(["1 current"]);
  });

  vector("V73: are retired below a version once nobody seals under them, and then open nothing", async () => {
    await make();
    const hex = (await operatorSealers(sessionOf(one), provider, tenant)).cells.seal(cell, "a");
    await add(one, 0);
    const retire = (version: number, settle?: number) =>
      within(two, (session) => retireBelow(session, tenant, "seal", version, settle));
    await expect(retire(2)).rejects.toThrow(code("keys/not-settled"));
    await expect(retire(3, 0)).rejects.toThrow(code("keys/no-keys"));
    expect(await retire(1)).toEqual([]);
    expect(await retire(2, 0)).toEqual([1]);
    expect(await retire(2, 0)).toEqual([]);
    const { cells } = await operatorSealers(sessionOf(one), provider, tenant);
    expect(() => cells.open(cell, hex)).toThrow(code("wrong_key_version"));
    await expect(retire(1, 0)).rejects.toThrow(code("keys/no-keys"));
    expect(await within(one, (session) => destroyRetired(session, tenant, "seal"))).toEqual([1]);
    expect(await states()).toEqual(["1 destroyed", "2 current"]);
    const after = (await operatorSealers(sessionOf(one), provider, tenant)).cells;
    expect(() => after.open(cell, hex)).toThrow(code("destroyed"));
  });

  it("are disabled, enabled, and destroyed for good", async () => {
    await make();
    const set = (state: Parameters<typeof setTenantKeyState>[2]) =>
      within(one, (session) => setTenantKeyState(session, tenant, state));
    await set("disabled");
    const { cells, audit } = await operatorSealers(sessionOf(one), provider, tenant);
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/disabled"));
    expect(audit.seal("1", "a")).toMatch(/^[0-9a-f]+$/);
    await set("active");
    await set("destroyed");
    await set("destroyed");
    await expect(set("active")).rejects.toThrow(code("keys/destroyed"));
    await expect(set("disabled")).rejects.toThrow(code("keys/destroyed"));
    expect(await tenantKeyState(sessionOf(one), tenant)).toBe("destroyed");
    expect(await states()).toEqual(["1 destroyed"]);
    await expect(add(one)).rejects.toThrow(code("keys/no-keys"));
    expect(await make()).toEqual([]);
  });

  it("are wrapped anew and stay the same keys", async () => {
    await make();
    const { cells } = await operatorSealers(sessionOf(one), provider, tenant);
    const hex = cells.seal(cell, "a");
    const before = await registryRows(sessionOf(one), tenant);
    expect(await rewrapKeys(databaseOf(one), provider, tenant)).toBe(4);
    const after = await registryRows(sessionOf(one), tenant);
    expect(after.map(({ wraps }) => wraps)).toEqual([2, 2, 2, 2]);
    for (const [at, row] of after.entries())
      expect(Buffer.from(row.wrapped ?? []).equals(Buffer.from(before[at]?.wrapped ?? []))).toBe(false);
    expect((await operatorSealers(sessionOf(one), provider, tenant)).cells.open(cell, hex)).toBe("a");
  });

  it("are wrapped anew while nothing is locked, and stay as somebody else left them meanwhile", async () => {
    await make();
    let mine: Promise<unknown> | null = null;
    const slow: KeyProvider = {
      ...provider,
      rewrap: async (context, wrapped) => {
        // Somebody else changes the registry, and is not held up.
        mine ??= rewrapKeys(databaseOf(two), provider, tenant);
        expect(await mine).toBe(4);
        return provider.rewrap(context, wrapped);
      },
    };
    expect(await rewrapKeys(databaseOf(one), slow, tenant)).toBe(0);
    expect((await registryRows(sessionOf(one), tenant)).map(({ wraps }) => wraps)).toEqual([2, 2, 2, 2]);
  });

  it("is not wrapped anew where the provider would give another key for it afterwards", async () => {
    await make();
    const before = await registryRows(sessionOf(one), tenant);
    const lost: KeyProvider = {
      ...provider,
      rewrap: async (context) => (await provider.generate(context)).wrapped,
    };
    await expect(rewrapKeys(databaseOf(one), lost, tenant)).rejects.toThrow(code("keys/wrong-key"));
    expect(await registryRows(sessionOf(one), tenant)).toEqual(before);
  });
});
