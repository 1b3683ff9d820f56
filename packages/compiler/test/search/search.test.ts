/** Laws of the search over generated policies: goals say what the oracle decides, and what is found has been tried. */
import {
  atomHolds,
  conditionHolds,
  evaluate,
  openRequest,
  type Atom,
  type Outcome,
  type Program,
  type Table,
} from "@wardline/core";
import {
  challengeGoal,
  denyGoal,
  goalHolds,
  permitGoal,
  searchRequests,
  type Goal,
} from "@wardline/core/search";
import { generateCase, generateRequests } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const goals: Readonly<Record<Outcome, (program: Program, table: Table) => Goal>> = {
  permit: permitGoal,
  challenge: challengeGoal,
  deny: denyGoal,
};

function programOf(seed: number) {
  const from = generateCase(seed);
  const { model, platform, policy, tenant } = from;
  const { program } = compile({ model, platform: [platform], policy, tenant });
  return program === null ? null : { from, program };
}

test("what the world's requests come to is found, and verifies", () => {
  const missed: string[] = [];
  let wanted = 0;
  let tries = 0;
  for (let seed = 9000; seed < 9060; seed += 1) {
    const made = programOf(seed);
    if (made === null) continue;
    const { from, program } = made;
    const seen = new Set<string>();
    for (const { request } of generateRequests(from, program, 40)) {
      const opened = openRequest(program, request);
      if ("refused" in opened) continue;
      const { outcome } = evaluate(program, request);
      const { facts, home } = opened;
      for (const [name, goal] of Object.entries(goals)) {
        const met = goalHolds(goal(program, opened.table), {
          condition: (index) => conditionHolds(program, index, facts),
          atom: (atom) => atomHolds(program, program.atoms[atom] as Atom, facts),
          fact: (slot) => facts.get(slot),
          home,
        });
        expect(met, `seed ${seed}: ${name}`).toBe(name === outcome);
      }
      const { principal, action, resource } = opened.table;
      const key = `${principal} ${action} ${resource} ${outcome}`;
      if (seen.has(key)) continue;
      seen.add(key);
      wanted += 1;
      const goal = goals[outcome](program, opened.table);
      const found = searchRequests(program, { principal, action, resource, goal }, { seed });
      tries += found.tries;
      for (const witness of found.requests) expect(evaluate(program, witness).outcome).toBe(outcome);
      if (found.requests.length === 0) missed.push(`${seed} ${key}`);
    }
  }
  console.log(
    `${wanted - missed.length} of ${wanted} found, ${(tries / wanted).toFixed(2)} walks each`,
    missed,
  );
  expect(missed.length / wanted).toBeLessThan(0.01);
});
