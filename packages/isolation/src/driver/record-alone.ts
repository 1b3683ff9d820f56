/** Entries of the audit log in a transaction of their own, committed when this has ended: in one round trip where the protocol allows it. */
import type { KnownFacts } from "@wardline/core";
import type { AuditEntry, SqlSession } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { auditFailed } from "../audit/audit-entry.ts";
import { newEntry } from "../audit/new-entry.ts";
import { checkedSession } from "./checked-session.ts";
import { passedPolicy } from "./context-error.ts";
import {
  claimsOf,
  identityOf,
  presentFacts,
  saidBy,
  withGuard,
  type GuardedDialectOptions,
  type Identity,
} from "./options.ts";
import { atPlace } from "./place.ts";
import { commitAt, prepared, type PreparedOptions } from "./prepared.ts";

/** What an entry says beside who, when and under which policy. */
export type RecordedAct = Pick<AuditEntry, "kind" | "action" | "entity"> & Partial<AuditEntry>;

/** The id of the entry. Throws `audit/failed`; then nothing is on record, and nothing may be done. */
export async function recordAlone(given: GuardedDialectOptions, act: RecordedAct): Promise<string> {
  const options = await withGuard(given);
  const facts = presentFacts(options);
  const entry = newEntry({ ...saidBy(options, facts), ...act });
  await recordAtPlace(options, facts, [entry]);
  return entry.id;
}

/** Wherever the tenant is. Throws as {@link recordAlone} does. */
export function recordAtPlace(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  entries: readonly AuditEntry[],
): Promise<void> {
  return recordFor(options, identityOf(facts), entries);
}

/** The same for somebody whose facts are not at hand. */
export function recordFor(
  options: GuardedDialectOptions,
  identity: Identity,
  entries: readonly AuditEntry[],
): Promise<void> {
  return byPolicyOfNow(options, async (place) =>
    recordEntries(await preparedToRecord(place), identity, entries),
  );
}

/** What was decided by a policy goes on record as it was, though a later one is in force by now: the record is entered by that one. */
export async function byPolicyOfNow(
  options: GuardedDialectOptions,
  record: (place: GuardedDialectOptions) => Promise<void>,
): Promise<void> {
  let { guard } = options;
  const renewing: GuardedDialectOptions = {
    ...options,
    get guard() {
      return guard;
    },
    async renew(passed) {
      const next = (await options.renew?.(passed)) ?? null;
      guard = next ?? guard;
      return next;
    },
  };
  try {
    await atPlace(renewing, record);
  } catch (error) {
    if (!(error instanceof IsolationViolation) || error.code !== "policy/rolled-back") throw error;
    throw auditFailure(options, error);
  }
}

/** Throws `audit/failed`, and what says that the place is another one. `aside` as for {@link recordEntries}. */
export async function preparedToRecord(
  options: GuardedDialectOptions,
  aside = false,
): Promise<PreparedOptions> {
  try {
    return await prepared(options, aside);
  } catch (error) {
    // Where the place is another one it is looked for again.
    throw error instanceof IsolationViolation ? error : auditFailure(options, error);
  }
}

/** At the place of the options; throws `policy/rolled-back` where the database knows a later policy. `aside`: while a transaction of the caller's is open, which may hold what others wait for. */
export async function recordEntries(
  options: PreparedOptions,
  identity: Identity,
  entries: readonly AuditEntry[],
  aside = false,
): Promise<void> {
  const { database, context, guard, audit, held } = options;
  const claims = claimsOf(options, identity, "gate");
  const once: SqlSession = {
    query: async (sql, parameters) => {
      const results = await commitAt(database, aside, (backend) => [
        ...context.statements(claims, backend),
        { sql, parameters },
      ]);
      return results.at(-1) ?? { rows: [], affected: 0 };
    },
  };
  try {
    const check = options.finalCheck(guard.program, database.schema);
    await audit.append(checkedSession(once, check, identity.tenant), identity.tenant, entries, held.audit);
  } catch (error) {
    throw passedPolicy(error) ?? auditFailure(options, error);
  }
}

/** What the caller gets; the operator gets the original. */
export function auditFailure(options: GuardedDialectOptions, error: unknown): IsolationViolation {
  options.onOperatorError?.(error);
  return auditFailed();
}
