/**
 * The file, or the environment variable, that says which provider keeps the wrapping keys of tenants. No secret stands in it: tokens are
 * named by where they are, and AWS finds its own credentials.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  awsKms,
  localKeys,
  padded,
  vaultTransit,
  type AwsKmsOptions,
  type KeyProvider,
  type VaultTransitOptions,
} from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { checkEntry, type Entry, type Fields } from "./keys-entry.ts";
import { tokenSource } from "./token-source.ts";

const every = { padding: { kind: "flag" } } as const;
const common = {
  ...every,
  ca: { kind: "text" },
  insecure: { kind: "flag" },
  timeout: { kind: "number" },
  attempts: { kind: "number" },
} as const;

const providers: Readonly<Record<string, { readonly fields: Fields; readonly open: Open }>> = {
  local: { fields: { ...every, path: { kind: "text", needed: true } }, open: openLocal },
  "aws-kms": {
    fields: {
      ...common,
      region: { kind: "text", needed: true },
      endpoint: { kind: "text" },
      waitingDays: { kind: "number" },
      keyPolicy: { kind: "text" },
      tags: { kind: "texts" },
    },
    open: openAws,
  },
  "vault-transit": {
    fields: {
      ...common,
      address: { kind: "text", needed: true },
      token: { kind: "text", needed: true },
      mount: { kind: "text" },
      namespace: { kind: "text" },
    },
    open: openVault,
  },
};

type Open = (io: Io, entry: Entry) => KeyProvider;

/**
 * `given` is the name of a file, or `env:NAME` for an environment variable that holds what would stand in one. Nothing is asked of the
 * provider. Throws {@link UsageError} with the key that is wrong.
 */
export function openKeys(io: Io, given: string): KeyProvider {
  const [, variable] = /^env:(.+)$/.exec(given) ?? [];
  const text = variable === undefined ? readText(io, given, "--keys") : fromEnvironment(variable, "--keys");
  const document = parse(text, given);
  const name = document["provider"];
  const known = Object.keys(providers);
  const provider = typeof name === "string" && Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (provider === undefined)
    throw new UsageError(
      `${given}: \`provider\` is none that is known`,
      `known providers: ${known.join(", ")}`,
    );
  const { provider: _provider, ...rest } = document;
  const entry = checkEntry(given, rest, provider.fields);
  try {
    const keys = provider.open(io, entry);
    return entry.present("padding")["padding"] === true ? padded(keys) : keys;
  } catch (error) {
    // What the provider itself says of its options.
    if (error instanceof TypeError || error instanceof RangeError)
      throw new UsageError(`${given}: ${error.message}`);
    throw error;
  }
}

function openLocal(io: Io, entry: Entry): KeyProvider {
  return localKeys(resolve(io.cwd, entry.text("path")));
}

function openAws(io: Io, entry: Entry): KeyProvider {
  const keyPolicy = entry.textMaybe("keyPolicy");
  const options: Partial<AwsKmsOptions> = entry.present(
    "endpoint",
    "waitingDays",
    "tags",
    "insecure",
    "timeout",
    "attempts",
  );
  return awsKms({
    ...options,
    region: entry.text("region"),
    ...ca(io, entry),
    ...(keyPolicy === undefined ? {} : { keyPolicy: readText(io, keyPolicy, "keyPolicy") }),
  });
}

function openVault(io: Io, entry: Entry): KeyProvider {
  const [, variable] = /^env:(.+)$/.exec(entry.text("address")) ?? [];
  const options: Partial<VaultTransitOptions> = entry.present(
    "mount",
    "namespace",
    "insecure",
    "timeout",
    "attempts",
  );
  return vaultTransit({
    ...options,
    address: variable === undefined ? entry.text("address") : fromEnvironment(variable, "address"),
    token: tokenSource(io, entry.text("token")),
    ...ca(io, entry),
  });
}

function ca(io: Io, entry: Entry): { readonly ca?: string } {
  const file = entry.textMaybe("ca");
  return file === undefined ? {} : { ca: readText(io, file, "ca") };
}

function parse(text: string, given: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's words would show a part of the text.
    throw new UsageError(`${given} is no JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(
      `${given} must hold an object`,
      '{ "provider": "aws-kms", "region": "eu-central-1" }',
    );
  return value as Readonly<Record<string, unknown>>;
}

function readText(io: Io, name: string, what: string): string {
  try {
    return readFileSync(resolve(io.cwd, name), "utf8");
  } catch (error) {
    const { code = "no file" } = error as NodeJS.ErrnoException;
    throw new UsageError(`${what}: ${name} cannot be read: ${code}`);
  }
}

function fromEnvironment(name: string, what: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new UsageError(`${what}: the environment has no ${name}`);
  return value;
}
