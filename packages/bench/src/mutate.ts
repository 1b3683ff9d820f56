/**
 * `mutate [closure|wasm|rego|sql|write|scope …] [--only N,…] [--cases N] [--seed S]`: breaks each backend in one place after the other
 * and asks it as the agreement run does; parts of the isolation layer are broken under their own tests, and only where they are
 * named. Exit 1 if a break is not caught; 2 if it can't be asked.
 */
import { parseArgs } from "node:util";
import { backends, type Backend } from "./mutate/fault.ts";
import { faultsOf } from "./mutate/faults.ts";
import { huntByTests } from "./mutate/hunt-by-tests.ts";
import { hunt, type Outcome } from "./mutate/hunt.ts";
import { partOf, parts, type PartName } from "./mutate/room-fault.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    cases: { type: "string", default: "1500" },
    seed: { type: "string", default: "20261126" },
  },
});
const isBackend = (name: string): name is Backend => backends.some((backend) => backend === name);
const isPart = (name: string): name is PartName => parts.some((part) => part === name);
const chosen = positionals.filter(isBackend);
const chosenParts = positionals.filter(isPart);
const only = values.only?.split(",").map(Number);
const [cases, seed] = [Number(values.cases), Number(values.seed)];
const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
if (
  chosen.length + chosenParts.length < positionals.length ||
  only?.every(isCount) === false ||
  !isCount(cases) ||
  !Number.isSafeInteger(seed)
) {
  process.stderr.write(
    `usage: mutate [${[...backends, ...parts].join("|")} …] [--only N,…: the faults of these numbers] [--cases N: at the most] [--seed S]\n`,
  );
  process.exit(2);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
for (const backend of positionals.length === 0 ? backends : chosen) {
  const all = faultsOf[backend];
  const faults = all.filter((_, i) => only?.includes(i + 1) ?? true);
  const started = performance.now();
  const tell = ({ fault, caught }: Outcome) => {
    const found =
      caught === undefined ? "NOT CAUGHT" : `caught in case ${caught.cases}, question ${caught.questions}`;
    say(`${backend} ${all.indexOf(fault) + 1}: ${fault.name}: ${found}`);
  };
  const outcomes = await hunt({ backend, faults, seed, cases, settled: tell });
  if ("missing" in outcomes) {
    say(`${backend}: not asked: ${outcomes.missing}`);
    process.exitCode = 2;
    continue;
  }
  const caught = outcomes.filter((outcome) => outcome.caught !== undefined);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${backend}: ${caught.length} of ${faults.length} caught, seed ${seed}, ${seconds} s`);
  if (caught.length < faults.length) process.exitCode = 1;
}

for (const name of chosenParts) {
  const part = partOf[name];
  const sound = huntByTests(part, null);
  if (sound.caughtBy !== undefined) {
    say(`${name}: not asked: without any fault "${sound.caughtBy}" fails`);
    process.exitCode = 2;
    continue;
  }
  let missed = 0;
  for (const [index, fault] of part.faults.entries()) {
    if (only?.includes(index + 1) === false) continue;
    const { caughtBy } = huntByTests(part, fault);
    if (caughtBy === undefined) missed += 1;
    say(
      `${name} ${index + 1}: ${fault.name}: ${caughtBy === undefined ? "NOT CAUGHT" : `caught by "${caughtBy}"`}`,
    );
  }
  say(`${name}: ${missed} not caught`);
  if (missed > 0) process.exitCode = 1;
}
