/** What something takes to be made and kept: time once, and memory that stays. */
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

export async function weigh(name: string, make: () => unknown): Promise<Weight> {
  const before = inUse();
  const start = performance.now();
  const thing = await make();
  const made = (performance.now() - start) * 1e6;
  const kept = inUse() - before;
  if (thing === undefined) throw new Error(`${name} made nothing to keep`);
  return { name, made, kept };
}

function inUse(): number {
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
