/** The clinic's own database has nothing that lets one hospital reach another. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { examineDatabase, readBundles } from "@wardline/sdk/operator";
import { openClinic, type Clinic } from "../src/setup.ts";
import { buildClinic, now } from "./built.ts";

let clinic: Clinic;
let bundles: string;
beforeAll(async () => {
  ({ bundles } = await buildClinic());
  clinic = await openClinic({ bundles, size: 5, clock: () => now });
});
afterAll(async () => {
  await clinic.wardline.close();
  await clinic.database.close();
});

test("the doctor finds nothing in the clinic", async () => {
  const programs = [...(await readBundles(bundles)).values()].map(({ program }) => program);
  const { findings } = await examineDatabase(clinic.database, programs);
  expect(findings).toEqual([]);
});

test("and it finds what is opened in it", async () => {
  const programs = [...(await readBundles(bundles)).values()].map(({ program }) => program);
  await clinic.database.turn((session) =>
    session.query("ALTER TABLE public.patients NO FORCE ROW LEVEL SECURITY", []),
  );
  const { findings } = await examineDatabase(clinic.database, programs);
  expect(findings.map(({ code, object }) => `${code} ${object.name}`)).toEqual([
    "doctor/row-security-not-forced public.patients",
  ]);
});
