/** Tenant ids, parsed once where they come in. Two different texts are never the same tenant, and no other value is one. */
import { IsolationViolation } from "@wardline/isolation";

declare const parsed: unique symbol;

/** A text that {@link parseTenantId} has looked at. */
export type TenantId = string & { readonly [parsed]: true };

/** Characters. What is longer would be cut where it becomes a name in a database. */
const longest = 63;

/**
 * A tenant's id: `lower_snake`, at most 63 characters. Nothing is folded, trimmed or normalised. Throws `handle/bad-tenant`
 * for everything else, such as a list from a query string.
 */
export function parseTenantId(given: unknown): TenantId {
  if (typeof given !== "string" || given.length > longest || !/^[a-z][a-z0-9_]*$/.test(given))
    throw new IsolationViolation(
      "handle/bad-tenant",
      "a tenant's id is lower_snake, and nothing else is one",
    );
  return given as TenantId;
}
