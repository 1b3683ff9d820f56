/** Gives whoever is challenged what the write can be gone on with: sealed under the tenant's keys, for this principal alone. */
import { randomBytes } from "node:crypto";
import type { KnownFacts } from "@wardline/core";
import { ChallengeRequired } from "../errors.ts";
import type { GuardedDialectOptions } from "../driver/options.ts";
import { tell } from "../driver/recorder.ts";
import type { PreparedOptions } from "../driver/prepared.ts";
import type { Refusal } from "../write/refusal.ts";
import { longestChallenge } from "./challenge-ddl.ts";
import { longestDocument, sealedText } from "./challenge-text.ts";
import { continuationFormat, type Continuation } from "./document.ts";

/** Milliseconds. */
const usualLife = 900_000;
/** The most rows of a write that is resumed. */
const maxRows = 100;

/** Puts the continuation into the error, where the write can be resumed. `entry`: that tells of the challenge. */
export function offerContinuation(
  options: PreparedOptions,
  known: KnownFacts,
  refusal: Refusal,
  entry: string,
): void {
  const { error, resumable } = refusal;
  if (!(error instanceof ChallengeRequired) || resumable === null || resumable.rows.length > maxRows) return;
  const { action, entity, decision, rules } = error;
  const { guard, held, clock } = options;
  const continuation: Continuation = {
    format: continuationFormat,
    id: randomBytes(32).toString("hex"),
    tenant: known.tenant.id,
    principal: { type: known.principal.type, id: known.principal.id },
    session: options.sessionId ?? null,
    action,
    entity,
    write: resumable,
    policy: { revision: guard.revision, bundle: guard.digest ?? null },
    place: options.placementEpoch ?? 0,
    asked: decision.obligations,
    alternatives: decision.alternatives ?? [],
    entry,
    expires: clock().getTime() + lifeOf(options),
  };
  const text = JSON.stringify(continuation);
  if (text.length > longestDocument) return;
  try {
    const sealed = sealedText(held.challenges, "continuation", continuation.id, text);
    refusal.error = new ChallengeRequired(action, entity, decision, rules, sealed);
  } catch (cause) {
    // A tenant whose keys cannot be used is challenged all the same.
    tell(options, cause);
  }
}

function lifeOf({ challengeLife = usualLife }: GuardedDialectOptions): number {
  return Math.min(Math.max(challengeLife, 0), longestChallenge);
}
