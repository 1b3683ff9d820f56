/** Laws of explanations over generated policies: they say what the oracle says, and their trees add up. */
import {
  evaluate,
  explain,
  type ConditionTree,
  type Decision,
  type ExplainedPass,
  type Explanation,
  type Reason,
} from "@wardline/core";
import { generateCase, generateRequests } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const seeds = Array.from({ length: 120 }, (_, i) => 7000 + i);

const valueOf = (tree: ConditionTree): boolean => {
  switch (tree.kind) {
    case "constant":
    case "cut":
      return tree.value;
    case "atom":
      return tree.holds !== tree.negated;
    case "and":
      return tree.of.every(valueOf);
    case "or":
      return tree.of.some(valueOf);
  }
};

const nodesOf = (tree: ConditionTree): readonly ConditionTree[] =>
  "of" in tree ? [tree, ...tree.of.flatMap(nodesOf)] : [tree];

const rulesOf = (pass: ExplainedPass) => [
  ...pass.ceilings,
  ...pass.grants,
  ...pass.forbids,
  ...pass.requires,
];

const sorted = (names: readonly string[]) => [...new Set(names)].toSorted();
const named = (reasons: readonly Reason[]) => sorted(reasons.flatMap((r) => ("rules" in r ? r.rules : [])));

/** The reasons name the rules that the decision names, and at least one reason is given. */
function checkReasons(decision: Decision, { reasons }: Explanation): void {
  expect(reasons.length).toBeGreaterThan(0);
  const kinds = sorted(reasons.map((reason) => reason.kind));
  switch (decision.outcome) {
    case "permit":
      expect(kinds).toEqual(["granted"]);
      expect(named(reasons)).toEqual(sorted(decision.rules));
      return;
    case "challenge":
      expect(kinds).toEqual(["unmet"]);
      expect(named(reasons)).toEqual(sorted(decision.rules));
      return;
    case "deny":
      if (decision.reason === "forbidden") {
        expect(kinds).toEqual(["forbidden"]);
        expect(named(reasons)).toEqual(sorted(decision.rules));
      } else if (decision.reason === "not_granted")
        for (const kind of kinds) expect(["no_permit", "ceiling", "abroad", "limit"]).toContain(kind);
      else if (decision.reason === "out_of_scope")
        expect(["other_tenant", "foreign_row"]).toContain(kinds[0]);
      else expect(kinds).toEqual(["invalid_input"]);
  }
}

test("an explanation decides as the oracle does, its trees add up, and its reasons are the decision's", () => {
  const seen = new Map<string, number>();
  for (const seed of seeds) {
    const from = generateCase(seed);
    const { program } = compile({
      model: from.model,
      platform: [from.platform],
      policy: from.policy,
      tenant: from.tenant,
    });
    if (program === null) continue;
    for (const { request } of generateRequests(from, program, 20)) {
      const decision = evaluate(program, request);
      const explanation = explain(program, null, request);
      expect(explanation.decision, `seed ${seed}`).toEqual(decision);
      checkReasons(decision, explanation);
      for (const pass of explanation.passes)
        for (const rule of rulesOf(pass)) {
          for (const node of nodesOf(rule.condition)) expect(valueOf(node)).toBe(node.value);
          expect(rule.standing === "no_match").toBe(!rule.condition.value);
          seen.set(rule.standing, (seen.get(rule.standing) ?? 0) + 1);
        }
      for (const { kind } of explanation.reasons) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  }
  console.log(Object.fromEntries(seen));
  for (const met of [
    "counts",
    "clipped",
    "no_match",
    "denies",
    "binds",
    "unmet",
    "granted",
    "forbidden",
    "no_permit",
    "ceiling",
  ])
    expect(seen.get(met), met).toBeGreaterThan(0);
});
