/** Programs with one pass, whose decisions are held to their schema. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { evaluate, type Decision, type Pass, type Program } from "../../src/index.ts";
import { Draft } from "./small-program.ts";

const schema = (name: string): object =>
  JSON.parse(
    readFileSync(new URL(`../../../../docs/spec/${name}.schema.json`, import.meta.url), "utf8"),
  ) as object;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
export const isRequest = ajv.compile(schema("request"));
const isDecision = ajv.compile(schema("decision"));

/** Evaluates, and holds the decision to its schema. */
export function decide(program: Program, asked: unknown): Decision {
  const decision = evaluate(program, asked);
  expect(isDecision(decision), JSON.stringify(isDecision.errors)).toBe(true);
  return decision;
}

/** One pass on `resource` where everything named holds. */
export function reading(
  build: (draft: Draft) => Partial<Pass>,
  rules: readonly string[] = ["north/a", "north/b", "north/c"],
): Program {
  const draft = new Draft();
  draft.base(["resource"]);
  const ceiling = draft.always();
  const pass: Pass = { row: "resource", ceiling, forbids: [], grants: [], requires: [], ...build(draft) };
  return draft.program("read", rules, [pass]);
}
