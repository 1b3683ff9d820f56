/**
 * What may be told of the work that goes on: kinds, names of the model, codes, numbers. Invariant: nothing that passes by here is a value, an id,
 * a text of a caller's or an error.
 */
import type { KeyPurpose } from "@wardline/isolation";

export type QueryOperation = "select" | "insert" | "update" | "delete" | "raw" | "get" | "resume" | "other";

/** Something that lasts. Names are those of the model: what a caller names otherwise is left out. */
export type Work =
  | { readonly kind: "query"; readonly operation: QueryOperation; readonly tables: readonly string[] }
  | { readonly kind: "decide"; readonly action: string | null; readonly entity: string | null }
  | { readonly kind: "transaction" }
  | { readonly kind: "reload" }
  | { readonly kind: "unwrap"; readonly purpose: KeyPurpose }
  | { readonly kind: "append"; readonly entries: number };

export type WorkOutcome =
  | "ok"
  /** By the policy. */
  | "denied"
  /** The policy asks for more. */
  | "challenged"
  /** Nothing is left of a limit, or it cannot be counted. */
  | "limited"
  /** The tenant's share is used up. */
  | "busy"
  /** By the guard, before anything ran: not carried, or no handle's to ask. */
  | "refused"
  | "timeout"
  | "failed"
  /** A transaction that was undone by whoever had begun it. */
  | "rolled-back";

export interface Ended {
  readonly outcome: WorkOutcome;
  /** A stable code of ours, `other` for an error that is not. */
  readonly code?: string;
  /** Shown or written. */
  readonly rows?: number;
}

/** One piece of work that was begun. */
export interface Observation {
  /** What is begun in `run` is a part of this. */
  within<T>(run: () => T): T;
  /** Counts once. */
  end(ended: Ended): void;
}

/** How things stand. */
export interface Levels {
  readonly policies: number;
  readonly keyTenants: number;
  /** Pieces of work that wait for their turn. */
  readonly waiting: number;
}

/** Told of what happens; it decides nothing, and what it throws changes nothing. */
export interface Telemetry {
  begin(work: Work, tenant: string | null): Observation;
  /** Asks for the levels whenever it wants to know, until what it gives is called. */
  levels(read: () => Levels): () => void;
}
