/** A trusted root: what is opened with one, what is not, and what happens to an application when a repository goes bad. */
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "@wardline/backends";
import type { GrantEntry, Program } from "@wardline/core";
import { type Database } from "@wardline/isolation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seenInMemory, Wardline, type OpenOptions, type PolicyAlarm, type Session } from "../src/index.ts";
import { createSchema, loadRows, readBundles, createTenantKeys } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { bundleFolder, programOf, temporaryFolder, keysOfFile } from "./library-bundles.ts";
import { day, present, second, Town } from "./signed-town.ts";

const coded = (code: string) => expect.objectContaining({ code });
const member = {
  type: "Member",
  id: "m1",
  roles: ["reader"],
  attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
};
const ada = { type: "Member", id: "ada", roles: ["reader"], attributes: { level: 1 } };

let town: Town;
let alarms: PolicyAlarm[];
let time: Date;
let database: Database;
const keys = keysOfFile();
const opened: Wardline[] = [];

beforeAll(async () => {
  database = pglite();
  await createSchema(database, [programOf("north")]);
  for (const tenant of ["north", "south"]) await createTenantKeys({ database, keys }, tenant);
});

afterAll(() => database.close());

beforeEach(async () => {
  town = await Town.make();
  alarms = [];
  time = present;
});

afterEach(async () => {
  for (const wardline of opened.splice(0)) await wardline.close();
});

function bound(session: Session) {
  const { db } = session;
  return { db, decide: (id: string) => session.decide("read", { type: "Book", id }) };
}

/** Seconds after the present of the tests. */
const later = (seconds: number): void => {
  time = new Date(present.getTime() + seconds * 1000);
};

async function open(change: Partial<OpenOptions> = {}): Promise<Wardline> {
  const options: OpenOptions = {
    bundles: town.folder,
    trust: { root: town.root, seen: seenInMemory() },
    database,
    keys,
    clock: () => time,
    watch: false,
    onAlarm: (alarm) => alarms.push(alarm),
    ...change,
  };
  const wardline = await Wardline.open(options);
  opened.push(wardline);
  return wardline;
}

describe("with a trusted root", () => {
  test("a repository opens, from the root's bytes or from its file", async () => {
    await town.publish([
      { tenant: "north", revision: 7 },
      { tenant: "south", revision: 2 },
    ]);
    expect((await open()).tenants.toSorted()).toEqual(["north", "south"]);
    const file = join(temporaryFolder(), "root.json");
    writeFileSync(file, town.root);
    expect((await open({ trust: { root: file, seen: seenInMemory() } })).tenants).toHaveLength(2);
    const read = await readBundles(town.folder, { trust: { root: town.root }, clock: () => time });
    expect(read.get("north")).toMatchObject({ revision: "7", until: second + 10 * day });
  });

  test.each<[string, string, () => Partial<OpenOptions> | Promise<Partial<OpenOptions>>]>([
    [
      "a folder of unsigned bundles",
      "bundle/unsigned",
      async () => ({ bundles: await bundleFolder(["north"]) }),
    ],
    ["a folder that is not there", "bundle/no-folder", () => ({ bundles: join(temporaryFolder(), "x") })],
    [
      "a root that is not there",
      "trust/missing-document",
      () => ({ trust: { root: join(temporaryFolder(), "x") } }),
    ],
    [
      "another root",
      "trust/unknown-key",
      async () => ({ trust: { root: (await Town.make()).root, seen: seenInMemory() } }),
    ],
    [
      "a root that is none",
      "trust/bad-document",
      () => ({ trust: { root: new Uint8Array(4), seen: seenInMemory() } }),
    ],
    [
      "a repository that nobody answers for",
      "bundle/unreachable",
      () => ({ bundles: { read: () => Promise.reject(new Error("no route")) } }),
    ],
    [
      "a memory that is not there",
      "bundle/no-memory",
      () => ({ trust: { root: town.root }, database: pglite() }),
    ],
    ["no word of trust at all", "bundle/unsigned", () => ({ trust: undefined as never })],
    [
      "a root that only a prototype has",
      "bundle/unsigned",
      () => ({ trust: Object.create({ root: town.root }) as never }),
    ],
  ])("%s is refused: %s", async (_, code, change) => {
    await town.publish([{ tenant: "north", revision: 7 }]);
    await expect(open(await change())).rejects.toMatchObject({ name: "BundleRejected", code });
  });

  test("a file of the repository that is a link is refused", async () => {
    await town.publish([{ tenant: "north", revision: 7 }]);
    const path = join(town.folder, paths.timestamp);
    const elsewhere = join(temporaryFolder(), "timestamp.json");
    writeFileSync(elsewhere, town.files.get(paths.timestamp) as Uint8Array);
    rmSync(path);
    symlinkSync(elsewhere, path);
    await expect(open()).rejects.toEqual(coded("bundle/unreadable-file"));
  });

  test("a repository without bundles is refused", async () => {
    await town.publish([{ tenant: "north", revision: 7 }]);
    await town.publish([], second, { withdrawn: new Set(["north"]) });
    await expect(open()).rejects.toEqual(coded("bundle/empty-folder"));
  });

  test("the highest versions are kept in the database, so that a fresh process cannot be rolled back", async () => {
    const trust = { root: town.root };
    await town.publish([{ tenant: "north", revision: 7 }]);
    const old = new Map(town.files);
    await town.publish([{ tenant: "north", revision: 8 }]);
    await open({ trust });
    town.write(old);
    await expect(open({ trust })).rejects.toEqual(coded("trust/lower-version"));
    await town.publish([{ tenant: "north", revision: 9 }], second + 1);
    await town.publish([{ tenant: "north", revision: 7 }], second + 1);
    later(1);
    await expect(open({ trust })).rejects.toEqual(coded("bundle/lower-revision"));
  });
});

describe("a reload", () => {
  test("puts the new policies in force for handles that are in use", async () => {
    const program = programOf("north");
    const [readers, ...others] = program.tables;
    const granting = (...grants: readonly GrantEntry[]): Program => {
      const [pass] = readers?.passes ?? [];
      if (readers === undefined || pass === undefined) return expect.fail();
      const passes = [{ ...pass, forbids: [], requires: [], grants }];
      return { ...program, tables: [{ ...readers, passes, slots: [0, 1, 2, 3, 4, 5] }, ...others] };
    };
    const load = { database, program, keys };
    const [branch, book] = ["00000000-0000-4000-8000-00000000000b", "00000000-0000-4000-8000-000000000001"];
    await loadRows(load, "Branch", [{ id: branch, attributes: {} }]);
    const attributes = { title: "saga", code: "x", price: "9.50", branch, shelf: "open", tags: [] };
    await loadRows(load, "Book", [{ id: book, attributes }]);
    const all = granting({ rule: 0, when: 0, effects: [] });
    await town.publish([{ tenant: "north", revision: 107, program: all }]);
    const wardline = await open();
    const { db, decide } = bound(wardline.tenant("north", { lends: true }).as(member));
    const titles = async () =>
      (await db.selectFrom("books").select("title").execute()).map(({ title }) => title);
    expect(await titles()).toEqual(["saga"]);
    expect((await decide(book)).outcome).toBe("permit");

    const none = granting();
    const before = await db.transaction().execute(async (trx) => {
      await town.publish([
        { tenant: "north", revision: 108, program: none },
        { tenant: "south", revision: 1 },
      ]);
      expect(await wardline.reload()).toEqual({ loaded: ["north", "south"] });
      // A transaction that has begun goes on with the policy that it began with.
      return (await trx.selectFrom("books").select("title").execute()).length;
    });
    expect(before).toBe(1);
    expect(wardline.tenants).toEqual(["north", "south"]);
    expect(await titles()).toEqual([]);
    expect((await decide(book)).outcome).toBe("deny");
    expect(alarms).toEqual([]);
  });

  test("that is refused leaves the last good policies in force until their own time is over; then everything is denied", async () => {
    await town.publish([{ tenant: "north", revision: 107 }]);
    const wardline = await open();
    const handle = wardline.tenant("north", { lends: true }).as(ada);
    const list = () => handle.db.selectFrom("books").selectAll().execute();
    expect(await list()).toEqual([]);

    writeFileSync(join(town.folder, paths.timestamp), "{}\n");
    const reloaded = await wardline.reload();
    expect("refused" in reloaded && reloaded.refused.code).toBe("trust/bad-document");
    expect(alarms).toMatchObject([{ code: "trust/bad-document", tenant: null }]);
    expect(alarms[0]?.inForceUntil).toEqual(new Date((second + 10 * day) * 1000));
    expect(await list()).toEqual([]);

    later(10 * day - 1);
    expect(await list()).toEqual([]);
    later(10 * day);
    await expect(list()).rejects.toEqual(coded("handle/no-policy"));
    await expect(list()).rejects.toEqual(coded("handle/no-policy"));
    await expect(handle.decide("read", { type: "Book", id: "1" })).rejects.toEqual(coded("handle/no-policy"));
    await expect(handle.db.deleteFrom("books").execute()).rejects.toEqual(coded("handle/no-policy"));
    expect(() => wardline.tenant("north")).toThrow(coded("bundle/expired"));
    expect(alarms.slice(1)).toMatchObject([{ code: "bundle/expired", tenant: "north" }]);

    // A good repository ends it.
    await town.publish([{ tenant: "north", revision: 108 }], second + 10 * day);
    expect(await wardline.reload()).toEqual({ loaded: ["north"] });
    expect(await list()).toEqual([]);
  });

  test("is refused for a lower revision, an expired timestamp, another model and other sealed fields", async () => {
    await town.publish([{ tenant: "north", revision: 107 }]);
    const wardline = await open();
    const refused = async () => {
      const reloaded = await wardline.reload();
      return "refused" in reloaded ? reloaded.refused.code : "loaded";
    };
    later(600);
    expect(await refused()).toBe("trust/expired");
    later(0);
    await town.publish([{ tenant: "north", revision: 6 }]);
    expect(await refused()).toBe("bundle/lower-revision");
    const program = programOf("north");
    const tables = program.tables.map((table) => ({ ...table, duties: [] }));
    const unsealed = { ...program, sealed: [], tables };
    await town.publish([{ tenant: "north", revision: 108, program: unsealed }]);
    expect(await refused()).toBe("bundle/mixed-models");
    const roles = [...program.model.roles, { name: "guest", extends: [], platform: false }];
    await town.publish([
      { tenant: "north", revision: 109, program: { ...program, model: { ...program.model, roles } } },
    ]);
    expect(await refused()).toBe("bundle/mixed-models");
    expect(alarms).toHaveLength(4);
    expect(wardline.tenant("north")).toBeDefined();
  });

  test("is refused where any tenant seals other fields than the tables were made for", async () => {
    await town.publish([
      { tenant: "north", revision: 107 },
      { tenant: "south", revision: 107 },
    ]);
    const wardline = await open();
    const program = programOf("south");
    const tables = program.tables.map((table) => ({ ...table, duties: [] }));
    await town.publish([{ tenant: "south", revision: 108, program: { ...program, sealed: [], tables } }]);
    expect(await wardline.reload()).toMatchObject({ refused: { code: "bundle/mixed-models" } });
    await town.publish([{ tenant: "south", revision: 109 }]);
    expect(await wardline.reload()).toEqual({ loaded: ["north", "south"] });
  });

  test("ends what a tenant may that was withdrawn", async () => {
    await town.publish([
      { tenant: "north", revision: 107 },
      { tenant: "south", revision: 107 },
    ]);
    const wardline = await open();
    const handle = wardline.tenant("south", { lends: true }).as(ada);
    await town.publish([], second, { withdrawn: new Set(["south"]) });
    await wardline.reload();
    await expect(handle.db.selectFrom("books").selectAll().execute()).rejects.toEqual(
      coded("handle/no-policy"),
    );
    expect(() => wardline.tenant("south")).toThrow(coded("bundle/unknown-tenant"));
  });

  test("holds a bundle to the staleness that it allows", async () => {
    await town.publish([{ tenant: "north", revision: 107, lifetime: { maxStaleness: 3600 } }]);
    const wardline = await open();
    later(3599);
    expect(() => wardline.tenant("north")).not.toThrow();
    later(3600);
    expect(() => wardline.tenant("north")).toThrow(coded("bundle/expired"));
    // A newer timestamp alone makes it fresh again.
    await town.publish([], second + 3600);
    expect(await wardline.reload()).toEqual({ loaded: ["north"] });
    expect(() => wardline.tenant("north")).not.toThrow();
  });

  test("is made on a clock, if that is asked for, until the end", async () => {
    await town.publish([{ tenant: "north", revision: 107 }]);
    const wardline = await open({ reloadEvery: 20 });
    await town.publish([{ tenant: "south", revision: 1 }]);
    await expect.poll(() => wardline.tenants).toEqual(["north", "south"]);
    town.write(new Map([[paths.timestamp, new Uint8Array()]]));
    await expect.poll(() => alarms.length).toBeGreaterThan(1);
    await wardline.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const count = alarms.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(alarms).toHaveLength(count);
  });

  test("of unsigned bundles works the same, without an end", async () => {
    const folder = await bundleFolder(["north"]);
    const wardline = await open({ bundles: folder, trust: "unsigned-development" });
    writeFileSync(join(folder, "north", "ir.json"), "{}");
    const reloaded = await wardline.reload();
    expect("refused" in reloaded && reloaded.refused.code).toBe("bundle/digest-mismatch");
    expect(alarms).toMatchObject([{ code: "bundle/digest-mismatch", inForceUntil: null }]);
    later(1000 * day);
    expect(() => wardline.tenant("north")).not.toThrow();
  });

  test("survives whoever is told of an alarm", async () => {
    await town.publish([{ tenant: "north", revision: 107 }]);
    const wardline = await open({
      onAlarm: () => {
        throw new Error("the pager is down");
      },
    });
    later(11 * day);
    expect("refused" in (await wardline.reload())).toBe(true);
    expect(() => wardline.tenant("north")).toThrow(coded("bundle/expired"));
  });
});
