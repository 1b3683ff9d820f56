/** The bundles of one moment: what a source says once, verified as a whole. Bundles of it are opened together or one by one. */
import type { BundleMark, BundleTerms } from "@wardline/backends";
import type { Program } from "@wardline/core";

export interface LoadedBundle {
  readonly tenant: string;
  readonly revision: string;
  /** SHA-256 of its archive, or of its manifest where it is a folder, hex. */
  readonly digest: string;
  readonly program: Program;
  /** The first second since 1970 at which it is not in force any more; null for an unsigned one, which does not end. */
  readonly until: number | null;
  readonly mark: BundleMark;
  /** What was signed of its time; null for an unsigned one. */
  readonly terms: BundleTerms | null;
  /** Of its program as text, in bytes. */
  readonly size: number;
}

export interface Moment {
  readonly tenants: readonly string[];
  /** Equal where the model is. */
  readonly model: string;
  /** What the moment says of a tenant's bundle; undefined where it has none. */
  mark(tenant: string): BundleMark | undefined;
  /** Fetches and checks a bundle. Rejects with BundleRejected. */
  open(tenant: string): Promise<LoadedBundle>;
  /** Until when a bundle that has the mark of this moment is in force. Rejects with BundleRejected where it is not. */
  renew(tenant: string, terms: BundleTerms | null): Promise<number | null>;
  /**
   * Puts on record that the moment was seen, and these bundles of it, all or none. Invariant: nothing is used before. Rejects with
   * BundleRejected where somebody else has seen a newer one.
   */
  record(tenants: Iterable<string>): Promise<void>;
}
