/**
 * Refused statements on record, within bounds: each principal and each tenant has a rate, and what goes beyond it is counted and put on
 * record as one entry for each code. It never throws: the refusal stands whatever becomes of its entry.
 */
import type { AuditEntry } from "../contracts.ts";
import { newEntry } from "./new-entry.ts";
import { TokenBucket, type Rate } from "./token-bucket.ts";

/** A statement that was refused. */
export interface Violation {
  readonly tenant: string;
  readonly principal: AuditEntry["principal"];
  readonly code: string;
  /** What its entry says. Asked once, and not at all where it is only counted. */
  entry(): AuditEntry;
  readonly source: ViolationSource;
}

/** How entries of a tenant are appended; of the statement it knows nothing. */
export interface ViolationSource {
  /** What an entry says that stands for several. */
  readonly counted: Pick<AuditEntry, "revision" | "bundle" | "at">;
  /** In a transaction of their own. Tells operators of its failures itself. */
  record(entries: readonly AuditEntry[]): Promise<void>;
}

export interface ViolationBounds {
  /** Default: 10, and 10 a minute. */
  readonly principal?: Rate;
  /** Default: 60, and 60 a minute. */
  readonly tenant?: Rate;
  /** Milliseconds from the first that was only counted until the counts are on record. Default: a minute. */
  readonly countFor?: number;
  /** Milliseconds that a refusal waits for its entry. Default: 500. */
  readonly patience?: number;
}

/** Of principals and codes that are told apart within a tenant; what goes beyond is counted by code alone. */
const mostCounts = 100;
/** Of principals whose rates are known within a tenant; any other is only counted. */
const mostPrincipals = 1_000;
/** Of entries of one tenant that wait for the database; what comes then is only counted. */
const mostWaiting = 10;

/** Who stands for principals that are not told apart any more. */
const several = { type: "", id: "" };

interface Count {
  readonly principal: AuditEntry["principal"];
  readonly code: string;
  times: number;
}

interface TenantState {
  readonly rate: TokenBucket;
  readonly principals: Map<string, TokenBucket>;
  counts: Map<string, Count>;
  /** Of the last that was counted. */
  last: ViolationSource | null;
  waiting: number;
}

export class ViolationLog {
  readonly #bounds: Required<ViolationBounds>;
  readonly #now: () => number;
  readonly #tenants = new Map<string, TenantState>();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  /** `now` in milliseconds, of a clock that never goes back. */
  constructor(bounds: ViolationBounds = {}, now: () => number = () => performance.now()) {
    this.#bounds = {
      principal: { burst: 10, perMinute: 10 },
      tenant: { burst: 60, perMinute: 60 },
      countFor: 60_000,
      patience: 500,
      ...bounds,
    };
    this.#now = now;
  }

  /** Resolves once it is on record, or counted, or has waited long enough; at once where `waits` is false. Never rejects. */
  async note(violation: Violation, waits: boolean): Promise<void> {
    const state = this.#stateOf(violation.tenant);
    if (!this.#mayRecord(state, violation)) {
      this.#count(state, violation, violation.source, 1);
      return;
    }
    const { principal, code, source } = violation;
    const done = this.#record(state, source, () => [violation.entry()]).then((isDone) => {
      if (!isDone) this.#count(state, { principal, code }, source, 1);
    });
    if (waits) await this.#patiently(done);
  }

  /** The last flush: what fails then is lost, and was told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  /** Puts on record what was counted, and waits for what is under way. Never rejects; what fails stays counted. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const state of this.#tenants.values()) this.#flushTenant(state);
    await Promise.all(this.#running);
  }

  #flushTenant(state: TenantState): void {
    const { counts, last } = state;
    if (last === null || counts.size === 0) return;
    state.counts = new Map();
    state.last = null;
    const entries = (): readonly AuditEntry[] =>
      [...counts.values()].map(({ principal, code, times }) =>
        newEntry({ ...said, ...last.counted, principal, reason: code, count: times }),
      );
    void this.#record(state, last, entries).then((isDone) => {
      if (isDone) return;
      for (const { times, ...who } of counts.values()) this.#count(state, who, last, times);
    });
  }

  #stateOf(tenant: string): TenantState {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const rate = new TokenBucket(this.#bounds.tenant, this.#now());
    const state: TenantState = { rate, principals: new Map(), counts: new Map(), last: null, waiting: 0 };
    this.#tenants.set(tenant, state);
    return state;
  }

  #mayRecord(state: TenantState, { principal }: Violation): boolean {
    const now = this.#now();
    const { rate, principals, waiting } = state;
    if (waiting >= mostWaiting || !rate.has(now)) return false;
    const key = JSON.stringify([principal.type, principal.id]);
    let own = principals.get(key);
    if (own === undefined) {
      if (principals.size >= mostPrincipals)
        for (const [other, bucket] of principals) if (bucket.isFull(now)) principals.delete(other);
      if (principals.size >= mostPrincipals) return false;
      own = new TokenBucket(this.#bounds.principal, now);
      principals.set(key, own);
    }
    if (!own.has(now)) return false;
    own.take(now);
    rate.take(now);
    return true;
  }

  #count(
    state: TenantState,
    { principal: given, code }: Pick<Violation, "principal" | "code">,
    source: ViolationSource,
    times: number,
  ): void {
    const keyOf = (who: AuditEntry["principal"]): string => JSON.stringify([who.type, who.id, code]);
    const principal = state.counts.has(keyOf(given)) || state.counts.size < mostCounts ? given : several;
    const found = state.counts.get(keyOf(principal)) ?? { principal, code, times: 0 };
    found.times += times;
    state.counts.set(keyOf(principal), found);
    state.last = source;
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.flush(), this.#bounds.countFor).unref();
  }

  /** False where the entries are not on record. */
  #record(
    state: TenantState,
    source: ViolationSource,
    entries: () => readonly AuditEntry[],
  ): Promise<boolean> {
    const append = async (): Promise<boolean> => {
      state.waiting += 1;
      try {
        await source.record(entries());
        return true;
      } catch {
        return false;
      } finally {
        state.waiting -= 1;
      }
    };
    const done = append();
    const settled = done.then(() => undefined).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return done;
  }

  async #patiently(done: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#bounds.patience);
    await Promise.race([done, promise]);
    clearTimeout(timer);
  }
}

const said = { kind: "violation", outcome: "deny", action: "", entity: "" } as const;
