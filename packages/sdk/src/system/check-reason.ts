/** Why the platform itself acts stands in the tenant's record, so it has to be said. */
import { IsolationViolation } from "@wardline/isolation";

/** Throws `handle/no-reason`. */
export function checkReason(reason: unknown): void {
  if (typeof reason !== "string" || reason.trim() === "" || reason.length > 500 || !reason.isWellFormed())
    throw new IsolationViolation("handle/no-reason", "system work has a reason of 1 to 500 characters");
}
