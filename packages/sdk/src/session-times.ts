/**
 * How long a session of a person lasts: from what the application says of its times, the policy in force now and the clock. Where a
 * policy bounds sessions, one of which nothing is known is over.
 */
import type { Settings } from "@wardline/core";
import type { SessionEnd } from "@wardline/isolation";

/** A session, as whoever signed the person in knows it. */
export interface SessionInput {
  /** Which it is; the same for all its requests. */
  readonly id?: string;
  /** When the person signed in. */
  readonly begunAt: Date;
  /** When the person last did something: their last request. */
  readonly usedAt: Date;
}

/** Milliseconds since 1970. */
export interface SessionTimes {
  readonly id: string | null;
  readonly begunAt: number;
  readonly usedAt: number;
}

/** Milliseconds that the clocks of two machines may be apart. A time that is further ahead was made up. */
const skew = 60_000;

/** A copy that nobody changes any more. Throws TypeError for what is no session: a mistake of the application. */
export function readSession(given: SessionInput): SessionTimes {
  // Invariant: each part is read once, and only what the object has itself.
  const { id, begunAt, usedAt } = Object.assign<object, SessionInput>(Object.create(null) as object, given);
  if (id !== undefined && (typeof id !== "string" || id === ""))
    throw new TypeError("a session's id is a text that is not empty");
  return Object.freeze({ id: id ?? null, begunAt: timeOf(begunAt), usedAt: timeOf(usedAt) });
}

function timeOf(given: unknown): number {
  const time = given instanceof Date ? given.getTime() : Number.NaN;
  if (Number.isNaN(time)) throw new TypeError("begunAt and usedAt of a session are two dates");
  return time;
}

/** Why a session is over at a moment, or null while it lasts. Bounds of a policy are microseconds, the moment milliseconds. */
export function sessionEnd(
  { session = {} }: Settings,
  times: SessionTimes | null,
  now: number,
): SessionEnd | null {
  const { idle, longest } = session;
  if (idle === undefined && longest === undefined) return null;
  if (times === null || times.begunAt > now + skew || times.usedAt > now + skew) return "session/unknown";
  if (longest !== undefined && now - times.begunAt >= longest / 1000) return "session/over";
  if (idle !== undefined && now - times.usedAt >= idle / 1000) return "session/idle";
  return null;
}
