/** Processes that tests start and kill at moments that are drawn from a seed. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** How often to kill: `WARDLINE_KILLS=1000` for a long run. */
export function killsOr(usual: number): number {
  return Number(process.env["WARDLINE_KILLS"] ?? usual);
}

/** `WARDLINE_SEED` repeats what was drawn. */
export const killSeed = Number(process.env["WARDLINE_SEED"] ?? Date.now() % 2 ** 31);

/** Numbers from 0 to 1 that follow from a seed. */
export function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const running = new Set<ChildProcess>();

/** Starts a file of this folder, which waits for a line before it works. */
export function startChild(file: string, given: object): ChildProcess {
  const path = join(import.meta.dirname, file);
  const child = spawn(process.execPath, ["--conditions=@wardline/source", path, JSON.stringify(given)]);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Kills those that still run. */
export function killChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}
