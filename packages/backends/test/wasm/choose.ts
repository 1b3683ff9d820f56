/** Choices that follow from a seed (mulberry32), so that a failing case is told by one number. */
export class Choose {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  some<T>(items: readonly T[], most: number): readonly T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.one(items));
  }
}
