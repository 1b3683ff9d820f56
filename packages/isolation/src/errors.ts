/**
 * The errors that callers see. A code is stable and never changes its meaning; a message names tables, fields and
 * rules but never a value of a row, and never the text of a statement or the name of a constraint.
 */
import type { Decision, Obligation } from "@wardline/core";

/** A rule as a refusal names it. */
export interface RuleReference {
  readonly id: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly because: string | null;
}

export type AccessDeniedCode =
  | "access/denied"
  /** It is permitted, and what the permit asks for beside (`notify`, a limit) is not carried out: nothing was shown or written. */
  | "access/not-carried-out"
  /** Nothing is left of a limit: `retryAfter` says when to ask again. Nothing was shown or written. */
  | "access/limit"
  /** What counts limits failed or said nothing in time. Nothing was shown or written. */
  | "access/limit-unavailable";

/** Why limits refused, and milliseconds until it may be asked again; null where that is not known. */
export interface LimitRefusal {
  readonly code: "access/limit" | "access/limit-unavailable";
  readonly retryAfter: number | null;
}

/** The policy, or a boundary that looks like it from outside, refused. `decision` is null where no rule was asked. */
export class AccessDenied extends Error {
  override readonly name = "AccessDenied";
  readonly code: AccessDeniedCode;
  readonly action: string;
  readonly entity: string;
  readonly decision: Decision | null;
  readonly rules: readonly RuleReference[];
  /** Of `access/limit`: milliseconds until it may be asked again, null where that is not known. Null for every other code. */
  readonly retryAfter: number | null;

  /** `unmet`: the type of an obligation of a permit that is not carried out. */
  constructor(
    action: string,
    entity: string,
    decision: Decision | null,
    rules: readonly RuleReference[],
    unmet: Obligation["type"] | null = null,
    limit: LimitRefusal | null = null,
  ) {
    super(refusal(`${action} on ${entity} ${whyDenied(unmet, limit)}`, rules));
    this.code = limit?.code ?? (unmet === null ? "access/denied" : "access/not-carried-out");
    this.retryAfter = limit?.retryAfter ?? null;
    this.action = action;
    this.entity = entity;
    this.decision = decision;
    this.rules = rules;
  }
}

export type TenantBusyCode =
  /** As much of the tenant's work is waiting as may wait, or it has waited for too long. Nothing was done. */
  "tenant/busy";

/** The tenant has more under way than its share. Nothing was executed: try again. */
export class TenantBusy extends Error {
  override readonly name = "TenantBusy";
  readonly code: TenantBusyCode = "tenant/busy";
  /** When it is worth trying again, in milliseconds from now. An estimate. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super("too much of the tenant's work is under way: nothing was done, try again later");
    this.retryAfter = retryAfter;
  }
}

export type ChallengeRequiredCode = "access/challenge";

/** The policy would allow it after the obligations in `decision` have been met. Nothing was written. */
export class ChallengeRequired extends Error {
  override readonly name = "ChallengeRequired";
  readonly code: ChallengeRequiredCode = "access/challenge";
  readonly action: string;
  readonly entity: string;
  readonly decision: Decision;
  readonly rules: readonly RuleReference[];
  /**
   * What `Session.resume` carries the write out with, once the obligations are met: sealed, for this principal alone, good once and for
   * a while. Null where the write cannot be resumed and has to be asked for again.
   */
  readonly continuation: string | null;

  constructor(
    action: string,
    entity: string,
    decision: Decision,
    rules: readonly RuleReference[],
    continuation: string | null = null,
  ) {
    super(refusal(`${action} on ${entity} asks for more`, rules));
    this.action = action;
    this.entity = entity;
    this.decision = decision;
    this.rules = rules;
    this.continuation = continuation;
  }

  /** What is asked for: the first way to meet it. */
  get obligations(): readonly Obligation[] {
    return this.decision.obligations;
  }
}

export type ChallengeRefusedCode =
  /** It is no continuation that this principal could go on with here: forged, cut, or another tenant's, principal's or session's. */
  | "challenge/invalid"
  /** Its time is over. */
  | "challenge/expired"
  /** It was carried out already. */
  | "challenge/spent"
  /** A row, the policy or the tenant's place is not what it was: the write has to be asked for again. */
  | "challenge/changed"
  /** What was given as an approval approves nothing of this, or does not any more. */
  | "challenge/approval"
  /** Nobody approves it: no approval was asked for, the model has no action `approve` for it, or it is approved by who asked. */
  | "challenge/not-approvable"
  /** Who would approve does not see in full what would be written. */
  | "challenge/hidden-value"
  /** The reason that was given is empty, too long, or none that the model takes. */
  | "challenge/reason";

/** A challenge was not gone on with. Nothing was written. */
export class ChallengeRefused extends Error {
  override readonly name = "ChallengeRefused";
  readonly code: ChallengeRefusedCode;

  constructor(code: ChallengeRefusedCode) {
    super(refusedChallenges[code]);
    this.code = code;
  }
}

const refusedChallenges: Readonly<Record<ChallengeRefusedCode, string>> = {
  "challenge/invalid": "this is nothing that can be gone on with here: ask for the write again",
  "challenge/expired": "the time of this challenge is over: ask for the write again",
  "challenge/spent": "this challenge was carried out already",
  "challenge/changed": "the row, the policy or the tenant's place has changed since: ask for the write again",
  "challenge/approval": "what was given as an approval does not approve this write: ask for another one",
  "challenge/not-approvable":
    "this write is approved by somebody else, where the model says how, or by nobody",
  "challenge/hidden-value": "a value that would be written is not shown in full to who would approve it",
  "challenge/reason":
    "a reason is a text that is not empty, of at most 2,000 characters, that the model takes",
};

/** What of a statement did not pass the final check, which sees its text alone. It was not sent. */
export type FinalCheckCode =
  /** More or less than one statement, one of another kind, too large, or no SQL. */
  | "check/statement"
  /** A part of the grammar that is not allowed where it stands. */
  | "check/node"
  /** A relation that the model does not have. */
  | "check/relation"
  /** A table that is not read alone under the tenant's own condition. */
  | "check/shape"
  /** A view without a fence under an expression that could tell of its hidden rows. */
  | "check/fence"
  /** The tenant's parameter used for something else. */
  | "check/parameter"
  /** A column that is unknown, or a whole row. */
  | "check/column"
  | "check/function"
  | "check/operator"
  | "check/type"
  | "check/cast"
  | "check/collation"
  /** A write to a table, a column or a tenant that no handle writes. */
  | "check/target"
  /** The printed statement does not read as it was checked. */
  | "check/deparse";

/** Why the session of whoever asks is over. Nothing was executed. */
export type SessionEnd =
  /** The policy says how long sessions last, and nothing is known of this one, or only times to come. */
  | "session/unknown"
  /** It has lasted for as long as the policy lets one. */
  | "session/over"
  /** Nobody has used it for as long as the policy lets one rest. */
  | "session/idle";

export type IsolationViolationCode =
  | FinalCheckCode
  /** The handle's scope has ended, or its transaction has. */
  | "handle/revoked"
  /** The tenant's bundle has expired or was withdrawn, so everything is denied. */
  | "handle/no-policy"
  | SessionEnd
  /** Something ran without a tenant's context. */
  | "handle/no-context"
  /** There is no key to sign contexts with, or the database has none installed. */
  | "context/no-key"
  /** What was given for a tenant's id is none. */
  | "handle/bad-tenant"
  /** A scope of another tenant is open where one was asked for. */
  | "handle/nested-scope"
  /** Work of the system was asked for without a reason or without an end. */
  | "handle/no-reason"
  /** Object.prototype has keys that are not the language's. */
  | "handle/polluted"
  /** Another version of the package is in the process. */
  | "handle/other-copy"
  /** A statement of a transaction that has failed or ended. */
  | "transaction/ended"
  /** Raw text in a write or on an embedded database, or raw text that is not one SELECT. */
  | "query/raw-statement"
  /** A statement that changes tables, roles, settings or the transaction. */
  | "query/schema-statement"
  | "query/transaction-setting"
  | "query/schema-qualified"
  /** A cell that looks sealed stands where no sealed cell can. */
  | "seal/misplaced-cell"
  /** The catalogue places the tenant nowhere. */
  | "placement/unknown-tenant"
  /** The tenant was moved and the place that was asked is not its place any more; nothing was executed. */
  | "placement/stale"
  /** The tenant is being moved: it can be read and not written; nothing was executed. */
  | "placement/read-only"
  /** The tenant was suspended by an operator. */
  | "placement/suspended"
  /** The tables of the tenant's place are of an older version than this process needs. */
  | "placement/behind"
  /** The tenant is placed in a cell that this process does not know. */
  | "placement/unknown-cell"
  /** The catalogue could not be asked; the original went to the operator. */
  | "placement/unreachable"
  /** The database did not accept the context: it was missing, forged, expired or another backend's. Nothing was executed. */
  | "context/refused"
  /** The roles or memberships that the session was given are not those of now: read them again. Nothing was executed. */
  | "context/stale-facts"
  /** The policy of this process is older than one that was in force before. Nothing was executed. */
  | "policy/rolled-back"
  /** A setting of the session is not what the check of statements relies on. Nothing was executed. */
  | "database/settings"
  /** The connection is an operator's, on which nothing bounds a tenant. */
  | "database/operator"
  /** The database failed; the original went to the operator. */
  | "database/failed"
  /** A limit of time was reached and what ran was undone. */
  | "database/timeout"
  /** The connection was lost, or there was none; nothing of the transaction stands. */
  | "database/lost"
  /** The connection was lost while a transaction committed: it may stand or not. */
  | "database/unknown-outcome"
  /** The audit log could not be written, so nothing was stored and nothing was shown. */
  | "audit/failed"
  /** What must be on record before it is shown was asked for in a transaction of an embedded database, which has no second session to record it in. */
  | "audit/one-session"
  /** The registry of keys in the database is not of a form that this process knows. */
  | "keys/registry";

/** An attempt to leave the tenant's boundary, or a state in which it could not be held. */
export class IsolationViolation extends Error {
  override readonly name = "IsolationViolation";
  readonly code: IsolationViolationCode;

  constructor(code: IsolationViolationCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type SchemaMismatchCode = "database/mismatch";

/** The tables in the database are not those that the model means; nothing was opened. */
export class SchemaMismatch extends Error {
  override readonly name = "SchemaMismatch";
  readonly code: SchemaMismatchCode = "database/mismatch";
  /** What is wrong, by table and column. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const shown = problems.slice(0, 10);
    const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : [];
    super(`the database is not what the model says: ${[...shown, ...more].join("; ")}`);
    this.problems = problems;
  }
}

export type UnsupportedQueryCode =
  | "query/unknown-table"
  | "query/unknown-column"
  | "query/ambiguous-column"
  | "query/duplicate-name"
  | "query/unsupported-node"
  | "query/unsupported-function"
  | "query/unsupported-operator"
  | "query/unsupported-value"
  /** Operands or arguments of types that do not go together. */
  | "query/type-mismatch"
  /** A column, an aggregate, a window or an order where the grammar takes none. */
  | "query/misplaced"
  | "query/sealed-column"
  | "query/recursive"
  | "query/streaming"
  | "write/unsupported-shape"
  | "write/unknown-column"
  | "write/bad-value"
  | "write/hidden-field"
  | "write/key-column"
  | "write/no-action"
  | "write/ambiguous-action"
  | "write/too-many-rows"
  /** Two rows of `from`, or of the values, say what one row is to become. */
  | "write/matched-twice"
  | "write/constraint"
  | "write/conflict";

/** A query or a write that this guard does not carry. It was refused before anything ran, or undone. */
export class UnsupportedQuery extends Error {
  override readonly name = "UnsupportedQuery";
  readonly code: UnsupportedQueryCode;

  constructor(code: UnsupportedQueryCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type SealBrokenCode =
  | "bad_header"
  | "wrong_key_version"
  | "destroyed"
  | "not_authentic"
  | "seal/no-key";

/**
 * A sealed value did not open. The message is the same for all that concerns a value; only a tenant that has no key at all,
 * which is a matter of setting up, says so.
 */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
  readonly code: SealBrokenCode;

  constructor(code: SealBrokenCode) {
    super(
      code === "seal/no-key"
        ? "the tenant has no keys: make them with createTenantKeys"
        : "a sealed value does not open",
    );
    this.code = code;
  }
}

function whyDenied(unmet: Obligation["type"] | null, limit: LimitRefusal | null): string {
  if (limit?.code === "access/limit") return "is denied: nothing is left of a limit";
  if (limit !== null) return "is denied: its limits cannot be counted now";
  return unmet === null ? "is denied" : `asks for ${unmet}, which is not carried out here`;
}

function refusal(what: string, rules: readonly RuleReference[]): string {
  if (rules.length === 0) return what;
  const named = rules.map(
    (rule) => `${rule.id} (${rule.file}:${rule.line})${rule.because === null ? "" : `: ${rule.because}`}`,
  );
  return `${what} by ${named.join("; ")}`;
}
