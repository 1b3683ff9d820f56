import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKms, type Kms } from "@wardline/database-testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, test as vector } from "vitest";
import { awsKms, type AwsKmsOptions, type KeyProvider } from "../src/index.ts";
import { outsideName } from "../src/keys/outside/outside-name.ts";
import { keyProviderContract } from "./keys-provider-contract.ts";

const login = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const session = { ...login, accessKeyId: "ASIAEXAMPLE", sessionToken: "session-token-of-the-test" };
const region = "eu-central-1";
const code = (wanted: string) => expect.objectContaining({ name: "KeyProviderError", code: wanted });
const seal = (tenant: string, version = 1) => ({ tenant, purpose: "seal", version }) as const;
const day = 86_400_000;

let kms: Kms;
const open = (options: Partial<AwsKmsOptions> = {}): KeyProvider =>
  awsKms({ region, endpoint: kms.url, credentials: login, ...options });
const fresh = async (provider: KeyProvider): Promise<string> => {
  const tenant = `tenant-${randomUUID()}`;
  await provider.create(tenant);
  return tenant;
};

beforeAll(async () => {
  kms = await startKms({ logins: [login, session], region });
});
afterAll(() => kms.stop());
afterEach(() => {
  kms.troubles.length = 0;
  kms.denied.clear();
  kms.requests.length = 0;
  kms.skew = 0;
});

keyProviderContract("aws-kms", async () => ({ provider: open(), again: () => open() }));

describe("wrapping keys in KMS", () => {
  vector(
    "V72: KMS is told which key unwraps, and a key's id in the wrapped bytes decides nothing",
    async () => {
      const provider = open();
      const [mine, other] = [await fresh(provider), await fresh(provider)];
      const theirs = await provider.generate(seal(other));
      // The same call without a key named would unwrap it: whoever may call is whoever the bytes say.
      await expect(provider.unwrap(seal(mine), theirs.wrapped)).rejects.toThrow(code("keys/not-authentic"));
      expect(kms.requests.at(-1)).toBe("Decrypt IncorrectKeyException");
      await expect(provider.rewrap(seal(mine), theirs.wrapped)).rejects.toThrow(code("keys/not-authentic"));
      expect(kms.requests.at(-1)).toBe("ReEncrypt IncorrectKeyException");
      // An alias that somebody moved to another's key does not help: the context is authenticated.
      kms.store.aliases.set(`alias/wardline/${mine}/data`, kms.store.find(`alias/wardline/${other}/data`).id);
      await expect(provider.unwrap(seal(mine), theirs.wrapped)).rejects.toThrow(code("keys/not-authentic"));
      expect(kms.requests.at(-1)).toBe("Decrypt InvalidCiphertextException");
    },
  );

  it("do nothing to another's key that an alias was moved to", async () => {
    const provider = open();
    const [mine, other] = [await fresh(provider), await fresh(provider)];
    kms.store.aliases.set(`alias/wardline/${mine}/data`, kms.store.find(`alias/wardline/${other}/data`).id);
    await expect(provider.generate(seal(mine))).rejects.toThrow(code("keys/refused"));
    await expect(provider.create(mine)).rejects.toThrow(code("keys/refused"));
    for (const act of ["disable", "enable", "destroy"] as const)
      await expect(provider[act](mine, "data"), act).rejects.toThrow(code("keys/refused"));
    expect(await provider.state(other, "data")).toEqual({ kind: "usable" });
  });

  vector("V106: are pending until KMS's waiting period is over, then destroyed for good", async () => {
    const provider = open({ waitingDays: 7 });
    const tenant = await fresh(provider);
    const { wrapped } = await provider.generate(seal(tenant));
    const said = await provider.destroy(tenant, "data");
    const until = said.kind === "pending" ? said.until.getTime() : 0;
    expect(Math.abs(until - kms.store.now() - 7 * day)).toBeLessThan(60_000);
    expect(await provider.destroy(tenant, "data")).toEqual(said);
    kms.advance(7 * day);
    for (const one of [provider, open()]) {
      expect(await one.state(tenant, "data")).toEqual({ kind: "destroyed" });
      expect(await one.destroy(tenant, "data")).toEqual({ kind: "destroyed" });
      await expect(one.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/destroyed"));
      await expect(one.rewrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/destroyed"));
      await expect(one.generate(seal(tenant))).rejects.toThrow(code("keys/destroyed"));
      await expect(one.create(tenant)).rejects.toThrow(code("keys/destroyed"));
      await expect(one.enable(tenant, "data")).rejects.toThrow(code("keys/destroyed"));
    }
    // With the other part's deletion over too, KMS knows nothing of the tenant. The registry of its database does.
    await provider.destroy(tenant, "audit");
    kms.advance(7 * day);
    expect(await provider.state(tenant, "audit")).toEqual({ kind: "missing" });
  });

  it("that an administrator called back are disabled, and can be enabled", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const { key, wrapped } = await provider.generate(seal(tenant));
    await provider.destroy(tenant, "data");
    const called = kms.store.find(`alias/wardline/${tenant}/data`);
    called.state = "Disabled";
    called.deletion = null;
    expect(await provider.state(tenant, "data")).toEqual({ kind: "disabled" });
    await provider.enable(tenant, "data");
    expect(Buffer.from(await provider.unwrap(seal(tenant), wrapped))).toEqual(Buffer.from(key));
  });

  it("are wrapped anew under the newest material", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const { key, wrapped } = await provider.generate(seal(tenant));
    const { materials } = kms.store.find(`alias/wardline/${tenant}/data`);
    materials.push(Buffer.alloc(32, 7));
    const anew = await provider.rewrap(seal(tenant), wrapped);
    expect(kms.requests.at(-1)).toBe("ReEncrypt");
    materials[0] = Buffer.alloc(32);
    expect(Buffer.from(await provider.unwrap(seal(tenant), anew))).toEqual(Buffer.from(key));
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/not-authentic"));
  });

  it("are made once by processes that race, and the loser's key is given back", async () => {
    const tenant = `tenant-${randomUUID()}`;
    await Promise.all([open().create(tenant), open().create(tenant), open().create(tenant)]);
    const made = [...kms.store.keys.values()].filter(({ tags }) => tags.get("wardline:tenant") === tenant);
    expect(made.filter(({ state }) => state === "Enabled")).toHaveLength(2);
    expect(made.filter(({ state }) => state !== "Enabled" && state !== "PendingDeletion")).toEqual([]);
    const { wrapped } = await open().generate(seal(tenant));
    await expect(open().unwrap(seal(tenant), wrapped)).resolves.toHaveLength(32);
  });

  it("take any id, and two ids are never one key", async () => {
    const provider = open();
    const ids = [
      "A",
      "a",
      "_41",
      "a/b",
      "a%2Fb",
      "\u00f1",
      "n\u0303",
      "alias/x",
      '"',
      "x".repeat(400),
      "x".repeat(401),
    ];
    for (const tenant of ids) await provider.create(tenant);
    const made = ids.map((tenant) => kms.store.find(`alias/wardline/${outsideName(tenant)}/data`).id);
    expect(new Set(made).size).toBe(ids.length);
    for (const bad of ["", "a\0", "\ud800"]) await expect(provider.create(bad)).rejects.toThrow(RangeError);
  });

  it.each([0, -1, 1.5, 2 ** 32, Number.NaN])("wrap no key of version %s", (version) => {
    expect(() => open().generate(seal("north", version))).toThrow(RangeError);
  });
});

describe("the way to KMS", () => {
  it("is signed: another secret, another region or an unknown key is refused, and not tried again", async () => {
    const tenant = await fresh(open());
    const { wrapped } = await open().generate(seal(tenant));
    kms.requests.length = 0;
    const wrong: readonly (readonly [Partial<AwsKmsOptions>, string])[] = [
      [{ credentials: { ...login, secretAccessKey: "no" } }, "InvalidSignatureException"],
      [{ credentials: { ...login, accessKeyId: "no" } }, "UnrecognizedClientException"],
      [{ credentials: { ...session, sessionToken: "no" } }, "UnrecognizedClientException"],
      [{ region: "eu-north-1" }, "InvalidSignatureException"],
    ];
    for (const [options, type] of wrong) {
      await expect(open(options).unwrap(seal(tenant), wrapped), type).rejects.toThrow(code("keys/refused"));
      expect(kms.requests.splice(0), type).toEqual([`Decrypt ${type}`]);
    }
    await expect(open({ credentials: session }).unwrap(seal(tenant), wrapped)).resolves.toHaveLength(32);
    await expect(
      open({ credentials: async () => session }).unwrap(seal(tenant), wrapped),
    ).resolves.toHaveLength(32);
  });

  it("finds the clock of KMS where this machine's is wrong", async () => {
    const tenant = await fresh(open());
    const { wrapped } = await open().generate(seal(tenant));
    for (const skew of [-3_600_000, 3_600_000]) {
      kms.skew = skew;
      kms.requests.length = 0;
      await expect(open().unwrap(seal(tenant), wrapped)).resolves.toHaveLength(32);
      expect(kms.requests[0]).toBe("Decrypt InvalidSignatureException");
    }
  });

  it("is tried once where it is not permitted", async () => {
    const tenant = await fresh(open());
    const { wrapped } = await open().generate(seal(tenant));
    kms.requests.length = 0;
    kms.denied.add("Decrypt");
    await expect(open().unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/refused"));
    expect(kms.requests).toEqual(["Decrypt AccessDeniedException"]);
  });

  it.each([
    ["a throttled request", { type: "ThrottlingException" }],
    ["an internal error", { type: "KMSInternalException", status: 500 }],
    ["a store that does not answer in time", { type: "DependencyTimeoutException", status: 503 }],
    ["a connection that is cut", "cut-before"],
    ["a lost answer", "cut-after"],
    ["silence", "silence"],
  ] as const)("is tried again after %s, a few times and no more", async (_, trouble) => {
    // Only silence is waited for; else the time limit is to be out of the way of a busy machine.
    const provider = open({ timeout: trouble === "silence" ? 600 : 3_000 });
    const tenant = await fresh(provider);
    const { key, wrapped } = await provider.generate(seal(tenant));
    kms.troubles.push(trouble, trouble);
    expect(Buffer.from(await provider.unwrap(seal(tenant), wrapped))).toEqual(Buffer.from(key));
    kms.requests.length = 0;
    kms.troubles.push(...Array.from({ length: 10 }, () => trouble));
    const begun = performance.now();
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/unavailable"));
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(10 - kms.troubles.length).toBe(3);
  });

  it("that nobody listens on is an outage", async () => {
    const gone = await startKms({ logins: [login], region });
    await gone.stop();
    await expect(open({ endpoint: gone.url }).state("north", "data")).rejects.toThrow(
      code("keys/unavailable"),
    );
  });

  it("without credentials is an outage", async () => {
    const credentials = () => Promise.reject(new Error("token-that-nobody-may-see"));
    const error = await open({ credentials })
      .state("north", "data")
      .catch((thrown: unknown) => thrown);
    expect(error).toEqual(code("keys/unavailable"));
  });

  it.each([
    ["no key", {}],
    ["half a key", { Plaintext: Buffer.alloc(16).toString("base64") }],
    ["a longer key", { Plaintext: Buffer.alloc(33).toString("base64") }],
    ["no document", "no JSON"],
  ])("takes no answer with %s", async (_, answer) => {
    const provider = open();
    const tenant = await fresh(provider);
    const { wrapped } = await provider.generate(seal(tenant));
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    kms.troubles.push(...Array.from({ length: 3 }, () => ({ body })));
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/unavailable"));
  });

  it("says that a key is out of reach where it may not look at why", async () => {
    const provider = open();
    const tenant = await fresh(provider);
    const { wrapped } = await provider.generate(seal(tenant));
    await provider.destroy(tenant, "data");
    kms.denied.add("DescribeKey");
    await expect(provider.unwrap(seal(tenant), wrapped)).rejects.toThrow(code("keys/unavailable"));
  });

  it.each<[string, Partial<AwsKmsOptions>]>([
    ["another machine without TLS", { endpoint: "http://kms.internal:8080" }],
    ["a password in the address", { endpoint: "https://a:b@kms.internal" }],
    ["no address", { endpoint: "kms" }],
    ["another protocol", { endpoint: "ftp://kms" }],
    ["no region", { region: "eu/../x" }],
    ["a short wait", { waitingDays: 6 }],
    ["a long wait", { waitingDays: 31 }],
    ["no time", { timeout: 0 }],
    ["no attempt", { attempts: 0 }],
    ["tags of ours", { tags: { "wardline:tenant": "x" } }],
  ])("is not opened with %s", (_, options) => {
    expect(() => open(options)).toThrow(/./);
  });
});

describe("keys in KMS over a restart", () => {
  it("are there again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kms-"));
    try {
      const file = join(folder, "kms.json");
      const first = await startKms({ logins: [login], region, file });
      const before = open({ endpoint: first.url });
      await before.create("north");
      const { key, wrapped } = await before.generate(seal("north"));
      await before.disable("north", "audit");
      await first.stop();
      const second = await startKms({ logins: [login], region, file });
      const after = open({ endpoint: second.url });
      expect(Buffer.from(await after.unwrap(seal("north"), wrapped))).toEqual(Buffer.from(key));
      expect(await after.state("north", "audit")).toEqual({ kind: "disabled" });
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
