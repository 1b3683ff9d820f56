/** What a sweep is given, what it tells on its way, and what it reports. */
import type { Period, Settings } from "@wardline/core";
import type { NoteSigner } from "../audit/checkpoint/note-key.ts";
import type { Database } from "../contracts.ts";
import type { WalkOptions, WalkReport } from "../keys/jobs/walk-table.ts";
import type { StoredModel } from "../schema/table-plan.ts";
import type { Cut } from "./cut-times.ts";
import type { Retained } from "./retained-entities.ts";

export interface SweepWorld {
  /** An operator's way to the place where the tenant is. */
  readonly database: Database;
  /** The catalogue with the legal holds, where it is not in that database. */
  readonly catalogue: Database | null;
  readonly stored: StoredModel;
  readonly settings: Settings;
  readonly tenant: string;
  /** Who does it, for the record. */
  readonly operator: string;
}

export interface SweepOptions extends Omit<WalkOptions, "once"> {
  /** Signs the receipt. */
  readonly sign: NoteSigner;
}

/** What one run did to the rows of an entity. */
export interface SweptRows {
  readonly entity: string;
  readonly table: string;
  readonly column: string;
  readonly period: Period;
  /** Rows whose end is not after it. */
  readonly cut: Cut;
  readonly deleted: number;
}

/** One run of a sweep, from where the last one was cut off. */
export interface SweepRun {
  readonly begunAt: string;
  readonly operator: string;
  readonly rows: readonly SweptRows[];
}

export interface SweepPlan extends Pick<Retained, "unswept"> {
  readonly tenant: string;
  /** A sweep that was cut off, which would be gone on with. */
  readonly resumes: boolean;
  /** A legal hold is on record: nothing would be deleted. */
  readonly isHeld: boolean;
  /** `expired` are over; `referred` of them stay for now, since other rows refer to them. */
  readonly entities: readonly (Omit<SweptRows, "deleted"> & {
    readonly rows: number;
    readonly expired: number;
    readonly referred: number;
  })[];
}

export interface SweepReport extends Pick<Retained, "unswept"> {
  readonly tenant: string;
  /** `nothing`: no row was to go, and nothing is on record. `unfinished`: rows are left that could not be deleted; there is no receipt. */
  readonly outcome: "done" | "nothing" | "unfinished";
  /** Entity → rows that were deleted, in all runs. */
  readonly deleted: Readonly<Record<string, number>>;
  /** Of the last pass over each table. */
  readonly tables: readonly WalkReport[];
  /** The signed note, once it is done. */
  readonly receipt: string | null;
}
