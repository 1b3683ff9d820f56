import { expect, test } from "vitest";
import {
  atomHolds,
  auditLevels,
  conditionsBy,
  evaluate,
  openRequest,
  strictness,
  type Atom,
  type Decision,
} from "../../src/index.ts";
import { aspectsOf, type Aspects } from "../../src/analysis/aspects.ts";
import { goalHolds, type Goal } from "../../src/search/index.ts";
import { everyRequest, smallProgram } from "./small-domain.ts";

const every = everyRequest();
const limit = "north/permit_1";

/** What an aspect says, read off the decision itself. */
function saidBy(
  decision: Decision,
  rules: readonly string[],
): readonly (readonly [(a: Aspects) => Goal, boolean])[] {
  const { outcome, reason, obligations } = decision;
  const isPermitted = outcome === "permit";
  const maskOf = (field: string) => {
    const found = obligations.find((o) => (o.type === "mask" || o.type === "hide") && o.field === field);
    if (found?.type === "mask") return strictness(found.mask);
    return found === undefined ? 0 : strictness({ kind: "hide" });
  };
  const level = obligations.find((o) => o.type === "audit")?.level;
  return [
    [(a) => a.permitted, isPermitted],
    [(a) => a.denied, outcome === "deny"],
    [(a) => a.challenged, outcome === "challenge"],
    [(a) => a.forbidden, reason === "forbidden"],
    // A deny by a limit names the rule too; that is no aspect of its own.
    ...(reason === "not_granted"
      ? []
      : rules.map((id) => [(a: Aspects) => a.names(id), decision.rules.includes(id)] as const)),
    ...["body", "label"].flatMap((field) =>
      [0, 50, 100, 101].map(
        (step) => [(a: Aspects) => a.shows(field, step), isPermitted && maskOf(field) <= step] as const,
      ),
    ),
    ...auditLevels.map(
      (wanted, i) =>
        [
          (a: Aspects) => a.obliges({ type: "audit", level: wanted }),
          isPermitted && level !== undefined && auditLevels.indexOf(level) >= i,
        ] as const,
    ),
    [
      (a) => a.obliges({ type: "notify", whom: "admins" }),
      isPermitted && obligations.some((o) => o.type === "notify"),
    ],
    [(a) => a.asks({ type: "reason" }), outcome === "challenge"],
    [(a) => a.draws(limit), isPermitted && obligations.some((o) => o.type === "limit")],
  ];
}

test("an aspect holds just where the oracle's decision says it", () => {
  const held = new Map<number, number>();
  for (let seed = 300; seed < 316; seed += 1) {
    const program = smallProgram(seed);
    const [table] = program.tables;
    if (table === undefined) return expect.fail("no table");
    const aspects = aspectsOf(program, table);
    for (const request of every) {
      const opened = openRequest(program, request);
      if ("refused" in opened) return expect.fail(opened.refused);
      const { facts, home } = opened;
      const atom = (id: number) => atomHolds(program, program.atoms[id] as Atom, facts);
      const answers = {
        atom,
        condition: conditionsBy(program, atom),
        fact: (slot: number) => facts.get(slot),
        home,
      };
      const decision = evaluate(program, request);
      const said = saidBy(
        decision,
        program.rules.map(({ id }) => id),
      );
      for (const [i, [of, expected]] of said.entries()) {
        if (goalHolds(of(aspects), answers) !== expected)
          expect.fail(`seed ${seed}, aspect ${i}: ${JSON.stringify(request)} ${JSON.stringify(decision)}`);
        if (expected) held.set(i, (held.get(i) ?? 0) + 1);
      }
    }
  }
  expect(held.size).toBeGreaterThan(20);
});
