/**
 * One thread that runs `wardline`, one job after the other, each within a time and all within a memory. What a tenant writes is analysed
 * there: a text that is made to take for ever costs its author an answer, and nobody else anything.
 */
import { Worker } from "node:worker_threads";
import type { Done, Job } from "./policy-worker.ts";

/** Milliseconds, and mebibytes of the thread's heap. */
export interface Budget {
  readonly time: number;
}

const heap = 256;

export type Ran = { readonly kind: "done"; readonly done: Done } | { readonly kind: "over-budget" };

export class CommandThread {
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** Never rejects for what the command makes of its arguments. */
  run(job: Job, budget: Budget): Promise<Ran> {
    const run = this.#last.then(() => this.#run(job, budget));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#worker?.terminate();
  }

  async #run(job: Job, { time }: Budget): Promise<Ran> {
    if (this.#isClosed) throw new Error("the desk is closed");
    const worker = (this.#worker ??= new Worker(new URL("policy-worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heap },
    }));
    const { promise, resolve } = Promise.withResolvers<Ran>();
    const overBudget = (): void => resolve({ kind: "over-budget" });
    const onMessage = (done: Done): void => resolve({ kind: "done", done });
    const timer = setTimeout(overBudget, time);
    // Out of memory ends the thread with an error.
    worker.once("error", overBudget).once("exit", overBudget).once("message", onMessage);
    worker.postMessage(job, []);
    const ran = await promise;
    clearTimeout(timer);
    worker.off("error", overBudget).off("exit", overBudget).off("message", onMessage);
    if (ran.kind === "over-budget") {
      this.#worker = null;
      worker.on("error", () => undefined);
      await worker.terminate();
    }
    return ran;
  }
}
