/**
 * `fuzz:isolation --statements N [--seed S] [--seconds T]`: generated statements in two worlds that must look the same to
 * whoever asks. Exit 1 if they do not, with the statement that tells them apart.
 */
import { parseArgs } from "node:util";
import { createHarness } from "./fuzz/run/harness.ts";
import { runFuzz } from "./fuzz/run/run.ts";
import { report } from "./fuzz/run/tally.ts";
import { embeddedPlaces, serverPlaces } from "./fuzz/world/place.ts";

const { values } = parseArgs({
  options: {
    statements: { type: "string", default: "2000" },
    seed: { type: "string" },
    seconds: { type: "string" },
    database: { type: "string", default: "pglite" },
  },
});
const statements = Number(values.statements);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const started = performance.now();
const harness = await createHarness(values.database === "postgres" ? await serverPlaces() : embeddedPlaces());
let told = started;
const { tally, counterexample } = await runFuzz(harness, {
  statements,
  seed,
  settings: ["both", "scope", "both", "rls"],
  ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
  progress: (soFar) => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    process.stderr.write(`${soFar.statements} statements\n`);
  },
});
await harness.close();
process.stdout.write(
  `${report(tally)}\n${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed}\n`,
);
if (counterexample !== null) {
  const { scenario, setting, place, statement, wrong } = counterexample;
  process.stdout.write(
    [
      `seed ${scenario.seed}, ${setting} on ${place}, ${scenario.variation}`,
      JSON.stringify(statement, null, 1),
      wrong,
      JSON.stringify(scenario.asker),
      scenario.texts.model,
      scenario.texts.policy,
      "",
    ].join("\n"),
  );
  process.exitCode = 1;
}
