/** Runs something again whenever files change, until the user stops it. */
import { setTimeout } from "node:timers/promises";
import type { Io } from "../io.ts";

/** The state of everything that is looked at: a name → what changes when it does. */
export type Snapshot = ReadonlyMap<string, string>;

const pollMilliseconds = 100;

/**
 * Runs once, and again after each change that has settled. Files are compared by looking: that works for editors which replace
 * files, for network drives, and for files that come and go. `snapshot` and `run` must not throw.
 */
export async function watch(
  io: Io,
  snapshot: () => Snapshot,
  run: () => void | Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  const pause = (milliseconds: number) =>
    setTimeout(milliseconds, undefined, { signal: stop.signal }).catch(() => {});
  try {
    let seen = snapshot();
    await run();
    let before = seen;
    while (!stop.signal.aborted) {
      const began = performance.now();
      const now = snapshot();
      const settled = changesBetween(before, now).length === 0;
      const changes = changesBetween(seen, now);
      if (settled && changes.length > 0) {
        io.err(`changed: ${changes.join(", ")}\n`);
        seen = now;
        await run();
      }
      before = now;
      // Looking takes at most a tenth of the time.
      await pause(Math.max(pollMilliseconds, 10 * (performance.now() - began)));
    }
  } finally {
    forget();
  }
}

function changesBetween(before: Snapshot, after: Snapshot): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}
