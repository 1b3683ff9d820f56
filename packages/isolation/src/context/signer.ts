/**
 * Signs contexts, and keeps what it signed for as long as it is fresh. A kept token is found by everything that is signed but
 * the nonce and the expiry, so no two claims ever share one; nothing is kept by tenant.
 */
import { randomBytes } from "node:crypto";
import type { ContextClaims } from "../contracts.ts";
import { checkContextKey, type ContextKey } from "./context-key.ts";
import { encodeClaims, signToken } from "./token.ts";

export interface ContextSigner {
  /** A token that is good for at least half of its life. `audience` is the backend's process id where the connection is direct, else 0. */
  sign(claims: ContextClaims, audience: number): Uint8Array;
}

export interface SignerOptions {
  readonly key: ContextKey;
  /** The database's own id: see `readCluster`. */
  readonly cluster: Uint8Array;
  /** Milliseconds since 1970, of the machine's clock and never of a test's. */
  readonly now?: () => number;
}

/** Milliseconds that a token lives. The database refuses one that has more than 120 s left. */
export const tokenLife = 15_000;
/** The most tokens that are kept. */
export const keptTokens = 1_000;

/** 2000-01-01T00:00:00Z, from where Postgres counts, in milliseconds. */
const postgresEpoch = 946_684_800_000;

interface Kept {
  readonly token: Uint8Array;
  /** When it is signed anew, in milliseconds. */
  readonly until: number;
}

export function createContextSigner({
  key: given,
  cluster: id,
  now = Date.now,
}: SignerOptions): ContextSigner {
  const key = checkContextKey(given);
  const cluster = Uint8Array.from(id);
  const kept = new Map<string, Kept>();
  return {
    sign(claims, audience) {
      const name = nameOf(claims, audience);
      const at = now();
      const found = kept.get(name);
      // A clock that went back makes what was signed before it too young for the database.
      if (found !== undefined && at < found.until && found.until - at <= tokenLife / 2) return found.token;
      const expiry = BigInt(Math.floor(at + tokenLife) - postgresEpoch) * 1000n;
      const frame = { cluster, audience, nonce: randomBytes(16), expiry };
      const token = signToken(key, frame, encodeClaims(claims));
      kept.delete(name);
      const [oldest] = kept.keys();
      if (kept.size >= keptTokens && oldest !== undefined) kept.delete(oldest);
      kept.set(name, { token, until: at + tokenLife / 2 });
      return token;
    },
  };
}

/**
 * Invariant: claims that have an encoding have a name of their own, and those that have none have the name of none that has.
 * JSON writes a number that is none as `null`, so an epoch that may be null is written as text.
 */
function nameOf(
  { tenant, principal, placementEpoch, factsEpoch, revision, intent, facts }: ContextClaims,
  audience: number,
): string {
  const { type, id } = principal;
  const epoch = factsEpoch === null ? null : String(factsEpoch);
  const known = Object.keys(facts).length === 0 ? null : facts;
  return JSON.stringify([audience, tenant, type, id, placementEpoch, epoch, revision, intent, known]);
}
