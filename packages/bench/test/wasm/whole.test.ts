import { expect, test } from "vitest";
import { firstDifference, newSeen } from "./first-difference.ts";

test("modules decide as the oracle does, over 3,000 questions to 100 policies of the whole language", () => {
  const seen = newSeen();
  expect(firstDifference(0, 100, 30, seen)).toBeUndefined();
  expect(seen.policies).toBeGreaterThan(90);
  const answers = ["permit", "challenge", "invalid_input", "out_of_scope", "forbidden", "not_granted"];
  for (const answer of answers) expect(seen.answers.get(answer) ?? 0, answer).toBeGreaterThan(80);
  const parts = ["step_up", "approval", "reason", "audit", "notify", "limit", "mask", "hide", "encrypt"];
  for (const part of [...parts, "alternatives", "retry_after"])
    expect(seen.parts.get(part) ?? 0, part).toBeGreaterThan(5);
});
