/** Nothing that a provider throws, or that is printed of it, shows a key, a token or a secret. */
import { inspect } from "node:util";
import { startKms, startVault, type Kms, type Vault } from "@wardline/database-testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awsKms, keyPurposes, KeyProviderError, vaultTransit, type KeyProvider } from "../src/index.ts";

const session = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "SECRET-ACCESS-KEY-OF-THE-TEST",
  sessionToken: "SESSION-TOKEN-OF-THE-TEST",
};
const wrongSecret = { ...session, secretAccessKey: "ANOTHER-SECRET-ACCESS-KEY-OF-THE-TEST" };
const token = "s.VAULT-TOKEN-OF-THE-TEST";
const ended = "s.ENDED-VAULT-TOKEN-OF-THE-TEST";

let kms: Kms;
let vault: Vault;
beforeAll(async () => {
  kms = await startKms({ logins: [session], region: "eu-west-1" });
  vault = await startVault();
  vault.tokens.set(token, undefined);
});
afterAll(async () => {
  await kms.stop();
  await vault.stop();
});

const ofAws = (credentials = session) =>
  awsKms({ region: "eu-west-1", endpoint: kms.url, credentials, attempts: 1 });
const ofVault = (given = token) => vaultTransit({ address: vault.url, token: () => given, attempts: 1 });

/** All that an error and what hangs on it can show. */
function shown(value: unknown): string {
  const error = value instanceof Error ? [value.message, value.stack, String(value), shown(value.cause)] : [];
  return [
    ...error,
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true, getters: true }),
  ].join("\n");
}

const texts = (bytes: Uint8Array): readonly string[] => {
  const buffer = Buffer.from(bytes);
  return [
    buffer.toString("base64"),
    buffer.toString("hex"),
    buffer.toString("latin1"),
    [...bytes].join(", "),
  ];
};

async function everyCall(provider: KeyProvider, wrapped: Uint8Array): Promise<readonly unknown[]> {
  const calls: readonly (() => unknown)[] = [
    () => provider.create("north"),
    ...keyPurposes.flatMap((purpose) => {
      const context = { tenant: "north", purpose, version: 3 };
      return [
        () => provider.generate(context),
        () => provider.unwrap(context, wrapped),
        () => provider.rewrap(context, wrapped),
      ];
    }),
    () => provider.state("north", "data"),
    () => provider.disable("north", "data"),
    () => provider.enable("north", "data"),
  ];
  const thrown: unknown[] = [];
  for (const call of calls) {
    try {
      await call();
    } catch (error) {
      thrown.push(error);
    }
  }
  return thrown;
}

it.each([
  ["aws-kms", ofAws, () => ofAws(wrongSecret)],
  ["vault-transit", ofVault, () => ofVault(ended)],
] as const)("%s shows nothing, whatever the server answers", async (name, good, bad) => {
  const sound = good();
  await sound.create("north");
  const { key, wrapped } = await sound.generate({ tenant: "north", purpose: "seal", version: 3 });
  const secrets = [
    ...texts(key),
    session.secretAccessKey,
    wrongSecret.secretAccessKey,
    session.sessionToken,
    token,
    ended,
  ];
  const plain = Buffer.from(key).toString("base64");
  // Answers that hold the key, and are none that can be used.
  const bodies = [
    plain,
    `{"Plaintext":"${plain}`,
    JSON.stringify({ Plaintext: [plain], CiphertextBlob: 1, data: { plaintext: [plain] } }),
    JSON.stringify({ Plaintext: `${plain}AAAA`, data: { plaintext: `${plain}AAAA`, ciphertext: plain } }),
    JSON.stringify({ __type: plain, message: plain, errors: [plain], data: plain }),
  ];
  const errors = [plain, session.sessionToken, token, `Bad ${token}: ${plain}`];
  const trouble = fc.oneof(
    fc.constantFrom(...bodies).map((body) => ({ body })),
    fc
      .tuple(fc.constantFrom(400, 403, 404, 429, 500, 503), fc.constantFrom(...errors))
      .map(([status, text]) => ({ status, errors: [text], type: text.replaceAll(/[^\w]/g, "_") })),
    fc.constantFrom("cut-before" as const, "cut-after" as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { minLength: 4, maxLength: 18 }), async (troubles) => {
      const queue: unknown[] = name === "aws-kms" ? kms.troubles : vault.troubles;
      queue.splice(0, Infinity, ...troubles);
      for (const provider of [sound, bad()]) {
        const thrown = await everyCall(provider, wrapped);
        for (const error of [...thrown, provider]) {
          const text = shown(error);
          for (const secret of secrets) expect(text).not.toContain(secret);
        }
        for (const error of thrown) expect(error).toBeInstanceOf(KeyProviderError);
      }
      queue.length = 0;
    }),
    { numRuns: 8 },
  );
  const refused = await everyCall(bad(), wrapped);
  expect(refused.length).toBeGreaterThan(12);
});
