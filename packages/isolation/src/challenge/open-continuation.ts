/** Opens what was handed out, and looks whether it is still what it was: for whom, until when, under which policy, at which place. */
import type { KnownFacts } from "@wardline/core";
import type { PreparedOptions } from "../driver/prepared.ts";
import { NotResumed } from "../write/refusal.ts";
import { openedText } from "./challenge-text.ts";
import {
  continuationDigest,
  parseApproval,
  parseContinuation,
  askedFor,
  type Approval,
  type Continuation,
} from "./document.ts";

/** Throws `challenge/invalid` for whatever was not sealed for this tenant. */
export function openContinuation(options: PreparedOptions, known: KnownFacts, text: unknown): Continuation {
  const opened = openedText(options.held.challenges, "continuation", text);
  const continuation = opened === undefined ? undefined : parseContinuation(opened.document);
  if (continuation?.id !== opened?.id || continuation?.tenant !== known.tenant.id)
    throw new NotResumed("challenge/invalid");
  return continuation;
}

/** Throws `challenge/invalid` for anybody but the one who was challenged, and in any other session. */
export function expectRequester(
  { principal, session }: Continuation,
  options: PreparedOptions,
  known: KnownFacts,
): void {
  const { type, id } = known.principal;
  if (principal.type !== type || principal.id !== id || session !== (options.sessionId ?? null))
    throw new NotResumed("challenge/invalid");
}

/** Throws `challenge/expired` and `challenge/changed`. */
export function expectPresent({ expires, policy, place }: Continuation, options: PreparedOptions): void {
  const { guard, clock, placementEpoch = 0 } = options;
  if (!(clock().getTime() < expires)) throw new NotResumed("challenge/expired");
  const isSame = policy.revision === guard.revision && policy.bundle === (guard.digest ?? null);
  // What was spent at another place is not known here.
  if (!isSame || place !== placementEpoch) throw new NotResumed("challenge/changed");
}

/** The names of evidence that somebody's approval can be. */
export function approvalsAskedFor(continuation: Continuation): readonly string[] {
  return [...new Set(askedFor(continuation).flatMap((one) => (one.type === "approval" ? [one.by] : [])))];
}

/** Throws `challenge/approval` for what approves nothing of this continuation, and for two of one name or of one principal. */
export function openApprovals(
  options: PreparedOptions,
  continuation: Continuation,
  texts: readonly unknown[],
): readonly Approval[] {
  const names = approvalsAskedFor(continuation);
  const digest = continuationDigest(continuation);
  const approvals = texts.map((text) => {
    const opened = openedText(options.held.challenges, "approval", text);
    const approval =
      opened === undefined || opened.id !== continuation.id ? undefined : parseApproval(opened.document);
    if (
      approval === undefined ||
      approval.continuation !== continuation.id ||
      approval.digest !== digest ||
      !names.includes(approval.by) ||
      isSamePrincipal(approval.approver, continuation.principal)
    )
      throw new NotResumed("challenge/approval");
    return approval;
  });
  const distinct = (of: (approval: Approval) => string): number => new Set(approvals.map(of)).size;
  if (
    distinct(({ by }) => by) !== approvals.length ||
    distinct(({ approver: { type, id } }) => JSON.stringify([type, id])) !== approvals.length
  )
    throw new NotResumed("challenge/approval");
  return approvals;
}

export function isSamePrincipal(
  a: { readonly type: string; readonly id: string },
  b: { readonly type: string; readonly id: string },
): boolean {
  return a.type === b.type && a.id === b.id;
}
