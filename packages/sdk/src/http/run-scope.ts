/** The scope of one request: open while `work` runs; its handle is good no longer than what proved it. */
import type { Session } from "../session.ts";
import type { Wardline } from "../wardline.ts";
import type { Caller } from "./admit.ts";

/** Milliseconds; what is longer a timer takes for nothing. */
const longestTimer = 2 ** 31 - 1;

/** `expired` resolves when the handle has ended before its work. Rejects as {@link Wardline.run} does. */
export function runScope(
  wardline: Wardline,
  { scope, until }: Caller,
  work: (session: Session, expired: Promise<void>) => Promise<void>,
): Promise<void> {
  return wardline.run(scope, async (session) => {
    const { promise: expired, resolve } = Promise.withResolvers<void>();
    const left = Math.min(Math.max(until.getTime() - Date.now(), 0), longestTimer);
    const timer = setTimeout(() => {
      session.end();
      resolve();
    }, left).unref();
    try {
      await work(session, expired);
    } finally {
      clearTimeout(timer);
    }
  });
}
