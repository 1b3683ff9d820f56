/** Asks backends with faults the same cases, one after the other, until each has answered wrongly or the cases end. */
import { PGlite } from "@electric-sql/pglite";
import { casesPerModel } from "@wardline/core/testing";
import { canonical } from "../agree/answer.ts";
import { loadWorld, type WorldDatabase } from "../agree/world-database.ts";
import { startOpa } from "../opa/start-opa.ts";
import { askedCase, type AskedCase } from "./asked-case.ts";
import type { Backend, Fault } from "./fault.ts";
import { loadSuspect, type Means, type Suspect } from "./suspect.ts";

export interface HuntOptions {
  readonly backend: Backend;
  readonly faults: readonly Fault[];
  /** The seed of the first case; the next ones follow. */
  readonly seed: number;
  /** Cases to ask at the most. */
  readonly cases: number;
  /** Called with each fault as soon as it is settled. */
  readonly settled?: (outcome: Outcome) => void;
}

export interface Outcome {
  readonly fault: Fault;
  /** In which case it was caught, from 1, and after how many questions; undefined if it was not. */
  readonly caught: { readonly cases: number; readonly questions: number } | undefined;
}

/** The outcomes in the order in which they settled; or why the backend can't be asked here. */
export async function hunt(options: HuntOptions): Promise<readonly Outcome[] | { readonly missing: string }> {
  switch (options.backend) {
    case "closure":
    case "wasm":
      return await huntWith(options, {});
    case "rego": {
      const started = await startOpa();
      if ("skipped" in started) return { missing: started.skipped };
      return await huntWith(options, { opa: started.opa }).finally(started.opa.close);
    }
    case "sql": {
      const database = await PGlite.create();
      await database.exec("SET TIME ZONE 'UTC'");
      return await huntWith(options, { worldOf: keptWorlds(database) }).finally(() => database.close());
    }
  }
}

async function huntWith(
  { backend, faults, seed, cases, settled }: HuntOptions,
  means: Means,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const settle = (outcome: Outcome) => {
    outcomes.push(outcome);
    settled?.(outcome);
  };
  let atLarge: Suspect[] = [];
  try {
    for (const fault of faults) atLarge.push(await loadSuspect(backend, fault, means));
    let asked = 0;
    for (let at = 0; at < cases && atLarge.length > 0; at += 1) {
      const next = askedCase(seed + at);
      if (next === undefined) continue;
      const left: Suspect[] = [];
      for (const suspect of atLarge) {
        const wrong = await suspect.ask(next);
        if (wrong === undefined) left.push(suspect);
        else {
          settle({ fault: suspect.fault, caught: { cases: at + 1, questions: asked + wrong } });
          suspect.remove();
        }
      }
      atLarge = left;
      asked += questionsOf(backend, next);
    }
    for (const { fault } of atLarge) settle({ fault, caught: undefined });
    return outcomes;
  } finally {
    for (const { remove } of atLarge) remove();
  }
}

function questionsOf(backend: Backend, { requests, lists }: AskedCase): number {
  return backend === "sql" ? lists.reduce((sum, { rows }) => sum + rows.length, 0) : requests.length;
}

/** The world that was loaded last stays until another one is asked for: many cases share one. */
function keptWorlds(database: PGlite): (asked: AskedCase) => Promise<WorldDatabase> {
  let kept: { readonly key: string; readonly world: WorldDatabase } | undefined;
  return async ({ made, program }) => {
    const key = `${Math.floor(made.seed / casesPerModel)} ${canonical(program.sealed)}`;
    if (kept?.key !== key) {
      await kept?.world.drop();
      kept = { key, world: await loadWorld(database, made, program) };
    }
    return kept.world;
  };
}
