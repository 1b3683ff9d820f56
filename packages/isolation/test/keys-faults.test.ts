/** The ring over each provider while the way to it fails: what it hands out is right, or it hands out nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKms, startVault, type Kms, type Vault } from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awsKms, KeyProviderError, KeyRing, vaultTransit, type KeyProvider } from "../src/index.ts";
import { localKeys } from "../src/keys/local/local-keys.ts";
import { injectFaults, type Faults } from "./keys-fault-injector.ts";
import { registryOf } from "./keys-faulty-provider.ts";

const login = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const cell = { table: "books", column: "remark", row: "7" };
const code = (wanted: string) => expect.objectContaining({ code: wanted });

let kms: Kms;
let vault: Vault;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  kms = await startKms({ logins: [login], region: "eu-west-1" });
  vault = await startVault();
  vault.tokens.set("s.root", undefined);
});
afterAll(async () => {
  await kms.stop();
  await vault.stop();
  rmSync(folder, { recursive: true });
});

const providers: readonly (readonly [string, () => KeyProvider])[] = [
  ["local", () => localKeys(join(folder, "keys.json"))],
  ["aws-kms", () => awsKms({ region: "eu-west-1", endpoint: kms.url, credentials: login })],
  ["vault-transit", () => vaultTransit({ address: vault.url, token: () => "s.root" })],
];

describe.each(providers)("the ring over %s", (name, open) => {
  it.each<[string, Faults]>([
    ["outages", { seed: 1, outageIn: 2 }],
    ["lost answers", { seed: 2, lostIn: 2 }],
    ["answers of another length", { seed: 3, brokenIn: 2 }],
    ["all of it, with delays", { seed: 4, outageIn: 5, lostIn: 5, brokenIn: 5, delay: 5 }],
  ])("gives the right keys or none: %s", async (kind, faults) => {
    const provider = open();
    const tenant = `tenant-${name}-${kind.length}`;
    await provider.create(tenant);
    const registry = await registryOf(provider, tenant);
    const sound = new KeyRing({ provider });
    const sealed = (await sound.of(tenant, registry.source)).cells.seal(cell, "a remark");
    const injected = injectFaults(provider, faults);
    let now = 0;
    const ring = new KeyRing({ provider: injected, clock: () => now, lease: 1_000, keyLife: 2_000 });
    const seen = { opened: 0, none: 0 };
    for (let round = 0; round < 60; round++) {
      now += 700;
      try {
        const sealers = await ring.of(tenant, registry.source);
        expect(sealers.cells.open(cell, sealed)).toBe("a remark");
        const again = sealers.cells.seal(cell, "another");
        expect((await sound.of(tenant, registry.source)).cells.open(cell, again)).toBe("another");
        seen.opened += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(KeyProviderError);
        expect(error).toEqual(code("keys/unavailable"));
        seen.none += 1;
      }
    }
    // Both happened, or this has shown nothing.
    expect(seen.opened).toBeGreaterThan(5);
    expect(injected.counts.outages + injected.counts.lost + injected.counts.broken).toBeGreaterThan(5);
    ring.close();
    sound.close();
  });

  it("serves what it holds through an outage, and nobody else", async () => {
    const provider = open();
    const [held, other] = [`held-${name}`, `other-${name}`];
    await provider.create(held);
    await provider.create(other);
    const [mine, theirs] = [await registryOf(provider, held), await registryOf(provider, other)];
    const faults = { seed: 1 };
    let now = 0;
    const injected = injectFaults(provider, faults);
    const ring = new KeyRing({ provider: injected, clock: () => now });
    const sealed = (await ring.of(held, mine.source)).cells.seal(cell, "a remark");
    Object.assign(faults, { outageIn: 1 });
    now = 200_000;
    expect((await ring.of(held, mine.source)).cells.open(cell, sealed)).toBe("a remark");
    const asked = async () => (await ring.of(other, theirs.source)).cells.seal(cell, "x");
    await expect(asked()).rejects.toThrow(code("keys/unavailable"));
    now = 301_000;
    const late = async () => (await ring.of(held, mine.source)).cells.open(cell, sealed);
    await expect(late()).rejects.toThrow(code("keys/unavailable"));
    ring.close();
  });

  it("stops at once after it forgot a tenant whose wrapping key was destroyed", async () => {
    const provider = open();
    const tenant = `shredded-${name}`;
    await provider.create(tenant);
    const registry = await registryOf(provider, tenant);
    const ring = new KeyRing({ provider });
    const sealers = await ring.of(tenant, registry.source);
    const sealed = sealers.cells.seal(cell, "a remark");
    await provider.destroy(tenant, "data");
    ring.forget(tenant);
    expect(() => sealers.cells.open(cell, sealed)).toThrow();
    const asked = async () => (await ring.of(tenant, registry.source)).cells.open(cell, sealed);
    await expect(asked()).rejects.toThrow(code("keys/destroyed"));
    ring.close();
  });
});
