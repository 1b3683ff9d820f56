/**
 * Wrapping keys of tenants in a local file: for development and the embedded database. They stand in it as they are, so it is as
 * secret as all that they wrap; a provider that keeps them in hardware takes its place in production.
 */
import { createSecretKey, randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { KeyFileError } from "../key-file-error.ts";
import { keyParts, partOf, type KeyContext, type KeyPart, type KeyProvider } from "../key-provider.ts";
import { KeyProviderError, type KeyProviderErrorCode } from "../key-provider-error.ts";
import { unwrapKey, wrapKey, type WrappingKey, type WrappingVersion } from "./wrapping-key.ts";
import { changeWrappingKeys, isTenantId, readWrappingKeys, type WrappingKeys } from "./wrapping-key-file.ts";

export interface LocalKeys extends KeyProvider {
  /** Adds a version to a wrapping key, which wraps from now on; what older ones wrapped still unwraps, until it is wrapped anew. */
  renew(tenant: string, part: KeyPart): Promise<void>;
}

/**
 * The provider over the file at `path`, which is made with the first tenant. The file is read at every use, so what another
 * process does to it counts at once. Throws {@link KeyFileError} too, where the file cannot be used.
 */
export function localKeys(path: string): LocalKeys {
  const place = resolve(path);

  function versionsOf({ tenant, purpose, version }: KeyContext): readonly WrappingVersion[] {
    if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
      throw new RangeError("a key's version is 1 to 2^32 - 1");
    const key = readWrappingKeys(place).get(tenant)?.[partOf(purpose)];
    if (key === undefined) throw problem("keys/missing", tenant);
    if (key.state === "disabled") throw problem("keys/disabled", tenant);
    if (key.state === "destroyed") throw problem("keys/destroyed", tenant);
    return key.versions;
  }

  function unwrap(context: KeyContext, wrapped: Uint8Array): Buffer {
    const key = unwrapKey(versionsOf(context), context, wrapped);
    if (key === undefined) throw problem("keys/not-authentic", context.tenant);
    return key;
  }

  /** Changes one wrapping key that was not destroyed. */
  function change(tenant: string, part: KeyPart, made: (key: WrappingKey) => WrappingKey): void {
    changeWrappingKeys(place, (keys) => {
      const found = keys.get(tenant);
      if (found === undefined) throw problem("keys/missing", tenant);
      keys.set(tenant, { ...found, [part]: made(found[part]) });
    });
  }

  const switched = (to: "usable" | "disabled", tenant: string) => (key: WrappingKey) => {
    if (key.state === "destroyed") throw problem("keys/destroyed", tenant);
    return { state: to, versions: key.versions };
  };

  return {
    name: "local",
    async create(tenant) {
      if (!isTenantId(tenant)) throw new KeyFileError("keys/bad-tenant", "this can't be the id of a tenant");
      const there = readWrappingKeys(place).get(tenant);
      if (there === undefined) changeWrappingKeys(place, (keys) => addTenant(keys, tenant));
      else refuseDestroyed(there, tenant);
    },
    async generate(context) {
      const versions = versionsOf(context);
      const key = randomBytes(32);
      return { key, wrapped: wrapKey(versions, context, key) };
    },
    async unwrap(context, wrapped) {
      return unwrap(context, wrapped);
    },
    async rewrap(context, wrapped) {
      const key = unwrap(context, wrapped);
      try {
        return wrapKey(versionsOf(context), context, key);
      } finally {
        key.fill(0);
      }
    },
    async state(tenant, part) {
      return { kind: readWrappingKeys(place).get(tenant)?.[part].state ?? "missing" };
    },
    async disable(tenant, part) {
      change(tenant, part, switched("disabled", tenant));
    },
    async enable(tenant, part) {
      change(tenant, part, switched("usable", tenant));
    },
    async destroy(tenant, part) {
      change(tenant, part, () => ({ state: "destroyed" }));
      return { kind: "destroyed" };
    },
    async renew(tenant, part) {
      change(tenant, part, (key) => {
        if (key.state === "destroyed") throw problem("keys/destroyed", tenant);
        const next = (key.versions.at(-1)?.version ?? 0) + 1;
        return { state: key.state, versions: [...key.versions, newVersion(next)] };
      });
    },
  };
}

function addTenant(keys: Map<string, WrappingKeys>, tenant: string): void {
  // Another process may have made it since it was looked for.
  const there = keys.get(tenant);
  if (there !== undefined) return refuseDestroyed(there, tenant);
  keys.set(tenant, {
    data: { state: "usable", versions: [newVersion(1)] },
    audit: { state: "usable", versions: [newVersion(1)] },
  });
}

function refuseDestroyed(keys: WrappingKeys, tenant: string): void {
  if (keyParts.some((part) => keys[part].state === "destroyed")) throw problem("keys/destroyed", tenant);
}

function newVersion(version: number): WrappingVersion {
  const bytes = randomBytes(32);
  try {
    return { version, key: createSecretKey(bytes) };
  } finally {
    bytes.fill(0);
  }
}

const problems: Readonly<Partial<Record<KeyProviderErrorCode, string>>> = {
  "keys/missing": "the key file has no wrapping key of the tenant",
  "keys/disabled": "the tenant's wrapping key is disabled",
  "keys/destroyed": "the tenant's wrapping key was destroyed",
  "keys/not-authentic": "this was not wrapped for this tenant, purpose and version, or it is damaged",
};

function problem(code: keyof typeof problems, tenant: string): KeyProviderError {
  return new KeyProviderError(code, `${problems[code]}: ${JSON.stringify(tenant)}`);
}
