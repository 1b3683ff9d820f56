/** Requests and decisions of generated policies are documents as their schemas say. */
import { readFileSync } from "node:fs";
import { evaluate, type Obligation } from "@wardline/core";
import { generateCase, generateRequests } from "@wardline/core/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const schema = (name: string): object =>
  JSON.parse(
    readFileSync(new URL(`../../../../docs/spec/${name}.schema.json`, import.meta.url), "utf8"),
  ) as object;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const isRequest = ajv.compile(schema("request"));
const isDecision = ajv.compile(schema("decision"));

test("over all that rules and conditions can say", () => {
  const types = new Set<Obligation["type"]>();
  const keys = new Set<string>();
  for (let seed = 0; seed < 120; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compile({ ...made, platform: [made.platform] });
    if (program === null) continue;
    for (const { request, damage } of generateRequests(made, program, 12)) {
      if (damage === null) expect(isRequest(request), JSON.stringify(isRequest.errors)).toBe(true);
      const decision = evaluate(program, request);
      expect(isDecision(decision), `${JSON.stringify(decision)} ${JSON.stringify(isDecision.errors)}`).toBe(
        true,
      );
      for (const { type } of decision.obligations) types.add(type);
      for (const key of Object.keys(decision)) keys.add(key);
    }
  }
  expect([...types].toSorted()).toEqual(
    ["approval", "audit", "encrypt", "hide", "limit", "mask", "notify", "reason", "step_up"].toSorted(),
  );
  expect(keys).toContain("alternatives");
  expect(keys).toContain("retry_after");
});

test("what is none is refused", () => {
  const deny = { outcome: "deny", rules: [], obligations: [], reason: "not_granted" };
  const permit = { outcome: "permit", rules: ["a/b"], obligations: [], reason: null };
  const challenge = { ...permit, outcome: "challenge", obligations: [{ type: "reason" }] };
  const alternatives = [[{ type: "reason" }], [{ type: "step_up", factor: "mfa", within: 5 }]];
  for (const right of [deny, { ...deny, retry_after: 5 }, permit, challenge, { ...challenge, alternatives }])
    expect(isDecision(right), JSON.stringify(right)).toBe(true);
  for (const wrong of [
    { ...deny, reason: null },
    { ...deny, obligations: [{ type: "reason" }] },
    { ...deny, reason: "forbidden", alternatives },
    { ...permit, retry_after: 5 },
    { ...permit, alternatives },
    { ...permit, obligations: [{ type: "mask", field: "a", mask: { kind: "show" } }] },
    { ...permit, obligations: [{ type: "mask", field: "a", mask: { kind: "bucket", size: 0 } }] },
    { ...permit, obligations: [{ type: "audit", level: "some" }] },
    { ...permit, obligations: [{ type: "limit", rule: "a/b", count: 0, per: "day", by: "tenant" }] },
    { ...permit, obligations: [{ type: "watch" }] },
    { ...challenge, obligations: [] },
    { ...challenge, alternatives: [alternatives[0]] },
  ])
    expect(isDecision(wrong), JSON.stringify(wrong)).toBe(false);
});
