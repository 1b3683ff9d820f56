/** Sealers of tenants for an operator's pages: each is asked for again when it is as old as a process's may be. */
import type { Sealer, SqlSession } from "../../contracts.ts";
import type { KeyProvider } from "../key-provider.ts";
import { longestLease } from "../key-ring.ts";
import { operatorSealers } from "../registry-rows.ts";

export interface SealerOf {
  /** The sealer of a tenant, as the registry has its keys in this transaction or not long before. */
  (session: SqlSession, tenant: string): Promise<Sealer>;
  /** Whether it is at hand, so that no provider has to be asked. */
  readonly holds: (tenant: string) => boolean;
}

const mostKept = 4096;

export function heldSealers(provider: KeyProvider): SealerOf {
  const held = new Map<string, { readonly sealer: Sealer; readonly until: number }>();
  const find = (tenant: string): Sealer | undefined => {
    const known = held.get(tenant);
    return known !== undefined && performance.now() < known.until ? known.sealer : undefined;
  };
  const sealerOf = async (session: SqlSession, tenant: string): Promise<Sealer> => {
    const known = find(tenant);
    if (known !== undefined) return known;
    const until = performance.now() + longestLease;
    const { cells } = await operatorSealers(session, provider, tenant);
    if (held.size >= mostKept) held.clear();
    held.set(tenant, { sealer: cells, until });
    return cells;
  };
  return Object.assign(sealerOf, { holds: (tenant: string) => find(tenant) !== undefined });
}
