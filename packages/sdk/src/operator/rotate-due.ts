/** Rotation as the policy asks for it: keys that are older than it says get a successor, and what they seal comes under it. */
import type { Settings } from "@wardline/core";
import {
  databaseAt,
  databaseTime,
  dueKeys,
  openJobs,
  PlacementError,
  placementOfTenant,
  registryRows,
  tenantKeyState,
  type Database,
  type DueKey,
  type Estate,
  type ResealOptions,
  type ResealReport,
} from "@wardline/isolation";
import { resealPlaced, resealTenant, type ResealTarget } from "./reseal-tenant.ts";

export interface KeysDue {
  readonly tenant: string;
  /** The newest key of each purpose that is rotated; none where the policy does not say how old one may be. */
  readonly keys: readonly DueKey[];
  /** A reseal was left off, which goes before any other. */
  readonly isLeftOff: boolean;
}

export interface RotateDueOptions extends Omit<ResealOptions, "rotate"> {
  /** The moment at which keys are due or not; now, by the database's clock, if left out. */
  readonly now?: Date;
}

/** Which keys of a tenant its policy's `keys.rotate` asks to rotate. It changes nothing. */
export function keysDue(
  { database, program }: Pick<ResealTarget, "database" | "program">,
  now?: Date,
): Promise<KeysDue> {
  return dueAt(database, program.tenant, program.settings ?? {}, now);
}

/** The same of a tenant's place. Throws PlacementError, `placement/no-policy` too. */
export async function keysDuePlaced(estate: Estate, tenant: string, now?: Date): Promise<KeysDue> {
  const settings = estate.settingsOf(tenant);
  if (settings === null)
    throw new PlacementError(
      "placement/no-policy",
      "the tenant has no policy, which says how old a key may be",
    );
  const spot = await placementOfTenant(estate.catalogue, tenant);
  return dueAt(databaseAt(estate, spot), tenant, settings, now);
}

/**
 * Rotates what is due, as `resealTenant` does, and brings a reseal that was left off to its end before that. Null where there is nothing to
 * do. Throws as `resealTenant` does.
 */
export function rotateDue(
  target: ResealTarget,
  options: RotateDueOptions = {},
): Promise<ResealReport | null> {
  return rotate(
    () => keysDue(target, options.now),
    (how) => resealTenant(target, how),
    options,
  );
}

/** {@link rotateDue} at the place that the catalogue knows of the tenant. Throws PlacementError besides. */
export function rotateDuePlaced(
  estate: Estate,
  tenant: string,
  options: RotateDueOptions = {},
): Promise<ResealReport | null> {
  return rotate(
    () => keysDuePlaced(estate, tenant, options.now),
    (how) => resealPlaced(estate, tenant, how),
    options,
  );
}

async function rotate(
  ask: () => Promise<KeysDue>,
  reseal: (options: ResealOptions) => Promise<ResealReport>,
  options: RotateDueOptions,
): Promise<ResealReport | null> {
  const { isLeftOff } = await ask();
  const earlier = isLeftOff ? await reseal(options) : null;
  if (earlier !== null && earlier.outcome !== "done") return earlier;
  // Asked again: what was left off may have added what is wanted.
  const due = (await ask()).keys.filter(({ isDue }) => isDue);
  if (due.length === 0) return earlier;
  return reseal({ ...options, rotate: due.map(({ purpose }) => purpose) });
}

function dueAt(database: Database, tenant: string, settings: Settings, now?: Date): Promise<KeysDue> {
  return database.turn(async (session) => {
    // Keys that are disabled or destroyed seal nothing: there is nothing to rotate, and it is no fault either.
    if ((await tenantKeyState(session, tenant)) !== "active") return { tenant, keys: [], isLeftOff: false };
    const moment = now?.getTime() ?? (await databaseTime(session));
    const jobs = await openJobs(session, tenant);
    return {
      tenant,
      keys: dueKeys(await registryRows(session, tenant), settings, moment),
      isLeftOff: jobs.some(
        ({ kind, schema, table }) => kind === "reseal" && schema === database.schema && table === null,
      ),
    };
  });
}
