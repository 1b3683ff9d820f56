/** Retention carried out: the rows that a tenant's policy does not keep any longer go, while the application goes on. */
import type { Program } from "@wardline/core";
import {
  databaseAt,
  PlacementError,
  placementOfTenant,
  planRetention as planAt,
  sweepRetention as sweepAt,
  type Database,
  type Estate,
  type SweepOptions,
  type SweepPlan,
  type SweepReport,
  type SweepWorld,
} from "@wardline/isolation";

export interface SweepTarget {
  /** An operator's connection to the database where the tenant is; its schema is the tenant's. */
  readonly database: Database;
  /** The tenant's policy, which says how long rows are kept. */
  readonly program: Program;
  /** Who does it, for the tenant's record. */
  readonly operator: string;
}

/**
 * Deletes the rows of a tenant that came to their end longer ago than its policy's `retention` says: of each entity with a field of the
 * class `#ended`, by that field; rows that others refer to stay until those are gone. Cut off anywhere, it goes on when it is called
 * again. The receipt is signed, and its digest stands in the tenant's audit chain.
 *
 * Throws RetentionRefused (`retention/held`), KeyJobError (another job is at the tenant, or it is being moved) and SchemaMismatch; what was
 * deleted before stands, and is on record.
 */
export function sweepRetention(target: SweepTarget, options: SweepOptions): Promise<SweepReport> {
  return sweepAt(worldOf(target), options);
}

/** What {@link sweepRetention} would do now. It changes nothing. */
export function planRetention(target: SweepTarget): Promise<SweepPlan> {
  return planAt(worldOf(target));
}

/** {@link sweepRetention} at the place that the catalogue knows of the tenant. Throws PlacementError besides, `placement/no-policy` too. */
export async function sweepRetentionPlaced(
  estate: Estate,
  tenant: string,
  options: SweepOptions,
): Promise<SweepReport> {
  return sweepAt(await placedWorld(estate, tenant), options);
}

/** What {@link sweepRetentionPlaced} would do now. It changes nothing. */
export async function planRetentionPlaced(estate: Estate, tenant: string): Promise<SweepPlan> {
  return planAt(await placedWorld(estate, tenant));
}

function worldOf({ database, program, operator }: SweepTarget): SweepWorld {
  const { tenant, settings = {} } = program;
  return { database, catalogue: null, stored: program, settings, tenant, operator };
}

async function placedWorld(estate: Estate, tenant: string): Promise<SweepWorld> {
  const { catalogue, stored, operator } = estate;
  const settings = estate.settingsOf(tenant);
  if (settings === null)
    throw new PlacementError("placement/no-policy", "the tenant has no policy, which says what is kept");
  const spot = await placementOfTenant(catalogue, tenant);
  const isHere = estate.cells.database(spot.cell, spot.database) === catalogue;
  const database = databaseAt(estate, spot);
  return { database, catalogue: isHere ? null : catalogue, stored, settings, tenant, operator };
}
