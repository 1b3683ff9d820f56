import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localKeys } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Wardline } from "../src/index.ts";
import { createSchema, readBundles, createTenantKeys } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { readPrincipal } from "../src/principal.ts";
import { bundleFolder, programOf, temporaryFolder, keysOfFile } from "./library-bundles.ts";

const coded = (code: string) => expect.objectContaining({ code });

const database = pglite();
const keys = keysOfFile();
beforeAll(async () => {
  await createSchema(database, ["north", "south"].map(programOf));
  await createTenantKeys({ database, keys }, "north");
});
afterAll(() => database.close());

async function open(bundles: string): Promise<Wardline> {
  return Wardline.open({ bundles, trust: "unsigned-development", database, keys });
}

const ada = { type: "Member", id: "ada", roles: ["reader"], attributes: { level: 1 } };

describe("opening", () => {
  test("reads every bundle of the folder", async () => {
    const wardline = await open(await bundleFolder(["north", "south"]));
    expect(wardline.tenants.toSorted()).toEqual(["north", "south"]);
  });

  test("an unsigned folder is refused unless it is called what it is", async () => {
    const bundles = await bundleFolder(["north"]);
    const options = { bundles, database: pglite(), keys: localKeys(join(temporaryFolder(), "keys.json")) };
    await expect(Wardline.open(options)).rejects.toEqual(coded("bundle/unsigned"));
    for (const trust of ["signed", "", true, { toString: () => "unsigned-development" }])
      await expect(Wardline.open({ ...options, trust: trust as never })).rejects.toEqual(
        coded("bundle/unsigned"),
      );
  });

  test.each<[string, string, (folder: string) => void]>([
    ["a folder that is not there", "bundle/no-folder", () => undefined],
    ["an empty folder", "bundle/empty-folder", (folder) => mkdirSync(folder)],
    [
      "a file beside the bundles",
      "bundle/extra-file",
      (folder) => {
        mkdirSync(folder);
        writeFileSync(join(folder, "notes.txt"), "");
      },
    ],
    [
      "a bundle without files",
      "bundle/missing-file",
      (folder) => mkdirSync(join(folder, "north"), { recursive: true }),
    ],
  ])("%s is refused", async (_, code, make) => {
    const folder = join(temporaryFolder(), "bundles");
    make(folder);
    await expect(open(folder)).rejects.toEqual(coded(code));
  });

  test("a folder inside a bundle is refused", async () => {
    const bundles = await bundleFolder(["north"]);
    mkdirSync(join(bundles, "north", "more"));
    await expect(open(bundles)).rejects.toEqual(coded("bundle/not-a-file"));
  });

  test.each<[string, string, (path: string) => void]>([
    ["a file beyond the size of a bundle's", "bundle/too-large", (path) => truncateSync(path, 2 ** 24 + 1)],
    ["a file beyond what can be read at once", "bundle/too-large", (path) => truncateSync(path, 2 ** 33)],
    [
      "a link to a file",
      "bundle/not-a-file",
      (path) => {
        const elsewhere = join(temporaryFolder(), "ir.json");
        renameSync(path, elsewhere);
        symlinkSync(elsewhere, path);
      },
    ],
    [
      "a named pipe",
      "bundle/not-a-file",
      (path) => {
        rmSync(path);
        execFileSync("mkfifo", [path]);
      },
    ],
  ])("%s is refused, unread", async (_, code, change) => {
    const bundles = await bundleFolder(["north"]);
    change(join(bundles, "north", "ir.json"));
    await expect(open(bundles)).rejects.toMatchObject({ name: "BundleRejected", code });
  });

  test("bundles of different models are refused together", async () => {
    const bundles = await bundleFolder(["north", "south"], (program) =>
      program.tenant === "south" ? { ...program, model: { ...program.model, name: "other" } } : program,
    );
    await expect(open(bundles)).rejects.toEqual(coded("bundle/mixed-models"));
  });
});

describe("handles", () => {
  test("a tenant without a bundle has none", async () => {
    const wardline = await open(await bundleFolder(["north", "south"]));
    expect(() => wardline.tenant("east")).toThrow(coded("bundle/unknown-tenant"));
    expect(() => wardline.tenant("__proto__")).toThrow(coded("handle/bad-tenant"));
  });

  test.each<[string, object]>([
    ["an unknown type", { ...ada, type: "Nobody" }],
    ["an entity that is no principal", { ...ada, type: "Book" }],
    ["an empty id", { ...ada, id: "" }],
    ["an id that is no text", { ...ada, id: 1 }],
    ["an id that is no well-formed text", { ...ada, id: "\ud800" }],
    ["roles that are no list", { ...ada, roles: "reader" }],
    ["a role that is no text", { ...ada, roles: [["reader"]] }],
    ["parents of a type that the session does not give", { ...ada, in: { Book: ["b"] } }],
    ["parents that are no texts", { ...ada, in: [1] }],
    ["an attribute that the model does not know", { ...ada, attributes: { levle: 1 } }],
    ["an attribute of another type", { ...ada, attributes: { level: "1" } }],
    [
      "an attribute under __proto__",
      { ...ada, attributes: JSON.parse('{"__proto__": {"level": 5}}') as object },
    ],
  ])("%s is refused", async (_, principal) => {
    const wardline = await open(await bundleFolder(["north"]));
    expect(() => wardline.tenant("north").as(principal as never)).toThrow(TypeError);
  });

  test("facts of the tenant and of the context that the model does not declare so are refused", async () => {
    const wardline = await open(await bundleFolder(["north"]));
    expect(() => wardline.tenant("north", { lend: true })).toThrow(TypeError);
    expect(() => wardline.tenant("north", { lends: "yes" })).toThrow(TypeError);
    expect(() => wardline.tenant("north").as(ada, { porpoise: "x" })).toThrow(/purpose/);
    expect(() => wardline.tenant("north").as(ada, { age: "5m" })).toThrow(TypeError);
    expect(() => wardline.tenant("north", { lends: true }).as(ada, { age: 5, purpose: null })).not.toThrow();
  });

  test("after its end, and after the end of all, a handle refuses", async () => {
    const wardline = await open(await bundleFolder(["north"]));
    const [first, second] = [wardline.tenant("north").as(ada), wardline.tenant("north").as(ada)];
    first.end();
    await expect(first.db.selectFrom("books").selectAll().execute()).rejects.toEqual(coded("handle/revoked"));
    await wardline.close();
    await expect(second.db.selectFrom("books").selectAll().execute()).rejects.toEqual(
      coded("handle/revoked"),
    );
    await expect(second.decide("read", { type: "Book", id: "1" })).rejects.toEqual(coded("handle/revoked"));
    const late = wardline.tenant("north").as(ada);
    await expect(late.db.selectFrom("books").selectAll().execute()).rejects.toEqual(coded("handle/revoked"));
  });

  test("what a principal does not say itself comes from nowhere (29)", () => {
    const { model } = programOf("north");
    const inherited = { roles: ["keeper"], in: ["b1"], attributes: { level: 5 }, id: "eve", type: "Member" };
    const read = readPrincipal(
      model,
      "north",
      Object.assign(Object.create(inherited) as typeof inherited, { type: "Member", id: "ada" }),
    );
    expect(read.document).toMatchObject({ id: "ada", roles: [] });
    expect({ ...read.document.attributes }).toEqual({});
    expect(read.parents).toEqual({ Branch: [] });
    expect(() => readPrincipal(model, "north", Object.create(inherited) as typeof inherited)).toThrow(
      TypeError,
    );
  });

  test("a principal that answers differently the second time is what it said first", () => {
    let asked = 0;
    const twice = <T>(first: T, then: T): T => (asked++ === 0 ? first : then);
    const list = (first: string, then: unknown): string[] => {
      const items = [first];
      return new Proxy(items, {
        get: (target, key) => (key === "0" ? twice(first, then) : Reflect.get(target, key)),
      });
    };
    const { model } = programOf("north");
    const principal = {
      type: "Member",
      get id() {
        return twice("ada", "\ud800");
      },
    };
    expect(readPrincipal(model, "north", principal).document.id).toBe("ada");
    asked = 0;
    expect(readPrincipal(model, "north", { ...ada, roles: list("reader", "keeper") }).document.roles).toEqual(
      ["reader"],
    );
    asked = 0;
    expect(readPrincipal(model, "north", { ...ada, in: { Branch: list("b1", 7) } }).parents).toEqual({
      Branch: ["b1"],
    });
  });

  test("a transaction that lasts longer than the limit is rolled back, and the database is free again", async () => {
    const keys = localKeys(join(temporaryFolder(), "keys.json"));
    const database = pglite();
    await createSchema(database, [programOf("north")]);
    await createTenantKeys({ database, keys }, "north");
    const bundles = await bundleFolder(["north"]);
    const options = {
      bundles,
      trust: "unsigned-development" as const,
      database,
      keys,
      transactionLimit: 500,
    };
    const { db } = (await Wardline.open(options)).tenant("north", { lends: true }).as(ada);
    const isFree = Promise.withResolvers<unknown>();
    const forgotten = db.transaction().execute(async (trx) => {
      await isFree.promise;
      return trx.selectFrom("books").selectAll().execute();
    });
    const waiting = db.selectFrom("books").selectAll().execute();
    isFree.resolve(waiting);
    await expect(forgotten).rejects.toThrow();
    expect(await waiting).toEqual([]);
    await database.close();
  });

  test("what was handed in cannot be changed afterwards, nor what was read from it", () => {
    const principal = { ...ada, roles: ["reader"], in: ["b1"], attributes: { level: 1 } };
    const read = readPrincipal(programOf("north").model, "north", principal);
    principal.roles.push("keeper");
    principal.in.push("b2");
    principal.attributes.level = 5;
    expect(read.document.roles).toEqual(["reader"]);
    expect(read.parents).toEqual({ Branch: ["b1"] });
    expect({ ...read.document.attributes }).toEqual({ level: 1 });
    for (const part of [read, read.document, read.parents, read.document.roles, read.document.attributes])
      expect(Object.isFrozen(part)).toBe(true);
    expect(Object.getPrototypeOf(read.document.attributes)).toBeNull();
  });
});

describe("tables", () => {
  test("are not made for programs that differ in what they seal", async () => {
    const bundles = await readBundles(await bundleFolder(["north", "south"]));
    const programs = [...bundles.values()].map((bundle) => bundle.program);
    const [north, south] = programs;
    if (north === undefined || south === undefined) return expect.fail();
    const differing = [north, { ...south, sealed: [] }];
    await expect(createSchema(pglite(), differing)).rejects.toThrow(TypeError);
    await expect(createSchema(pglite(), [])).rejects.toThrow(TypeError);
  });
});
