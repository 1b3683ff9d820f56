/** The file that names the provider of keys: what it takes, and what it says of what it does not take. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKms, startVault } from "@wardline/database-testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../src/exit-code.ts";
import type { Io } from "../src/io.ts";
import { openKeys } from "../src/keys/keys-file.ts";

let folder: string;
let io: Io;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-file-"));
  const never = () => {
    throw new Error("nothing is printed or read");
  };
  io = {
    cwd: folder,
    out: never,
    err: never,
    stdin: never,
    color: false,
    interactive: false,
    onInterrupt: never,
  };
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of Object.keys(process.env)) if (name.startsWith("KEYS_TEST_")) delete process.env[name];
});

const write = (content: unknown, name = "keys.json"): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};
const refusal = (given: string): UsageError => {
  try {
    openKeys(io, given);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("it was taken");
};

describe("a file of keys", () => {
  it("names the local file, from where the command runs", async () => {
    const keys = openKeys(io, write({ provider: "local", path: "wrapping.json" }));
    expect(keys.name).toBe("local");
    await keys.create("north");
    expect(await keys.state("north", "data")).toEqual({ kind: "usable" });
  });

  it("V82: says whether what is sealed is padded", () => {
    const local = { provider: "local", path: "wrapping.json" };
    expect(openKeys(io, write({ ...local, padding: true })).padding).toBe("padme");
    for (const plain of [local, { ...local, padding: false }])
      expect(openKeys(io, write(plain)).padding ?? "none").toBe("none");
    expect(refusal(write({ ...local, padding: "SECRET" })).message).toBe(
      "keys.json: `padding` must be true or false",
    );
  });

  it("names AWS KMS, whose credentials it does not hold", async () => {
    const kms = await startKms({ logins: [{ accessKeyId: "A", secretAccessKey: "s" }], region: "eu-west-1" });
    const before = { ...process.env };
    try {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "s" });
      write("{}", "policy.json");
      const given = write({
        provider: "aws-kms",
        region: "eu-west-1",
        endpoint: kms.url,
        waitingDays: 7,
        keyPolicy: "policy.json",
        tags: { team: "one" },
        timeout: 20_000,
        attempts: 2,
      });
      const keys = openKeys(io, given);
      await keys.create("north");
      expect(await keys.destroy("north", "data")).toMatchObject({ kind: "pending" });
      const [key] = kms.store.keys.values();
      expect(Object.fromEntries(key?.tags ?? [])).toMatchObject({ team: "one", "wardline:tenant": "north" });
    } finally {
      for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
        const value = before[name];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await kms.stop();
    }
  });

  it("names Vault, and reads the token where it is, at every use", async () => {
    const vault = await startVault({ mount: "wardline", namespace: "one" });
    try {
      const entry = { provider: "vault-transit", mount: "wardline", namespace: "one", attempts: 1 };
      process.env["KEYS_TEST_ADDRESS"] = vault.url;
      process.env["KEYS_TEST_TOKEN"] = "s.first";
      vault.tokens.set("s.first", undefined);
      const fromEnvironment = openKeys(
        io,
        write({ ...entry, address: "env:KEYS_TEST_ADDRESS", token: "env:KEYS_TEST_TOKEN" }),
      );
      await fromEnvironment.create("north");
      write("s.first\n", "token");
      const fromFile = openKeys(io, write({ ...entry, address: vault.url, token: "file:token" }));
      expect(await fromFile.state("north", "data")).toEqual({ kind: "usable" });
      vault.tokens.clear();
      vault.tokens.set("s.second", undefined);
      await expect(fromFile.state("north", "data")).rejects.toMatchObject({ code: "keys/refused" });
      write("s.second\n", "token");
      expect(await fromFile.state("north", "data")).toEqual({ kind: "usable" });
    } finally {
      await vault.stop();
    }
  });

  it("may stand in the environment", () => {
    process.env["KEYS_TEST_FILE"] = JSON.stringify({ provider: "aws-kms", region: "eu-west-1" });
    expect(openKeys(io, "env:KEYS_TEST_FILE").name).toBe("aws-kms");
    expect(refusal("env:KEYS_TEST_NONE").message).toBe("--keys: the environment has no KEYS_TEST_NONE");
  });

  const vault = { provider: "vault-transit", address: "https://vault.test" };
  it.each<[string, unknown, string, string?]>([
    ["no JSON", '{"token": "s.SECRET', "keys.json is no JSON"],
    ["a list", [], "keys.json must hold an object"],
    [
      "no provider",
      {},
      "keys.json: `provider` is none that is known",
      "known providers: local, aws-kms, vault-transit",
    ],
    ["a provider of another name", { provider: "__proto__" }, "keys.json: `provider` is none that is known"],
    [
      "a key of another provider",
      { provider: "local", path: "x", region: "SECRET" },
      "keys.json: unknown key `region` for this provider",
      "known keys: provider, padding, path",
    ],
    ["no region", { provider: "aws-kms" }, "keys.json: `region` is missing", "it is a text"],
    [
      "credentials",
      { provider: "aws-kms", region: "a", credentials: "SECRET" },
      "keys.json: unknown key `credentials` for this provider",
    ],
    [
      "a region that is none",
      { provider: "aws-kms", region: "A B" },
      "keys.json: a region of AWS has no such name",
    ],
    [
      "days as a text",
      { provider: "aws-kms", region: "a", waitingDays: "SECRET" },
      "keys.json: `waitingDays` must be a number",
    ],
    [
      "too few days",
      { provider: "aws-kms", region: "a", waitingDays: 1 },
      "keys.json: waitingDays is 7 to 30",
    ],
    [
      "tags that are no texts",
      { provider: "aws-kms", region: "a", tags: { a: 1 } },
      "keys.json: `tags` must be an object of texts",
    ],
    [
      "a policy that is not there",
      { provider: "aws-kms", region: "a", keyPolicy: "no.json" },
      "keyPolicy: no.json cannot be read: ENOENT",
    ],
    ["an empty path", { provider: "local", path: "" }, "keys.json: `path` must be a text"],
    ["no token", vault, "keys.json: `token` is missing"],
    [
      "a token itself",
      { ...vault, token: "s.SECRET" },
      "`token` must say where the token is",
      "env:VAULT_TOKEN, or file:/run/vault/token",
    ],
    [
      "a token of no variable",
      { ...vault, token: "env:KEYS_TEST_NONE" },
      "`token`: the environment has no KEYS_TEST_NONE",
    ],
    [
      "an address without TLS",
      { ...vault, address: "http://vault.test", token: "file:x" },
      "keys.json: address, vault.test, is on another machine and is reached by https",
    ],
    [
      "a word for yes",
      { ...vault, token: "file:x", insecure: "SECRET" },
      "keys.json: `insecure` must be true or false",
    ],
  ])("is refused with %s, and its values are not shown", (_, content, message, help) => {
    const error = refusal(write(content));
    expect(error.message).toBe(message);
    if (help !== undefined) expect(error.help).toBe(help);
    expect(`${error.message} ${error.help}`).not.toContain("SECRET");
  });

  it("that is not there is named", () => {
    expect(refusal("none.json").message).toBe("--keys: none.json cannot be read: ENOENT");
  });
});
