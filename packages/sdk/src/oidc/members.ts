/** From claims to a member of one tenant. What a claim does not say, nobody is. */
import type { Attributes } from "@wardline/core";
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { PrincipalInput } from "../principal.ts";

export type Claims = Readonly<Record<string, unknown>>;

export interface MemberMapping {
  /** The model's type of principal. */
  readonly type: string;
  /** The claim that is the principal's id. Default: `sub`. */
  readonly id?: string;
  readonly tenants: TenantsClaim | FindMembership;
  /** The model's roles by those of the issuer; what is not in it is no role here. Default: they have the same names. */
  readonly roles?: Readonly<Record<string, string>>;
}

/** Names are those of claims as they are, without paths. */
export type TenantsClaim =
  /** An object: tenants, with the roles in each: `{ "north": ["reader"] }`. */
  | { readonly kind: "by-tenant"; readonly claim: string }
  /** A list of objects that have the tenant in one key, and the roles in another: `[{ "id": "north", "roles": ["reader"] }]`. */
  | { readonly kind: "list"; readonly claim: string; readonly tenant: string; readonly roles: string }
  /** The one tenant in one claim, and the roles in another: for issuers that give a token for a tenant. */
  | { readonly kind: "one"; readonly tenant: string; readonly roles: string };

export interface Membership {
  readonly tenant: string;
  readonly roles?: readonly string[];
  readonly in?: PrincipalInput["in"];
  readonly attributes?: Attributes;
}

/** `asked` is the tenant that the request names, or null. What is answered for another tenant counts for nothing. */
export type FindMembership = (
  claims: Claims,
  asked: string | null,
) => Membership | null | Promise<Membership | null>;

export interface Member {
  readonly tenant: string;
  readonly principal: PrincipalInput;
}

/** Characters of an id. */
const longestId = 255;

/** Rejects with `identity/unknown-tenant` for who is no member, and with `identity/bad-claims`. */
export async function findMember(
  mapping: MemberMapping,
  claims: Claims,
  asked: string | null,
): Promise<Member> {
  const { type, tenants, roles: names } = mapping;
  const id = own(claims, mapping.id ?? "sub");
  if (typeof id !== "string" || id === "" || id.length > longestId) throw badClaim(mapping.id ?? "sub");
  const found =
    typeof tenants === "function" ? await tenants(claims, asked) : readTenants(tenants, claims, asked);
  if (found === null || (asked !== null && found.tenant !== asked))
    throw new IdentityRefused("identity/unknown-tenant");
  const { tenant, roles = [], in: parents, attributes } = found;
  const meant =
    names === undefined
      ? roles
      : roles.flatMap((role) => (Object.hasOwn(names, role) ? [names[role] as string] : []));
  const more = { ...(parents && { in: parents }), ...(attributes && { attributes }) };
  return { tenant, principal: { type, id, roles: meant, ...more } };
}

function readTenants(tenants: TenantsClaim, claims: Claims, asked: string | null): Membership | null {
  const members = readMemberships(tenants, claims);
  if (asked !== null) {
    const [first, second] = members.filter(({ tenant }) => tenant === asked);
    // Two entries for one tenant have no one meaning.
    return second === undefined ? (first ?? null) : null;
  }
  const [only, second] = members;
  return second === undefined ? (only ?? null) : null;
}

function readMemberships(tenants: TenantsClaim, claims: Claims): readonly Membership[] {
  switch (tenants.kind) {
    case "by-tenant": {
      const given = own(claims, tenants.claim);
      if (given === undefined) return [];
      if (!isObject(given)) throw badClaim(tenants.claim);
      return Object.entries(given).map(([tenant, roles]) => ({
        tenant,
        roles: readRoles(roles, tenants.claim),
      }));
    }
    case "list": {
      const given = own(claims, tenants.claim);
      if (given === undefined) return [];
      if (!Array.isArray(given)) throw badClaim(tenants.claim);
      return given.map((entry: unknown) => {
        if (!isObject(entry)) throw badClaim(tenants.claim);
        const tenant = own(entry, tenants.tenant);
        if (typeof tenant !== "string") throw badClaim(tenants.claim);
        return { tenant, roles: readRoles(own(entry, tenants.roles), tenants.claim) };
      });
    }
    case "one": {
      const tenant = own(claims, tenants.tenant);
      if (tenant === undefined) return [];
      if (typeof tenant !== "string") throw badClaim(tenants.tenant);
      return [{ tenant, roles: readRoles(own(claims, tenants.roles), tenants.roles) }];
    }
  }
}

function readRoles(given: unknown, claim: string): readonly string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || !given.every((role) => typeof role === "string" && role !== ""))
    throw badClaim(claim);
  return given as readonly string[];
}

/** Invariant: a claim is one that the token has itself. */
const own = (claims: Claims, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : undefined;

const isObject = (given: unknown): given is Claims =>
  typeof given === "object" && given !== null && !Array.isArray(given);

const badClaim = (name: string): IdentityRefused => new IdentityRefused("identity/bad-claims", name);
