/** A sealer whose keys nobody has: for rows that are loaded and whose sealed cells are not opened. */
import { createSecretKey, randomBytes } from "node:crypto";
import { createSealer, deriveTenantKeys, type KekVersions, type Sealer } from "@wardline/isolation";

export function lostSealer(tenant: string): Sealer {
  const one = (): KekVersions => ({ current: 1, keks: new Map([[1, createSecretKey(randomBytes(32))]]) });
  const keys = deriveTenantKeys({ seal: one(), index: one(), mask: one() });
  return createSealer(tenant, () => keys);
}
