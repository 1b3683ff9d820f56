/** Sealers under keys that no registry has: both worlds of a scenario are sealed under the same. */
import { createSecretKey, randomBytes } from "node:crypto";
import {
  createAuditSealer,
  createChallengeSealer,
  createSealer,
  deriveAuditKeys,
  deriveTenantKeys,
  type KekVersions,
  type TenantSealers,
} from "@wardline/isolation";

export function fixedSealers(tenant: string): TenantSealers {
  const one = (): KekVersions => ({ current: 1, keks: new Map([[1, createSecretKey(randomBytes(32))]]) });
  const keys = deriveTenantKeys({ seal: one(), index: one(), mask: one() });
  const auditKeys = deriveAuditKeys(one());
  return {
    cells: createSealer(tenant, () => keys),
    audit: createAuditSealer(tenant, () => auditKeys),
    challenges: createChallengeSealer(tenant, () => keys),
  };
}
