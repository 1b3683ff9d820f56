/** Puts a tenant's generated hospital into its tables. */
import { loadPairs, loadRows, type LoadOptions } from "@wardline/sdk/operator";
import type { Hospital } from "./hospital.ts";

export async function loadHospital(load: LoadOptions, hospital: Hospital): Promise<void> {
  await loadRows(load, "Department", hospital.departmentRows);
  await loadRows(load, "Patient", hospital.patients);
  await loadRows(load, "Visit", hospital.visits);
  await loadPairs(load, "treats", hospital.care);
}
