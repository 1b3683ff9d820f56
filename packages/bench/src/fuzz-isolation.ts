/**
 * `fuzz:isolation --statements N [--seed S] [--database pglite|postgres|both] [--seconds T] [--settings both,scope,rls]
 * [--fault NAME] [--keep FILE]`: generated statements in two worlds that must look the same to whoever asks. Exit 1 if they
 * do not, with the smallest statement that tells them apart; `--keep` writes it down for the corpus.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { coveredFrom, uncovered } from "./fuzz/run/coverage.ts";
import { plantedFaults } from "./fuzz/run/faults.ts";
import type { Setting } from "./fuzz/run/setting.ts";
import { addTally, createTally, report } from "./fuzz/run/tally.ts";
import type { Done, Work } from "./fuzz/run/worker.ts";

const { values } = parseArgs({
  options: {
    statements: { type: "string", default: "2000" },
    seed: { type: "string" },
    seconds: { type: "string" },
    database: { type: "string", default: "both" },
    settings: { type: "string", default: "both,scope,both,rls" },
    fault: { type: "string" },
    keep: { type: "string" },
  },
});
const statements = Number(values.statements);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const seconds = values.seconds === undefined ? null : Number(values.seconds);
const settings = values.settings.split(",") as Setting[];
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
if (
  !isCount(statements) ||
  !Number.isSafeInteger(seed) ||
  seed < 0 ||
  !isCount(seconds ?? 1) ||
  !["pglite", "postgres", "both"].includes(values.database) ||
  settings.some((setting) => !["scope", "rls", "both"].includes(setting)) ||
  (values.fault !== undefined && plantedFaults.every(({ name }) => name !== values.fault))
) {
  process.stderr.write(
    [
      "usage: fuzz:isolation --statements N [--seed S] [--database pglite|postgres|both] [--seconds T: at most]",
      "  [--settings both,scope,rls] [--keep FILE: writes a counterexample] [--fault NAME], of which there are",
      ...plantedFaults.map(({ name }) => `  ${name}`),
      "",
    ].join("\n"),
  );
  process.exit(2);
}

// Two threads, each with databases of its own. The embedded one is slower, so it gets less.
const databases: readonly Work["database"][] =
  values.database === "both"
    ? ["postgres", "pglite"]
    : Array.from({ length: 2 }, () => values.database as Work["database"]);
const share = (at: number): number =>
  values.database === "both" ? Math.ceil(statements * (at === 0 ? 0.65 : 0.35)) : Math.ceil(statements / 2);
const started = performance.now();
process.stdout.write(`seed ${seed}\n`);
const soFar = databases.map(() => 0);
let told = started;
const workers: Worker[] = [];
const results = await Promise.all(databases.map((database, at) => run(database, at)));

function run(database: Work["database"], at: number): Promise<Done> {
  const work: Work = {
    database,
    statements: share(at),
    seed,
    stride: databases.length,
    offset: at,
    seconds,
    settings,
    fault: values.fault ?? null,
  };
  const worker = new Worker(new URL("./fuzz/run/worker.ts", import.meta.url), { workerData: work });
  workers.push(worker);
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: { readonly done?: Done; readonly statements?: number }) => {
      if (message.done !== undefined) {
        resolve(message.done);
        return;
      }
      soFar[at] = message.statements ?? 0;
      if (performance.now() - told < 10_000) return;
      told = performance.now();
      process.stderr.write(`${soFar.reduce((a, b) => a + b, 0)} statements\n`);
    });
    worker.on("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
  });
}

const tally = createTally();
for (const result of results) addTally(tally, result.tally);
process.stdout.write(
  `${report(tally)}\n${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed}\n`,
);
const found = results.find((result) => result.found !== null)?.found ?? null;
if (found !== null) {
  const { kept } = found;
  if (values.keep !== undefined) writeFileSync(values.keep, `${JSON.stringify(kept, null, 1)}\n`);
  process.stdout.write(
    [
      `scenario of seed ${found.seed} (${kept.setting}, ${kept.variation})`,
      found.wrong,
      "--- statement",
      JSON.stringify(kept.statement, null, 1),
      "--- asker",
      JSON.stringify(kept.asker),
      "--- model",
      kept.texts.model,
      "--- policy",
      kept.texts.policy,
      "",
    ].join("\n"),
  );
  process.exitCode = 1;
} else if (values.fault !== undefined) {
  process.stdout.write(`the fault was not found: ${values.fault}\n`);
  process.exitCode = 1;
} else if (statements >= coveredFrom && tally.statements >= statements) {
  for (const missing of uncovered(tally)) {
    process.stdout.write(`${missing}\n`);
    process.exitCode = 1;
  }
}
