/** How a refused write travels from where it is found to the driver, which undoes it, records it, and throws it. */
import type { Decision, Obligation, Program } from "@wardline/core";
import type { AuditEntry } from "../contracts.ts";
import {
  AccessDenied,
  ChallengeRefused,
  ChallengeRequired,
  UnsupportedQuery,
  type LimitRefusal,
  type RuleReference,
} from "../errors.ts";
import type { Resumable } from "./resumable.ts";

export class Refusal extends Error {
  override readonly name = "Refusal";
  /** What the caller gets. */
  error: AccessDenied | ChallengeRequired;
  /** The write, where it is challenged and can be carried out again from what is known of it. */
  resumable: Resumable | null = null;
  readonly refused: Pick<AuditEntry, "kind" | "outcome" | "action" | "entity" | "rows" | "rules" | "reason">;

  constructor(error: AccessDenied | ChallengeRequired, rows: readonly string[], reason: string | null) {
    super(error.message);
    this.error = error;
    this.refused = {
      ...(error instanceof ChallengeRequired
        ? ({ kind: "challenge", outcome: "challenge" } as const)
        : ({ kind: "refusal", outcome: "deny" } as const)),
      action: error.action,
      entity: error.entity,
      rows,
      rules: error.rules.map((rule) => rule.id),
      reason,
    };
  }
}

/** A challenge that is not gone on with, for a reason that is found inside of the transaction. */
export class NotResumed extends Error {
  override readonly name = "NotResumed";
  readonly error: ChallengeRefused;

  constructor(code: ChallengeRefused["code"]) {
    super(code);
    this.error = new ChallengeRefused(code);
  }
}

/** Refused at the boundary, where no rule was asked: the same from outside, whatever the cause. */
export function refusedAtBoundary(action: string, entity: string, rows: readonly string[]): Refusal {
  return new Refusal(new AccessDenied(action, entity, null, []), rows, "boundary");
}

/** Why a write was permitted, and what was done for it. */
export interface Permitted {
  readonly rules: readonly string[];
  readonly obligations: readonly Obligation[];
}

/**
 * The rules that permitted all of it, or a refusal for the first row that was not permitted; a denial goes before a
 * challenge, since meeting the challenge would not help.
 */
export function permittedBy(
  program: Program,
  action: string,
  entity: string,
  ids: readonly string[],
  decisions: readonly Decision[],
  carries: (obligation: Obligation) => boolean,
): Permitted {
  if (decisions.length !== ids.length) throw new TypeError("a row has no decision");
  const denied = decisions.find(
    (decision) => decision.outcome !== "permit" && decision.outcome !== "challenge",
  );
  if (denied !== undefined) throw denial(program, action, entity, ids, denied);
  for (const decision of decisions) {
    const unmet =
      decision.outcome === "permit" ? notCarriedOut(program, entity, decision, carries) : undefined;
    if (unmet === undefined) continue;
    const rules = ruleReferences(program, decision.rules);
    throw new Refusal(new AccessDenied(action, entity, decision, rules, unmet), ids, unmet);
  }
  const challenge = decisions.find((decision) => decision.outcome === "challenge");
  if (challenge !== undefined) {
    const error = new ChallengeRequired(action, entity, challenge, ruleReferences(program, challenge.rules));
    throw new Refusal(error, ids, challenge.obligations.map((obligation) => obligation.type).join(" "));
  }
  // Masks are carried out where rows are read, and entries of reads tell of them.
  const obligations = decisions
    .flatMap((decision) => decision.obligations)
    .filter(({ type }) => type !== "mask" && type !== "hide");
  return {
    rules: [...new Set(decisions.flatMap((decision) => decision.rules))],
    obligations: distinct(obligations),
  };
}

function distinct(obligations: readonly Obligation[]): readonly Obligation[] {
  return [...new Map(obligations.map((one) => [JSON.stringify(one), one])).values()];
}

/** Nothing is left of a limit: of all denials that are no forbid this one alone names rules. */
function limitOf({ outcome, reason, rules, retry_after: wait }: Decision): LimitRefusal | null {
  if (outcome !== "deny" || reason !== "not_granted" || rules.length === 0) return null;
  return { code: "access/limit", retryAfter: wait === undefined ? null : Math.ceil(wait / 1_000) };
}

function denial(
  program: Program,
  action: string,
  entity: string,
  ids: readonly string[],
  decision: Decision,
): Refusal {
  const limit = limitOf(decision);
  const rules = ruleReferences(program, decision.rules);
  const error = new AccessDenied(action, entity, decision, rules, null, limit);
  return new Refusal(error, ids, limit === null ? decision.reason : "limit");
}

/** An obligation that is not carried out turns a permit into a denial: its type. Masks are carried out where rows are read. */
function notCarriedOut(
  program: Program,
  entity: string,
  decision: Decision,
  carries: (obligation: Obligation) => boolean,
): Obligation["type"] | undefined {
  const sealed = program.sealed.find((entry) => entry.entity === entity)?.fields ?? [];
  const isCarriedOut = (obligation: Obligation): boolean => {
    switch (obligation.type) {
      case "mask":
      case "hide":
      // Every write is on record, with the ids of its rows.
      case "audit":
        return true;
      case "encrypt":
        return obligation.fields.every((field) => sealed.includes(field));
      case "step_up":
      case "reason":
      case "approval":
        return false;
      case "limit":
      case "notify":
        return carries(obligation);
    }
  };
  // Invariant: what is of no kind that is known here is not carried out.
  const unmet = decision.obligations.find((obligation) => {
    const isMet: unknown = isCarriedOut(obligation);
    return isMet !== true;
  });
  return unmet?.type;
}

export function ruleReferences(program: Program, ids: readonly string[]): readonly RuleReference[] {
  return ids.flatMap((id) => {
    const rule = program.rules.find((candidate) => candidate.id === id);
    return rule === undefined ? [] : [{ id, file: rule.file, line: rule.line, because: rule.because }];
  });
}

const boundary: ReadonlySet<string> = new Set(["23503", "23505", "23P01", "42501"]);
const constraint: ReadonlySet<string> = new Set(["23502", "23514"]);
/** Types that do not go together, an aggregate or a sub-select with several rows where one value is wanted. */
const unfit: ReadonlySet<string> = new Set([
  "42804",
  "42846",
  "42883",
  "42P18",
  "42725",
  "42803",
  "42P20",
  "21000",
]);
const conflict: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/**
 * What a failed write means to the caller, by SQLSTATE: a broken reference, a taken key and row-level security look
 * like any denial. Undefined where it means nothing to him.
 */
export function writeFailure(
  error: unknown,
  action: string,
  entity: string,
  rows: readonly string[],
): Refusal | UnsupportedQuery | undefined {
  const state = sqlState(error);
  if (state === undefined) return undefined;
  if (boundary.has(state)) return refusedAtBoundary(action, entity, rows);
  if (constraint.has(state))
    return new UnsupportedQuery("write/constraint", `a row of ${entity} breaks a rule of its table`);
  if (conflict.has(state))
    return new UnsupportedQuery("write/conflict", `a row of ${entity} was being written; try again`);
  if (unfit.has(state))
    return new UnsupportedQuery(
      "query/unsupported-value",
      "a value in the query does not fit where it stands",
    );
  if (state.startsWith("22"))
    return new UnsupportedQuery("write/bad-value", `a value does not fit its column in ${entity}`);
  return undefined;
}

/** The five-character SQLSTATE of a database's error. */
export function sqlState(error: unknown): string | undefined {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
