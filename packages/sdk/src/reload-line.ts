/** Reloads one after the other. Who asks while one is under way shares the next: what is under way may have read what was there before. */
import { BundleRejected } from "./bundle-rejected.ts";

export type Reloaded = { readonly loaded: readonly string[] } | { readonly refused: BundleRejected };

export class ReloadLine {
  readonly #run: () => Promise<Reloaded>;
  #running: Promise<Reloaded> | null = null;
  #next: Promise<Reloaded> | null = null;
  #isClosed = false;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** `run` never rejects. */
  constructor(run: () => Promise<Reloaded>) {
    this.#run = run;
  }

  /** When the last one ended, by the process's own time in milliseconds. */
  get endedAt(): number {
    return this.#endedAt;
  }

  ask(): Promise<Reloaded> {
    if (this.#isClosed)
      return Promise.resolve({ refused: new BundleRejected("bundle/unreachable", "Wardline is closed") });
    if (this.#running === null) {
      this.#running = this.#run().finally(() => {
        this.#running = null;
        this.#endedAt = performance.now();
      });
      return this.#running;
    }
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.ask();
    });
    return this.#next;
  }

  /** Resolves when the one that is under way has ended; there is none after it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }
}
