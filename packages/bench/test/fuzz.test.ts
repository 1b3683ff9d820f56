/** A short run of the fuzz, and proof that it finds faults. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { plantedFaults } from "../src/fuzz/run/faults.ts";
import { createHarness, type Harness } from "../src/fuzz/run/harness.ts";
import { runFuzz } from "../src/fuzz/run/run.ts";
import { serverPlaces } from "../src/fuzz/world/place.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness(await serverPlaces());
});
afterAll(async () => {
  await harness.close();
});

test("generated statements see no difference between worlds that must look the same", async () => {
  const { tally, counterexample } = await runFuzz(harness, { statements: 180, seed: 40, settings: ["both"] });
  expect(counterexample?.wrong ?? null).toBeNull();
  // A run whose statements are all refused, or all empty, would see nothing.
  expect(tally.done / tally.statements).toBeGreaterThan(0.4);
  expect(tally.withRows / tally.statements).toBeGreaterThan(0.15);
}, 300_000);

const quick = ["a view without the tenant's condition", "views in raw SQL without the tenant's condition"];

for (const { name, setting, plant } of plantedFaults.filter((fault) => quick.includes(fault.name)))
  test(`a planted fault is found: ${name}`, async () => {
    const { counterexample } = await runFuzz(harness, {
      statements: 600,
      seed: 5,
      settings: [setting],
      plant,
    });
    expect(counterexample).not.toBeNull();
  }, 300_000);
