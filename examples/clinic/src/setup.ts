/** Opens the clinic: database, keys, tables, data. Everything that a real service would find already there. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localKeys, Wardline, type Database } from "@wardline/sdk";
import { createSchema, createTenantKeys, loadPairs, loadRows, readBundles } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { makeHospital, type Hospital } from "./data/hospital.ts";

export interface Clinic {
  readonly wardline: Wardline;
  readonly database: Database;
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

/** A clinic in memory, filled with generated data: the same for the same options. */
export async function openClinic(options: ClinicOptions): Promise<Clinic> {
  const database = pglite();
  const keys = localKeys(join(await mkdtemp(join(tmpdir(), "clinic-")), "keys.json"));
  const bundles = await readBundles(options.bundles);
  await createSchema(
    database,
    [...bundles.values()].map((bundle) => bundle.program),
  );
  const hospitals = new Map<string, Hospital>();
  let seed = 20_261_101;
  for (const [tenant, { program }] of bundles) {
    await createTenantKeys({ database, keys }, tenant);
    const load = { database, program, keys };
    const hospital = makeHospital((seed += 1), physicians.get(tenant) ?? [], options.size);
    await loadRows(load, "Department", hospital.departmentRows);
    await loadRows(load, "Patient", hospital.patients);
    await loadRows(load, "Visit", hospital.visits);
    await loadPairs(load, "treats", hospital.care);
    hospitals.set(tenant, hospital);
  }
  const wardline = await Wardline.open({
    bundles: options.bundles,
    trust: "unsigned-development",
    database,
    keys,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return { wardline, database, hospitals };
}
