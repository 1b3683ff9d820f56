import fc from "fast-check";
import { evaluate } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { Choose } from "./choose.ts";
import { generatedProgram } from "./generated-program.ts";
import { generatedRequest, spelled } from "./generated-request.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const answers = ["permit", "challenge", "invalid_input", "out_of_scope", "forbidden", "not_granted"];

describe("modules against the oracle", () => {
  it("decide objects and bytes as evaluate does, on every program", () => {
    const seen = new Map<string, number>();
    let cases = 0;
    fc.assert(
      fc.property(fc.noBias(fc.integer()), (seed) => {
        const choose = new Choose(seed);
        const program = generatedProgram(choose);
        const policy = loadPolicy(program);
        for (let i = 0; i < 40; i++) {
          const text = spelled(choose, generatedRequest(choose));
          const request: unknown = JSON.parse(text);
          const wanted = evaluate(program, request);
          const answer = wanted.reason ?? wanted.outcome;
          seen.set(answer, (seen.get(answer) ?? 0) + 1);
          cases += 1;
          expect(policy.decision(bytesOf(text)), text).toEqual(wanted);
          expect(policy.decision(request), text).toEqual(wanted);
          expect(policy.allow(bytesOf(text))).toBe(wanted.outcome === "permit");
        }
      }),
      { numRuns: 60 },
    );
    // The comparison says little unless every kind of answer occurs often.
    for (const answer of answers) expect((seen.get(answer) ?? 0) / cases, answer).toBeGreaterThan(0.02);
  });
});
