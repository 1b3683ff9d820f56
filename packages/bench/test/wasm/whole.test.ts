import { expect, test } from "vitest";
import { firstDifference, newSeen } from "./first-difference.ts";

test("modules decide as the oracle does, over 3,000 questions to 150 policies of the whole language", () => {
  const seen = newSeen();
  expect(firstDifference(0, 150, 20, seen)).toBeUndefined();
  expect(seen.policies).toBeGreaterThan(140);
});
