export type AdoptionErrorCode =
  /** Something about a column, its table or its tenants stands in the way; nothing was done. */
  | "adopt/refused"
  /** Others held the tables for too long; what was done before stands. */
  | "adopt/busy"
  /** The step before this one is not at its end. */
  | "adopt/not-ready"
  /** The sealed cells have taken the column's place: there is no way back. */
  | "adopt/too-late"
  /** Cells were found that cannot be sealed, or do not open to the plaintext beside them; nothing was dropped. */
  | "adopt/faulty";

/** One thing that stands in the way. No part shows a value of a row. */
export interface Hindrance {
  /** `schema.table.column`, or a tenant. */
  readonly place: string;
  readonly reason: string;
  readonly cure: string;
}

export class AdoptionError extends Error {
  override readonly name = "AdoptionError";
  readonly code: AdoptionErrorCode;
  readonly hindrances: readonly Hindrance[];

  constructor(code: AdoptionErrorCode, message: string, hindrances: readonly Hindrance[] = []) {
    super(message);
    this.code = code;
    this.hindrances = hindrances;
  }
}
