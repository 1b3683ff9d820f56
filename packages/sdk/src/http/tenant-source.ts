/** Where a request names its tenant. What is named is a claim to be proved, never a proof. */
import { IdentityRefused } from "../identity/identity-refused.ts";
import { parseTenantId, type TenantId } from "../tenant-id.ts";
import type { ScopeRequest } from "./scope-request.ts";

export interface TenantSource {
  /** Headers that a cache has to tell apart because of it. */
  readonly vary: readonly string[];
  /** The name as it stands in the request; undefined where there is none, null where the evidence alone names it. */
  readonly find: (request: ScopeRequest) => string | null | undefined;
}

/**
 * `north.example.org` of `tenantFromSubdomain("example.org")`: one label before the domain. A `-` stands for `_`, which no host's name
 * has. A port counts for nothing.
 */
export function tenantFromSubdomain(domain: string): TenantSource {
  const end = `.${domain.toLowerCase()}`;
  return {
    vary: ["Host"],
    find: ({ host }) => {
      const name = host?.toLowerCase().replace(/:\d{1,5}$/, "");
      if (name === undefined || !name.endsWith(end)) return undefined;
      const label = name.slice(0, -end.length);
      return /^[a-z][a-z0-9-]*$/.test(label) ? label.replaceAll("-", "_") : undefined;
    },
  };
}

/** A header of its own, such as `x-tenant`. */
export function tenantFromHeader(name: string): TenantSource {
  return { vary: [name], find: ({ header }) => header(name.toLowerCase()) };
}

/** `/t/north/…` of `tenantFromPath("/t/")`: the segment after the prefix. Nothing is decoded. */
export function tenantFromPath(prefix: string): TenantSource {
  return {
    vary: [],
    find: ({ path }) => (path.startsWith(prefix) ? path.slice(prefix.length).split("/", 1)[0] : undefined),
  };
}

/** The evidence names it: then it must name one alone. */
export const tenantFromEvidence: TenantSource = { vary: [], find: () => null };

/** Throws `identity/unknown-tenant` for what is no tenant's id, and where a request names none. */
export function readTenant(source: TenantSource, request: ScopeRequest): TenantId | null {
  const found = source.find(request);
  if (found === null) return null;
  try {
    return parseTenantId(found);
  } catch {
    throw new IdentityRefused("identity/unknown-tenant");
  }
}
