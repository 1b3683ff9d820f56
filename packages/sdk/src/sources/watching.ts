/**
 * Watches one thing: by what tells of its changes where there is such, and by looking at it now and then all the same, so that a
 * watch that has died in silence is found. It goes on through outages, at growing and uneven intervals.
 */

export interface Watched {
  /** What is there now, as a text that changes with it. Rejects if it cannot tell. */
  readonly look: () => Promise<string>;
  /**
   * Has `told` called at every change from now on, and `lost` once nothing is told any more, with an error where that is trouble.
   * Resolves to what ends it.
   */
  readonly subscribe?: (told: () => void, lost: (error?: Error) => void) => Promise<() => Promise<void>>;
  /** Milliseconds from one look to the next. */
  readonly pollEvery: number;
}

/** Milliseconds. */
const firstPause = 200;
const longestPause = 30_000;

/** Resolves when it watches, or has failed to for the first time and goes on trying; to what ends it. */
export async function watching(
  watched: Watched,
  onChange: () => void,
  onTrouble: (error: Error) => void = () => undefined,
): Promise<() => Promise<void>> {
  const watch = new Watching(watched, onChange, onTrouble);
  await watch.turn();
  return () => watch.end();
}

/** Between half of the time and all of it, so that processes which were cut off together do not come again together. */
export function uneven(millis: number): number {
  return millis * (0.5 + Math.random() / 2);
}

/** Milliseconds to wait after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return uneven(Math.min(longestPause, firstPause * 2 ** Math.min(failures - 1, 20)));
}

class Watching {
  readonly #watched: Watched;
  readonly #onChange: () => void;
  readonly #onTrouble: (error: Error) => void;
  /** What was there at the last look; undefined before the first. */
  #known: string | undefined;
  #isFirst = true;
  #looking: Promise<boolean> | null = null;
  #again = false;
  #unsubscribe: (() => Promise<void>) | null = null;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(watched: Watched, onChange: () => void, onTrouble: (error: Error) => void) {
    this.#watched = watched;
    this.#onChange = onChange;
    this.#onTrouble = onTrouble;
  }

  /** Subscribes where that is to be done, looks, and sees to the next turn. */
  async turn(): Promise<void> {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    let trouble: Error | null = null;
    let canLook = true;
    const wasSubscribed = this.#unsubscribe !== null;
    await this.#subscribe().catch((error: Error) => (trouble = error));
    try {
      const isOther = await this.#look();
      // Nobody told of it: whoever should have is not there any more.
      if (isOther && wasSubscribed) {
        await this.#drop();
        await this.#subscribe();
        await this.#look();
      }
    } catch (error) {
      trouble ??= error as Error;
      canLook = false;
    }
    this.#isFirst = false;
    this.#failures = trouble === null ? 0 : this.#failures + 1;
    if (trouble !== null) this.#tell(trouble);
    const { pollEvery } = this.#watched;
    const pause = pauseAfter(this.#failures);
    this.#next(trouble === null ? uneven(pollEvery) : canLook ? Math.min(pause, pollEvery) : pause);
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#drop();
  }

  /** An outage is told when it begins, and less and less often while it lasts. */
  #tell(trouble: Error): void {
    if (!this.#ended && Number.isInteger(Math.log2(this.#failures))) this.#onTrouble(trouble);
  }

  #next(millis: number): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.turn(), millis);
    // A process that has nothing else to do may end.
    this.#timer.unref();
  }

  async #subscribe(): Promise<void> {
    const { subscribe } = this.#watched;
    if (subscribe === undefined || this.#unsubscribe !== null || this.#ended) return;
    let isLost = false;
    const told = (): void => {
      if (!isLost && !this.#ended) void this.#look().catch(() => this.#next(pauseAfter(1)));
    };
    const lost = (error?: Error): void => {
      if (isLost || this.#ended) return;
      isLost = true;
      if (this.#unsubscribe !== end) return;
      this.#unsubscribe = null;
      void end().catch(() => undefined);
      if (error !== undefined) this.#onTrouble(error);
      this.#next(error === undefined ? 0 : pauseAfter(1));
    };
    const end = await subscribe(told, lost);
    if (this.#ended || isLost) {
      await end().catch(() => undefined);
      if (!this.#ended) throw new Error("what tells of changes was lost at once");
      return;
    }
    this.#unsubscribe = end;
  }

  async #drop(): Promise<void> {
    const end = this.#unsubscribe;
    this.#unsubscribe = null;
    await end?.().catch(() => undefined);
  }

  /** Whether something else is there than at the last look. One look at a time; what is told during one is looked at again. */
  #look(): Promise<boolean> {
    this.#again = this.#looking !== null;
    this.#looking ??= this.#lookNow().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #lookNow(): Promise<boolean> {
    let isOther = false;
    do {
      this.#again = false;
      const found = await this.#watched.look();
      // What could not be looked at from the first may have changed since.
      const isNew = this.#known === undefined ? !this.#isFirst : found !== this.#known;
      this.#known = found;
      if (isNew && !this.#ended) this.#onChange();
      isOther ||= isNew;
    } while (this.#again);
    return isOther;
  }
}
