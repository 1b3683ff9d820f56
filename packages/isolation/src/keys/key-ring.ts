/**
 * The keys that a process holds, by tenant, purpose and version: for a time, a number of uses and a number of bytes, and never
 * more tenants than a number. Whoever asks gets keys of the tenant that it names, and of no other.
 */
import type { RegistrySource, Sealers, TenantSealers } from "../contracts.ts";
import { unavailable } from "./held-versions.ts";
import { KeyHold, wantedKeys } from "./key-hold.ts";
import type { KeyProvider } from "./key-provider.ts";
import { KeyProviderError } from "./key-provider-error.ts";
import { KeyRegistryError } from "./key-registry-error.ts";
import { longestHold } from "./longest-hold.ts";
import { standingClock } from "./standing-clock.ts";
import { readRegistry, type KeyRegistry, type RegistryKey } from "./registry.ts";
import { unwrapKey, type UnwrappedKey } from "./unwrapped-key.ts";

export interface KeyRingOptions {
  readonly provider: KeyProvider;
  /** Milliseconds that what the registry said counts: so long a key that was disabled may be used. At most, and by default, a minute. */
  readonly lease?: number;
  /** Milliseconds that an unwrapped key may be used, from when the registry was asked. At most, and by default, five minutes. */
  readonly keyLife?: number;
  /** Default: 2^24. Reached, the keys of the tenant are unwrapped again before its next transaction. */
  readonly mostUses?: number;
  /** Bytes of texts, about. Default: 2^34. */
  readonly mostBytes?: number;
  /** Those asked for longest ago are let go of. Default: 1000. */
  readonly mostTenants?: number;
  /** Milliseconds that the provider may take. Default: five seconds. */
  readonly patience?: number;
  /** Milliseconds, never going back; the time for which the machine stood still counts too. */
  readonly clock?: () => number;
  /** Gets the provider's errors. */
  readonly onOperatorError?: (error: unknown) => void;
}

/** Milliseconds. What a process may not know of for so long, no process seals under: see `addVersion`. */
export const longestLease = 60_000;

/** Milliseconds until what failed, or was not there, is asked for again. */
const retryAfter = 1_000;

export class KeyRing implements Sealers {
  readonly #provider: KeyProvider;
  readonly #lease: number;
  readonly #keyLife: number;
  readonly #mostUses: number;
  readonly #mostBytes: number;
  readonly #mostTenants: number;
  readonly #patience: number;
  readonly #clock: () => number;
  readonly #report: (error: unknown) => void;
  /** The one asked for last comes last. */
  readonly #holds = new Map<string, KeyHold>();
  /** Readings of the registry that anybody may wait for. */
  readonly #readings = new Map<string, Promise<KeyHold>>();
  readonly #unwraps = new Map<string, Promise<UnwrappedKey>>();
  /** Counts what was forgotten: what was asked for before is not kept after. */
  #forgotten = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: KeyRingOptions) {
    this.#provider = options.provider;
    this.#lease = options.lease ?? longestLease;
    this.#keyLife = options.keyLife ?? longestHold;
    this.#mostUses = options.mostUses ?? 2 ** 24;
    this.#mostBytes = options.mostBytes ?? 2 ** 34;
    this.#mostTenants = options.mostTenants ?? 1000;
    this.#patience = options.patience ?? 5_000;
    this.#clock = options.clock ?? standingClock();
    this.#report = options.onOperatorError ?? (() => undefined);
    const bounds = [this.#lease, this.#keyLife, this.#mostUses, this.#mostBytes, this.#mostTenants];
    if (
      !bounds.every((bound) => bound > 0) ||
      this.#lease > longestLease ||
      // Invariant: shredding waits for this long, and for no longer.
      this.#keyLife > longestHold
    )
      throw new RangeError(
        `a bound of keys is more than 0, a lease at most ${longestLease} ms and a key's life at most ${longestHold} ms`,
      );
  }

  of(tenant: string, source: RegistrySource): TenantSealers | Promise<TenantSealers> {
    return this.held(tenant) ?? this.#read(tenant, source);
  }

  /** What is at hand: nobody is asked. */
  held(tenant: string): TenantSealers | undefined {
    const hold = this.#holds.get(tenant);
    if (hold === undefined || this.#isSpent(hold) || this.#clock() >= hold.leasedUntil) return undefined;
    this.#keep(hold);
    return hold.sealers;
  }

  /** Lets go of all that is held of a tenant; sealers that were handed out throw from now on. */
  forget(tenant: string): void {
    this.#forgotten += 1;
    this.#readings.delete(tenant);
    this.#holds.get(tenant)?.drop();
    this.#holds.delete(tenant);
  }

  /** Tenants whose keys are held. */
  get size(): number {
    return this.#holds.size;
  }

  close(): void {
    clearTimeout(this.#sweep);
    for (const tenant of this.#holds.keys()) this.forget(tenant);
  }

  #isSpent({ meter }: KeyHold): boolean {
    return meter.uses >= this.#mostUses || meter.bytes >= this.#mostBytes;
  }

  async #read(tenant: string, source: RegistrySource): Promise<TenantSealers> {
    // Invariant: a transaction that is open waits for nobody, who may wait for its turn to end.
    if (source.inTransaction) return (await this.#renew(tenant, source)).sealers;
    const begun = this.#readings.get(tenant);
    if (begun !== undefined) {
      try {
        return (await begun).sealers;
      } catch {
        // It was read in somebody else's context, which may have been refused for reasons of its own.
      }
    }
    return (await (this.#readings.get(tenant) ?? this.#begin(tenant, source))).sealers;
  }

  #begin(tenant: string, source: RegistrySource): Promise<KeyHold> {
    const reading = this.#renew(tenant, source).finally(() => {
      if (this.#readings.get(tenant) === reading) this.#readings.delete(tenant);
    });
    this.#readings.set(tenant, reading);
    return reading;
  }

  async #renew(tenant: string, source: RegistrySource): Promise<KeyHold> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const forgotten = this.#forgotten;
      const readAt = this.#clock();
      const registry = readRegistry(tenant, await source.read());
      const held = this.#holds.get(tenant);
      const isSpent = held !== undefined && this.#isSpent(held);
      const [atHand, missing] = partition(
        wantedKeys(registry),
        (row) => !isSpent && held?.find(row) !== undefined,
      );
      const answers = await Promise.all(
        missing.map((row) => this.#unwrap(tenant, row, readAt + this.#lifeOf(registry))),
      );
      // Invariant: what was forgotten meanwhile is asked for again, and nothing from before is kept.
      if (forgotten !== this.#forgotten) continue;
      const hold = this.#holds.get(tenant) ?? new KeyHold(tenant, this.#clock, this.#provider.padding);
      // What is over its bounds goes even where the provider gives nothing for it.
      if (isSpent) hold.dropKeys();
      // A reading that was begun earlier does not undo what a later one said.
      if (readAt >= hold.readAt) {
        hold.renew(registry, readAt, readAt + this.#leaseOf(registry, answers));
        for (const [index, answer] of answers.entries()) take(hold, missing[index] as RegistryKey, answer);
      }
      if (registry.state === "active" && answers.some(isDestroyed)) this.#report(restored(tenant));
      this.#keep(hold);
      this.#renewEarly(hold, atHand, registry, readAt);
      return hold;
    }
    throw unavailable("the keys of the tenant are being forgotten here");
  }

  #leaseOf({ keys, holdFor }: KeyRegistry, answers: readonly Answer[]): number {
    const isWhole = keys.length > 0 && answers.every((answer) => !(answer instanceof Error));
    const lease = Math.min(this.#lease, holdFor);
    return isWhole ? lease : Math.min(lease, retryAfter);
  }

  /** Counted from before the registry was read, so that a process that stood still meanwhile holds nothing for longer. */
  #lifeOf({ holdFor }: KeyRegistry): number {
    return Math.min(this.#keyLife, holdFor);
  }

  /** Keys whose time is nearly over are unwrapped again while they still serve, so that an outage is not felt at once. */
  #renewEarly(hold: KeyHold, rows: readonly RegistryKey[], registry: KeyRegistry, readAt: number): void {
    const life = this.#lifeOf(registry);
    const margin = Math.min(2 * this.#lease, life / 2);
    for (const row of rows) {
      const key = hold.find(row);
      if (key === undefined || key.until - this.#clock() > margin) continue;
      const forgotten = this.#forgotten;
      void this.#unwrap(hold.tenant, row, readAt + life).then((answer) => {
        if (forgotten === this.#forgotten) take(hold, row, answer);
      });
    }
  }

  async #unwrap(tenant: string, row: RegistryKey, until: number): Promise<Answer> {
    const name = JSON.stringify([tenant, row.name]);
    let asked = this.#unwraps.get(name);
    if (asked === undefined) {
      asked = this.#ask(tenant, row, until).finally(() => this.#unwraps.delete(name));
      this.#unwraps.set(name, asked);
    }
    try {
      return await asked;
    } catch (error) {
      return error instanceof KeyProviderError
        ? error
        : unavailable("the provider of keys failed", { cause: error });
    }
  }

  async #ask(
    tenant: string,
    { purpose, version, provider, wrapped, check }: RegistryKey,
    until: number,
  ): Promise<UnwrappedKey> {
    try {
      if (provider !== this.#provider.name)
        throw new KeyProviderError("keys/missing", "the key was wrapped by another provider");
      const context = { tenant, purpose, version };
      const bytes = Buffer.from(wrapped ?? "", "hex");
      return {
        keys: await within(
          this.#patience,
          unwrapKey(this.#provider, context, bytes, Buffer.from(check, "hex")),
        ),
        until,
      };
    } catch (error) {
      this.#report(error);
      throw error;
    }
  }

  #keep(hold: KeyHold): void {
    this.#holds.delete(hold.tenant);
    this.#holds.set(hold.tenant, hold);
    for (const [tenant] of this.#holds) {
      if (this.#holds.size <= this.#mostTenants) break;
      // Transactions that are under way keep theirs until its time is over.
      this.#holds.delete(tenant);
    }
    this.#sweep ??= this.#sweepLater();
  }

  #sweepLater(): NodeJS.Timeout {
    return setTimeout(() => {
      for (const [tenant, hold] of this.#holds) if (hold.sweep()) this.#holds.delete(tenant);
      this.#sweep = this.#holds.size === 0 ? undefined : this.#sweepLater();
    }, this.#lease).unref();
  }
}

type Answer = UnwrappedKey | Error;

const isDestroyed = (answer: Answer): boolean =>
  answer instanceof KeyProviderError && answer.code === "keys/destroyed";

/** For the operator: nothing opens, and somebody has to know why. */
function restored(tenant: string): KeyRegistryError {
  return new KeyRegistryError(
    "keys/restored",
    `the registry says that the keys of ${JSON.stringify(tenant)} live, and their provider that they were destroyed: this database is of a time before they were. Shred the tenant here again`,
  );
}

function take(hold: KeyHold, row: RegistryKey, answer: Answer): void {
  if (answer instanceof Error) hold.fail(row, answer);
  else hold.put(row, answer);
}

function partition<T>(all: readonly T[], belongs: (one: T) => boolean): readonly [T[], T[]] {
  const parts: readonly [T[], T[]] = [[], []];
  for (const one of all) parts[belongs(one) ? 0 : 1].push(one);
  return parts;
}

async function within<T>(patience: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable("the provider of keys took too long")), patience);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
