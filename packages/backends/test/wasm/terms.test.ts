import fc from "fast-check";
import { evaluate } from "@wardline/core";
import { expect, it } from "vitest";
import { Choose } from "./choose.ts";
import { generatedTerms, requestForTerms } from "./generated-terms.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const runs = Number(process.env["WARDLINE_TERMS"] ?? 200);

it("what rules come to is what the oracle says, whatever their terms", () => {
  const seen = new Map<string, number>();
  const add = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(fc.noBias(fc.integer()), (seed) => {
      const choose = new Choose(seed);
      const terms = generatedTerms(choose);
      const policy = loadPolicy(terms.program);
      for (let i = 0; i < 16; i++) {
        const request = requestForTerms(choose, terms);
        const wanted = evaluate(terms.program, request);
        add(wanted.reason ?? wanted.outcome);
        for (const { type } of wanted.obligations) add(type);
        if (wanted.alternatives !== undefined) add(wanted.alternatives.length < 16 ? "some" : "most");
        if (wanted.retry_after !== undefined) add("retry_after");
        const bytes = bytesOf(JSON.stringify(request));
        expect(policy.decision(bytes), JSON.stringify(request)).toEqual(JSON.parse(JSON.stringify(wanted)));
        expect(policy.allow(bytes)).toBe(wanted.outcome === "permit");
      }
    }),
    { numRuns: runs },
  );
  const answers = ["permit", "challenge", "forbidden", "not_granted", "some", "most", "retry_after"];
  for (const what of [...answers, "mask", "hide", "limit", "audit", "notify", "step_up", "approval"])
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(runs / 50);
});
