/** Rotation of a tenant's keys: what is sealed comes under the newest ones, while the application goes on. */
import type { Program } from "@wardline/core";
import {
  databaseAt,
  KeyJobError,
  placementOfTenant,
  planReseal as planAt,
  resealTenant as resealAt,
  type Database,
  type Estate,
  type KeyProvider,
  type ResealOptions,
  type ResealPlan,
  type ResealReport,
} from "@wardline/isolation";

export interface ResealTarget {
  /** An operator's connection to the database where the tenant is; its schema is the tenant's. */
  readonly database: Database;
  /** The tenant's policy. */
  readonly program: Program;
  readonly keys: KeyProvider;
  /** Who does it, for the tenant's record. */
  readonly operator: string;
}

/**
 * Seals every cell of the tenant under its newest `seal` key, makes every blind index under its newest `index` key, also where one is missing,
 * and then lets older keys open nothing more. With `rotate` it makes new keys first, and with `destroyRetired` it takes the bytes of
 * the old ones away. Cut off anywhere, it goes on when it is called again. The report says what is not done.
 *
 * Throws KeyJobError (another job is at the tenant, or it is being moved), KeyRegistryError, KeyProviderError and SchemaMismatch; what was
 * done before stands.
 */
export function resealTenant(target: ResealTarget, options: ResealOptions = {}): Promise<ResealReport> {
  return resealAt(worldOf(target), options);
}

/** What {@link resealTenant} would do now. It changes nothing. */
export function planReseal(target: ResealTarget, options: ResealOptions = {}): Promise<ResealPlan> {
  return planAt(worldOf(target), options);
}

/** {@link resealTenant} at the place that the catalogue knows of the tenant. Throws PlacementError besides. */
export async function resealPlaced(
  estate: Estate,
  tenant: string,
  options: ResealOptions = {},
): Promise<ResealReport> {
  return resealAt(await placedWorld(estate, tenant), options);
}

/** What {@link resealPlaced} would do now. It changes nothing. */
export async function planResealPlaced(
  estate: Estate,
  tenant: string,
  options: ResealOptions = {},
): Promise<ResealPlan> {
  return planAt(await placedWorld(estate, tenant), options);
}

async function placedWorld(estate: Estate, tenant: string) {
  const { catalogue, stored, keys, operator } = estate;
  if (keys === undefined)
    throw new KeyJobError("keys/no-provider", "nobody said which provider keeps the keys");
  const spot = await placementOfTenant(catalogue, tenant);
  return { database: databaseAt(estate, spot), stored, keys, tenant, operator };
}

function worldOf({ database, program, keys, operator }: ResealTarget) {
  return { database, stored: program, keys, tenant: program.tenant, operator };
}
