/**
 * Shares of the database: so much of each tenant's work is under way at once, so much of all, and what waits begins in turns that go round
 * the tenants. A tenant that asks for much waits behind itself.
 */
import { TenantBusy, type Turn, type Turns } from "@wardline/isolation";
import { readFairness, type FairnessOptions } from "./fairness-options.ts";

interface Waiter {
  readonly tenant: Tenant;
  readonly asker: Asker;
  readonly begin: (turn: Turn) => void;
}

interface Tenant {
  readonly id: string;
  running: number;
  readonly waiting: Set<Waiter>;
  /** How long its work lasts, in milliseconds: the later, the more it counts. */
  lasts: number;
}

/** A session. */
interface Asker {
  /** Transactions and streams of it, within which it may ask for more. */
  held: number;
  /** Work that was begun within these. */
  within: number;
  readonly waiting: Set<Waiter>;
}

export class Fairness {
  readonly #options: Required<FairnessOptions>;
  readonly #tenants = new Map<string, Tenant>();
  readonly #askers = new WeakMap<object, Asker>();
  /** Tenants that could begin something, the one whose turn it is first. */
  readonly #ready = new Set<Tenant>();
  #running = 0;

  constructor(options: FairnessOptions) {
    this.#options = readFairness(options);
  }

  /** Pieces of work that wait, of all tenants. */
  get waiting(): number {
    let all = 0;
    for (const { waiting } of this.#tenants.values()) all += waiting.size;
    return all;
  }

  of(id: string): Turns {
    return { enter: (asker, signal) => this.#enter(id, asker, signal) };
  }

  #enter(id: string, key: object, signal: AbortSignal): Turn | Promise<Turn> {
    const asker = this.#askers.get(key) ?? { held: 0, within: 0, waiting: new Set() };
    this.#askers.set(key, asker);
    if (asker.within < asker.held) return this.#beginWithin(asker);
    const tenant = this.#tenants.get(id) ?? { id, running: 0, waiting: new Set(), lasts: 0 };
    const { perTenant, atOnce, queue } = this.#options;
    // Where there is room, nobody who could use it waits.
    if (tenant.running < perTenant && this.#running < atOnce) return this.#begin(tenant, asker);
    if (tenant.waiting.size >= queue) return Promise.reject(this.#busy(tenant));
    return this.#wait(tenant, asker, signal);
  }

  #wait(tenant: Tenant, asker: Asker, signal: AbortSignal): Promise<Turn> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const remove = (): void => {
      clearTimeout(patience);
      signal.removeEventListener("abort", onAbort);
      tenant.waiting.delete(waiter);
      asker.waiting.delete(waiter);
      this.#settle(tenant);
    };
    const onAbort = (): void => {
      remove();
      reject(signal.reason);
    };
    const patience = setTimeout(() => {
      remove();
      reject(this.#busy(tenant));
    }, this.#options.patience);
    const waiter: Waiter = {
      tenant,
      asker,
      begin: (turn) => {
        remove();
        resolve(turn);
      },
    };
    this.#tenants.set(tenant.id, tenant);
    signal.addEventListener("abort", onAbort, { once: true });
    tenant.waiting.add(waiter);
    asker.waiting.add(waiter);
    this.#settle(tenant);
    return promise;
  }

  #begin(tenant: Tenant, asker: Asker): Turn {
    this.#tenants.set(tenant.id, tenant);
    tenant.running += 1;
    this.#running += 1;
    const since = performance.now();
    return this.#turn(asker, () => {
      tenant.lasts += (performance.now() - since - tenant.lasts) / 8;
      tenant.running -= 1;
      this.#running -= 1;
      this.#settle(tenant);
      this.#next();
    });
  }

  /** Invariant: what is asked within a transaction waits for nothing that waits for the transaction. It is beside the tenant's share. */
  #beginWithin(asker: Asker): Turn {
    asker.within += 1;
    return this.#turn(asker, () => {
      asker.within -= 1;
      this.#nextWithin(asker);
    });
  }

  #turn(asker: Asker, onEnd: () => void): Turn {
    let state: "open" | "held" | "ended" = "open";
    return {
      hold: () => {
        if (state !== "open") return;
        state = "held";
        asker.held += 1;
        this.#nextWithin(asker);
      },
      end: () => {
        if (state === "ended") return;
        if (state === "held") asker.held -= 1;
        state = "ended";
        onEnd();
      },
    };
  }

  /** Takes the places that are free, one tenant after the other. */
  #next(): void {
    while (this.#running < this.#options.atOnce) {
      const [tenant] = this.#ready;
      const [waiter] = tenant?.waiting ?? [];
      if (tenant === undefined || waiter === undefined) return;
      // To the end of the round, if it still has something that waits.
      this.#ready.delete(tenant);
      waiter.begin(this.#begin(tenant, waiter.asker));
    }
  }

  #nextWithin(asker: Asker): void {
    for (const waiter of asker.waiting) {
      if (asker.within >= asker.held) return;
      waiter.begin(this.#beginWithin(asker));
    }
  }

  /** Whether it could begin something, and whether there is anything to remember of it. */
  #settle(tenant: Tenant): void {
    const isReady = tenant.waiting.size > 0 && tenant.running < this.#options.perTenant;
    if (!isReady) this.#ready.delete(tenant);
    else this.#ready.add(tenant);
    if (tenant.waiting.size === 0 && tenant.running === 0) this.#tenants.delete(tenant.id);
  }

  #busy(tenant: Tenant): TenantBusy {
    const { perTenant } = this.#options;
    const wait = (tenant.lasts * (tenant.waiting.size + 1)) / perTenant;
    return new TenantBusy(Math.round(Math.min(30_000, Math.max(100, wait))));
  }
}
