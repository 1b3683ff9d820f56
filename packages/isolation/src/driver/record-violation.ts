/**
 * Puts a refused statement on record. Invariant: whatever becomes of that, the caller gets the refusal that it is about; operators are
 * told where it could not be recorded.
 */
import type { KnownFacts } from "@wardline/core";
import { countsAsViolation } from "../audit/counts-as-violation.ts";
import { newEntry } from "../audit/new-entry.ts";
import type { AuditEntry, Database } from "../contracts.ts";
import { ChallengeRefused, IsolationViolation, UnsupportedQuery } from "../errors.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import { namedEntity } from "./named-entity.ts";
import { saidBy, withGuard, type GuardedDialectOptions } from "./options.ts";
import { recorderFor, tell } from "./recorder.ts";
import { askedText, verdictOf } from "./statement.ts";

/** What was tried: a statement, or a word for what is none. */
export type Attempted =
  | { readonly query: AskedQuery | null }
  | { readonly act: "begin" | "resume" | "review" | "approve" }
  | { readonly act: "decide"; readonly entity: string };

/** `refused` is what the caller gets. Never rejects. */
export async function recordViolation(
  given: GuardedDialectOptions,
  refused: Error,
  attempted: Attempted,
): Promise<void> {
  const { violations } = given;
  const isOurs =
    refused instanceof IsolationViolation ||
    refused instanceof UnsupportedQuery ||
    refused instanceof ChallengeRefused;
  if (violations === undefined || !isOurs || !countsAsViolation(refused.code)) return;
  try {
    const recorder = recorderFor(await withGuard(given));
    const { options, facts } = recorder;
    const { principal, ...counted } = saidBy(options, facts);
    await violations.note(
      {
        tenant: facts.tenant.id,
        principal,
        code: refused.code,
        source: { counted, record: (entries) => recorder.record(entries, inLine) },
        entry: () => violationEntry(options, facts, refused.code, attempted),
      },
      // Its one session may be in the transaction that the refused statement stood in.
      options.database.kind === "server",
    );
  } catch (error) {
    tell(given, error);
  }
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

/** However many are refused, they take one connection of a database. */
const lines = new WeakMap<Database, Promise<void>>();

function inLine(database: Database, act: () => Promise<void>): Promise<void> {
  const mine = (lines.get(database) ?? Promise.resolve()).then(act);
  lines.set(
    database,
    mine.catch(() => undefined),
  );
  return mine;
}
