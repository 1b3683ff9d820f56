/**
 * Somebody else looks at a challenged write and approves it. The write is carried out to be seen, by the approver's session, and undone:
 * so the rows that `approve` is asked about are those that would be stored. The approval is a sealed text for who asked: it is of one
 * continuation, and is spent with it.
 */
import type { KnownFacts, WireScalar } from "@wardline/core";
import { newEntry } from "../audit/new-entry.ts";
import { identityOf, presentFacts, saidBy, type GuardedDialectOptions } from "../driver/options.ts";
import type { PreparedOptions } from "../driver/prepared.ts";
import { recordEntries } from "../driver/record-alone.ts";
import { writeFrame } from "../driver/write-frame.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import { GuardedTransaction } from "../driver/transaction.ts";
import { AccessDenied } from "../errors.ts";
import { entityNamed, isStored, type StoredEntity } from "../gate/catalogue.ts";
import { Sealed } from "../seal/sealed.ts";
import { NotResumed } from "../write/refusal.ts";
import { translated } from "../write/write.ts";
import { asStored } from "./as-stored.ts";
import { atTenant } from "./at-tenant.ts";
import { longestDocument, sealedText } from "./challenge-text.ts";
import { approvalFormat, continuationDigest, type Approval, type Continuation } from "./document.ts";
import { approvalKind, approveAction, endorse, type Endorsement } from "./endorse.ts";
import { approvalsAskedFor, expectPresent, isSamePrincipal, openContinuation } from "./open-continuation.ts";

/** A write that waits for an approval, as the approver may see it: whole, or not at all. */
export interface Review {
  readonly action: string;
  readonly entity: string;
  readonly requester: { readonly type: string; readonly id: string };
  /** The names of approvals that were asked for. */
  readonly approvals: readonly string[];
  readonly expires: Date;
  /** The rows, with the values that will be written, by field, in wire form, those of sealed fields closed; none for a row that will be deleted. */
  readonly rows: readonly {
    readonly id: string;
    readonly values: Readonly<Record<string, WireScalar | Sealed | null>>;
  }[];
}

export interface ApproveOptions {
  /** Which of several approvals that were asked for. */
  readonly by?: string;
}

/** What would be written. Rejects with a ChallengeRefused, or with AccessDenied for who may not approve it. */
export function reviewChallenge(given: GuardedDialectOptions, text: string): Promise<Review> {
  return endorsing(given, "review", text, async (placed, known, continuation, endorsed) => {
    await record(placed, known, continuation, "reviewed", endorsed);
    const { action, entity, principal: requester, expires, write } = continuation;
    const sealed = placed.guard.program.sealed.find((one) => one.entity === entity)?.fields ?? [];
    const rows = write.rows.map(({ id, values }) => ({
      id,
      values: Object.fromEntries(
        write.fields.map((field, at) => {
          const value = values[at] ?? null;
          return [field, sealed.includes(field) && typeof value === "string" ? new Sealed(value) : value];
        }),
      ),
    }));
    const approvals = approvalsAskedFor(continuation);
    return { action, entity, requester, approvals, expires: new Date(expires), rows };
  });
}

/** The approval, for who asked to resume with. Rejects as {@link reviewChallenge} does. */
export function approveChallenge(
  given: GuardedDialectOptions,
  text: string,
  { by }: ApproveOptions = {},
): Promise<string> {
  return endorsing(given, "approve", text, async (placed, known, continuation, endorsed) => {
    const names = approvalsAskedFor(continuation);
    const name = by ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name)) throw new NotResumed("challenge/not-approvable");
    const { type, id, roles, attributes = {} } = known.principal;
    const approval: Approval = {
      format: approvalFormat,
      continuation: continuation.id,
      digest: continuationDigest(continuation),
      by: name,
      approver: {
        type,
        id,
        roles,
        attributes,
        context: known.context ?? {},
        parents: placed.sessionParents,
      },
      at: placed.clock().getTime(),
    };
    const document = JSON.stringify(approval);
    if (document.length > longestDocument) throw new NotResumed("challenge/not-approvable");
    const sealed = sealedText(placed.held.challenges, "approval", continuation.id, document);
    // Invariant: what is not on record is not handed out.
    await record(placed, known, continuation, "approved", endorsed);
    return sealed;
  });
}

type Endorsed = Extract<Endorsement, { kind: "endorsed" }>;

async function endorsing<T>(
  given: GuardedDialectOptions,
  act: "review" | "approve",
  text: string,
  then: (
    placed: PreparedOptions,
    known: KnownFacts,
    continuation: Continuation,
    endorsed: Endorsed,
  ) => Promise<T>,
): Promise<T> {
  return atTenant(given, act, async (placed) => {
    const known = presentFacts(placed);
    const continuation = openContinuation(placed, known, text);
    expectPresent(continuation, placed);
    const entity = approvable(placed, known, continuation);
    const endorsed = await look(placed, continuation, entity);
    if (endorsed.kind === "endorsed") return then(placed, known, continuation, endorsed);
    await record(placed, known, continuation, `${act} refused`, null);
    if (endorsed.kind === "hidden") throw new NotResumed("challenge/hidden-value");
    throw new AccessDenied(approveAction, continuation.entity, endorsed.decision, []);
  });
}

/** The entity. Throws `challenge/not-approvable`, also to who asked for it. */
function approvable(placed: PreparedOptions, known: KnownFacts, continuation: Continuation): StoredEntity {
  const { model } = placed.guard.program;
  const entity = entityNamed(model, continuation.entity);
  const kind = approvalKind(model, continuation.entity);
  if (
    !isStored(entity) ||
    kind === null ||
    // An update is asked of two rows.
    (kind === "updates" && continuation.write.kind !== "update") ||
    approvalsAskedFor(continuation).length === 0 ||
    isSamePrincipal(continuation.principal, known.principal)
  )
    throw new NotResumed("challenge/not-approvable");
  return entity;
}

const kinds = { insert: "creates", update: "updates", delete: "deletes" } as const;

/** Carries it out in a transaction that is undone. */
function look(placed: PreparedOptions, { write }: Continuation, entity: StoredEntity): Promise<Endorsement> {
  return placed.database.turn(async (session) => {
    const transaction = await GuardedTransaction.begin(placed, session, "first");
    try {
      return await transaction.read(async (inside, known) => {
        const { frame } = await writeFrame(placed, inside, known, new LimitLedger());
        const asked = await translated(frame, kinds[write.kind], entity.name, () =>
          asStored(frame, entity, write),
        );
        if (asked === null) return { kind: "denied", decision: unseen };
        return endorse(frame, entity, known, placed.sessionParents, write.fields, asked);
      });
    } finally {
      await transaction.rollback();
    }
  });
}

const unseen = { outcome: "deny", rules: [], obligations: [], reason: "not_granted" } as const;

async function record(
  placed: PreparedOptions,
  known: KnownFacts,
  { entity, entry, write, asked }: Continuation,
  reason: string,
  endorsed: Endorsed | null,
): Promise<void> {
  const made = newEntry({
    ...saidBy(placed, known),
    kind: endorsed === null ? "refusal" : "decision",
    outcome: endorsed === null ? "deny" : "permit",
    of: entry,
    action: approveAction,
    entity,
    rows: write.rows.map(({ id }) => id),
    fields: write.fields,
    rules: endorsed?.rules ?? [],
    obligations: asked,
    reason,
  });
  await recordEntries(placed, identityOf(known), [made]);
}
