/** What keeps count of limits. The sdk brings one that counts in this process, and one that counts in Redis for all of them. */
import type { LimitKey, LimitWindow } from "@wardline/core";

/** One limit of one rule in one tenant, and whose. Two that differ in any part, its lists included, are counted apart. */
export interface CountedLimit {
  readonly tenant: string;
  readonly rule: string;
  readonly per: LimitWindow;
  /** How many the rule allows in one window. */
  readonly count: number;
  readonly by: LimitKey;
  /** For whom it is counted: tenant, type and id of a principal, type and id of a row, or nothing. Any texts. */
  readonly whom: readonly string[];
}

/** What a draw came to. */
export interface Drawn {
  /** False where fewer were left than were asked for; they may be used up all the same. */
  readonly taken: boolean;
  /** Milliseconds until the window is over. */
  readonly retryAfter: number;
}

export interface LimitLeft {
  /** How many may still be drawn in this window. */
  readonly left: number;
  /** Milliseconds until the window is over; 0 where none has begun. */
  readonly retryAfter: number;
}

/** A window begins with its first draw. What it rejects with denies whatever was to be drawn for, and so does its silence. */
export interface LimitStore {
  /** So many at once or none, whoever else draws at the same time, in this process or in another one that counts there too. */
  draw(limit: CountedLimit, amount: number): Promise<Drawn>;
  /** What is left now. Draws nothing. */
  left(limit: CountedLimit): Promise<LimitLeft>;
  /** Milliseconds until silence is a failure; a second if left out. */
  readonly patience?: number;
}
