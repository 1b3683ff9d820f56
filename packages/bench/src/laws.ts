/** `laws --policies N [--seed S]`: the laws of the decision over generated policies. Exit 1 if one does not hold. */
import { parseArgs } from "node:util";
import { describeBroken, laws, runLaws, unseen } from "./laws/run.ts";

const { values } = parseArgs({
  options: { policies: { type: "string", default: "1000" }, seed: { type: "string" } },
});
const policies = Number(values.policies);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(policies) || policies < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  process.stderr.write("usage: laws [--policies N] [--seed S], whole numbers\n");
  process.exit(2);
}

const started = performance.now();
let told = started;
process.stdout.write(`seed ${seed}\n`);
const result = runLaws({
  policies,
  seed,
  progress: (soFar) => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    process.stderr.write(`${soFar} policies\n`);
  },
});
for (const law of laws) process.stdout.write(`  ${law.name}\n`);
for (const [kind, count] of result.seen)
  process.stdout.write(`  ${kind.padEnd(24)}${String(count).padStart(8)}\n`);
process.stdout.write(
  `${policies} policies, ${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed}\n`,
);
if (result.broken !== null) {
  process.stdout.write(`${describeBroken(result.broken)}\n`);
  process.exitCode = 1;
} else if (policies >= 200 && unseen(result).length > 0) {
  process.stdout.write(`not seen: ${unseen(result).join(", ")}\n`);
  process.exitCode = 1;
}
