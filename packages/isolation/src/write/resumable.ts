/** A challenged write as values: what carries it out again, without the statement that asked for it. */
import type { WireScalar } from "@wardline/core";
import { ChallengeRequired } from "../errors.ts";
import type { Setting } from "./plan-change.ts";
import { Refusal } from "./refusal.ts";
import type { IdentifiedRow } from "./store-rows.ts";

export interface ResumableRow {
  readonly id: string;
  /** The digest of the stored row; null for one that is to be new. */
  readonly prior: string | null;
  /** In the order of the fields. */
  readonly values: readonly (WireScalar | null)[];
}

export interface Resumable {
  readonly kind: "insert" | "update" | "delete";
  /** Names of the fields that are written. */
  readonly fields: readonly string[];
  readonly rows: readonly ResumableRow[];
}

/** Runs what asks the policy; a challenge takes along how to go on with the write. Null: it can't be. */
export async function resumableBy<T>(resumable: () => Resumable | null, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.error instanceof ChallengeRequired) error.resumable = resumable();
    throw error;
  }
}

/** Null where the digest of a row is not known. */
export function resumableChange(
  settings: readonly Pick<Setting, "field">[],
  changes: readonly IdentifiedRow[],
  priors: ReadonlyMap<string, string>,
): Resumable | null {
  const fields = settings.map(({ field }) => field.name);
  const rows = changes.map(({ id, assignments }) => ({
    id,
    prior: priors.get(id) ?? null,
    values: assignments.map(({ value }) => value),
  }));
  return rows.some(({ prior }) => prior === null) ? null : { kind: "update", fields, rows };
}
