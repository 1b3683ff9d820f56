/** What a tenant's policy asks of the place where the tenant lives. */
import type { Settings } from "@wardline/core";
import type { CellEntry } from "./catalogue.ts";
import { PlacementError } from "./placement-error.ts";
import { tiers, type Tier } from "./placement.ts";

/** Throws `placement/no-policy` where nobody knows what the policy asks, `placement/residency` for a cell in another region, `placement/isolation` for a tier that stands less far apart. */
export function checkRequirements(settings: Settings | null, tier: Tier, cell: CellEntry): void {
  if (settings === null)
    throw new PlacementError(
      "placement/no-policy",
      "the tenant has no policy, which says where it may live: write one first",
    );
  const { residency, isolation } = settings;
  if (residency !== undefined && residency !== cell.region)
    throw new PlacementError(
      "placement/residency",
      `the tenant's policy says residency: ${residency}, and the cell ${cell.name} is in ${cell.region}`,
    );
  if (isolation !== undefined && tiers.indexOf(tier) < tiers.indexOf(isolation))
    throw new PlacementError(
      "placement/isolation",
      `the tenant's policy says isolation: ${isolation}, and the tier ${tier} stands less far apart`,
    );
}
