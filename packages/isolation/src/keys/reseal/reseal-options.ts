/** What a reseal is given, what it tells on its way, and what it reports. */
import type { Database } from "../../contracts.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import type { WalkOptions, WalkProgress, WalkReport } from "../jobs/walk-table.ts";
import type { KeyProvider, KeyPurpose } from "../key-provider.ts";
import type { CellPurpose } from "./reseal-state.ts";
import type { ResealTarget } from "./reseal-table.ts";

export interface ResealWorld {
  /** An operator's way to the place where the tenant is. */
  readonly database: Database;
  readonly stored: StoredModel;
  readonly keys: KeyProvider;
  readonly tenant: string;
  /** Who does it, for the record. */
  readonly operator: string;
}

export interface ResealOptions extends Omit<WalkOptions, "onProgress" | "once"> {
  /**
   * Purposes to which a version is added first, unless a reseal was left off: then that one is brought to its end. Default: none. Versions
   * of `mask` and `audit` stand in no cell, and older ones stay readable.
   */
  readonly rotate?: readonly KeyPurpose[];
  /** Takes the bytes of retired versions away at the end. */
  readonly destroyRetired?: boolean;
  /** Without it the run ends where it would have to wait for processes to know of a version; run again later, it goes on. Default: true. */
  readonly wait?: boolean;
  /** Milliseconds; see `addVersion`. Shorter than the usual only where no process holds keys for longer. */
  readonly settle?: number;
  readonly onProgress?: (progress: ResealProgress) => void | Promise<void>;
}

export type ResealProgress =
  | { readonly kind: "added"; readonly purpose: KeyPurpose; readonly version: number }
  /** Every process will know of the versions by then. */
  | { readonly kind: "waiting"; readonly until: Date }
  | ({ readonly kind: "rows" } & WalkProgress);

export type PerPurpose = Readonly<Record<CellPurpose, readonly number[]>>;

export interface ResealReport {
  readonly tenant: string;
  readonly target: ResealTarget;
  readonly added: Readonly<Partial<Record<KeyPurpose, number>>>;
  /** Of the last pass; `done` counts the rows that this reseal changed in all its passes and runs. Empty before the first pass. */
  readonly tables: readonly WalkReport[];
  /** Versions that open nothing from now on, and those of them whose bytes are gone. */
  readonly retired: PerPurpose;
  readonly destroyed: PerPurpose;
  /** `unfinished`: cells are left that could not be sealed anew, and nothing was retired. `waiting`: it is too early, see `until`. */
  readonly outcome: "done" | "unfinished" | "waiting";
  readonly until: Date | null;
}
