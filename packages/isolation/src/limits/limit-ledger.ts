/**
 * What one statement draws, and what it knows of what is left. It takes each limit to be open until the store says otherwise, so that
 * what is drawn from is found by the policy alone; what turns out to be exhausted is a fact of the next look at it. It never gives back.
 */
import type { KnownFacts } from "@wardline/core";
import { AccessDenied } from "../errors.ts";
import type { GuardedDialectOptions } from "../driver/options.ts";
import type { CountedLimit, LimitStore } from "./limit-store.ts";
import { limitsOf, type LimitObligation } from "./limits-of.ts";
import { within } from "./within.ts";

/** A row by its type and id. */
export interface LimitedRow {
  readonly entity: string;
  /** As the database prints it: another way to write it would be counted apart. */
  readonly id: string;
}

/** One draw that a permit asks for. */
export interface WantedDraw {
  readonly limit: LimitObligation;
  /** The row that it is of; null for a list. */
  readonly row: LimitedRow | null;
}

/** What is asked, as a refusal names it. */
export interface AskedAct {
  readonly action: string;
  readonly entity: string;
}

type LedgerOptions = Pick<GuardedDialectOptions, "guard" | "limits" | "onOperatorError">;

interface Account {
  readonly counted: CountedLimit;
  left: number;
  /** Milliseconds; null where it was not asked. */
  retryAfter: number | null;
  /** By this statement. */
  drawn: number;
}

/** Milliseconds. */
const usualPatience = 1_000;

export class LimitLedger {
  readonly #accounts = new Map<string, Account>();

  /** The facts with what is left for a view: some, or nothing. `row`: that alone is asked about. */
  facts(options: LedgerOptions, known: KnownFacts, row: LimitedRow | null = null): KnownFacts {
    const limits = limitsOf(options.guard.program);
    if (limits.size === 0) return known;
    const left = [...limits.values()].map((limit) => {
      const account = this.#account(known, limit, row);
      return [limit.rule, { left: account !== null && account.left < 1 ? 0 : limit.count }] as const;
    });
    return { ...known, limits: Object.fromEntries(left) };
  }

  /** The facts as if nothing had been drawn. */
  unspent({ guard }: Pick<LedgerOptions, "guard">, known: KnownFacts): KnownFacts {
    const left = [...limitsOf(guard.program).values()].map(({ rule, count }) => [rule, { left: count }]);
    return { ...known, limits: Object.fromEntries(left) };
  }

  /** The same with exact numbers and times, for a decision. Without a row, what is counted by rows is left out, which denies. */
  exactly<T extends KnownFacts>({ guard }: LedgerOptions, known: T, row: LimitedRow | null): T {
    const limits = limitsOf(guard.program);
    if (limits.size === 0) return known;
    const left = [...limits.values()].flatMap((limit) => {
      const account = this.#account(known, limit, row);
      if (account === null) return [];
      const wait = account.left < 1 ? account.retryAfter : null;
      const facts = { left: account.left, ...(wait === null ? {} : { retry_after: wait * 1_000 }) };
      return [[limit.rule, facts] as const];
    });
    return { ...known, limits: Object.fromEntries(left) };
  }

  /** True if some limit was found to be exhausted. */
  get isSpent(): boolean {
    return [...this.#accounts.values()].some(({ left }) => left < 1);
  }

  /** Milliseconds until one of these may be drawn from again, of those that are exhausted; null where that is not known. */
  waitFor(known: KnownFacts, limits: readonly LimitObligation[], row: LimitedRow | null): number | null {
    const waits = limits.flatMap((limit) => {
      const account = this.#account(known, limit, row);
      return account !== null && account.left < 1 ? [account.retryAfter ?? 0] : [];
    });
    return waits.length === 0 ? null : Math.min(...waits);
  }

  /** Asks what is left, and draws nothing. Throws `access/limit-unavailable`. */
  async look(
    options: LedgerOptions,
    known: KnownFacts,
    limits: readonly LimitObligation[],
    row: LimitedRow | null,
    asked: AskedAct,
  ): Promise<void> {
    const accounts = new Set(limits.flatMap((limit) => this.#account(known, limit, row) ?? []));
    await this.#ask(options, asked, [...accounts]);
  }

  /**
   * Draws what was not drawn yet. False where something is exhausted that was not known to be: then the policy is to be asked again.
   * What is known to be exhausted is not drawn. Throws `access/limit-unavailable`, and `access/not-carried-out` where nothing counts.
   */
  async draw(
    options: LedgerOptions,
    known: KnownFacts,
    wanted: readonly WantedDraw[],
    asked: AskedAct,
  ): Promise<boolean> {
    if (wanted.length === 0) return true;
    const amounts = new Map<Account, number>();
    for (const { limit, row } of wanted) {
      const account = this.#account(known, limit, row);
      // A list has no one row that it could be counted for.
      if (account === null || options.limits === undefined) throw notCarriedOut(asked);
      amounts.set(account, (amounts.get(account) ?? 0) + 1);
    }
    const open = [...amounts].flatMap(([account, amount]) => {
      const rest = amount - account.drawn;
      return rest > 0 && account.left > 0 ? [{ account, amount: rest }] : [];
    });
    const [first, ...more] = open;
    if (first === undefined) return true;
    // Where one of several is exhausted the others are not to be used up with it, nor what is left of one that has too few.
    if (more.length > 0 || first.amount > 1) {
      await this.#ask(
        options,
        asked,
        open.map(({ account }) => account),
      );
      const isShort = open.filter(({ account, amount }) => account.left < amount);
      for (const { account } of isShort) account.left = 0;
      if (isShort.length > 0) return false;
    }
    const taken = await withStore(options, asked, (store) =>
      open.map(async ({ account, amount }) => {
        const drawn = await store.draw(account.counted, amount);
        // Whatever it says that is not this one word is no.
        const isTaken = Object.is(drawn.taken, true);
        account.drawn += amount;
        if (!isTaken) [account.left, account.retryAfter] = [0, waitOf(drawn.retryAfter)];
        return isTaken;
      }),
    );
    return taken.every(Boolean);
  }

  async #ask(options: LedgerOptions, asked: AskedAct, accounts: readonly Account[]): Promise<void> {
    if (accounts.length === 0) return;
    await withStore(options, asked, (store) =>
      accounts.map(async (account) => {
        const { left, retryAfter } = await store.left(account.counted);
        // What is no number is nothing.
        account.left = Number.isSafeInteger(left) && left > 0 ? left : 0;
        account.retryAfter = waitOf(retryAfter);
      }),
    );
  }

  /** Null for a limit by rows where no row is asked about. */
  #account(known: KnownFacts, limit: LimitObligation, row: LimitedRow | null): Account | null {
    const whom = whomOf(known, limit, row);
    if (whom === null) return null;
    const { rule, per, count, by } = limit;
    const counted: CountedLimit = { tenant: known.tenant.id, rule, per, count, by, whom };
    const key = JSON.stringify(counted);
    const account = this.#accounts.get(key) ?? { counted, left: count, retryAfter: null, drawn: 0 };
    this.#accounts.set(key, account);
    return account;
  }
}

function whomOf(
  { principal }: KnownFacts,
  { by }: LimitObligation,
  row: LimitedRow | null,
): readonly string[] | null {
  switch (by) {
    case "principal":
      return [principal.tenant, principal.type, principal.id];
    case "tenant":
      return [];
    case "resource":
      return row === null ? null : [row.entity, row.id];
  }
}

function waitOf(given: number): number {
  return Number.isFinite(given) && given > 0 ? Math.ceil(given) : 0;
}

/** Invariant: a store that fails, or says nothing in time, denies. */
async function withStore<T>(
  { limits, onOperatorError }: LedgerOptions,
  asked: AskedAct,
  act: (store: LimitStore) => readonly Promise<T>[],
): Promise<readonly T[]> {
  if (limits === undefined) throw notCarriedOut(asked);
  try {
    return await within(limits.patience ?? usualPatience, async () => Promise.all(act(limits)));
  } catch (error) {
    onOperatorError?.(error);
    const { action, entity } = asked;
    throw new AccessDenied(action, entity, null, [], null, {
      code: "access/limit-unavailable",
      retryAfter: null,
    });
  }
}

function notCarriedOut({ action, entity }: AskedAct): AccessDenied {
  return new AccessDenied(action, entity, null, [], "limit");
}
