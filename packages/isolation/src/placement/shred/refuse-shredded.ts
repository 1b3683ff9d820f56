import { refuseBuried } from "../catalogue.ts";
import type { Estate } from "../estate.ts";
import { PlacementError } from "../placement-error.ts";

/**
 * Throws `placement/tombstone` for a tenant that was shredded: by the catalogue's word, by the ledger's, or by the provider's, whom no
 * backup of a database makes forget. Throws KeyProviderError where the provider cannot be asked.
 */
export async function refuseShredded(estate: Estate, tenant: string): Promise<void> {
  await estate.catalogue.turn((session) => refuseBuried(session, tenant));
  const [known] = (await estate.ledger?.find(tenant)) ?? [];
  if (known !== undefined)
    throw new PlacementError(
      "placement/tombstone",
      `the ledger says that the tenant was shredded on ${known.at}: it does not come back`,
    );
  const outside = await estate.keys?.state(tenant, "data");
  if (outside?.kind === "destroyed" || outside?.kind === "pending")
    throw new PlacementError(
      "placement/tombstone",
      "the provider says that the tenant's keys were destroyed: it was shredded, and does not come back",
    );
}
