import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localKeys, type SealedPlace } from "../src/index.ts";

const cell: SealedPlace = { table: "books", column: "remark", row: "7" };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  path = join(folder, "keys.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("local keys", () => {
  it("keep a key a tenant, in a file for its owner alone, which another process opens with", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    await keys.create("south");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["keys.json"]);
    const hex = keys.sealerFor("north").seal(cell, "a remark");
    expect(localKeys(path).sealerFor("north").open(cell, hex)).toBe("a remark");
    expect(() => localKeys(path).sealerFor("south").open(cell, hex)).toThrow(code("not_authentic"));
  });

  it("have no key for a tenant that was not given one, whatever it is called (29)", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    for (const tenant of [
      "south",
      "",
      "North",
      "north ",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
    ]) {
      expect(keys.has(tenant), tenant).toBe(false);
      expect(() => keys.sealerFor(tenant), tenant).toThrow(code("seal/no-key"));
    }
  });

  it("take any id as an id", async () => {
    const keys = localKeys(path);
    for (const tenant of ["__proto__", "constructor", "a/../b", "ñ", '"']) {
      await keys.create(tenant);
      const hex = keys.sealerFor(tenant).seal(cell, tenant);
      expect(localKeys(path).sealerFor(tenant).open(cell, hex)).toBe(tenant);
    }
    for (const bad of ["", "a\0", "\ud800"])
      await expect(keys.create(bad)).rejects.toThrow(code("keys/bad-tenant"));
  });

  it("never replace a key", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    const before = readFileSync(path, "utf8");
    await expect(keys.create("north")).rejects.toThrow(code("keys/exists"));
    await expect(localKeys(path).create("north")).rejects.toThrow(code("keys/exists"));
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(readdirSync(folder)).toEqual(["keys.json"]);
  });

  it("of two stores over one file lose nothing of each other", async () => {
    const [one, two] = [localKeys(path), localKeys(path)];
    await one.create("north");
    await two.create("south");
    await one.create("east");
    for (const store of [one, two, localKeys(path)]) {
      expect(["north", "south", "east"].map((tenant) => store.has(tenant))).toEqual([true, true, true]);
    }
  });

  it("refuse to write while a draft is there, and leave it", async () => {
    writeFileSync(`${path}.new`, "");
    await expect(localKeys(path).create("north")).rejects.toThrow(code("keys/busy"));
    expect(readdirSync(folder)).toEqual(["keys.json.new"]);
  });

  it("destroyed are gone from the file and from sealers in hand, and none takes their place", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    await keys.create("south");
    const sealer = keys.sealerFor("north");
    const hex = sealer.seal(cell, "a remark");
    await keys.destroy("north");
    expect(() => sealer.open(cell, hex)).toThrow(code("destroyed"));
    expect(() => sealer.seal(cell, "a remark")).toThrow(code("destroyed"));
    expect(() => localKeys(path).sealerFor("north").open(cell, hex)).toThrow(code("destroyed"));
    await expect(keys.create("north")).rejects.toThrow(code("keys/exists"));
    expect([keys.has("north"), keys.has("south")]).toEqual([false, true]);
    await expect(keys.destroy("west")).rejects.toThrow(code("seal/no-key"));
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o601])("refuse a file that others reach: mode %o", async (mode) => {
    await localKeys(path).create("north");
    chmodSync(path, mode);
    expect(() => localKeys(path).sealerFor("north")).toThrow(code("keys/exposed"));
    await expect(localKeys(path).create("south")).rejects.toThrow(code("keys/exposed"));
    expect(readdirSync(folder)).toEqual(["keys.json"]);
  });

  const good = { tenant: "north", version: 1, key: Buffer.alloc(32, 1).toString("base64") };
  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["an array", []],
    ["another format", { format: "wardline/keys/2", tenants: [] }],
    ["more than it should hold", { format: "wardline/keys/1", tenants: [], note: "" }],
    ["no list", { format: "wardline/keys/1", tenants: {} }],
    ["a short key", { format: "wardline/keys/1", tenants: [{ ...good, key: "AAAA" }] }],
    [
      "a key that is no base64",
      { format: "wardline/keys/1", tenants: [{ ...good, key: `${good.key.slice(0, -2)}*=` }] },
    ],
    ["no key", { format: "wardline/keys/1", tenants: [{ tenant: "north", version: 1 }] }],
    ["version 0", { format: "wardline/keys/1", tenants: [{ ...good, version: 0 }] }],
    ["a version as text", { format: "wardline/keys/1", tenants: [{ ...good, version: "1" }] }],
    ["a tenant twice", { format: "wardline/keys/1", tenants: [good, good] }],
    ["an empty tenant", { format: "wardline/keys/1", tenants: [{ ...good, tenant: "" }] }],
  ])("refuse a file with %s, and leave it as it is", async (_, content) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(path, text, { mode: 0o600 });
    expect(() => localKeys(path).sealerFor("north")).toThrow(code("keys/malformed"));
    await expect(localKeys(path).create("east")).rejects.toThrow(code("keys/malformed"));
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it.each([
    ["a named pipe", () => execFileSync("mkfifo", ["-m", "600", path])],
    ["a folder", () => mkdirSync(path, { mode: 0o700 })],
    ["a device", () => symlinkSync("/dev/zero", path)],
  ])("refuse %s, and do not wait for it", async (_, make) => {
    make();
    expect(() => localKeys(path).has("north")).toThrow(code("keys/exposed"));
    await expect(localKeys(path).create("north")).rejects.toThrow(code("keys/exposed"));
    expect(readdirSync(folder)).toEqual(["keys.json"]);
  });

  it("never stand in an error", async () => {
    writeFileSync(path, JSON.stringify({ format: "wardline/keys/1", tenants: [{ ...good, version: 0 }] }), {
      mode: 0o600,
    });
    expect(() => localKeys(path).has("north")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("AQEB") }),
    );
  });
});
