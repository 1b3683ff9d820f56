/** Times alternatives in one process, interleaved in slices, so that a busy machine is as unfair to each. */
export interface Alternative {
  readonly name: string;
  /** Does the work `count` times. Must return something that depends on every answer. */
  readonly run: (count: number) => number;
}

export interface Measured {
  readonly name: string;
  /** Median over the rounds, nanoseconds for one piece of work. */
  readonly median: number;
  /** 99th percentile over the rounds. */
  readonly p99: number;
  /** Times the first alternative's median. */
  readonly ratio: number;
}

const rounds = 41;
const sliceMillis = 12;

/** Medians of interleaved rounds. The first alternative is the floor that ratios are taken to. */
export function measure(alternatives: readonly Alternative[]): readonly Measured[] {
  const counts = alternatives.map(calibrate);
  const samples = alternatives.map((): number[] => []);
  let kept = 0;
  for (let round = 0; round < rounds; round += 1)
    alternatives.forEach((alternative, index) => {
      const count = counts[index] as number;
      const start = performance.now();
      kept += alternative.run(count);
      (samples[index] as number[]).push(((performance.now() - start) * 1e6) / count);
    });
  if (!Number.isFinite(kept)) throw new Error("an alternative returned no number");
  const at = (list: readonly number[], share: number) =>
    list.toSorted((a, b) => a - b)[Math.floor(list.length * share)] as number;
  const floor = at(samples[0] as number[], 0.5);
  return alternatives.map(({ name }, index) => {
    const list = samples[index] as number[];
    return { name, median: at(list, 0.5), p99: at(list, 0.99), ratio: at(list, 0.5) / floor };
  });
}

/** How often the work fits into one slice, after warming up. */
function calibrate(alternative: Alternative): number {
  let count = 1;
  for (;;) {
    const start = performance.now();
    alternative.run(count);
    const took = performance.now() - start;
    if (took >= sliceMillis) return Math.max(1, Math.round((count * sliceMillis) / took));
    count *= 2;
  }
}
