/**
 * Statements that told two worlds apart once: under a planted fault they still do, and without one they do not. A file
 * without a fault was found in the guard itself, and stays mended.
 */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepCase, scenarioOf, type KeptCase } from "../src/fuzz/run/corpus.ts";
import { plantedFaults } from "../src/fuzz/run/faults.ts";
import { createHarness, type Harness } from "../src/fuzz/run/harness.ts";
import { embeddedPlaces, serverPlaces } from "../src/fuzz/world/place.ts";

const folder = new URL("fuzz-corpus/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (name: string): KeptCase => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as KeptCase;

test("each planted fault has a statement that finds it", () => {
  const covered = files.map((name) => read(name).fault);
  expect(plantedFaults.map(({ name }) => name).filter((name) => !covered.includes(name))).toEqual([]);
});

test("a file says again what it was made of", () => {
  for (const name of files) {
    const kept = read(name);
    const { fault, setting, statement, why } = kept;
    expect(JSON.parse(JSON.stringify(keepCase(scenarioOf(kept), setting, statement, why, fault)))).toEqual(
      kept,
    );
  }
});

describe.each([
  ["PGlite", () => Promise.resolve(embeddedPlaces())],
  ["a real Postgres", serverPlaces],
] as const)("on %s", (_, open) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness(await open());
  }, 300_000);
  afterAll(async () => {
    await harness.close();
  });

  for (const name of files)
    test(
      name,
      async () => {
        const kept = read(name);
        const scenario = scenarioOf(kept);
        await harness.enter(scenario, kept.setting);
        expect((await harness.ask(kept.statement)).wrong).toBeNull();
        const fault = plantedFaults.find((planted) => planted.name === kept.fault);
        if (fault === undefined || (fault.servers === true && harness.name !== "postgres")) return;
        await harness.enter(scenario, fault.setting, fault.plant(scenario));
        expect((await harness.ask(kept.statement)).wrong).not.toBeNull();
      },
      300_000,
    );
});
