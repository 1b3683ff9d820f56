/** The agreement run: case after case from a seed, until enough questions were asked or two answers differ. */
import { casesPerModel, generateCase } from "@wardline/core/testing";
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
  /** Called after each policy, with what was asked so far. */
  readonly progress?: (tally: Tally, policies: number) => void;
  /** Engines in place of the real ones: how faults are planted. */
  readonly engines?: Partial<Pick<Engines, "targets" | "views">>;
  /** A database that stands already and is left open. */
  readonly pglite?: PGlite;
}

export interface RunResult {
  readonly tally: Tally;
  /** The first mismatch, made small. */
  readonly mismatch: Mismatch | undefined;
}

export async function runAgreement(options: RunOptions): Promise<RunResult> {
  const tally = createTally();
  const pglite = options.pglite ?? (await PGlite.create());
  await pglite.exec("SET TIME ZONE 'UTC'");
  const harness = createHarness({ targets: allTargets, views: allViews, ...options.engines, pglite });
  try {
    for (let at = 0; tally.cases() < options.cases || at < options.policies; at += 1) {
      const seed = options.seed + at;
      const mismatch = await harness
        .run(generateCase(seed), options.effort, tally)
        .catch((error: unknown) => {
          throw new Error(`the case of seed ${seed} could not be asked`, { cause: error });
        });
      if (mismatch !== undefined) return { tally, mismatch: await shrink(harness, mismatch) };
      options.progress?.(tally, at + 1);
    }
    return { tally, mismatch: undefined };
  } finally {
    await harness.close();
    if (options.pglite === undefined) await pglite.close();
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
