/**
 * `agree --cases N [--seed S] [--opa-wasm N] [--rls N] [--seconds N] [--only NAME,…]`: every target on generated cases. Exit 1 if any two
 * answers differ. A target that cannot be had here is named, and with `WARDLINE_OPA=required` it is an error.
 */
import { parseArgs } from "node:util";
import { outsideNames, startOutside } from "./agree/outside.ts";
import { describeMismatch, runAgreement } from "./agree/run.ts";
import { inProcess, targetsNamed } from "./agree/target.ts";

const targetNames = [...Object.keys(inProcess), ...outsideNames];
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    seed: { type: "string" },
    "opa-wasm": { type: "string", default: "10" },
    rls: { type: "string", default: "4" },
    seconds: { type: "string" },
    only: { type: "string" },
  },
});
const cases = Number(values.cases);
const opaWasmOneIn = Number(values["opa-wasm"]);
const rowSecurityOneIn = Number(values.rls);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
const only = values.only?.split(",") ?? targetNames;
const usage = `usage: agree [--cases N] [--seed S] [--seconds N: at most] [--only NAME,… of ${targetNames.join(", ")}]
  [--opa-wasm N: OPA builds a module of one policy in N] [--rls N: one policy in N is made into row-level security]
`;
if (
  only.some((name) => !targetNames.includes(name)) ||
  !isCount(cases) ||
  !isCount(opaWasmOneIn) ||
  !isCount(rowSecurityOneIn) ||
  !isCount(seconds ?? 1) ||
  !Number.isSafeInteger(seed) ||
  seed < 0
) {
  process.stderr.write(usage);
  process.exit(2);
}

const started = performance.now();
let told = started;
process.stdout.write(`seed ${seed}\n`);
const outside = await startOutside({ opaWasmOneIn, rowSecurityOneIn, only });
for (const { name, skipped } of outside.missing) process.stdout.write(`not asked: ${name}: ${skipped}\n`);
const { tally, mismatch } = await runAgreement({
  engines: { targets: [...targetsNamed(only), ...outside.targets], ...outside.rows },
  databases: outside.databases,
  cases,
  seed,
  // A short run is for one seed; a whole one is over enough policies and models.
  policies: cases >= 2000 ? Math.max(208, Math.floor(cases / 40)) : 1,
  effort: { requests: 20, lists: 4 },
  ...(seconds === undefined ? {} : { seconds }),
  progress: (soFar, policies) => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    process.stderr.write(`${soFar.cases()} cases, ${policies} policies\n`);
  },
});
await outside.close();
process.stdout.write(`${tally.report()}\n`);
process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed}\n`);
if (mismatch !== undefined) {
  process.stdout.write(`${describeMismatch(mismatch)}\n`);
  process.exitCode = 1;
} else if (cases >= 2000 && tally.cases() >= cases) {
  for (const fault of tally.faults()) {
    process.stdout.write(`${fault}\n`);
    process.exitCode = 1;
  }
}
