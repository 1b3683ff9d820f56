import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority, startVault, type Vault } from "@wardline/database-testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, test as vector } from "vitest";
import { vaultTransit, type KeyProvider, type VaultTransitOptions } from "../src/index.ts";
import { formatTransitText, parseTransitText } from "../src/keys/vault/wrapped-by-transit.ts";
import { keyProviderContract } from "./keys-provider-contract.ts";

const code = (wanted: string) => expect.objectContaining({ name: "KeyProviderError", code: wanted });
const seal = (tenant: string, version = 1) => ({ tenant, purpose: "seal", version }) as const;

let vault: Vault;
const open = (options: Partial<VaultTransitOptions> = {}): KeyProvider =>
  vaultTransit({ address: vault.url, token: () => "s.root", ...options });
const fresh = async (provider: KeyProvider): Promise<string> => {
  const tenant = `tenant-${randomUUID()}`;
  await provider.create(tenant);
  return tenant;
};
const keyOf = (tenant: string, part = "data") => vault.store.keys.get(`wardline-${tenant}-${part}`);
const existing = (tenant: string, part?: string) => {
  const key = keyOf(tenant, part);
  if (key === undefined) throw new Error("the test needs the key");
  return key;
};

beforeAll(async () => {
  vault = await startVault();
});
afterAll(() => vault.stop());
afterEach(() => {
  vault.tokens.clear();
  vault.tokens.set("s.root", undefined);
  vault.sealed = false;
  vault.troubles.length = 0;
  vault.requests.length = 0;
});
beforeAll(() => void vault.tokens.set("s.root", undefined));

keyProviderContract("vault-transit", async () => ({ provider: open(), again: () => open() }));

describe("wrapping keys in Vault", () => {
  vector(
    "V72: one tenant's wrapped key unwraps under no other's transit key, and has one form of bytes",
    async () => {
      const provider = open();
      const [mine, other] = [await fresh(provider), await fresh(provider)];
      const { wrapped } = await provider.generate(seal(other));
      await expect(provider.unwrap(seal(mine), wrapped)).rejects.toThrow(code("keys/not-authentic"));
      expect(vault.requests.at(-1)).toBe(`POST decrypt/wardline-${mine}-data 400`);
      // The engine takes version 0 for 1; a text with line ends, too.
      const zero = Buffer.from(wrapped);
      zero.writeUInt32BE(0, 4);
      vault.requests.length = 0;
      for (const bytes of [zero, Buffer.from(formatTransitText(wrapped) ?? "")])
        await expect(provider.unwrap(seal(other), bytes)).rejects.toThrow(code("keys/not-authentic"));
      expect(vault.requests).toEqual([]);
    },
  );

  vector("V106: destroyed are gone from Vault, and stay destroyed by their tombstone alone", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const { wrapped } = await provider.generate(seal(tenant));
    expect(await provider.destroy(tenant, "data")).toEqual({ kind: "destroyed" });
    expect(keyOf(tenant)).toBeUndefined();
    expect([...vault.store.keys.keys()].filter((name) => name.includes(tenant)).toSorted()).toEqual([
      `wardline-${tenant}-audit`,
      `wardline-${tenant}-data-destroyed`,
    ]);
    await expect(open().create(tenant)).rejects.toThrow(code("keys/destroyed"));
    // Somebody who makes a key of that name anew has brought nothing back, and it is not used.
    vault.store.keys.set(`wardline-${tenant}-data`, { ...existing(tenant, "audit"), name: "x" });
    await expect(open().generate(seal(tenant))).rejects.toThrow(code("keys/destroyed"));
    await expect(open().unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/not-authentic"));
  });

  it("may be deleted only while they are destroyed, and a destruction that was cut goes on", async () => {
    const provider = open({ attempts: 1 });
    const tenant = await fresh(provider);
    const refused = { status: 500, errors: ["internal error"] };
    expect(keyOf(tenant)?.deletionAllowed).toBe(false);
    // Vault refuses the deletion itself, after tombstone and configuration.
    vault.tokens.set("s.root", /^(?!DELETE)/);
    await expect(provider.destroy(tenant, "data")).rejects.toThrow(code("keys/refused"));
    expect(keyOf(tenant)?.deletionAllowed).toBe(false);
    vault.tokens.set("s.root", undefined);
    // It is not destroyed yet, and says so; nothing new is wrapped by it.
    expect(await provider.state(tenant, "data")).toEqual({ kind: "usable" });
    await expect(provider.generate(seal(tenant))).rejects.toThrow(code("keys/destroyed"));
    await expect(provider.create(tenant)).rejects.toThrow(code("keys/destroyed"));
    vault.troubles.push(refused);
    await expect(provider.destroy(tenant, "data")).rejects.toThrow(code("keys/unavailable"));
    expect(await provider.destroy(tenant, "data")).toEqual({ kind: "destroyed" });
    expect(await provider.state(tenant, "data")).toEqual({ kind: "destroyed" });
  });

  it("that are disabled unwrap nothing for whoever asks Vault itself, and do so again when they are enabled", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const { key, wrapped } = await provider.generate(seal(tenant));
    await provider.disable(tenant, "data");
    expect(keyOf(tenant)).toMatchObject({ minDecryption: 2, minEncryption: 2 });
    // Vault turns the key by itself meanwhile.
    keyOf(tenant)?.versions.push(Buffer.alloc(32, 3));
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/disabled"));
    await expect(provider.generate(seal(tenant))).rejects.toThrow(code("keys/disabled"));
    expect(await provider.state(tenant, "data")).toEqual({ kind: "disabled" });
    await provider.enable(tenant, "data");
    await provider.enable(tenant, "data");
    expect(Buffer.from(await provider.unwrap(seal(tenant), wrapped))).toEqual(Buffer.from(key));
    const anew = await provider.rewrap(seal(tenant), wrapped);
    expect(Buffer.from(anew).readUInt32BE(4)).toBe(3);
  });

  it("whose old versions were trimmed are disabled and enabled too", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const held = existing(tenant);
    held.versions.push(Buffer.alloc(32, 1));
    Object.assign(held, { minDecryption: 2, minEncryption: 2, minAvailable: 2 });
    expect(await provider.state(tenant, "data")).toEqual({ kind: "usable" });
    const { wrapped } = await provider.generate(seal(tenant));
    await provider.disable(tenant, "data");
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/disabled"));
    await provider.enable(tenant, "data");
    await expect(provider.unwrap(seal(tenant), wrapped)).resolves.toHaveLength(32);
  });

  it("below the least version that Vault opens do not unwrap", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const { wrapped } = await provider.generate(seal(tenant));
    keyOf(tenant)?.versions.push(Buffer.alloc(32, 1));
    Object.assign(keyOf(tenant) ?? {}, { minDecryption: 2 });
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/not-authentic"));
    expect(await provider.state(tenant, "data")).toEqual({ kind: "usable" });
  });

  it.each([
    ["is not derived", { derived: false }],
    ["can be exported", { exportable: true }],
    ["can be backed up in clear", { plaintextBackup: true }],
  ])("take no key that %s", async (_, flaw) => {
    const tenant = `tenant-${randomUUID()}`;
    const other = await fresh(open());
    const name = `wardline-${tenant}-data`;
    vault.store.keys.set(name, { ...existing(other), ...flaw, name });
    await expect(open().create(tenant)).rejects.toThrow(code("keys/refused"));
    await expect(open().generate(seal(tenant))).rejects.toThrow(code("keys/refused"));
  });

  it("made by processes that race are one key", async () => {
    const tenant = `tenant-${randomUUID()}`;
    await Promise.all([open().create(tenant), open().create(tenant), open().create(tenant)]);
    expect(keyOf(tenant)?.versions).toHaveLength(1);
  });

  it("take any id, and two ids are never one key", async () => {
    const before = vault.store.keys.size;
    const ids = [
      "A",
      "a",
      "_41",
      "a/b",
      "../x",
      "a%2Fb",
      "\u00f1",
      "-",
      "data",
      "x-data",
      '"',
      "x".repeat(400),
    ];
    for (const tenant of ids) {
      await open().create(tenant);
      const { key, wrapped } = await open().generate(seal(tenant));
      expect(Buffer.from(await open().unwrap(seal(tenant), wrapped))).toEqual(Buffer.from(key));
    }
    expect(vault.store.keys.size - before).toBe(2 * ids.length);
    for (const bad of ["", "a\0", "\ud800"]) await expect(open().create(bad)).rejects.toThrow(RangeError);
  });

  it("are there again after a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vault-"));
    try {
      const file = join(folder, "vault.json");
      const first = await startVault({ file });
      first.tokens.set("s.root", undefined);
      const before = open({ address: first.url });
      await before.create("north");
      const { key, wrapped } = await before.generate(seal("north"));
      await before.destroy("north", "audit");
      await first.stop();
      const second = await startVault({ file });
      second.tokens.set("s.root", undefined);
      const after = open({ address: second.url });
      expect(Buffer.from(await after.unwrap(seal("north"), wrapped))).toEqual(Buffer.from(key));
      expect(await after.state("north", "audit")).toEqual({ kind: "destroyed" });
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the way to Vault", () => {
  const wrap = async () => {
    const tenant = await fresh(open());
    const { key, wrapped } = await open().generate(seal(tenant));
    vault.requests.length = 0;
    return { tenant, key: Buffer.from(key), wrapped, line: `POST decrypt/wardline-${tenant}-data` };
  };

  it("is refused once with a token that does not count, or is not permitted this", async () => {
    const { tenant, wrapped, line } = await wrap();
    const unwrap = (token: string) => open({ token: () => token }).unwrap(seal(tenant), wrapped);
    await expect(unwrap("s.unknown")).rejects.toThrow(code("keys/refused"));
    vault.tokens.set("s.other", /^POST decrypt\/wardline-other-data$/);
    await expect(unwrap("s.other")).rejects.toThrow(code("keys/refused"));
    expect(vault.requests).toEqual([`${line} 403`, `${line} 403`]);
    for (const bad of ["", "a\r\nx-vault-namespace: b", "a b"])
      await expect(unwrap(bad)).rejects.toThrow(code("keys/refused"));
    expect(vault.requests).toHaveLength(2);
  });

  it("takes the token that is given after one was refused", async () => {
    const { tenant, key, wrapped, line } = await wrap();
    const asked: boolean[] = [];
    const token = async (refused: boolean) => {
      asked.push(refused);
      return refused ? "s.root" : "s.ended";
    };
    expect(Buffer.from(await open({ token }).unwrap(seal(tenant), wrapped))).toEqual(key);
    expect(vault.requests).toEqual([`${line} 403`, `${line} 200`]);
    expect(asked).toEqual([false, true]);
    let count = 0;
    const endless = open({ token: () => `s.ended-${(count += 1)}` });
    await expect(endless.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/refused"));
    expect(count).toBe(2);
  });

  it("needs no more than docs/keys.md says", async () => {
    const admin = open();
    const tenant = await fresh(admin);
    const { key, wrapped } = await admin.generate(seal(tenant));
    vault.tokens.set("s.app", /^(?:POST decrypt|GET keys)\/[^/]+$/);
    const app = open({ token: () => "s.app" });
    expect(Buffer.from(await app.unwrap(seal(tenant), wrapped))).toEqual(Buffer.from(key));
    expect(await app.state(tenant, "data")).toEqual({ kind: "usable" });
    const denied = [
      () => app.generate(seal(tenant)),
      () => app.rewrap(seal(tenant), wrapped),
      () => app.create(tenant),
      () => app.disable(tenant, "data"),
      () => app.destroy(tenant, "data"),
    ];
    for (const act of denied) await expect(act()).rejects.toThrow(code("keys/refused"));
    expect(await admin.state(tenant, "data")).toEqual({ kind: "usable" });
    // The operator neither allows a deletion nor deletes.
    vault.tokens.set("s.operator", /^(?:POST (?:keys|datakey\/plaintext|rewrap)|GET keys)\/[^/]+$/);
    const operator = open({ token: () => "s.operator" });
    await fresh(operator);
    await operator.rewrap(seal(tenant), (await operator.generate(seal(tenant))).wrapped);
    await expect(operator.destroy(tenant, "data")).rejects.toThrow(code("keys/refused"));
    expect(keyOf(tenant)).toBeDefined();
  });

  it.each([
    ["a throttled request", { status: 429 }],
    ["a standby that is behind", { status: 412 }],
    ["an internal error", { status: 500, errors: ["internal error"] }],
    ["a sealed Vault", { status: 503, errors: ["Vault is sealed"] }],
    ["a connection that is cut", "cut-before"],
    ["a lost answer", "cut-after"],
    ["silence", "silence"],
  ] as const)("is tried again after %s, a few times and no more", async (_, trouble) => {
    const { tenant, key, wrapped } = await wrap();
    const provider = open({ timeout: trouble === "silence" ? 600 : 3_000 });
    vault.troubles.push(trouble, trouble);
    expect(Buffer.from(await provider.unwrap(seal(tenant), wrapped))).toEqual(key);
    vault.troubles.push(...Array.from({ length: 10 }, () => trouble));
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/unavailable"));
    expect(10 - vault.troubles.length).toBe(3);
  });

  it("is an outage while Vault is sealed, and none afterwards", async () => {
    const { tenant, wrapped } = await wrap();
    vault.sealed = true;
    await expect(open({ attempts: 1 }).unwrap(seal(tenant), wrapped)).rejects.toThrow(
      code("keys/unavailable"),
    );
    vault.sealed = false;
    await expect(open({ attempts: 1 }).unwrap(seal(tenant), wrapped)).resolves.toHaveLength(32);
  });

  it("waits as long as it is asked to, up to two seconds", async () => {
    const { tenant, wrapped } = await wrap();
    vault.troubles.push({ status: 429, headers: { "retry-after": "1" } });
    const begun = performance.now();
    await open().unwrap(seal(tenant), wrapped);
    expect(performance.now() - begun).toBeGreaterThan(950);
  });

  it("follows nobody, and gives nobody else the token", async () => {
    const { tenant, wrapped } = await wrap();
    const other = await startVault();
    vault.troubles.push({ status: 307, headers: { location: `${other.url}/v1/transit/decrypt/x` } });
    await expect(open().unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/unavailable"));
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  it.each([
    ["a page", "<html>"],
    ["no data", "{}"],
    ["a list", "[]"],
    ["no key", '{"data":{}}'],
    ["half a key", JSON.stringify({ data: { plaintext: Buffer.alloc(16).toString("base64") } })],
    ["a key that is no base64", JSON.stringify({ data: { plaintext: "*".repeat(44) } })],
    ["a key in something inherited", '{"data":{"__proto__":{"plaintext":"x"}}}'],
    ["too much", JSON.stringify({ data: { plaintext: "A".repeat(300_000) } })],
  ])("takes no answer with %s", async (_, body) => {
    const { tenant, wrapped } = await wrap();
    vault.troubles.push({ body });
    await expect(open({ attempts: 1 }).unwrap(seal(tenant), wrapped)).rejects.toThrow(
      code("keys/unavailable"),
    );
  });

  it("to no engine is an outage, and no word about keys", async () => {
    const { tenant, wrapped } = await wrap();
    const none = { status: 404, errors: ['no handler for route "elsewhere/". route entry not found.'] };
    vault.troubles.push(none, none);
    await expect(open().state(tenant, "data")).rejects.toThrow(code("keys/unavailable"));
    await expect(open().unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/unavailable"));
    vault.troubles.push({ status: 404, errors: ["not found"] });
    await expect(open().destroy(tenant, "data")).rejects.toThrow(code("keys/unavailable"));
  });

  it("goes to the mount and the namespace that it is told", async () => {
    const other = await startVault({ mount: "teams/transit", namespace: "teams/one" });
    other.tokens.set("s.root", undefined);
    const at = { address: other.url, mount: "teams/transit" };
    await open({ ...at, namespace: "teams/one" }).create("north");
    expect(other.store.keys.size).toBe(2);
    await expect(open({ ...at, namespace: "teams/two" }).state("north", "data")).rejects.toThrow(
      code("keys/refused"),
    );
    await other.stop();
  });

  it("trusts the authorities that it is told, and no others, whatever the environment says", async () => {
    const authority = makeAuthority("authority");
    const other = await startVault({ certificate: authority.issue("IP:127.0.0.1") });
    other.tokens.set("s.root", undefined);
    const wrong = await startVault({ certificate: authority.issue("DNS:elsewhere.test") });
    const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env;
    try {
      process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
      const once = { address: other.url, attempts: 1 };
      await open({ ...once, ca: authority.ca }).create("north");
      await expect(open(once).state("north", "data")).rejects.toThrow(code("keys/unavailable"));
      await expect(
        open({ ...once, address: wrong.url, ca: authority.ca }).state("north", "data"),
      ).rejects.toThrow(code("keys/unavailable"));
      expect(wrong.requests).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
      await other.stop();
      await wrong.stop();
    }
  });

  it.each<[string, Partial<VaultTransitOptions>]>([
    ["another machine without TLS", { address: "http://vault.internal:8200" }],
    ["a password in the address", { address: "https://a:b@vault.internal" }],
    ["a query", { address: "https://vault.internal?x=1" }],
    ["no address", { address: "vault" }],
    ["a way out of the mount", { mount: "../sys" }],
    ["a mount with a slash at its end", { mount: "transit/" }],
    ["a line end in the namespace", { namespace: "a\r\nb" }],
    ["no time", { timeout: Number.NaN }],
    ["half an attempt", { attempts: 1.5 }],
  ])("is not opened with %s", (_, options) => {
    expect(() => open(options)).toThrow(/./);
  });

  it("to another machine without TLS is taken where the caller says so", () => {
    expect(() => open({ address: "http://vault.internal:8200", insecure: true })).not.toThrow();
  });
});

it.each([
  "",
  "vault:v1:",
  "vault:v0:AAAA",
  "vault:v01:" + Buffer.alloc(40).toString("base64"),
  "vault:v1:" + Buffer.alloc(27).toString("base64"),
  // The bits beside the last byte.
  "vault:v1:" + Buffer.alloc(40).toString("base64").replace("A==", "B=="),
  "vault:v1:" + Buffer.alloc(40).toString("base64") + "\n",
  undefined,
  7,
])("%j is no text of the engine's", (text) => {
  expect(parseTransitText(text)).toBeUndefined();
});
