/**
 * Goes on with a challenged write: decided again with present facts, spent in the write's own transaction. Invariant: a
 * continuation is carried out once, by whom it was given to, on the rows and under the policy that it was given for, or not at all.
 */
import { instantFromDate, type KnownFacts } from "@wardline/core";
import { newEntry } from "../audit/new-entry.ts";
import type { AuditEntry } from "../contracts.ts";
import { presentFacts, saidBy, type GuardedDialectOptions } from "../driver/options.ts";
import type { PreparedOptions } from "../driver/prepared.ts";
import { writeFrame } from "../driver/write-frame.ts";
import { tellAfter } from "../driver/notice.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import { GuardedTransaction } from "../driver/transaction.ts";
import { ChallengeRequired } from "../errors.ts";
import type { WriteFrame, WrittenRows } from "../write/frame.ts";
import { NotResumed, Refusal } from "../write/refusal.ts";
import { resumeWrite } from "../write/resume-write.ts";
import { translated } from "../write/write.ts";
import { atTenant } from "./at-tenant.ts";
import type { Approval, Approver, Continuation } from "./document.ts";
import { approverFacts, endorse } from "./endorse.ts";
import { statedReason, withEvidence } from "./evidence.ts";
import { expectPresent, expectRequester, openApprovals, openContinuation } from "./open-continuation.ts";
import { spendContinuation } from "./spend.ts";

export interface GivenEvidence {
  /** Why, in the words of who asks; it goes sealed into the record. */
  readonly reason?: string;
  /** What approvers were given for it. */
  readonly approvals?: readonly string[];
  /** Who an approver is now; null if nobody any more. Left out, the facts of the approver's session count as they were. */
  readonly approver?: (of: {
    readonly type: string;
    readonly id: string;
  }) => Promise<Pick<Approver, "roles" | "attributes" | "parents"> | null>;
}

export interface Resumed {
  readonly action: string;
  readonly entity: string;
  readonly ids: readonly string[];
}

/** Rejects with a ChallengeRefused, with a ChallengeRequired where something is still missing, and as a write does. */
export async function resumeChallenge(
  given: GuardedDialectOptions,
  continuation: string,
  evidence: GivenEvidence = {},
): Promise<Resumed> {
  return atTenant(given, "resume", (placed) => resumeAt(placed, continuation, evidence));
}

async function resumeAt(placed: PreparedOptions, text: string, given: GivenEvidence): Promise<Resumed> {
  const known = presentFacts(placed);
  const continuation = openContinuation(placed, known, text);
  expectRequester(continuation, placed, known);
  const approvals = openApprovals(placed, continuation, given.approvals ?? []);
  const approvers = await Promise.all(approvals.map((approval) => presentApprover(approval, given, placed)));
  const { program } = placed.guard;
  const met = new Map(approvals.map(({ by, at }) => [by, at]));
  const evidence = { reason: given.reason ?? null, approvals: met };
  const options: PreparedOptions = {
    ...placed,
    facts: (guard) => withEvidence(guard.program, placed.facts(guard), evidence, placed.clock().getTime()),
  };
  const words = statedReason(program, presentFacts(options));
  const said = (facts: KnownFacts) => ({ ...saidBy(options, facts), of: continuation.entry });
  let recordRest = async (): Promise<void> => undefined;
  const resuming = options.database.turn(async (session) => {
    const transaction = await GuardedTransaction.begin(options, session, "first");
    recordRest = () => transaction.recordRest();
    try {
      const written = await transaction.carryOut(
        async (inside, facts) => {
          expectPresent(continuation, options);
          await spendContinuation(inside, facts.tenant.id, continuation.id);
          const asked = endorsedBy(placed, continuation, approvers);
          const { frame, limits } = await writeFrame(options, inside, facts, new LimitLedger(), asked);
          const value = await carriedOut(frame, continuation);
          await limits.drawOwed();
          return { value, entries: [writeEntry(said(facts), continuation, approvals, words, value)] };
        },
        (error) => refusalEntry(said(known), continuation, error),
      );
      await transaction.commit();
      return { written, notices: transaction.notices };
    } catch (error) {
      await transaction.rollback();
      throw stillAsked(error, text);
    }
  });
  // What was refused while a later policy came is on record before anybody learns of it.
  const resumed = await resuming.finally(() => recordRest());
  await tellAfter(options, resumed.notices);
  const { action, entity, ids } = resumed.written;
  return { action, entity, ids };
}

const kinds = { insert: "creates", update: "updates", delete: "deletes" } as const;

function carriedOut(frame: WriteFrame, { entity, write }: Continuation): Promise<WrittenRows> {
  return translated(frame, kinds[write.kind], entity, () => resumeWrite(frame, entity, write));
}

/** A look-up that fails says of nobody that he may approve. */
async function presentApprover(
  { approver }: Approval,
  { approver: look }: GivenEvidence,
  { onOperatorError }: PreparedOptions,
): Promise<Approver> {
  if (look === undefined) return approver;
  const present = await look({ type: approver.type, id: approver.id }).catch((error: unknown) => {
    onOperatorError?.(error);
    return null;
  });
  if (present === null) throw new NotResumed("challenge/approval");
  const { roles, attributes, parents } = present;
  return { ...approver, roles, attributes, parents };
}

/** Asks each approver's rights again, about the rows as they are stored now. */
function endorsedBy(
  options: PreparedOptions,
  { write }: Continuation,
  approvers: readonly Approver[],
): NonNullable<WriteFrame["endorse"]> {
  return async (frame, entity, asked) => {
    const known = presentFacts(options);
    const dated = { ...known, now: known.now ?? instantFromDate(options.clock()) };
    for (const approver of approvers) {
      const facts = approverFacts(dated, known.tenant.id, approver);
      const { kind } = await endorse(frame, entity, facts, approver.parents, write.fields, asked);
      if (kind !== "endorsed") throw new NotResumed("challenge/approval");
    }
  };
}

type Said = ReturnType<typeof saidBy> & { readonly of: string };

function writeEntry(
  said: Said,
  { asked }: Continuation,
  approvals: readonly Approval[],
  words: string | null,
  { action, entity, ids, fields, rules, obligations }: WrittenRows,
): AuditEntry {
  const approved = approvals.map(({ by, at, approver: { type, id } }) => ({ by, at, type, id }));
  return newEntry({
    ...said,
    kind: "write",
    outcome: "permit",
    reason: "resumed",
    action,
    entity,
    rows: ids,
    fields,
    rules,
    // What was asked for was met, or the policy had not permitted it.
    obligations: [...asked, ...obligations],
    words,
    ...(approved.length === 0 ? {} : { facts: { approvals: approved } }),
  });
}

function refusalEntry(said: Said, continuation: Continuation, error: unknown): AuditEntry | null {
  if (error instanceof Refusal) return newEntry({ ...said, ...error.refused });
  if (!(error instanceof NotResumed)) return null;
  const { action, entity, write } = continuation;
  const rows = write.rows.map(({ id }) => id);
  const reason = error.error.code;
  return newEntry({ ...said, kind: "refusal", outcome: "deny", action, entity, rows, reason });
}

/** What is still missing can be met with the same continuation. */
function stillAsked(error: unknown, continuation: string): unknown {
  if (error instanceof Refusal && error.error instanceof ChallengeRequired) {
    const { action, entity, decision, rules } = error.error;
    error.error = new ChallengeRequired(action, entity, decision, rules, continuation);
  }
  return error;
}
