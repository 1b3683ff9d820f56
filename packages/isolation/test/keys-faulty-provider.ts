/** A provider in memory whose every answer can be made to fail or to wait. */
import { createSecretKey, randomBytes } from "node:crypto";
import {
  keyPurposes,
  KeyProviderError,
  partOf,
  type KeyContext,
  type KeyProvider,
  type KeyProviderErrorCode,
  type KeyPurpose,
  type RegistrySource,
} from "../src/index.ts";
import { unwrapKey, wrapKey } from "../src/keys/local/wrapping-key.ts";
import { deriveKek } from "../src/seal/kek.ts";
import { keyCheck } from "../src/seal/key-check.ts";

export interface FaultyProvider extends KeyProvider {
  /** Contexts that were unwrapped, as `tenant/purpose/version`. */
  readonly asked: string[];
  /** What was given out; the ring must overwrite it. */
  readonly given: Uint8Array[];
  fault: KeyProviderErrorCode | Error | null;
  /** Waited for before each answer. */
  gate: Promise<void> | null;
}

export function faultyProvider(name = "faulty"): FaultyProvider {
  const wrapping = new Map<string, ReturnType<typeof createSecretKey>>();
  const keyOf = ({ tenant, purpose }: KeyContext) => {
    const id = `${tenant} ${partOf(purpose)}`;
    const key = wrapping.get(id) ?? createSecretKey(randomBytes(32));
    wrapping.set(id, key);
    return [{ version: 1, key }];
  };
  const provider: FaultyProvider = {
    name,
    asked: [],
    given: [],
    fault: null,
    gate: null,
    create: async () => undefined,
    async generate(context) {
      const key = randomBytes(32);
      return { key, wrapped: wrapKey(keyOf(context), context, key) };
    },
    async unwrap(context, wrapped) {
      provider.asked.push(`${context.tenant}/${context.purpose}/${context.version}`);
      if (provider.gate !== null) await provider.gate;
      if (provider.fault instanceof Error) throw provider.fault;
      if (provider.fault !== null) throw new KeyProviderError(provider.fault, "as the test says");
      const key = unwrapKey(keyOf(context), context, wrapped);
      if (key === undefined) throw new KeyProviderError("keys/not-authentic", "not of this context");
      provider.given.push(key);
      return key;
    },
    async rewrap(context, wrapped) {
      const key = unwrapKey(keyOf(context), context, wrapped);
      if (key === undefined) throw new KeyProviderError("keys/not-authentic", "not of this context");
      return wrapKey(keyOf(context), context, key);
    },
    state: async () => ({ kind: "usable" }),
    disable: async () => undefined,
    enable: async () => undefined,
    destroy: async () => ({ kind: "destroyed" }),
  };
  return provider;
}

export interface Row {
  purpose: KeyPurpose;
  version: number;
  state: string;
  provider: string;
  writes: boolean;
  wrapped: string | null;
  check: string;
}

/** A registry in memory, which counts how often it is read. */
export interface TestRegistry {
  readonly tenant: string;
  state: string;
  /** What the registry says of how long keys may be held; nothing where it is undefined. */
  holdFor: number | undefined;
  rows: Row[];
  reads: number;
  readonly source: RegistrySource;
  readonly inside: RegistrySource;
}

export async function registryOf(provider: KeyProvider, tenant: string): Promise<TestRegistry> {
  const read = async () => {
    it.reads += 1;
    return JSON.stringify({ tenant, state: it.state, holdFor: it.holdFor, keys: it.rows });
  };
  const it: TestRegistry = {
    tenant,
    state: "active",
    holdFor: undefined,
    rows: [],
    reads: 0,
    source: { inTransaction: false, read },
    inside: { inTransaction: true, read },
  };
  for (const purpose of keyPurposes) it.rows.push(await newRow(provider, tenant, purpose, 1));
  return it;
}

export async function newRow(
  provider: KeyProvider,
  tenant: string,
  purpose: KeyPurpose,
  version: number,
): Promise<Row> {
  const context = { tenant, purpose, version };
  const { key, wrapped } = await provider.generate(context);
  const hex = Buffer.from(wrapped).toString("hex");
  const check = keyCheck(deriveKek(context, createSecretKey(key))).toString("hex");
  return { purpose, version, state: "current", provider: provider.name, writes: true, wrapped: hex, check };
}
