/** Keys of a tenant for tests, of one version unless more are asked for: every one from a seed of its own. */
import { createSecretKey } from "node:crypto";
import { deriveTenantKeys, type KekVersions, type TenantKeys } from "../src/index.ts";
import { createAuditSealer } from "../src/seal/audit-sealer.ts";
import { deriveAuditKeys, type AuditKeys } from "../src/seal/tenant-keys.ts";
import type { AuditSealer } from "../src/contracts.ts";

export function keysOf(
  seed: number,
  versions: readonly number[] = [1],
  current = versions[0] as number,
): TenantKeys {
  const of = (purpose: number): KekVersions => ({
    current,
    keks: new Map(
      versions.map((version) => [
        version,
        createSecretKey(Buffer.alloc(32, seed * 16 + purpose * 4 + version)),
      ]),
    ),
  });
  return deriveTenantKeys({ seal: of(0), index: of(1), mask: of(2) });
}

/** Seals audit entries of a tenant, under a key from a seed of its own. */
export function auditSealerFrom(tenant: string, seed: number): AuditSealer {
  const keys = auditKeysFrom(seed);
  return createAuditSealer(tenant, () => keys);
}

export function auditKeysFrom(seed: number): AuditKeys {
  const kek = createSecretKey(Buffer.alloc(32, seed * 16 + 15));
  return deriveAuditKeys({ current: 1, keks: new Map([[1, kek]]) });
}
