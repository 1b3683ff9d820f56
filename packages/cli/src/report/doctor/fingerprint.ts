/** What a finding of the doctor is known by from one run to the next. */
import { createHash } from "node:crypto";
import type { DoctorFinding } from "@wardline/isolation";

/** Of the lint and the object; what is wrong with it may be said in other words. */
export function fingerprintOf({ code, object }: DoctorFinding): string {
  return createHash("sha256")
    .update(JSON.stringify([code, object.kind, object.name]))
    .digest("hex")
    .slice(0, 16);
}
