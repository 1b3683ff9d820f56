/** Whatever is chosen, in whatever order, the question stays one that every engine decides alike, and an answer comes. */
import { evaluate, type RequestDocument } from "@wardline/core";
import { scenarioOf, snapshotOf, tryIt, type Scenario, type ScenarioChange } from "@wardline/language-server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { agency, projectsExample } from "../projects.ts";

const snapshot = snapshotOf(projectsExample());
const { program } = snapshot.compiled(agency)!;
const runs = Number(process.env["WARDLINE_TRY_RUNS"] ?? 6);

/** One choice among those that a scenario offers; `at` picks it. */
function choiceOf(scenario: Scenario, at: readonly number[], wild: unknown): ScenarioChange {
  const [kind = 0, first = 0, second = 0] = at;
  const one = <T>(all: readonly T[], index: number) => all[index % all.length];
  switch (kind % 6) {
    case 0: {
      const { principal, action, resource } = one(program!.tables, first)!;
      return { kind: "question", principal, action, resource };
    }
    case 1:
      return { kind: "person", key: one(scenario.people, first)?.key ?? "" };
    case 2:
      return { kind: "thing", key: one(scenario.things, first)?.key ?? "" };
    case 3:
      return { kind: "example", permitted: first % 2 === 0 };
    default: {
      const { id, picker } = one(scenario.facts, first)!;
      const options = "options" in picker ? picker.options.map(({ value }) => value) : [];
      const offered: readonly unknown[] =
        picker.kind === "bool"
          ? [true, false]
          : picker.kind === "many"
            ? [options.filter((_, index) => (second >> index) % 2 === 0), []]
            : [...options, "1", "2026-02-03T23:30", "22:00", "15m", "10.1.2.3", null, wild];
      return { kind: "fact", fact: id, value: one(offered, second) as string };
    }
  }
}

test("any choices", () => {
  const numbers = fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 });
  const walks = fc.array(fc.tuple(numbers, fc.jsonValue()), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(walks, (walk) => {
      let scenario = scenarioOf(snapshot, { tenant: agency }) as Scenario;
      for (const [at, wild] of walk) {
        const change = choiceOf(scenario, at, wild);
        const next = scenarioOf(snapshot, { tenant: agency, request: scenario.request, change });
        if ("refused" in next) {
          expect(next.refused).toMatch(/\.$/);
          continue;
        }
        scenario = next;
        expect(evaluate(program!, scenario.request).reason).not.toBe("invalid_input");
        expect(scenarioOf(snapshot, { tenant: agency, request: scenario.request })).toEqual(scenario);
      }
      expect(tryIt(snapshot, { tenant: agency, request: scenario.request })).toMatchObject({ faults: [] });
    }),
    { numRuns: runs, seed: 1 },
  );
}, 600_000);

test("any document as a request", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (all, part) => {
      for (const request of [
        all,
        { principal: part, action: { name: "read" }, resource: { type: "Task", attributes: part } },
      ]) {
        const scenario = scenarioOf(snapshot, {
          tenant: agency,
          request: request as unknown as RequestDocument,
        });
        expect(scenario).toHaveProperty("request");
        expect(evaluate(program!, (scenario as Scenario).request).reason).not.toBe("invalid_input");
        expect(() =>
          tryIt(snapshot, { tenant: agency, request: request as unknown as RequestDocument }),
        ).not.toThrow();
      }
    }),
    { numRuns: runs * 5, seed: 2 },
  );
}, 600_000);
