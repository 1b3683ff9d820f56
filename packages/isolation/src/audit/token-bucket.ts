/** A rate: so many at once, and so many a minute after that. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  /** `now` in milliseconds, of a clock that never goes back. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Whether there is one to take now. */
  has(now: number): boolean {
    return this.#filled(now) >= 1;
  }

  /** Takes one that there is. */
  take(now: number): void {
    this.#tokens = this.#filled(now) - 1;
    this.#at = now;
  }

  /** Whether it says nothing any more: forgetting it changes nothing. */
  isFull(now: number): boolean {
    return this.#filled(now) >= this.#rate.burst;
  }

  #filled(now: number): number {
    const { burst, perMinute } = this.#rate;
    return Math.min(burst, this.#tokens + ((now - this.#at) / 60_000) * perMinute);
  }
}
