/**
 * Puts a refused statement on record. Invariant: whatever becomes of that, the caller gets the refusal that it is about; operators are
 * told where it could not be recorded.
 */
import type { KnownFacts } from "@wardline/core";
import { countsAsViolation } from "../audit/counts-as-violation.ts";
import { newEntry } from "../audit/new-entry.ts";
import type { AuditEntry, Database } from "../contracts.ts";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import { namedEntity } from "./named-entity.ts";
import { identityOf, saidBy, type GuardedDialectOptions } from "./options.ts";
import { atPlace } from "./place.ts";
import { preparedToRecord, recordEntries } from "./record-alone.ts";
import { askedText, verdictOf } from "./statement.ts";

/** What was tried: a statement, or a word for what is none. */
export type Attempted =
  | { readonly query: AskedQuery | null }
  | { readonly act: "begin" }
  | { readonly act: "decide"; readonly entity: string };

/** `refused` is what the caller gets. Never rejects. */
export async function recordViolation(
  given: GuardedDialectOptions,
  refused: Error,
  attempted: Attempted,
): Promise<void> {
  const { violations } = given;
  const isOurs = refused instanceof IsolationViolation || refused instanceof UnsupportedQuery;
  if (violations === undefined || !isOurs || !countsAsViolation(refused.code)) return;
  try {
    const options = asItWas(given);
    const facts = options.facts(options.guard);
    const identity = identityOf(facts);
    const { principal, ...counted } = saidBy(options, facts);
    await violations.note(
      {
        tenant: identity.tenant,
        principal,
        code: refused.code,
        counted,
        entry: () => violationEntry(options, facts, refused.code, attempted),
        record: (entries) => record(options, facts, entries),
      },
      // Its one session may be in the transaction that the refused statement stood in.
      options.database.kind === "server",
    );
  } catch (error) {
    tell(given, error);
  }
}

/** For who asked, by the policy of then: the handle may have ended when counts are put on record. Throws where nobody is named. */
function asItWas(given: GuardedDialectOptions): GuardedDialectOptions {
  const { guard } = given;
  const facts = given.facts(guard);
  const isNamed = [facts.tenant.id, facts.principal.type, facts.principal.id].every(
    (name) => typeof name === "string" && name !== "",
  );
  // Invariant: what is tried in one tenant stands in no other's chain.
  if (!isNamed || facts.tenant.id !== guard.program.tenant)
    throw new IsolationViolation(
      "handle/no-context",
      "a refused statement was nobody's: it is not on record",
    );
  return { ...given, guard, facts: () => facts, revoked: () => false, inForce: () => true };
}

function violationEntry(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  reason: string,
  attempted: Attempted,
): AuditEntry {
  const said = { ...saidBy(options, facts), kind: "violation", outcome: "deny", reason, count: 1 } as const;
  const { program } = options.guard;
  if ("act" in attempted) {
    const asked = attempted.act === "decide" ? attempted.entity : "";
    const isKnown = program.model.entities.some(({ name }) => name === asked);
    return newEntry({ ...said, action: attempted.act, entity: isKnown ? asked : "" });
  }
  const { query } = attempted;
  if (query === null) return newEntry({ ...said, action: "", entity: "" });
  const check = options.finalCheck(program, options.database.schema);
  const entity = namedEntity(program, check, query);
  return newEntry({ ...said, ...digested(query), entity });
}

/** Nothing where the tree cannot be copied: what it says is not known then. */
function digested(query: AskedQuery): Pick<AuditEntry, "action" | "predicate"> {
  try {
    const node = query.copy();
    const verdict = verdictOf(node);
    return { action: words.has(verdict) ? verdict : "", predicate: askedText(node) };
  } catch {
    return { action: "", predicate: null };
  }
}

const words: ReadonlySet<string> = new Set(["select", "insert", "update", "delete", "raw", "schema"]);

/** In line for each database: however many are refused, they take one of its connections. */
async function record(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  entries: readonly AuditEntry[],
): Promise<void> {
  try {
    await atPlace(options, (place) =>
      inLine(place.database, async () =>
        recordEntries(await preparedToRecord(place), identityOf(facts), entries, true),
      ),
    );
  } catch (error) {
    // What could not be appended was told.
    if (!(error instanceof IsolationViolation) || error.code !== "audit/failed") tell(options, error);
    throw error;
  }
}

const lines = new WeakMap<Database, Promise<void>>();

function inLine(database: Database, act: () => Promise<void>): Promise<void> {
  const mine = (lines.get(database) ?? Promise.resolve()).then(act);
  lines.set(
    database,
    mine.catch(() => undefined),
  );
  return mine;
}

function tell({ onOperatorError }: GuardedDialectOptions, error: unknown): void {
  try {
    onOperatorError?.(error);
  } catch {
    // The caller's refusal goes before what is wrong with whoever is told.
  }
}
