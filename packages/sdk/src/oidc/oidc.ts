/** The verifier of tokens that one OpenID Connect issuer signs. Nothing of a token is believed before its signature is checked. */
import { errors, jwtVerify, type JWTPayload } from "jose";
import { IdentityRefused, type IdentityRefusedCode } from "../identity/identity-refused.ts";
import { memorySessionUse } from "../identity/session-use.ts";
import type { Verified, Verifier } from "../identity/verifier.ts";
import { readContext } from "./context-facts.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { findMember } from "./members.ts";
import { checkOptions, type CheckedOptions, type OidcOptions } from "./oidc-options.ts";
import { readSessionOf } from "./session-of-claims.ts";
import { checkHeader } from "./token-header.ts";

export interface OidcVerifier extends Verifier {
  /** Asks for the issuer's keys if they are not at hand: for a start that is to fail early, and for a probe. */
  readonly ready: () => Promise<void>;
}

/** Asks nobody before the first token, or `ready`. Throws `identity/bad-option`. */
export function oidc(given: OidcOptions): OidcVerifier {
  const options = checkOptions(given);
  const keys = new IssuerKeys(options);
  const sessions = options.sessions ?? memorySessionUse();
  return {
    ready: async () => {
      await keys.refresh();
    },
    verify: async (evidence): Promise<Verified> => {
      if (evidence.kind !== "bearer") throw new IdentityRefused("identity/no-evidence");
      const now = options.clock();
      const claims = await readClaims(evidence.token, options, keys, now);
      const { tenant, principal } = await findMember(options.members, claims, evidence.tenant);
      const { exp = 0, iat = 0 } = claims;
      return {
        tenant,
        principal,
        context: readContext(options.context ?? {}, claims, now.getTime(), options.skew),
        session: await readSessionOf(claims, options, sessions, now),
        until: new Date(Math.min(exp * 1000, iat * 1000 + options.longest) + options.skew),
      };
    },
  };
}

async function readClaims(
  token: string,
  options: CheckedOptions,
  keys: IssuerKeys,
  now: Date,
): Promise<JWTPayload & Readonly<Record<string, unknown>>> {
  checkHeader(token, options);
  const { issuer, audience, algorithms, parties, skew, longest } = options;
  let claims: JWTPayload;
  try {
    ({ payload: claims } = await jwtVerify(token, (header) => keys.find(header), {
      issuer,
      audience: [...audience],
      algorithms: [...algorithms],
      clockTolerance: skew / 1000,
      maxTokenAge: longest / 1000,
      requiredClaims: ["sub", "exp", "iat"],
      currentDate: now,
    }));
  } catch (error) {
    if (error instanceof IdentityRefused) throw error;
    throw new IdentityRefused(codeOf(error));
  }
  if (claims["cnf"] !== undefined) throw new IdentityRefused("identity/bound-token");
  if (parties !== undefined) {
    const named = [claims["azp"], claims["client_id"]].filter((name) => name !== undefined);
    if (named.length === 0 || !named.every((name) => typeof name === "string" && parties.includes(name)))
      throw new IdentityRefused("identity/wrong-party");
  }
  return claims;
}

function codeOf(error: unknown): IdentityRefusedCode {
  if (error instanceof errors.JWTExpired) return "identity/expired";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "identity/bad-signature";
  if (error instanceof errors.JOSEAlgNotAllowed) return "identity/bad-algorithm";
  if (!(error instanceof errors.JWTClaimValidationFailed)) return "identity/malformed";
  const { claim, reason } = error;
  if (reason !== "check_failed") return "identity/bad-claims";
  if (claim === "iss") return "identity/wrong-issuer";
  if (claim === "aud") return "identity/wrong-audience";
  return claim === "nbf" || claim === "iat" ? "identity/not-yet-valid" : "identity/bad-claims";
}
