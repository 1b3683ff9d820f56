/**
 * Loads the bundles again when their source tells of a change. A load that was refused is tried again after a while, for what was
 * missing may come: a copy that was half done, a server that was away.
 */
import type { RepositorySource } from "@wardline/backends";
import type { Reloaded } from "../reload-line.ts";
import { pauseAfter } from "./watching.ts";

export interface BundleWatch {
  /** Reloads from now on, and at once if anything has changed since the watch began. */
  readonly begin: (reload: () => Promise<Reloaded>, onTrouble: (error: Error) => void) => void;
  readonly end: () => Promise<void>;
}

/** Begins before the first load, so that no change falls between. Null where the source cannot be watched. */
export async function watchBundles(source: RepositorySource): Promise<BundleWatch | null> {
  if (source.watch === undefined) return null;
  const state = new BundleReloads();
  const end = await source.watch(
    () => state.changed(),
    (error) => state.trouble(error),
  );
  return {
    begin: (reload, onTrouble) => state.begin(reload, onTrouble),
    end: async () => {
      state.end();
      await end();
    },
  };
}

class BundleReloads {
  #reload: (() => Promise<Reloaded>) | null = null;
  #onTrouble: ((error: Error) => void) | null = null;
  #trouble: Error | null = null;
  #isDue = false;
  #isRunning = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  begin(reload: () => Promise<Reloaded>, onTrouble: (error: Error) => void): void {
    this.#reload = reload;
    this.#onTrouble = onTrouble;
    if (this.#trouble !== null) onTrouble(this.#trouble);
    void this.#run();
  }

  changed(): void {
    this.#isDue = true;
    this.#failures = 0;
    void this.#run();
  }

  trouble(error: Error): void {
    if (this.#onTrouble === null) this.#trouble = error;
    else if (!this.#ended) this.#onTrouble(error);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    if (this.#isRunning || this.#reload === null) return;
    this.#isRunning = true;
    while (this.#isDue && !this.#ended) {
      clearTimeout(this.#timer);
      this.#isDue = false;
      const reloaded = await this.#reload();
      if (!("refused" in reloaded)) this.#failures = 0;
      else if (!this.#isDue) this.#later();
    }
    this.#isRunning = false;
  }

  #later(): void {
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#isDue = true;
      void this.#run();
    }, pauseAfter(this.#failures));
    this.#timer.unref();
  }
}
