/** What a guarded dialect is made of: one principal of one tenant, and the parts that guard what it does. */
import { instantFromDate, type KnownFacts } from "@wardline/core";
import type {
  AuditEntry,
  AuditLog,
  ContextClaims,
  ContextGate,
  Database,
  Places,
  PolicyGuard,
  Sealers,
  Turn,
  Turns,
} from "../contracts.ts";
import type { Contexts } from "../context/contexts.ts";
import { IsolationViolation, type SessionEnd } from "../errors.ts";
import type { AuditWindow } from "../audit/audit-window.ts";
import type { ViolationLog } from "../audit/violation-log.ts";
import type { FinalCheck } from "../final-check/final-check.ts";
import type { IdsByEntity } from "../gate/ancestors.ts";
import type { LimitStore } from "../limits/limit-store.ts";
import type { Notice } from "./notice.ts";
import type { FactsKeeper } from "./kept-facts.ts";
import type { StoredModel } from "../schema/table-plan.ts";

export interface GuardedDialectOptions {
  /** Where the tenant's rows are. Where `places` is given it is asked instead, for every transaction. */
  readonly database: Database;
  readonly places?: Places;
  /** The placement epoch of `database`; 0 where nothing is placed. */
  readonly placementEpoch?: number;
  readonly context: ContextGate;
  /** The gates of the places, where there are several. */
  readonly contexts?: Contexts;
  /** The policy, looked up anew for every transaction. Where it is not at hand: one that permits nothing. */
  readonly guard: PolicyGuard;
  /**
   * Brings the policy to hand; null where it is. Whatever asks `guard` for rules goes through {@link withGuard}, which waits for it.
   * Rejects with IsolationViolation where there is none.
   */
  readonly load?: () => Promise<PolicyGuard> | null;
  /**
   * Told that the database knows a later policy than this one: looks for it. Resolves to the policy that is at hand then; null where it is none
   * other.
   */
  readonly renew?: (guard: PolicyGuard) => Promise<PolicyGuard | null>;
  /** False once the policy must not decide any more; then everything is refused. Always in force if left out. */
  readonly inForce?: () => boolean;
  /** What every statement must pass before it is sent, for the policy's model and the schema of its tables. */
  readonly finalCheck: (stored: StoredModel, schema: string) => FinalCheck;
  /** What seals and opens for tenants. */
  readonly sealers: Sealers;
  readonly audit: AuditLog;
  /** Takes entries of reads and decisions that may be recorded a moment later; each is on record first if left out. */
  readonly window?: AuditWindow;
  /** Puts refused statements on record; none is if left out. */
  readonly violations?: ViolationLog;
  /**
   * Who asks, asked for anew at every statement, for the policy that the transaction has. The tenant and the principal may not
   * change within a transaction.
   */
  readonly facts: (guard: PolicyGuard) => KnownFacts;
  /** Direct parents that come with the session, by entity; closed over the database. */
  readonly sessionParents: IdsByEntity;
  /** The action that selects ask instead of `list`; then nothing is written. */
  readonly reads?: string;
  /** Keeps what the database says of the principal, for reads; nothing is kept if left out. */
  readonly keeper?: FactsKeeper;
  /** Counts what limits allow; what asks for one is refused if left out. */
  readonly limits?: LimitStore;
  /** Tells whom a duty says to tell; what asks for that is refused if left out. */
  readonly notify?: (notice: Notice) => Promise<void>;
  readonly clock: () => Date;
  /** True once the handle's scope has ended. */
  readonly revoked: () => boolean;
  /** Why the session of whoever asks is over, by the policy of now, or by the one that the transaction has; null while it lasts, and sessions last if left out. */
  readonly sessionEnd?: (guard: PolicyGuard) => SessionEnd | null;
  /** Lets the tenant's work begin in its turn; at once if left out. */
  readonly turns?: Turns;
  /** Which session of the principal it is, where that is known: a challenge is gone on with in the same one. */
  readonly sessionId?: string | null;
  /** How long a challenge may be gone on with, in milliseconds, at most a day; a quarter of an hour if left out. */
  readonly challengeLife?: number;
  /** The longest that a transaction may last, in milliseconds, before it is rolled back; a minute if left out. */
  readonly transactionLimit?: number;
  /** The server's catalogue was asked and calls leakproof what the list here does: see `checkLeakproof`. */
  readonly leakproofChecked?: boolean;
  /** Gets the original of an error of which callers see only the code. Never shown to them. */
  readonly onOperatorError?: (error: unknown) => void;
}

interface Pinned {
  readonly guard: PolicyGuard;
  readonly options: GuardedDialectOptions;
}

const pinned = new WeakMap<GuardedDialectOptions, Pinned>();

/** The options with the policy of now, which stays the same whatever is loaded or dropped meanwhile. At once where it is at hand. */
export function withGuard(
  given: GuardedDialectOptions,
): GuardedDialectOptions | Promise<GuardedDialectOptions> {
  const loading = given.load?.() ?? null;
  return loading === null ? pinTo(given, given.guard) : loading.then((guard) => pinTo(given, guard));
}

function pinTo(given: GuardedDialectOptions, guard: PolicyGuard): GuardedDialectOptions {
  const known = pinned.get(given);
  if (known?.guard === guard) return known.options;
  const options = { ...given, guard, load: atHand };
  pinned.set(given, { guard, options });
  return options;
}

const atHand = (): null => null;

/** Where nobody counts, a turn that means nothing. */
export function enterTurn(
  { turns, facts }: GuardedDialectOptions,
  signal: AbortSignal,
): Turn | Promise<Turn> {
  // Who asks is the same for all copies of a session's options.
  return turns?.enter(facts, signal) ?? free;
}

const free: Turn = { hold: () => undefined, end: () => undefined };

/** Never aborted. */
export const uncancelled: AbortSignal = new AbortController().signal;

export interface Identity {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
}

/** The facts of now. Throws `handle/revoked`, `handle/no-policy`, a {@link SessionEnd}, and `handle/no-context` where they name no tenant or another policy's. */
export function presentFacts(options: GuardedDialectOptions): KnownFacts {
  refuseRevoked(options);
  const { guard } = options;
  const facts = options.facts(guard) as KnownFacts | undefined;
  const named = [facts?.tenant?.id, facts?.principal?.type, facts?.principal?.id];
  if (facts === undefined || !named.every((name) => typeof name === "string" && name !== ""))
    throw new IsolationViolation("handle/no-context", "there is no tenant or no principal here");
  if (facts.tenant.id !== guard.program.tenant)
    throw new IsolationViolation("handle/no-context", "the policy is another tenant's");
  return facts;
}

/** Invariant: whatever asks for anything comes by here, so that nothing outlives its handle, its policy or its session. */
export function refuseRevoked(options: GuardedDialectOptions): void {
  if (options.revoked()) throw new IsolationViolation("handle/revoked", "the handle's scope has ended");
  if (options.inForce?.() === false)
    throw new IsolationViolation("handle/no-policy", "no policy is in force for this tenant");
  const end = options.sessionEnd?.(options.guard) ?? null;
  if (end !== null) throw new IsolationViolation(end, sessionEndSays[end]);
}

const sessionEndSays: Readonly<Record<SessionEnd, string>> = {
  "session/unknown":
    "the tenant's policy bounds sessions, and nobody said when this one began and was last used",
  "session/over": "the session has lasted for as long as the tenant's policy allows: sign in again",
  "session/idle": "nobody has used the session for longer than the tenant's policy allows: sign in again",
};

export function identityOf(facts: KnownFacts): Identity {
  return { tenant: facts.tenant.id, type: facts.principal.type, id: facts.principal.id };
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.tenant === b.tenant && a.type === b.type && a.id === b.id;
}

/** What every entry of the audit log says of who acts, when and under which policy. */
export function saidBy(
  { guard, clock }: Pick<GuardedDialectOptions, "guard" | "clock">,
  { principal: { type, id } }: KnownFacts,
): Pick<AuditEntry, "principal" | "revision" | "bundle" | "at"> {
  const { revision, digest = null } = guard;
  return { principal: { type, id }, revision, bundle: digest, at: instantFromDate(clock()) };
}

/** What a transaction of these options enters with. */
export function claimsOf(options: GuardedDialectOptions, identity: Identity, intent: string): ContextClaims {
  return {
    tenant: identity.tenant,
    principal: { type: identity.type, id: identity.id },
    placementEpoch: options.placementEpoch ?? 0,
    factsEpoch: null,
    revision: options.guard.revision,
    intent,
    facts: {},
  };
}
