import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileClosures } from "@wardline/backends";
import { evaluate, loadProgram, serializeProgram } from "@wardline/core";
import { chooseWith, randomProgram, randomRequest } from "../random-program.ts";

describe("closures against the oracle", () => {
  it("decide every random request on every random program as evaluate does", () => {
    const seen = new Map<string, number>();
    let cases = 0;
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const choose = chooseWith(g);
        const program = randomProgram(choose);
        const engine = compileClosures(program);
        for (let i = 0; i < 20; i += 1) {
          const request = randomRequest(choose, program);
          const wanted = evaluate(program, request);
          expect(engine.decide(request)).toEqual(wanted);
          const answer = wanted.reason ?? wanted.outcome;
          seen.set(answer, (seen.get(answer) ?? 0) + 1);
          cases += 1;
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
    // The comparison says little unless every kind of answer occurs often.
    for (const answer of ["permit", "challenge", "invalid_input", "out_of_scope", "forbidden", "not_granted"])
      expect((seen.get(answer) ?? 0) / cases, answer).toBeGreaterThan(0.01);
  });

  it("is compared on programs that the loader accepts", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const program = randomProgram(chooseWith(g));
        expect(loadProgram(JSON.parse(serializeProgram(program)))).toEqual({ program });
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });
});
