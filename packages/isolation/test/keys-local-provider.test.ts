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
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localKeys } from "../src/keys/local/local-keys.ts";
import { keyProviderContract } from "./keys-provider-contract.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  path = join(folder, "keys.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const seal = (tenant: string, version = 1) => ({ tenant, purpose: "seal", version }) as const;

keyProviderContract("local", async () => ({ provider: localKeys(path), again: () => localKeys(path) }));

describe("local keys", () => {
  it("stand in a file for its owner alone", async () => {
    await localKeys(path).create("north");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["keys.json"]);
  });

  it("have none for a tenant that was not given one, whatever it is called (29)", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    for (const tenant of ["south", "", "North", "north ", "__proto__", "constructor", "toString"]) {
      expect(await keys.state(tenant, "data"), tenant).toEqual({ kind: "missing" });
      await expect(keys.generate(seal(tenant)), tenant).rejects.toThrow(code("keys/missing"));
    }
  });

  it("take any id as an id", async () => {
    const keys = localKeys(path);
    for (const tenant of ["__proto__", "constructor", "a/../b", "ñ", '"']) {
      await keys.create(tenant);
      const { key, wrapped } = await keys.generate(seal(tenant));
      expect(Buffer.from(await localKeys(path).unwrap(seal(tenant), wrapped))).toEqual(Buffer.from(key));
    }
    for (const bad of ["", "a\0", "\ud800"])
      await expect(keys.create(bad)).rejects.toThrow(code("keys/bad-tenant"));
  });

  it.each([0, -1, 1.5, 2 ** 32, Number.NaN])("wrap no key of version %s", async (version) => {
    const keys = localKeys(path);
    await keys.create("north");
    await expect(keys.generate(seal("north", version))).rejects.toThrow(RangeError);
  });

  it("of two stores over one file lose nothing of each other, and each sees what the other does", async () => {
    const [one, two] = [localKeys(path), localKeys(path)];
    await one.create("north");
    await two.create("south");
    await one.create("east");
    const { wrapped } = await one.generate(seal("south"));
    for (const store of [one, two, localKeys(path)])
      for (const tenant of ["north", "south", "east"])
        expect(await store.state(tenant, "data")).toEqual({ kind: "usable" });
    await two.destroy("south", "data");
    await expect(one.unwrap(seal("south"), wrapped)).rejects.toThrow(code("keys/destroyed"));
  });

  it("are renewed: older versions unwrap, and what is wrapped anew is under the newest", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    const { key, wrapped } = await keys.generate(seal("north"));
    await keys.renew("north", "data");
    const anew = await keys.rewrap(seal("north"), wrapped);
    expect([Buffer.from(wrapped).readUInt32BE(4), Buffer.from(anew).readUInt32BE(4)]).toEqual([1, 2]);
    for (const bytes of [wrapped, anew])
      expect(Buffer.from(await localKeys(path).unwrap(seal("north"), bytes))).toEqual(Buffer.from(key));
    // Which version it is is bound too.
    const moved = Buffer.from(anew);
    moved.writeUInt32BE(1, 4);
    await expect(keys.unwrap(seal("north"), moved)).rejects.toThrow(code("keys/not-authentic"));
  });

  it("destroyed have left the file, and their tombstone stands in it", async () => {
    const keys = localKeys(path);
    await keys.create("north");
    await keys.renew("north", "data");
    const bytes = [...readFileSync(path, "utf8").matchAll(/[A-Za-z0-9+/]{43}=/g)].map(([key]) => key);
    expect(bytes).toHaveLength(3);
    await keys.destroy("north", "data");
    await keys.destroy("north", "audit");
    const text = readFileSync(path, "utf8");
    for (const key of bytes) expect(text).not.toContain(key);
    expect(JSON.parse(text)).toEqual({
      format: "wardline/wrapping-keys/1",
      tenants: [
        {
          tenant: "north",
          data: { state: "destroyed", versions: [] },
          audit: { state: "destroyed", versions: [] },
        },
      ],
    });
    await expect(keys.renew("north", "data")).rejects.toThrow(code("keys/destroyed"));
  });

  it("refuse to write while a draft is there, and leave it", async () => {
    writeFileSync(`${path}.new`, "");
    await expect(localKeys(path).create("north")).rejects.toThrow(code("keys/busy"));
    expect(readdirSync(folder)).toEqual(["keys.json.new"]);
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o601])("refuse a file that others reach: mode %o", async (mode) => {
    await localKeys(path).create("north");
    chmodSync(path, mode);
    await expect(localKeys(path).generate(seal("north"))).rejects.toThrow(code("keys/exposed"));
    await expect(localKeys(path).create("south")).rejects.toThrow(code("keys/exposed"));
    expect(readdirSync(folder)).toEqual(["keys.json"]);
  });

  const bytes = Buffer.alloc(32, 1).toString("base64");
  const part = { state: "usable", versions: [{ version: 1, key: bytes }] };
  const good = { tenant: "north", data: part, audit: part };
  const file = (...tenants: readonly unknown[]) => ({ format: "wardline/wrapping-keys/1", tenants });
  const versions = (...given: readonly unknown[]) => file({ ...good, data: { ...part, versions: given } });
  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["an array", []],
    ["another format", { format: "wardline/keys/1", tenants: [] }],
    ["more than it should hold", { ...file(), note: "" }],
    ["no list", { format: "wardline/wrapping-keys/1", tenants: {} }],
    ["a short key", versions({ version: 1, key: "AAAA" })],
    ["a key that is no base64", versions({ version: 1, key: `${bytes.slice(0, -2)}*=` })],
    ["no key", versions({ version: 1 })],
    ["no version", versions()],
    ["version 0", versions({ version: 0, key: bytes })],
    ["a version as text", versions({ version: "1", key: bytes })],
    ["a version twice", versions({ version: 1, key: bytes }, { version: 1, key: bytes })],
    ["another state", file({ ...good, data: { ...part, state: "maybe" } })],
    ["a destroyed key that has bytes", file({ ...good, data: { ...part, state: "destroyed" } })],
    ["no key for the audit", file({ tenant: "north", data: part })],
    ["a tenant twice", file(good, good)],
    ["an empty tenant", file({ ...good, tenant: "" })],
  ])("refuse a file with %s, and leave it as it is", async (_, content) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(path, text, { mode: 0o600 });
    await expect(localKeys(path).state("north", "data")).rejects.toThrow(code("keys/malformed"));
    await expect(localKeys(path).create("east")).rejects.toThrow(code("keys/malformed"));
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it.each([
    ["a named pipe", () => execFileSync("mkfifo", ["-m", "600", path])],
    ["a folder", () => mkdirSync(path, { mode: 0o700 })],
    ["a device", () => symlinkSync("/dev/zero", path)],
  ])("refuse %s, and do not wait for it", async (_, make) => {
    make();
    await expect(localKeys(path).state("north", "data")).rejects.toThrow(code("keys/exposed"));
    await expect(localKeys(path).create("north")).rejects.toThrow(code("keys/exposed"));
    expect(readdirSync(folder)).toEqual(["keys.json"]);
  });

  it("never stand in an error", async () => {
    writeFileSync(path, JSON.stringify(versions({ version: 0, key: bytes })), { mode: 0o600 });
    const error = await localKeys(path)
      .state("north", "data")
      .then(
        () => "",
        (thrown: unknown) => inspect(thrown),
      );
    expect(error).toContain("keys/");
    expect(error).not.toContain("AQEB");
  });
});
