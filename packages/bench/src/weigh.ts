/** What something takes to be made and kept: time once, and memory that stays. */
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Weight {
  readonly name: string;
  /** Nanoseconds, for making it once in a warm process. */
  readonly made: number;
  /** Bytes that stay on the heap and beside it. */
  readonly kept: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is kept is what comes with the thing, or, where that is more, what goes with it. */
export async function weigh(name: string, make: () => unknown): Promise<Weight> {
  const before = await inUse();
  const start = performance.now();
  const things = [await make()];
  const made = (performance.now() - start) * 1e6;
  const beside = await inUse();
  if (things.pop() === undefined) throw new Error(`${name} made nothing to keep`);
  const after = await inUse();
  return { name, made, kept: Math.max(beside - before, beside - after) };
}

/** Bytes on the heap and beside it. In a turn of its own, so that no function under way holds on to what it needs no more. */
export async function inUse(): Promise<number> {
  await setImmediate();
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
