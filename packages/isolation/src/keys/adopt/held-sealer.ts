/** Sealers of tenants for an operator's pages: each is asked for again when it is as old as a process's may be. */
import type { Sealer, SqlSession } from "../../contracts.ts";
import type { KeyProvider } from "../key-provider.ts";
import { longestLease } from "../key-ring.ts";
import { operatorSealers } from "../registry-rows.ts";

/** The sealer of a tenant, as the registry has its keys in this transaction or not long before. */
export type SealerOf = (session: SqlSession, tenant: string) => Promise<Sealer>;

const mostKept = 256;

export function heldSealers(provider: KeyProvider): SealerOf {
  const held = new Map<string, { readonly sealer: Sealer; readonly until: number }>();
  return async (session, tenant) => {
    const known = held.get(tenant);
    if (known !== undefined && performance.now() < known.until) return known.sealer;
    const until = performance.now() + longestLease;
    const { cells } = await operatorSealers(session, provider, tenant);
    if (held.size >= mostKept) held.clear();
    held.set(tenant, { sealer: cells, until });
    return cells;
  };
}
