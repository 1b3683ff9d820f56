/** Sealers of tenants for the pages of one run: asked for again as often as an application's process has to. */
import type { Sealer, SqlSession } from "../../contracts.ts";
import type { KeyProvider } from "../key-provider.ts";
import { KeyRing } from "../key-ring.ts";
import { enteredRegistry } from "../registry-rows.ts";

export type SealerOf = (session: SqlSession, tenant: string) => Promise<Sealer>;

export interface HeldSealers {
  /** The sealer of a tenant, as the registry has its keys in this transaction or not long before. */
  readonly of: SealerOf;
  /** What is at hand, so that no provider has to be asked. */
  readonly held: (tenant: string) => Sealer | undefined;
}

export async function withSealers<T>(
  provider: KeyProvider,
  run: (sealers: HeldSealers) => Promise<T>,
): Promise<T> {
  const ring = new KeyRing({ provider });
  try {
    return await run({
      of: async (session, tenant) => {
        const source = { inTransaction: true, read: () => enteredRegistry(session, tenant) };
        return (await ring.of(tenant, source)).cells;
      },
      held: (tenant) => ring.held(tenant)?.cells,
    });
  } finally {
    ring.close();
  }
}
