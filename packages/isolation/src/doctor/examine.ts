/** Runs the lints over what was read of a catalogue. Pure: it asks no database. */
import { wantedMeanwhile } from "../keys/adopt/column-grants.ts";
import type { DoctorFinding, Examined } from "./lint.ts";
import { doctorLints } from "./lint-table.ts";

/** Findings in the order of the lints, and within one by the names of what they are about. */
export function examine(given: Examined): readonly DoctorFinding[] {
  const at = { ...given, wanted: wantedMeanwhile(given.catalogue, given.wanted) };
  return doctorLints.flatMap(({ code, severity, why, cure, find }) =>
    [...find(at)]
      .toSorted((a, b) => compare(a.object.name, b.object.name))
      .map((found) => ({ code, severity, why, cure, ...found })),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
