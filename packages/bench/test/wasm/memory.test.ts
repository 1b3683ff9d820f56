import { expect, test } from "vitest";
import { flatMemory } from "../../src/memory/flat-memory.ts";

test("the memory of modules does not grow over 30,000 evaluations; `pnpm bench memory` asks a million", () => {
  const { policies, before, after } = flatMemory(30_000);
  expect(policies).toBeGreaterThan(5);
  expect(after).toBe(before);
});
