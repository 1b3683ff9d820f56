/** What a process holds of one tenant: what the registry said when its lease began, and the keys that were unwrapped. */
import type { TenantSealers } from "../contracts.ts";
import { SealBroken } from "../errors.ts";
import { createAuditSealer } from "../seal/audit-sealer.ts";
import { createChallengeSealer } from "../seal/challenge-sealer.ts";
import type { Padding } from "../seal/padding.ts";
import { createSealer } from "../seal/sealer.ts";
import type { TenantKeys } from "../seal/tenant-keys.ts";
import { keyVersions, unavailable } from "./held-versions.ts";
import type { KeyPurpose } from "./key-provider.ts";
import { KeyProviderError } from "./key-provider-error.ts";
import { meteredAudit, meteredCells, meteredChallenges, type Meter } from "./metered.ts";
import type { KeyRegistry, RegistryKey } from "./registry.ts";
import type { UnwrappedKey } from "./unwrapped-key.ts";

export class KeyHold {
  readonly tenant: string;
  readonly sealers: TenantSealers;
  /** Uses and bytes since the keys were last unwrapped together. */
  readonly meter: Meter = { uses: 0, bytes: 0 };
  readonly #clock: () => number;
  readonly #keys = new Map<string, UnwrappedKey>();
  readonly #problems = new Map<string, Error>();
  #registry: KeyRegistry = { state: "active", holdFor: 1, keys: [] };
  #data: TenantKeys | null = null;
  #dropped = false;
  /** When what the registry says was asked for, and until when it counts. */
  readAt = Number.NEGATIVE_INFINITY;
  leasedUntil = Number.NEGATIVE_INFINITY;

  constructor(tenant: string, clock: () => number, padding: Padding = "none") {
    this.tenant = tenant;
    this.#clock = clock;
    this.sealers = {
      cells: meteredCells(
        createSealer(tenant, () => this.#dataKeys(), padding),
        this.meter,
      ),
      audit: meteredAudit(
        createAuditSealer(
          tenant,
          () => {
            this.#refuseDropped();
            return this.#versions("audit");
          },
          padding,
        ),
        this.meter,
      ),
      challenges: meteredChallenges(
        createChallengeSealer(tenant, () => this.#dataKeys(), padding),
        this.meter,
      ),
    };
  }

  /** The unwrapped key, if there is one that may be used now. */
  find(row: RegistryKey): UnwrappedKey | undefined {
    const key = this.#keys.get(row.name);
    return key !== undefined && this.#clock() < key.until ? key : undefined;
  }

  /** Begins a lease. What the registry does not list as opening any more is let go of. */
  renew(registry: KeyRegistry, readAt: number, leasedUntil: number): void {
    this.#registry = registry;
    this.readAt = readAt;
    this.leasedUntil = leasedUntil;
    this.#data = null;
    const names = new Set(wantedKeys(registry).map(({ name }) => name));
    for (const kept of [this.#keys, this.#problems])
      for (const name of kept.keys()) if (!names.has(name)) kept.delete(name);
  }

  put(row: RegistryKey, key: UnwrappedKey): void {
    this.#keys.set(row.name, key);
    this.#problems.delete(row.name);
  }

  /** The provider did not unwrap it; one that is held goes, unless the provider was only out of reach. */
  fail(row: RegistryKey, error: Error): void {
    if (!(error instanceof KeyProviderError) || error.code === "keys/unavailable") {
      if (this.find(row) !== undefined) return;
    } else this.#keys.delete(row.name);
    this.#problems.set(row.name, error);
  }

  /** Lets go of every key: what sealers of before are asked for from now on throws. */
  dropKeys(): void {
    this.#keys.clear();
    this.meter.uses = 0;
    this.meter.bytes = 0;
  }

  /** For good: the sealers that were handed out do nothing any more. */
  drop(): void {
    this.dropKeys();
    this.#dropped = true;
  }

  /** Lets go of keys whose time is over. True where nothing is left. */
  sweep(): boolean {
    for (const [name, { until }] of this.#keys) if (this.#clock() >= until) this.#keys.delete(name);
    return this.#keys.size === 0 && this.#clock() >= this.leasedUntil;
  }

  #refuseDropped(): void {
    if (this.#dropped) throw unavailable("the keys of the tenant were forgotten here");
  }

  #dataKeys(): TenantKeys {
    this.#refuseDropped();
    switch (this.#registry.state) {
      case "active":
        return (this.#data ??= {
          seal: this.#versions("seal"),
          index: this.#versions("index"),
          mask: this.#versions("mask"),
        });
      case "disabled":
        throw new KeyProviderError("keys/disabled", "the keys of the tenant are disabled");
      case "destroyed":
        throw new SealBroken("destroyed");
    }
  }

  #versions<Purpose extends KeyPurpose>(purpose: Purpose) {
    return keyVersions<Purpose>({
      rows: this.#registry.keys.filter((row) => row.purpose === purpose),
      find: (row) => this.find(row) as UnwrappedKey<Purpose> | undefined,
      problem: (row) => this.#problems.get(row.name) ?? unavailable("the time of the unwrapped key is over"),
    });
  }
}

/** The rows that are to be unwrapped: of a tenant that is not active those of its audit alone. */
export function wantedKeys({ state, keys }: KeyRegistry): readonly RegistryKey[] {
  return keys.filter(
    ({ wrapped, purpose }) => wrapped !== null && (state === "active" || purpose === "audit"),
  );
}
