/** The agreement run: case after case from a seed, until enough questions were asked or two answers differ. */
import { casesPerModel, generateCase, type Case } from "@wardline/core/testing";
import { PGlite } from "@electric-sql/pglite";
import { canonical } from "./answer.ts";
import { createHarness, type Effort, type Engines, type Mismatch } from "./harness.ts";
import { allViews } from "./list-check.ts";
import { shrink } from "./shrink.ts";
import { createTally, type Tally } from "./tally.ts";
import { allTargets } from "./target.ts";

export interface RunOptions {
  /** Questions to ask at least. */
  readonly cases: number;
  /** The seed of the first policy; the next ones follow. */
  readonly seed: number;
  /** Policies to ask at least. */
  readonly policies: number;
  readonly effort: Effort;
  /** No further policy is asked after so many seconds, whatever is asked for. */
  readonly seconds?: number;
  /** Called after each policy, with what was asked so far. */
  readonly progress?: (tally: Tally, policies: number) => void;
  /** Engines in place of the real ones: how faults are planted. */
  readonly engines?: Partial<Omit<Engines, "databases">>;
  /** The case of a seed; left out, {@link agreementCase}. */
  readonly caseOf?: (seed: number) => Case;
  /** Databases that stand already and are left open; left out, an embedded one is made. */
  readonly databases?: Engines["databases"];
}

/** The case of a seed: of two models in three all that rules can say, of the third what the second reading knows. */
export function agreementCase(seed: number): Case {
  const model = Math.floor(seed / casesPerModel);
  return generateCase(seed, "whole", model % 3 === 0 ? "engines" : "rules");
}

export interface RunResult {
  readonly tally: Tally;
  /** The first mismatch, made small. */
  readonly mismatch: Mismatch | undefined;
}

export async function runAgreement(options: RunOptions): Promise<RunResult> {
  const tally = createTally();
  const own = options.databases === undefined ? await PGlite.create() : undefined;
  const databases: Engines["databases"] = options.databases ?? { pglite: own as PGlite };
  for (const database of Object.values(databases)) await database.exec("SET TIME ZONE 'UTC'");
  const harness = createHarness({ targets: allTargets, views: allViews, ...options.engines, databases });
  try {
    const end = performance.now() + 1000 * (options.seconds ?? Number.POSITIVE_INFINITY);
    const isEnough = (at: number) =>
      performance.now() > end || (tally.cases() >= options.cases && at >= options.policies);
    for (let at = 0; !isEnough(at); at += 1) {
      const seed = options.seed + at;
      const mismatch = await harness
        .run((options.caseOf ?? agreementCase)(seed), options.effort, tally)
        .catch((error: unknown) => {
          throw new Error(`the case of seed ${seed} could not be asked`, { cause: error });
        });
      if (mismatch !== undefined) return { tally, mismatch: await shrink(harness, mismatch) };
      options.progress?.(tally, at + 1);
    }
    return { tally, mismatch: undefined };
  } finally {
    await harness.close();
    await own?.close();
  }
}

/** A mismatch for people: the seed that repeats it, the texts, the request, all answers. */
export function describeMismatch(mismatch: Mismatch): string {
  const { case: made, question } = mismatch;
  const damage =
    question.kind === "request" ? question.damage : question.kind === "list" ? question.list.damage : null;
  return [
    `the answers differ in the case of seed ${made.seed} (model ${Math.floor(made.seed / casesPerModel)}); repeat it with --seed ${made.seed}`,
    ...[made.model, made.platform, made.policy].flatMap((file) => [`--- ${file.name}`, file.text]),
    ...(question.kind === "list" ? [`--- list ${question.list.entity} by ${question.list.action}`] : []),
    ...(damage === null ? [] : [`--- damaged: ${damage}`]),
    "--- request",
    canonical(mismatch.request),
    ...Object.entries(mismatch.answers).flatMap(([name, answer]) => [`--- ${name}`, answer]),
  ].join("\n");
}
