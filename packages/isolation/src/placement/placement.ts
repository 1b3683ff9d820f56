/** Where a tenant lives, as the catalogue says it. */
import type { Isolation } from "@wardline/core";

/** `pool`: beside others in shared tables. `schema`, `database`: tables of its own. The policies and the code are the same in all. */
export type Tier = Isolation;

export const tiers: readonly Tier[] = ["pool", "schema", "database"];

/** `moving` reads and does not write; `moved` is what a place that was left says. */
export type PlacementState = "active" | "read_only" | "moving" | "moved" | "suspended";

export const placementStates: readonly PlacementState[] = [
  "active",
  "read_only",
  "moving",
  "moved",
  "suspended",
];

/** A set of tables: a schema in a database of a cell. */
export interface Spot {
  readonly cell: string;
  /** Null for the cell's own database. */
  readonly database: string | null;
  readonly schema: string;
}

export interface Placement extends Spot {
  readonly tenant: string;
  readonly tier: Tier;
  readonly region: string;
  /** From 1; raised by every move. */
  readonly epoch: number;
  readonly state: PlacementState;
  /** The version of the tables at the spot; 0 before the first migration. */
  readonly version: number;
}

export function sameSpot(a: Spot, b: Spot): boolean {
  return a.cell === b.cell && a.database === b.database && a.schema === b.schema;
}
