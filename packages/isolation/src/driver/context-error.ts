/** What the database says where it does not let a context in, as an error of ours. */
import { IsolationViolation, type IsolationViolationCode } from "../errors.ts";
import { sqlState } from "../write/refusal.ts";

/** By the SQLSTATE that `wardline.enter` and the policies raise. */
const refusals: ReadonlyMap<string, readonly [IsolationViolationCode, string]> = new Map([
  ["28000", ["context/refused", "the database did not accept the context"]],
  ["WL001", ["placement/stale", "the tenant is not in this place any more"]],
  ["WL002", ["context/stale-facts", "roles or memberships have changed since the session was given them"]],
  ["WL003", ["policy/rolled-back", "a later policy has been in force"]],
  ["WL004", ["database/settings", "a setting of the session is not what it must be"]],
  // `enter` lets a tenant that is being moved in, and makes its transaction read-only.
  ["25006", ["placement/read-only", "the tenant is being moved: it can be read and not written"]],
  ["WL005", ["placement/read-only", "the tenant is being moved: it can be read and not written"]],
]);

/** The refusal of a context whose policy is an earlier one than the database knows, where it is that, or what an append failed for. */
export function passedPolicy(error: unknown): IsolationViolation | undefined {
  const found = contextError(error) ?? contextError(error instanceof Error ? error.cause : undefined);
  return found?.code === "policy/rolled-back" ? found : undefined;
}

/** Operators get the original of a refusal; but for a policy that has been passed, which is renewed and whose code says all. */
export function tellRefusal(
  { onOperatorError }: { readonly onOperatorError?: (error: unknown) => void },
  refused: IsolationViolation | undefined,
  original: unknown,
): void {
  if (refused !== undefined && refused.code !== "policy/rolled-back") onOperatorError?.(original);
}

/** Undefined for what is no refusal of a context. The database says it before anything of a caller's is executed. */
export function contextError(error: unknown): IsolationViolation | undefined {
  // A fatal one is the login's, which has the same SQLSTATE.
  const severity = (error as { readonly severity?: unknown } | null)?.severity;
  const found = severity === "FATAL" ? undefined : refusals.get(sqlState(error) ?? "");
  return found === undefined ? undefined : new IsolationViolation(found[0], found[1]);
}
