/**
 * Times ways that wait for a server: interleaved in rounds, one question after the other, or several under way at once. Ratios
 * are taken within a round.
 */
import { at, type Measured } from "./measure.ts";

export interface WaitingWay {
  readonly name: string;
  readonly ask: (question: number) => Promise<unknown>;
}

export interface WaitingOptions {
  readonly rounds: number;
  /** Questions of each way in a round. */
  readonly questions: number;
  /** How many are under way at once; 1 if left out. */
  readonly clients?: number;
}

/** The first way is the floor. With several clients a time is that of the round by the number of its questions. */
export async function measureWaiting(
  ways: readonly WaitingWay[],
  { rounds, questions, clients = 1 }: WaitingOptions,
): Promise<readonly Measured[]> {
  const samples = ways.map((): number[][] => []);
  let asked = 0;
  for (let round = -2; round < rounds; round += 1)
    for (let turn = 0; turn < ways.length; turn += 1) {
      const index = (turn + round + 2) % ways.length;
      const { ask } = ways[index] as WaitingWay;
      const times = await oneRound(ask, asked, questions, clients);
      asked += questions;
      // The first rounds warm up plans, caches and compiled code.
      if (round >= 0) samples[index]?.push(times);
    }
  const floor = (samples[0] ?? []).map((times) => at(times, 0.5));
  return ways.map(({ name }, index) => {
    const own = samples[index] ?? [];
    const all = own.flat();
    const ratios = own.map((times, round) => at(times, 0.5) / (floor[round] as number));
    return { name, median: at(all, 0.5), p99: at(all, 0.99), ratio: at(ratios, 0.5) };
  });
}

async function oneRound(
  ask: WaitingWay["ask"],
  start: number,
  questions: number,
  clients: number,
): Promise<number[]> {
  const times: number[] = [];
  if (clients === 1) {
    for (let n = 0; n < questions; n += 1) {
      const from = performance.now();
      await ask(start + n);
      times.push((performance.now() - from) * 1e6);
    }
    return times;
  }
  const from = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < questions) {
        next += 1;
        await ask(start + next);
      }
    }),
  );
  return [((performance.now() - from) * 1e6) / questions];
}
