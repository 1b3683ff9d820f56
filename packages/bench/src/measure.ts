/**
 * Times alternatives in one process, interleaved in rounds, so that a busy machine is as unfair to each. Ratios are taken
 * within a round.
 */
export interface Alternative {
  readonly name: string;
  /** Does pieces of work `start` to `start + count - 1`. Must return something that depends on every answer. */
  readonly run: (start: number, count: number) => number;
}

export interface Measured {
  readonly name: string;
  /** Nanoseconds for one piece of work: the median of blocks of it, which last 20 µs or longer. */
  readonly median: number;
  /** Their 99th percentile. */
  readonly p99: number;
  /** Times the first alternative in the same round; the median over the rounds. */
  readonly ratio: number;
}

const rounds = 41;
const sliceMillis = 12;
const blockMillis = 0.02;

/** Nanoseconds for one piece of work, by block: a list for each round. */
type Timed = (readonly number[])[];

/** Interleaved rounds of all alternatives. The first is the floor that ratios are taken to. */
export function measure(alternatives: readonly Alternative[]): readonly Measured[] {
  const sizes = alternatives.map(blockSize);
  const timed = alternatives.map((): Timed => []);
  let kept = 0;
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < alternatives.length; turn += 1) {
      const index = (turn + round) % alternatives.length;
      const blocks: number[] = [];
      kept += slice(alternatives[index] as Alternative, sizes[index] as number, round, blocks);
      (timed[index] as Timed).push(blocks);
    }
  if (!Number.isFinite(kept)) throw new Error("an alternative returned no number");
  const floor = (timed[0] as Timed).map((blocks) => at(blocks, 0.5));
  return alternatives.map(({ name }, index) => {
    const own = timed[index] as Timed;
    const ratios = own.map((blocks, round) => at(blocks, 0.5) / (floor[round] as number));
    const all = own.flat();
    return { name, median: at(all, 0.5), p99: at(all, 0.99), ratio: at(ratios, 0.5) };
  });
}

/** The value below which that share of the list lies. */
export function at(list: readonly number[], share: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** One alternative's turn in a round: blocks until its time is over. */
function slice(alternative: Alternative, size: number, round: number, blocks: number[]): number {
  const end = performance.now() + sliceMillis;
  let kept = 0;
  for (let done = round * 7919, start = performance.now(); start < end; done += size) {
    kept += alternative.run(done, size);
    const now = performance.now();
    blocks.push(((now - start) * 1e6) / size);
    start = now;
  }
  return kept;
}

/** How many pieces make a block, after warming up for some slices. */
function blockSize(alternative: Alternative): number {
  const warm = performance.now() + 5 * sliceMillis;
  for (let done = 0; performance.now() < warm; done += 1) alternative.run(done, 1);
  // The shortest of some tries: one interruption must not make a block of a single piece, which would time the clock.
  for (let size = 1; ; size *= 2) {
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 5; tries += 1) {
      const start = performance.now();
      alternative.run(0, size);
      least = Math.min(least, performance.now() - start);
    }
    if (least >= blockMillis) return size;
  }
}
