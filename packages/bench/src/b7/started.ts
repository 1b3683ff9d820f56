/** How a cold process of B7 ends: with the time of its first decision, which must be a permit. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Started {
  /** Milliseconds from the start of the process to its first decision. */
  readonly wall: number;
  /** Milliseconds of processors that it took until then, with all its threads. */
  readonly cpu: number;
}

const folder = process.argv[2] ?? "";

export const readText = (name: string) => readFileSync(join(folder, name), "utf8");
export const readBytes = (name: string) => readFileSync(join(folder, name));
export const readJson = (name: string): unknown => JSON.parse(readText(name));

export function finish(isPermitted: boolean): void {
  const wall = performance.now();
  const { user, system } = process.cpuUsage();
  if (!isPermitted) throw new Error("the first decision is wrong");
  const started: Started = { wall, cpu: (user + system) / 1e3 };
  process.stdout.write(JSON.stringify(started));
}
