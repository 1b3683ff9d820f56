/** What something took, by two clocks. */
import { at } from "../measure.ts";

/** By the clock on the wall, and by that of the thread, which stands while other processes have the processor. */
export interface Taken {
  readonly wall: number;
  readonly thread: number;
}

export const clock = (): Taken => {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), thread: (user + system) / 1000 };
};

export const since = (before: Taken, now: Taken): Taken => ({
  wall: now.wall - before.wall,
  thread: now.thread - before.thread,
});

export function medianOf(all: readonly Taken[]): Taken {
  const of = (key: keyof Taken) =>
    at(
      all.map((one) => one[key]),
      0.5,
    );
  return { wall: of("wall"), thread: of("thread") };
}
