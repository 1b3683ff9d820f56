/** Over a domain so small that every request can be tried, the search finds a counterexample wherever there is one. */
import { expect, test } from "vitest";
import {
  assertViolated,
  evaluate,
  type AssertClaim,
  type LoweredAssert,
  type Program,
} from "../../src/index.ts";
import { searchAssert } from "../../src/search/index.ts";
import { randomFrom } from "../../src/search/random.ts";
import { everyRequest, smallProgram } from "./small-domain.ts";

const every = everyRequest();

/** The program, reading all that its conditions ask, and an assert over one of them. */
function asserted(seed: number): { readonly analysis: Program; readonly assert: LoweredAssert } {
  const program = smallProgram(seed);
  const random = randomFrom(seed, "assert");
  const claim = random.pick<AssertClaim>([
    { kind: "never_permit" },
    { kind: "always_permit" },
    { kind: "never_show", field: "body" },
    { kind: "never_show", field: "label" },
  ]);
  const any = () => random.below(program.conditions.length);
  const except = random.chance(0.4) ? [{ rule: random.below(program.rules.length), passes: [any()] }] : [];
  const table = { principal: "User", action: "read", resource: "Note" };
  const all = program.slots.map((slot) => slot.id);
  return {
    analysis: { ...program, tables: program.tables.map((one) => ({ ...one, slots: all })) },
    assert: {
      id: "north/a",
      layer: "tenant",
      file: "north.ward",
      line: 1,
      span: { file: "north.ward", start: 0, end: 1 },
      claim,
      because: null,
      doc: null,
      cases: [{ ...table, passes: [{ row: "resource", when: any() }], except }],
    },
  };
}

test("a counterexample is found just where one exists, and is one", () => {
  const missed: number[] = [];
  const met = { broken: 0, kept: 0 };
  for (let seed = 500; seed < 640; seed += 1) {
    const { analysis, assert } = asserted(seed);
    const exists = every.some((request) => assertViolated(analysis, assert, request));
    const found = searchAssert(analysis, assert, { seed: 1 });
    expect(found.tries).toBeGreaterThan(0);
    if (found.counterexample !== null) {
      expect(assertViolated(analysis, assert, found.counterexample)).toBe(true);
      expect(evaluate(analysis, found.counterexample)).toEqual(found.decision);
    }
    met[exists ? "broken" : "kept"] += 1;
    if (exists !== (found.counterexample !== null)) missed.push(seed);
    expect(searchAssert(analysis, assert, { seed: 1 })).toEqual(found);
  }
  console.log(met, "missed:", missed);
  expect(missed).toEqual([]);
  expect(Math.min(met.broken, met.kept)).toBeGreaterThan(20);
});
