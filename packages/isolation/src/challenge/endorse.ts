/**
 * Whether somebody may approve a write: the model's action `approve` on each row as it is and as it will be, asked with present
 * facts of the database; and every value that is written is shown to the approver in full.
 */
import type { ActionKind, Decision, KnownFacts, ModelIr } from "@wardline/core";
import { actionOf, type StoredEntity } from "../gate/catalogue.ts";
import { decideAll, type Asked } from "../gate/decide.ts";
import { closePrincipal } from "../gate/facts.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import type { WriteFrame } from "../write/frame.ts";
import type { Approver } from "./document.ts";

/** The action that approves, by its name. */
export const approveAction = "approve";

export type Endorsement =
  | { readonly kind: "endorsed"; readonly rules: readonly string[] }
  /** The decision that was no permit. */
  | { readonly kind: "denied"; readonly decision: Decision }
  | { readonly kind: "hidden" };

/** How the model's `approve` is asked about a row; null where it has none for the entity, or one that a row cannot be asked about. */
export function approvalKind(model: ModelIr, entity: string): "reads" | "updates" | null {
  const action = model.actions.find(
    ({ name, entities }) => name === approveAction && entities.includes(entity),
  );
  const kind: ActionKind | undefined = action?.kind;
  return kind === "reads" || kind === "updates" ? kind : null;
}

/** The facts of somebody who approved, as of now: what the session brought then, and the tenant and the time of now. */
export function approverFacts(known: KnownFacts, tenant: string, approver: Approver): KnownFacts {
  const { type, id, roles, attributes, context } = approver;
  const { ancestors: _ancestors, references: _references, ...rest } = known;
  return { ...rest, principal: { type, id, tenant, roles, attributes }, context };
}

/** `facts` are the approver's, not yet closed over the database. */
export async function endorse(
  frame: WriteFrame,
  entity: StoredEntity,
  facts: KnownFacts,
  parents: Approver["parents"],
  fields: readonly string[],
  asked: readonly Asked[],
): Promise<Endorsement> {
  const { session, source, guard } = frame;
  const { model } = source.program;
  const kind = approvalKind(model, entity.name);
  // What is counted, or told to somebody, is asked for and not met: an approval draws nothing.
  const closed = new LimitLedger().unspent({ guard }, await closePrincipal(session, source, facts, parents));
  const ask = (action: string, questions: readonly Asked[]): Promise<readonly Decision[]> =>
    decideAll(session, source, guard, closed, action, entity, questions);
  const rows = asked.flatMap(({ prior, next }) => [prior, next].filter((row) => row !== undefined));
  const seen = rows.map((resource): Asked => ({ resource }));
  for (const decision of await ask(actionOf(model, entity.name, "reads"), seen)) {
    if (decision.outcome !== "permit" || decision.obligations.some(isUnmet))
      return { kind: "denied", decision };
    if (hides(decision, fields)) return { kind: "hidden" };
  }
  const questions = kind === "updates" ? asked.filter(({ prior, next }) => prior && next) : seen;
  const decisions = kind === null ? [] : await ask(approveAction, questions);
  // Invariant: a row that nobody was asked about is approved by nobody.
  if (decisions.length === 0 || (kind === "updates" && decisions.length !== asked.length))
    return { kind: "denied", decision: nobody };
  for (const decision of decisions) {
    if (decision.outcome !== "permit" || decision.obligations.some(isUnmet))
      return { kind: "denied", decision };
    if (hides(decision, fields)) return { kind: "hidden" };
  }
  return { kind: "endorsed", rules: [...new Set(decisions.flatMap(({ rules }) => rules))] };
}

const nobody: Decision = { outcome: "deny", rules: [], obligations: [], reason: "not_granted" };

function hides({ obligations }: Decision, fields: readonly string[]): boolean {
  return obligations.some(
    (one) => (one.type === "mask" || one.type === "hide") && fields.includes(one.field),
  );
}

/** What an approval cannot carry out; an entry of the record it always is. */
function isUnmet({ type }: Decision["obligations"][number]): boolean {
  return type === "limit" || type === "notify";
}
