/**
 * The ways in which a challenge can be met, in a stock OPA and in its module, against the oracle: programs made straight as
 * IR of many grants and requires that ask for much, so that alternatives cover each other, tie, and are more than are listed.
 */
import { compileRego } from "@wardline/backends";
import { evaluate, type Obligation, type Precondition, type Program, type Rule } from "@wardline/core";
import { libraryProgram, libraryRequest, randomFrom, type Random } from "@wardline/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { canonical } from "../../src/agree/answer.ts";
import { loadModule } from "../../src/opa/load-module.ts";
import { startOpa, type Opa } from "../../src/opa/start-opa.ts";

const rounds = Number(process.env["WARDLINE_OPA_CASES"] ?? 12);
const seed = Number(process.env["WARDLINE_OPA_SEED"] ?? 1);

/** Names whose order changes where quotes are escaped, and proofs of every freshness. */
const names = ["a", "aB", 'a"', "a\\", "z", "zz", "é", "\u{1F600}", "\uFF5E"];
function obligation(random: Random): Obligation {
  const within = random.pick([null, 1, 2, 300_000_000]);
  if (random.chance(0.05)) return { type: "reason" };
  return random.chance(0.6)
    ? { type: "step_up", factor: random.pick(names), within }
    : { type: "approval", by: random.pick(names.slice(0, 3)), within };
}

function programOf(random: Random): Program {
  const [always, never] = [libraryProgram.conditions.length, libraryProgram.conditions.length + 1];
  const preconditions = (least: number, most: number): readonly Precondition[] =>
    Array.from({ length: least + random.below(most - least + 1) }, () => ({
      obligation: obligation(random),
      met: random.chance(0.05) ? always : never,
    }));
  const rule = (kind: Rule["kind"], layer: Rule["layer"], i: number): Rule => ({
    id: `${layer === "platform" ? "platform" : "north"}/${kind}_${i}`,
    layer,
    kind,
    file: "north.ward",
    line: i + 1,
    because: null,
    doc: null,
  });
  const grants = 1 + random.below(random.pick([3, 8, 24]));
  const requires = random.below(4);
  const rules = [
    ...Array.from({ length: requires }, (_, i) => rule("require", "platform", i)),
    ...Array.from({ length: grants }, (_, i) => rule("permit", "tenant", i)),
  ];
  const effects: readonly [] = [];
  const pass = (row: "resource" | "prior" | "next") => ({
    row,
    ceiling: always,
    forbids: [],
    requires: rules.flatMap((r, at) =>
      r.kind === "require" ? [{ rule: at, when: always, effects, preconditions: preconditions(0, 2) }] : [],
    ),
    grants: rules.flatMap((r, at) =>
      r.kind === "permit" && random.chance(0.9)
        ? [{ rule: at, when: always, effects, preconditions: preconditions(random.chance(0.02) ? 0 : 1, 3) }]
        : [],
    ),
  });
  const tables = libraryProgram.tables.map((table) => ({
    ...table,
    passes: table.passes.map(({ row }) => pass(row)),
  }));
  const conditions: Program["conditions"] = [
    ...libraryProgram.conditions,
    { kind: "constant", value: true },
    { kind: "constant", value: false },
  ];
  return { ...libraryProgram, rules, tables, conditions };
}

const row = { id: "b1", tenant: "north", attributes: libraryRequest.resource.attributes };
const questions = [
  libraryRequest,
  { ...libraryRequest, action: { name: "update" }, resource: { type: "Book" }, prior: row, next: row },
].map((question) => JSON.stringify(question));

const started = await startOpa();
if ("skipped" in started) console.log(`skipped: alternatives in a stock OPA: ${started.skipped}`);

describe.skipIf("skipped" in started)("alternatives in a stock OPA", () => {
  const opa = "opa" in started ? started.opa : ({} as Opa);
  afterAll(() => opa.close());

  it(
    `are those of the oracle, in its order, from seed ${seed}`,
    async () => {
      const counts = new Set<number>();
      for (let round = seed; round < seed + rounds; round += 1) {
        const program = programOf(randomFrom(round, "alternatives"));
        const policy = compileRego(program);
        const answers = await opa.decide(policy, questions);
        const module = await loadModule(opa, policy);
        for (const [i, question] of questions.entries()) {
          const decision = evaluate(program, JSON.parse(question));
          counts.add(decision.alternatives?.length ?? 0);
          expect(canonical(answers[i]), `OPA, seed ${round}`).toBe(canonical(decision));
          expect(canonical(module(question)), `OPA's module, seed ${round}`).toBe(canonical(decision));
        }
      }
      expect(Math.max(...counts)).toBe(16);
      expect(counts.size).toBeGreaterThan(3);
    },
    60_000 + rounds * 5_000,
  );
});
