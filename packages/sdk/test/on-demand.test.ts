/** Bundles that are opened when their tenant is first asked for: what is shared, what one tenant's bad bundle does, and what a reload does to the rest. */
import { mapSource, paths, type RepositorySource } from "@wardline/backends";
import type { Database } from "@wardline/isolation";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { seenInMemory, Wardline, type OpenOptions, type PolicyAlarm } from "../src/index.ts";
import { createSchema, createTenantKeys } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { keysOfFile, programOf } from "./library-bundles.ts";
import { day, present, second, Town } from "./signed-town.ts";

const coded = (code: string) => expect.objectContaining({ code });
const ada = { type: "Member", id: "ada", roles: ["reader"], attributes: { level: 1 } };
const tenants = ["north", "south", "west"];

let town: Town;
let time: Date;
let alarms: PolicyAlarm[];
let seen: ReturnType<typeof seenInMemory>;
let database: Database;
/** Paths of bundles, in the order in which they were read. */
let read: string[];
/** Paths of documents. */
let documents: string[];
/** Stands before each bundle that is read. */
let gate: (path: string) => Promise<void>;
const keys = keysOfFile();
const opened: Wardline[] = [];

beforeAll(async () => {
  database = pglite();
  await createSchema(database, [programOf("north")]);
  for (const tenant of tenants) await createTenantKeys({ database, keys }, tenant);
});

afterAll(() => database.close());

beforeEach(async () => {
  town = await Town.make();
  time = present;
  alarms = [];
  read = [];
  documents = [];
  gate = async () => undefined;
  seen = seenInMemory();
  await town.publish(tenants.map((tenant) => ({ tenant, revision: 1 })));
});

afterEach(async () => {
  for (const wardline of opened.splice(0)) await wardline.close();
});

async function open(
  policies: Partial<OpenOptions["policies"]> = {},
  change: Partial<OpenOptions> = {},
): Promise<Wardline> {
  const files = mapSource(town.files);
  const source: RepositorySource = {
    read: async (path, most) => {
      if (path.startsWith("bundles/")) {
        read.push(path);
        await gate(path);
      } else documents.push(path);
      return files.read(path, most);
    },
  };
  const wardline = await Wardline.open({
    bundles: source,
    trust: { root: town.root, seen },
    policies: { load: "on-demand", ...policies },
    database,
    keys,
    clock: () => time,
    onAlarm: (alarm) => alarms.push(alarm),
    ...change,
  });
  opened.push(wardline);
  return wardline;
}

const list = (wardline: Wardline, tenant: string): Promise<unknown> =>
  wardline.tenant(tenant, { lends: true }).as(ada).db.selectFrom("books").select("id").execute();

const ask = (wardline: Wardline, tenant: string): Promise<unknown> =>
  wardline.tenant(tenant, { lends: true }).as(ada).decide("read", { type: "Book", id: "1" });

test("only the documents, and one bundle for its model, are read at the start; each other one when it is asked for, and once", async () => {
  const wardline = await open();
  expect(wardline.tenants).toEqual(tenants);
  expect(read).toEqual([paths.bundle("north", 1)]);
  await Promise.all([list(wardline, "south"), list(wardline, "south"), ask(wardline, "south")]);
  await list(wardline, "north");
  expect(read).toEqual([paths.bundle("north", 1), paths.bundle("south", 1)]);
  expect(() => wardline.tenant("east")).toThrow(coded("bundle/unknown-tenant"));
  await expect(wardline.load("east")).rejects.toEqual(coded("bundle/unknown-tenant"));
  expect(alarms).toEqual([]);
});

test("a bundle that is bad denies its tenant alone, whatever is asked, until it is mended", async () => {
  const path = paths.bundle("south", 1);
  const good = town.files.get(path) as Uint8Array;
  town.files.set(path, good.with(good.length >> 1, (good[good.length >> 1] as number) ^ 1));
  const wardline = await open();
  const session = wardline.tenant("south", { lends: true }).as(ada);
  const denied = coded("handle/no-policy");
  await expect(session.db.selectFrom("books").select("id").execute()).rejects.toEqual(denied);
  await expect(session.db.deleteFrom("books").execute()).rejects.toEqual(denied);
  await expect(session.db.transaction().execute(async () => undefined)).rejects.toEqual(denied);
  await expect(session.decide("read", { type: "Book", id: "1" })).rejects.toEqual(denied);
  await expect(session.filter("read", "Book")).rejects.toEqual(denied);
  await expect(wardline.load("south")).rejects.toEqual(coded("trust/mixed-snapshot"));
  expect(alarms).toMatchObject([{ code: "trust/mixed-snapshot", tenant: "south" }]);
  // Whoever keeps asking does not have it read each time: twice by the first, which looked for a newer moment between.
  expect(read.filter((file) => file === path).length).toBeLessThanOrEqual(2);
  expect(await list(wardline, "west")).toEqual([]);

  town.files.set(path, good);
  await wardline.reload();
  expect(await session.db.selectFrom("books").select("id").execute()).toEqual([]);
});

test("the least recently used go, and are loaded again; what has begun goes on with what it has", async () => {
  const wardline = await open({ mostLoaded: 2 });
  const { db } = wardline.tenant("north", { lends: true }).as(ada);
  await db.transaction().execute(async (trx) => {
    await trx.selectFrom("books").select("id").execute();
    await wardline.load("south");
    await wardline.load("west");
    expect(read).toHaveLength(3);
    // Gone, and still in use.
    expect(await trx.selectFrom("books").select("id").execute()).toEqual([]);
    expect(read).toHaveLength(3);
  });
  await list(wardline, "south");
  expect(read).toHaveLength(3);
  await db.selectFrom("books").select("id").execute();
  expect(read.slice(3)).toEqual([paths.bundle("north", 1)]);
  await list(wardline, "south");
  await list(wardline, "west");
  expect(read.slice(4)).toEqual([paths.bundle("west", 1)]);
});

test("a bound in bytes holds too, and no policy is too large to be kept alone", async () => {
  const wardline = await open({ mostBytes: 1 });
  await list(wardline, "south");
  await list(wardline, "south");
  await list(wardline, "north");
  expect(read).toEqual(["north", "south", "north"].map((tenant) => paths.bundle(tenant, 1)));
});

test("of a storm of first requests only so many are loaded at once", async () => {
  const wardline = await open({ loadsAtOnce: 1 });
  let under = 0;
  let most = 0;
  gate = async () => {
    most = Math.max(most, (under += 1));
    await new Promise((resolve) => setImmediate(resolve));
    under -= 1;
  };
  await Promise.all(["south", "west"].map((tenant) => wardline.load(tenant)));
  expect(read).toHaveLength(3);
  expect(most).toBe(1);
});

test("a reload opens what is at hand and has changed; the rest is of the new moment when it is asked for", async () => {
  const wardline = await open();
  await list(wardline, "south");
  await town.publish(tenants.map((tenant) => ({ tenant, revision: 2 })));
  expect(await wardline.reload()).toEqual({ loaded: tenants });
  expect(read.slice(2)).toEqual(["north", "south"].map((tenant) => paths.bundle(tenant, 2)));
  await list(wardline, "west");
  expect(read.slice(4)).toEqual([paths.bundle("west", 2)]);
  await wardline.reload();
  expect(read).toHaveLength(5);
});

test("a reload reads no document again that is the same, and holds it to its time all the same", async () => {
  const wardline = await open();
  documents = [];
  await wardline.reload();
  expect(documents).toEqual([paths.root(2), paths.timestamp]);
  await town.publish([{ tenant: "south", revision: 2 }], second, { release: undefined as never });
  documents = [];
  await wardline.reload();
  expect(documents).toEqual([paths.root(2), paths.timestamp, paths.snapshot(2)]);
  // The snapshot ends after thirty days, and this timestamp is younger.
  await town.publish([], second + 31 * day, { snapshot: undefined as never });
  time = new Date(present.getTime() + 31 * day * 1000);
  documents = [];
  expect(await wardline.reload()).toMatchObject({ refused: { code: "trust/expired" } });
  expect(documents).toEqual([paths.root(2), paths.timestamp]);
});

test("at a reload one bad bundle denies its tenant alone, and a source that does not answer changes nothing", async () => {
  const wardline = await open();
  await list(wardline, "south");
  const before = new Map(town.files);
  await town.publish(tenants.map((tenant) => ({ tenant, revision: 2 })));
  const after = new Map(town.files);
  gate = (path) =>
    path === paths.bundle("south", 2) ? Promise.reject(new Error("no route")) : Promise.resolve();
  expect(await wardline.reload()).toMatchObject({ refused: { code: "bundle/unreachable" } });
  expect(alarms).toMatchObject([{ code: "bundle/unreachable", tenant: null }]);
  expect(await list(wardline, "south")).toEqual([]);

  gate = async () => undefined;
  town.files.set(paths.bundle("south", 2), before.get(paths.bundle("south", 1)) as Uint8Array);
  expect(await wardline.reload()).toEqual({ loaded: tenants });
  expect(alarms.slice(1)).toMatchObject([{ code: "trust/mixed-snapshot", tenant: "south" }]);
  await expect(list(wardline, "south")).rejects.toEqual(coded("handle/no-policy"));
  expect(await list(wardline, "north")).toEqual([]);

  town.write(after);
  await wardline.reload();
  expect(await list(wardline, "south")).toEqual([]);
});

test("a tenant that is loaded later is of the moment that is in force, never of an older one", async () => {
  const wardline = await open();
  // It has gone on, and what this process knows is not there any more.
  await town.publish(tenants.map((tenant) => ({ tenant, revision: 2 })));
  town.files.delete(paths.bundle("south", 1));
  expect(await list(wardline, "south")).toEqual([]);
  expect(read.slice(1)).toEqual([
    paths.bundle("south", 1),
    paths.bundle("north", 2),
    paths.bundle("south", 2),
  ]);

  // A moment that comes while a bundle is read.
  gate = async (path) => {
    if (path !== paths.bundle("west", 2)) return;
    await town.publish(tenants.map((tenant) => ({ tenant, revision: 3 })));
    await wardline.reload();
  };
  expect(await list(wardline, "west")).toEqual([]);
  expect(read.at(-1)).toBe(paths.bundle("west", 3));
  expect((await seen.read()).get("bundle:west")?.version).toBe(3);
  expect(alarms).toEqual([]);
});

test("a revision binds once its bundle was believed, and not before", async () => {
  const wardline = await open();
  const state = async (tenant: string) => (await seen.read()).get(`bundle:${tenant}`)?.version;
  expect([await state("north"), await state("south")]).toEqual([1, undefined]);
  await list(wardline, "south");
  expect(await state("south")).toBe(1);
  // Another process has seen more of it than this moment names.
  await seen.raise(new Map([["bundle:west", { version: 9, sha256: "ab".repeat(32) }]]));
  await expect(wardline.load("west")).rejects.toEqual(coded("trust/lower-version"));
  await expect(list(wardline, "west")).rejects.toEqual(coded("handle/no-policy"));
  expect(await wardline.reload()).toMatchObject({ refused: { code: "bundle/lower-revision" } });
});

test("a tenant's bundle ends by its own time, and its withdrawal ends it at once", async () => {
  await town.publish([
    { tenant: "south", revision: 2, lifetime: { expires: second + 60 } },
    { tenant: "west", revision: 2, lifetime: { maxStaleness: 30 } },
  ]);
  const wardline = await open({ mostLoaded: 1 });
  const south = wardline.tenant("south", { lends: true }).as(ada);
  await list(wardline, "south");
  await list(wardline, "west");
  time = new Date(present.getTime() + 60_000);
  // South was let go of meanwhile, and is denied all the same.
  expect(() => wardline.tenant("south")).toThrow(coded("bundle/expired"));
  expect(() => wardline.tenant("west")).toThrow(coded("bundle/expired"));
  await expect(south.db.selectFrom("books").select("id").execute()).rejects.toEqual(
    coded("handle/no-policy"),
  );
  await expect(wardline.load("south")).rejects.toEqual(coded("bundle/expired"));
  expect(await list(wardline, "north")).toEqual([]);

  const north = wardline.tenant("north", { lends: true }).as(ada);
  await town.publish([], second + 60, { withdrawn: new Set(["north"]) });
  await wardline.reload();
  await expect(north.db.selectFrom("books").select("id").execute()).rejects.toEqual(
    coded("handle/no-policy"),
  );
  expect(() => wardline.tenant("north")).toThrow(coded("bundle/unknown-tenant"));
  expect(await list(wardline, "west")).toEqual([]);
  time = new Date(present.getTime() + 20 * day * 1000);
  expect(() => wardline.tenant("west")).toThrow(coded("bundle/expired"));
});

test("a bundle that seals what the tables do not have denies its tenant alone; another model refuses all", async () => {
  const program = programOf("south");
  const tables = program.tables.map((table) => ({ ...table, duties: [] }));
  await town.publish([{ tenant: "south", revision: 2, program: { ...program, sealed: [], tables } }]);
  const wardline = await open();
  await expect(wardline.load("south")).rejects.toEqual(coded("bundle/mixed-models"));
  expect(await list(wardline, "north")).toEqual([]);
  const roles = [...program.model.roles, { name: "guest", extends: [], platform: false }];
  const changed = { ...program, model: { ...program.model, roles } };
  await town.publish([{ tenant: "south", revision: 3, program: changed }]);
  expect(await wardline.reload()).toMatchObject({ refused: { code: "bundle/mixed-models" } });
  expect(await list(wardline, "west")).toEqual([]);
});

test("features are off, and a session is not used, before the settings are known; what was let go of keeps them", async () => {
  const settings = { features: { lending: false }, session: { idle: 60_000_000 } };
  const program = (tenant: string) => ({ ...programOf(tenant), settings });
  await town.publish([{ tenant: "south", revision: 2, program: program("south") }]);
  const wardline = await open({ mostLoaded: 1 });
  const south = wardline.tenant("south", { lends: true });
  expect([south.feature("lending"), south.feature("reading")]).toEqual([false, false]);
  const session = south.as(ada, {}, { begunAt: present, usedAt: present });
  expect(() => session.touch()).toThrow(coded("handle/no-policy"));
  await wardline.load("south");
  await wardline.load("north");
  expect([south.feature("lending"), south.feature("reading")]).toEqual([false, true]);
  session.touch();
  time = new Date(present.getTime() + 60_000);
  expect(() => session.touch()).toThrow(coded("session/idle"));
  // A transaction whose policy is let go of meanwhile is held to its bounds.
  time = present;
  await session.db
    .transaction()
    .execute(async (trx) => {
      await trx.selectFrom("books").select("id").execute();
      await town.publish([{ tenant: "south", revision: 3, program: program("south") }]);
      await wardline.load("north");
      await wardline.reload();
      time = new Date(present.getTime() + 60_000);
      await expect(trx.selectFrom("books").select("id").execute()).rejects.toEqual(coded("session/idle"));
    })
    .catch((error: unknown) => expect(error).toEqual(coded("session/idle")));
});

test.each([{ load: "later" }, { mostLoaded: 0 }, { mostBytes: 1.5 }, { loadsAtOnce: -1 }])(
  "no option is %j",
  async (policies) => {
    await expect(open(policies as never)).rejects.toThrow(TypeError);
  },
);
