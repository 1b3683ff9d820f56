/** When the session behind a token began and was last used. */
import { createHash } from "node:crypto";
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { SessionUse } from "../identity/session-use.ts";
import type { SessionInput } from "../session-times.ts";
import { authTime } from "./context-facts.ts";
import type { Claims } from "./members.ts";
import type { CheckedOptions } from "./oidc-options.ts";

/**
 * Null where the token does not say when the person signed in. The session's id is the issuer's `sid`, hashed: it stays when they sign in
 * again for a second factor. Its use is counted from that sign-in on, so that a session that was idle too long goes on by a new one alone.
 */
export async function readSessionOf(
  claims: Claims,
  options: CheckedOptions,
  sessions: SessionUse,
  now: Date,
): Promise<SessionInput | null> {
  const { issuer, sessionStart, skew } = options;
  const { sid, sub, iat } = claims;
  if (sid !== undefined && (typeof sid !== "string" || sid === ""))
    throw new IdentityRefused("identity/bad-claims", "sid");
  const issuedAt = Number(iat) * 1000;
  const signedIn = authTime(claims, now.getTime(), skew);
  const begun = signedIn ?? (sessionStart === "iat" ? issuedAt : undefined);
  if (begun === undefined) return null;
  const which = sid === undefined ? ["sub", String(sub), String(begun)] : ["sid", sid];
  const key = hash([issuer, ...which, String(signedIn ?? "")]);
  const first = new Date(Math.min(issuedAt, now.getTime()));
  const usedAt = await sessions.use(key, now, first);
  return {
    ...(sid === undefined ? {} : { id: hash([issuer, "sid", sid]) }),
    begunAt: new Date(begun),
    usedAt,
  };
}

/** No part can be moved into another. */
const hash = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
