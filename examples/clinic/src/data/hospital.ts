/** One tenant's hospital: departments, physicians, patients and visits, all made from a seed. */
import type { LoadedRow } from "@wardline/sdk/operator";
import { randomFrom, type Random } from "./random.ts";
import { complaints, familyNames, givenNames, tags, visitKinds } from "./words.ts";

export interface Hospital {
  /** Name → id. */
  readonly departments: ReadonlyMap<string, string>;
  readonly physicians: readonly string[];
  readonly departmentRows: readonly LoadedRow[];
  readonly patients: readonly LoadedRow[];
  readonly visits: readonly LoadedRow[];
  /** Who treats whom. */
  readonly care: readonly { readonly from: string; readonly to: string }[];
}

/** Department → the one that it belongs to. */
const tree: readonly (readonly [string, string | null])[] = [
  ["Main House", null],
  ["Emergency", "Main House"],
  ["Intensive Care", "Emergency"],
  ["Cardiology", "Main House"],
  ["Catheter Lab", "Cardiology"],
  ["Pediatrics", "Main House"],
  ["Surgery", "Main House"],
  ["Day Surgery", "Surgery"],
];

/**
 * A hospital with `size` patients and about one and a half times as many visits. The same seed gives the same hospital. `mark` stands in every
 * name, note and summary, so that a row that is shown to another hospital is known by it.
 */
export function makeHospital(seed: number, physicians: readonly string[], size: number, mark = ""): Hospital {
  const random = randomFrom(seed);
  const departments = new Map(tree.map(([name]) => [name, random.uuid()]));
  const departmentRows = tree.map(([name, parent]) => ({
    id: departments.get(name) as string,
    attributes: { name },
    parents: { parent_id: parent === null ? null : (departments.get(parent) as string) },
  }));
  const wards = [...departments.values()].slice(1);
  const patients = Array.from({ length: size }, () => makePatient(random, wards, physicians, mark));
  const visits = patients.flatMap((patient) =>
    Array.from({ length: random.int(4) }, () => ({
      id: random.uuid(),
      attributes: {
        at: instant(random),
        summary: `${random.pick(visitKinds)}: ${random.pick(complaints)}${mark}`,
      },
      parents: { patient_id: patient.id },
    })),
  );
  const care = patients
    .filter(() => random.chance(0.02))
    .map((patient) => ({ from: random.pick(physicians), to: patient.id }));
  return { departments, physicians, departmentRows, patients, visits, care };
}

function makePatient(
  random: Random,
  wards: readonly string[],
  physicians: readonly string[],
  mark: string,
): LoadedRow {
  const attributes: Record<string, unknown> = {
    department: random.pick(wards),
    name: `${random.pick(givenNames)} ${random.pick(familyNames)}${mark}`,
    ssn: `${digits(random, 3)}-${digits(random, 2)}-${digits(random, 4)}`,
    vip: random.chance(0.01),
    balance: `${random.chance(0.3) ? 0 : random.int(18_000)}.${digits(random, 2)}`,
    tags: tags.filter(() => random.chance(0.08)),
    admitted: instant(random),
    discharged: random.chance(0.25),
  };
  if (random.chance(0.8)) attributes["attending"] = random.pick(physicians);
  if (random.chance(0.9)) attributes["notes"] = `${random.pick(complaints)}${mark}`;
  return { id: random.uuid(), attributes };
}

function digits(random: Random, count: number): string {
  return String(random.int(10 ** count)).padStart(count, "0");
}

/** An instant of the last two years before 2026-11-01, to the microsecond. */
function instant(random: Random): string {
  const end = Date.UTC(2026, 10, 1);
  const millis = end - random.int(2 * 365 * 86_400) * 1000 - random.int(1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${digits(random, 3)}Z`;
}
