/** `agree --cases N [--seed S]`: oracle, closures, wasm and SQL on generated cases. Exit 1 if any two answers differ. */
import { parseArgs } from "node:util";
import { describeMismatch, runAgreement } from "./agree/run.ts";

const { values } = parseArgs({
  options: { cases: { type: "string", default: "2000" }, seed: { type: "string" } },
});
const cases = Number(values.cases);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  process.stderr.write("usage: agree [--cases N] [--seed S], whole numbers\n");
  process.exit(2);
}

const started = performance.now();
let told = started;
process.stdout.write(`seed ${seed}\n`);
const { tally, mismatch } = await runAgreement({
  cases,
  seed,
  // A short run is for one seed; a whole one is over enough policies and models.
  policies: cases >= 2000 ? 208 : 1,
  effort: { requests: 12, lists: 2 },
  progress: (soFar, policies) => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    process.stderr.write(`${soFar.cases()} cases, ${policies} policies\n`);
  },
});
process.stdout.write(`${tally.report()}\n`);
process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed}\n`);
if (mismatch !== undefined) {
  process.stdout.write(`${describeMismatch(mismatch)}\n`);
  process.exitCode = 1;
} else if (cases >= 2000) {
  for (const fault of tally.faults()) {
    process.stdout.write(`${fault}\n`);
    process.exitCode = 1;
  }
}
