import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localKeys } from "@wardline/isolation";
import { describe, expect, test } from "vitest";
import { Wardline } from "../src/index.ts";
import { createSchema, readBundles } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { readPrincipal } from "../src/principal.ts";
import { bundleFolder, programOf, temporaryFolder } from "./library-bundles.ts";

const coded = (code: string) => expect.objectContaining({ code });

async function open(bundles: string, tenants: readonly string[] = ["north", "south"]): Promise<Wardline> {
  const keys = localKeys(join(temporaryFolder(), "keys.json"));
  for (const tenant of tenants) await keys.create(tenant);
  return Wardline.open({ bundles, trust: "unsigned-development", database: pglite(), keys });
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
    await expect(open(bundles)).rejects.toEqual(coded("bundle/extra-file"));
  });

  test("bundles of different models are refused together", async () => {
    const bundles = await bundleFolder(["north", "south"], (program) =>
      program.tenant === "south" ? { ...program, model: { ...program.model, name: "other" } } : program,
    );
    await expect(open(bundles)).rejects.toEqual(coded("bundle/mixed-models"));
  });
});

describe("handles", () => {
  test("a tenant without a bundle, and one without a key, have none", async () => {
    const wardline = await open(await bundleFolder(["north", "south"]), ["north"]);
    expect(() => wardline.tenant("east")).toThrow(coded("bundle/unknown-tenant"));
    expect(() => wardline.tenant("__proto__")).toThrow(coded("bundle/unknown-tenant"));
    expect(() => wardline.tenant("south")).toThrow(coded("seal/no-key"));
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
  ])("%s is refused", async (_, principal) => {
    const wardline = await open(await bundleFolder(["north"]), ["north"]);
    expect(() => wardline.tenant("north").as(principal as never)).toThrow(TypeError);
  });

  test("after its end, and after the end of all, a handle refuses", async () => {
    const wardline = await open(await bundleFolder(["north"]), ["north"]);
    const [first, second] = [wardline.tenant("north").as(ada), wardline.tenant("north").as(ada)];
    first.end();
    await expect(first.db.selectFrom("books").selectAll().execute()).rejects.toEqual(coded("handle/revoked"));
    wardline.close();
    await expect(second.db.selectFrom("books").selectAll().execute()).rejects.toEqual(
      coded("handle/revoked"),
    );
    await expect(second.decide("read", { type: "Book", id: "1" })).rejects.toEqual(coded("handle/revoked"));
    const late = wardline.tenant("north").as(ada);
    await expect(late.db.selectFrom("books").selectAll().execute()).rejects.toEqual(coded("handle/revoked"));
  });

  test("what was handed in cannot be changed afterwards, nor what was read from it", () => {
    const principal = { ...ada, roles: ["reader"], in: ["b1"], attributes: { level: 1, tags: ["x"] } };
    const read = readPrincipal(programOf("north").model, "north", principal);
    principal.roles.push("keeper");
    principal.in.push("b2");
    principal.attributes.level = 5;
    principal.attributes.tags.push("y");
    expect(read.document.roles).toEqual(["reader"]);
    expect(read.parents).toEqual({ Branch: ["b1"] });
    expect({ ...read.document.attributes }).toEqual({ level: 1, tags: ["x"] });
    for (const part of [
      read,
      read.document,
      read.parents,
      read.document.roles,
      read.document.attributes,
      read.document.attributes?.["tags"],
    ])
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
