/** How long things may last, in milliseconds. Each has an end: what has none holds locks and old rows for ever. */
import { ConnectionRefused } from "./connection-refused.ts";

export interface Limits {
  /** Until there is a connection, a new one or one of the pool. */
  readonly connect?: number;
  /** The server's, for one statement. */
  readonly statement?: number;
  /** The server's, for one lock. */
  readonly lock?: number;
  /** The server's, between two statements of a transaction. */
  readonly idleInTransaction?: number;
  /** The server's from Postgres 17 on, for a transaction. */
  readonly transaction?: number;
  /** The driver's own, for one answer, after which it closes the connection: a server that is cut off keeps no limit. */
  readonly answer?: number;
}

export const usualLimits: Required<Limits> = {
  connect: 10_000,
  statement: 30_000,
  lock: 10_000,
  idleInTransaction: 60_000,
  transaction: 300_000,
  answer: 35_000,
};

/** An operator's statements may take their time: an index on a large table is made in hours. */
export const operatorLimits: Required<Limits> = {
  connect: 10_000,
  statement: 3_600_000,
  lock: 60_000,
  idleInTransaction: 600_000,
  transaction: 86_400_000,
  answer: 3_660_000,
};

/** The longest that a timer of Node takes, and a setting of Postgres too. */
const most = 2 ** 31 - 1;

/** Throws {@link ConnectionRefused} for what is no limit; 0 would mean none, so it is refused too. */
export function limitsOf(given: Limits, usual: Required<Limits>): Required<Limits> {
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    if (!Object.hasOwn(usual, name))
      throw new ConnectionRefused(
        "connection/bad-option",
        `there is no limit ${name}: there are ${Object.keys(usual).join(", ")}`,
      );
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1 || value > most)
      throw new ConnectionRefused("connection/bad-option", `limits.${name} is a number of milliseconds`);
  }
  const limits = { ...usual, ...given };
  // The server's own limit is to be the first: it leaves the connection in a state that is known.
  return given.answer === undefined
    ? { ...limits, answer: Math.min(most, limits.statement + (usual.answer - usual.statement)) }
    : limits;
}
