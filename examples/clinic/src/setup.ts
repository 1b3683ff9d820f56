/** Opens the clinic: database, catalogue, tenants with their keys, data. Everything that a real service would find already there. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localKeys, placement, Wardline, type Database, type KeyProvider } from "@wardline/sdk";
import {
  addCell,
  createCatalogue,
  createTenant,
  openEstate,
  readBundles,
  setKeyBound,
  type Estate,
  type LoadedBundle,
} from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { makeHospital, type Hospital } from "./data/hospital.ts";
import type { Database as Tables } from "./tables.ts";
import { loadHospital } from "./data/load-hospital.ts";

export interface Clinic {
  readonly wardline: Wardline<Tables>;
  readonly database: Database;
  /** What an operator acts on: the catalogue of places, the policies by tenant, the keys. */
  readonly estate: Estate;
  readonly bundles: ReadonlyMap<string, LoadedBundle>;
  readonly keys: KeyProvider;
  readonly hospitals: ReadonlyMap<string, Hospital>;
}

export interface ClinicOptions {
  /** The folder that `wardline build` wrote. */
  readonly bundles: string;
  /** Patients in each tenant. */
  readonly size: number;
  /** The present, for requests and audit entries. */
  readonly clock?: () => Date;
}

/** Who signs in where, and the physicians that the data names. */
export const physicians: ReadonlyMap<string, readonly string[]> = new Map([
  ["acme", ["ada.berg", "chidi.okafor", "ines.moreau", "yusuf.kaya"]],
  ["globex", ["gil.tanaka", "mina.petrov", "rosa.silva"]],
]);

/**
 * Milliseconds that the one process of this clinic uses a key, and takes what the registry says for true. Usually it is minutes, and what
 * waits until no process does any more waits for those.
 */
export const keyBounds = { keyLife: 5000, lease: 250 };

/** A clinic in memory, filled with generated data: the same for the same options. */
export async function openClinic(options: ClinicOptions): Promise<Clinic> {
  const database = pglite();
  const keys = localKeys(join(await mkdtemp(join(tmpdir(), "clinic-")), "keys.json"));
  const bundles = await readBundles(options.bundles);
  const cells = { here: () => database };
  const programs = new Map([...bundles].map(([tenant, { program }]) => [tenant, program]));
  const estate = openEstate({ catalogue: database, cells, programs, operator: "olga", keys });
  await createCatalogue(database);
  await addCell(database, { name: "here", region: "eu" });
  await estate.prepare(database);
  await database.turn((session) => setKeyBound(session, keyBounds.keyLife));
  const hospitals = new Map<string, Hospital>();
  let seed = 20_261_101;
  for (const [tenant, { program }] of bundles) {
    await createTenant(estate, tenant, { tier: "pool", cell: "here" });
    const load = { database, program, keys };
    const hospital = makeHospital((seed += 1), physicians.get(tenant) ?? [], options.size);
    await loadHospital(load, hospital);
    hospitals.set(tenant, hospital);
  }
  const wardline = await Wardline.open<Tables>({
    bundles: options.bundles,
    trust: "unsigned-development",
    database: placement({ catalogue: database, cells }),
    keys,
    keyBounds,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return { wardline, database, estate, bundles, keys, hospitals };
}
