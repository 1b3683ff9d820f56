/**
 * Keys of tenants in a local file: for development and the embedded database. The keys stand in it as they are, so it
 * is as secret as all that they seal; a provider that keeps them in hardware takes its place in production.
 */
import { createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import { resolve } from "node:path";
import type { AuditSealer, Sealer } from "../contracts.ts";
import { SealBroken } from "../errors.ts";
import { createAuditSealer } from "../seal/audit-sealer.ts";
import { createSealer } from "../seal/sealer.ts";
import { deriveKek } from "../seal/kek.ts";
import type { KeyPurpose } from "./key-provider.ts";
import {
  deriveAuditKeys,
  deriveTenantKeys,
  type AuditKeys,
  type KekVersions,
  type TenantKeys,
} from "../seal/tenant-keys.ts";
import { changeKeyFile, isTenantId, type KeyRecord, readKeyFile } from "./key-file.ts";
import { KeyFileError } from "./key-file-error.ts";

export interface KeyStore {
  /** Whether the tenant has a key that seals. */
  has(tenant: string): boolean;
  /** Makes a tenant's first key. Throws `keys/exists` if it has one or had one. */
  create(tenant: string): Promise<void>;
  /**
   * Forgets a tenant's key: what it sealed opens no more from this file, and sealers in this process stop at once.
   * Copies of the file, and other processes until they start again, still have it.
   */
  destroy(tenant: string): Promise<void>;
  /** Throws `SealBroken`, `seal/no-key`, for a tenant without a key. */
  sealerFor(tenant: string): Sealer;
  /** The same for the audit log. */
  auditSealerFor(tenant: string): AuditSealer;
}

type Usable = { readonly state: "usable"; readonly keys: TenantKeys; readonly audit: AuditKeys };
type Held = Usable | { readonly state: "destroyed" };

/** The key store in the file at `path`, which is made with the first key. Throws `KeyFileError`. */
export function localKeys(path: string): KeyStore {
  const place = resolve(path);
  const held = new Map<string, Held>();

  function hold(records: ReadonlyMap<string, KeyRecord>): void {
    for (const [tenant, { version, key }] of records) {
      if (key === null) held.set(tenant, { state: "destroyed" });
      else if (!held.has(tenant)) held.set(tenant, keysFrom(tenant, version, key));
    }
  }

  function find(tenant: string): Held | undefined {
    // Another process may have made the key since the file was read.
    if (!held.has(tenant)) hold(readKeyFile(place));
    return held.get(tenant);
  }

  function usable(tenant: string): Usable {
    const found = find(tenant);
    if (found === undefined) throw new SealBroken("seal/no-key");
    if (found.state === "destroyed") throw new SealBroken("destroyed");
    return found;
  }

  return {
    has: (tenant) => find(tenant)?.state === "usable",
    async create(tenant) {
      if (!isTenantId(tenant)) throw new KeyFileError("keys/bad-tenant", "this can't be the id of a tenant");
      const records = changeKeyFile(place, (keys) => {
        if (keys.has(tenant))
          throw new KeyFileError("keys/exists", `${place} has a key of the tenant, or had one`);
        keys.set(tenant, { version: 1, key: createSecretKey(randomBytes(32)) });
      });
      hold(records);
    },
    async destroy(tenant) {
      const records = changeKeyFile(place, (keys) => {
        const record = keys.get(tenant);
        if (record === undefined) throw new SealBroken("seal/no-key");
        keys.set(tenant, { version: record.version, key: null });
      });
      hold(records);
    },
    sealerFor(tenant) {
      if (find(tenant) === undefined) throw new SealBroken("seal/no-key");
      return createSealer(tenant, () => usable(tenant).keys);
    },
    auditSealerFor(tenant) {
      if (find(tenant) === undefined) throw new SealBroken("seal/no-key");
      return createAuditSealer(tenant, () => usable(tenant).audit);
    },
  };
}

function keysFrom(tenant: string, version: number, key: KeyObject): Usable {
  const of = (purpose: KeyPurpose): KekVersions => ({
    current: version,
    keks: new Map([[version, deriveKek({ tenant, purpose, version }, key)]]),
  });
  return {
    state: "usable",
    keys: deriveTenantKeys({ seal: of("seal"), index: of("index"), mask: of("mask") }),
    audit: deriveAuditKeys(of("audit")),
  };
}
