/**
 * What a tenant's settings come to. A setting that no file has is left out.
 * Durations are microseconds; periods keep their unit, since months and years have no length of their own.
 */
export interface Settings {
  /** IANA name of the zone in which `clock` is read; UTC where it is left out. */
  readonly timezone?: string;
  readonly session?: { readonly idle?: number; readonly longest?: number };
  readonly keys?: { readonly rotate?: number };
  /** A value of the model's enum of regions, or a plain name. */
  readonly residency?: string;
  readonly isolation?: Isolation;
  /** Entity, or `audit` → how long its rows are kept. */
  readonly retention?: Readonly<Record<string, Period>>;
  /** Feature → whether it is on. A feature that is not named is on. */
  readonly features?: Readonly<Record<string, boolean>>;
}

/** How far a tenant's rows stand apart, from least to most. */
export type Isolation = "pool" | "schema" | "database";

/** A length of time in the calendar: whole days (`d`), months (`mo`) or years (`y`). */
export interface Period {
  readonly count: number;
  readonly unit: "d" | "mo" | "y";
}
