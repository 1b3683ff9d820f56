/** In which ways a challenge can be met. */
import { expect, test } from "vitest";
import type { Decision, Obligation, Program } from "../../src/index.ts";
import { maxAlternatives } from "../../src/evaluate/alternatives.ts";
import { decide, reading } from "./deciding.ts";
import { request } from "./small-program.ts";
import { processorTime } from "../../src/testing/index.ts";

const stepUp = (factor: string, within: number | null = null): Obligation => ({
  type: "step_up",
  factor,
  within,
});
const approval = (by: string, within: number | null = null): Obligation => ({ type: "approval", by, within });
const reason: Obligation = { type: "reason" };

/** Grants and requires that hold, each with preconditions that are not met. */
function program(
  grants: readonly (readonly Obligation[])[],
  requires: readonly (readonly Obligation[])[] = [],
): Program {
  const ids = (all: readonly unknown[], stem: string, kind: string) =>
    all.map((_, i) => `north/${stem}${String(i).padStart(2, "0")}${kind}`);
  return reading(
    (d) => {
      const unmet = (all: readonly Obligation[]) =>
        all.map((obligation) => ({ obligation, met: d.constant(false) }));
      return {
        grants: grants.map((all, rule) => ({
          rule,
          when: d.always(),
          effects: [],
          ...(all.length === 0 ? {} : { preconditions: unmet(all) }),
        })),
        requires: requires.map((all, i) => ({
          rule: grants.length + i,
          when: d.always(),
          effects: [],
          preconditions: unmet(all),
        })),
      };
    },
    [...ids(grants, "g", ""), ...ids(requires, "r", " require")],
  );
}

const waysOf = (of: Program): Decision["alternatives"] => {
  const { outcome, obligations, alternatives } = decide(of, request());
  expect(outcome).toBe("challenge");
  if (alternatives !== undefined) expect(obligations).toEqual(alternatives[0]);
  return alternatives ?? [obligations];
};

test("one grant: what it asks for; one that asks for nothing: a permit", () => {
  expect(waysOf(program([[reason, stepUp("mfa")]]))).toEqual([[reason, stepUp("mfa")]]);
  expect(decide(program([[reason], []]), request())).toMatchObject({
    outcome: "permit",
    rules: ["north/g01"],
  });
});

test("the fewest first, then by their text, whatever the order of the rules", () => {
  const ways = [[approval("boss")], [reason], [stepUp("mfa"), stepUp("pin")]];
  expect(waysOf(program([[stepUp("mfa"), stepUp("pin")], [reason], [approval("boss")]]))).toEqual(ways);
  expect(waysOf(program([[approval("boss")], [stepUp("mfa"), stepUp("pin")], [reason]]))).toEqual(ways);
});

test("one that asks for no less than another is left out", () => {
  expect(waysOf(program([[reason, stepUp("mfa")], [reason]]))).toEqual([[reason]]);
  expect(waysOf(program([[reason], [reason]]))).toEqual([[reason]]);
  expect(waysOf(program([[stepUp("mfa", 5)], [stepUp("mfa", 15)], [stepUp("mfa")]]))).toEqual([
    [stepUp("mfa")],
  ]);
  expect(waysOf(program([[approval("a", 5)], [approval("a", 15)]]))).toEqual([[approval("a", 15)]]);
  expect(waysOf(program([[stepUp("mfa", 5)], [stepUp("pin", 15)]]))).toHaveLength(2);
});

test("what the requires ask for stands in each, once, in the order of the rules", () => {
  expect(waysOf(program([[stepUp("mfa")], [reason]], [[reason], [approval("boss"), reason]]))).toEqual([
    [reason, approval("boss")],
  ]);
  expect(waysOf(program([[stepUp("mfa")], [stepUp("pin")]], [[reason]]))).toEqual([
    [stepUp("mfa"), reason],
    [stepUp("pin"), reason],
  ]);
  expect(waysOf(program([[]], [[reason], [stepUp("mfa")]]))).toEqual([[reason, stepUp("mfa")]]);
});

test("the rules that ask are named: requires, and grants where none counts", () => {
  expect(decide(program([[reason], [stepUp("mfa")]], [[reason]]), request()).rules).toEqual([
    "north/g00",
    "north/g01",
    "north/r00",
  ]);
  expect(decide(program([[reason], []], [[reason]]), request()).rules).toEqual(["north/r00"]);
});

test("there are no more than may be listed, and finding them is quick", () => {
  const many = Array.from({ length: 400 }, (_, i) => [stepUp("mfa", i + 1), stepUp("pin", 401 - i)]);
  const started = processorTime();
  expect(waysOf(program(many))).toHaveLength(maxAlternatives);
  expect(processorTime() - started).toBeLessThan(3000);
});
