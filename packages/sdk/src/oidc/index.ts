/** Tokens of OpenID Connect issuers as evidence. Needs the package `jose`. */
export type { ContextFact, ContextMapping } from "./context-facts.ts";
export type { Claims, FindMembership, MemberMapping, Membership, TenantsClaim } from "./members.ts";
export { oidc, type OidcVerifier } from "./oidc.ts";
export type { Algorithm, KeyTimes, OidcOptions } from "./oidc-options.ts";
