/** Context facts that a token proves: how, and how long ago, the person signed in. What is not proved is left out, and denies. */
import type { Attributes } from "@wardline/core";
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { Claims } from "./members.ts";

/** By the name of the model's fact. */
export type ContextMapping = Readonly<Record<string, ContextFact>>;

export type ContextFact =
  /** A Bool: whether the person signed in by one of these methods (`amr`, RFC 8176), or at one of these levels (`acr`). */
  | { readonly kind: "met"; readonly amr?: readonly string[]; readonly acr?: readonly string[] }
  /** A Duration: how long ago that was (`auth_time`). Left out where `met` would be false; without lists, any way of signing in counts. */
  | { readonly kind: "age"; readonly amr?: readonly string[]; readonly acr?: readonly string[] }
  /** The value of a claim as it is. */
  | { readonly kind: "claim"; readonly claim: string };

/** `now` and `skew` in milliseconds. Throws `identity/bad-claims`. */
export function readContext(mapping: ContextMapping, claims: Claims, now: number, skew: number): Attributes {
  return Object.fromEntries(
    Object.entries(mapping).flatMap(([name, fact]) => {
      const value = readFact(fact, claims, now, skew);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function readFact(fact: ContextFact, claims: Claims, now: number, skew: number): unknown {
  switch (fact.kind) {
    case "met":
      return isMet(fact, claims);
    case "age": {
      const at = authTime(claims, now, skew);
      const asked = fact.amr !== undefined || fact.acr !== undefined;
      if (at === undefined || (asked && !isMet(fact, claims))) return undefined;
      return Math.max(0, now - at) * 1000;
    }
    case "claim":
      return Object.hasOwn(claims, fact.claim) ? (claims[fact.claim] ?? undefined) : undefined;
  }
}

function isMet(
  { amr = [], acr = [] }: Extract<ContextFact, { kind: "met" | "age" }>,
  claims: Claims,
): boolean {
  const { amr: methods, acr: level } = claims;
  if (methods !== undefined && !Array.isArray(methods))
    throw new IdentityRefused("identity/bad-claims", "amr");
  return (
    (typeof level === "string" && acr.includes(level)) ||
    (methods ?? []).some((method: unknown) => typeof method === "string" && amr.includes(method))
  );
}

/** Milliseconds since 1970 at which the person signed in. Throws `identity/bad-claims` for what is no time, or one to come. */
export function authTime({ auth_time: given }: Claims, now: number, skew: number): number | undefined {
  if (given === undefined) return undefined;
  // Invariant: a sign-in to come would be younger than every limit.
  if (typeof given !== "number" || !Number.isSafeInteger(given) || given < 0 || given * 1000 > now + skew)
    throw new IdentityRefused("identity/bad-claims", "auth_time");
  return given * 1000;
}
