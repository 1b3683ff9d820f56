/** Puts entries on record some time after what they tell of, by the policy of then, and though the handle may have ended meanwhile. */
import type { KnownFacts } from "@wardline/core";
import type { AuditEntry, Database } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { identityOf, type GuardedDialectOptions } from "./options.ts";
import { byPolicyOfNow, preparedToRecord, recordEntries } from "./record-alone.ts";

export interface Recorder {
  readonly options: GuardedDialectOptions;
  readonly facts: KnownFacts;
  /** In a transaction of their own, beside those that are open. Throws what could not be done, and tells operators. */
  record(entries: readonly AuditEntry[], line?: Line): Promise<void>;
}

/** Lets entries for a database be appended one after the other. */
export type Line = (database: Database, act: () => Promise<void>) => Promise<void>;

/** Throws `handle/no-context` where nobody is named, or somebody of another tenant. */
export function recorderFor(
  given: GuardedDialectOptions,
  facts: KnownFacts = given.facts(given.guard),
): Recorder {
  const { guard } = given;
  const isNamed = [facts.tenant.id, facts.principal.type, facts.principal.id].every(
    (name) => typeof name === "string" && name !== "",
  );
  // Invariant: what is done in one tenant stands in no other's chain.
  if (!isNamed || facts.tenant.id !== guard.program.tenant)
    throw new IsolationViolation("handle/no-context", "what was done was nobody's: it is not on record");
  const options = {
    ...given,
    guard,
    facts: () => facts,
    revoked: () => false,
    inForce: () => true,
    sessionEnd: () => null,
  };
  return {
    options,
    facts,
    async record(entries, line = (_, act) => act()) {
      try {
        await byPolicyOfNow(options, (place) =>
          line(place.database, async () =>
            recordEntries(await preparedToRecord(place, true), identityOf(facts), entries, true),
          ),
        );
      } catch (error) {
        // What could not be appended was told.
        if (!(error instanceof IsolationViolation) || error.code !== "audit/failed") tell(options, error);
        throw error;
      }
    },
  };
}

export function tell({ onOperatorError }: GuardedDialectOptions, error: unknown): void {
  try {
    onOperatorError?.(error);
  } catch {
    // What the caller gets goes before what is wrong with whoever is told.
  }
}
