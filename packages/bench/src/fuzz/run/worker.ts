/** A part of a run in a thread of its own: its databases, its share of the seeds. */
import { parentPort, workerData } from "node:worker_threads";
import { embeddedPlaces, serverPlaces } from "../world/place.ts";
import { keepCase, type KeptCase } from "./corpus.ts";
import { plantedFaults } from "./faults.ts";
import { createHarness } from "./harness.ts";
import { runFuzz } from "./run.ts";
import type { Setting } from "./setting.ts";
import { shrink } from "./shrink.ts";
import type { Tally } from "./tally.ts";

export interface Work {
  readonly database: "pglite" | "postgres";
  readonly statements: number;
  readonly seed: number;
  readonly stride: number;
  readonly offset: number;
  readonly seconds: number | null;
  readonly settings: readonly Setting[];
  /** The name of a planted fault. */
  readonly fault: string | null;
}

export interface Done {
  readonly tally: Tally;
  readonly found: { readonly kept: KeptCase; readonly seed: number; readonly wrong: string } | null;
}

export async function work(given: Work, progress: (statements: number) => void): Promise<Done> {
  const fault = plantedFaults.find(({ name }) => name === given.fault) ?? null;
  const harness = await createHarness(
    given.database === "postgres" ? await serverPlaces() : embeddedPlaces(),
  );
  try {
    const { tally, counterexample } = await runFuzz(harness, {
      ...given,
      ...(given.seconds === null ? { seconds: Number.POSITIVE_INFINITY } : { seconds: given.seconds }),
      settings: fault === null ? given.settings : [fault.setting],
      ...(fault === null ? {} : { plant: fault.plant }),
      progress: (soFar) => progress(soFar.statements),
    });
    if (counterexample === null) return { tally, found: null };
    const { scenario, setting, statement, wrong } = counterexample;
    await harness.enter(scenario, setting, fault?.plant(scenario));
    let last = wrong;
    const small = await shrink(statement, async (smaller) => {
      const answer = await harness.ask(smaller);
      if (answer.wrong !== null) last = answer.wrong;
      return answer.wrong !== null;
    });
    const kept = keepCase(scenario, setting, small, last.split("\n")[0] as string, given.fault);
    return { tally, found: { kept, seed: scenario.seed, wrong: last } };
  } finally {
    await harness.close();
  }
}

if (parentPort !== null && workerData !== null) {
  const port = parentPort;
  const done = await work(workerData as Work, (statements) => port.postMessage({ statements }));
  port.postMessage({ done });
}
