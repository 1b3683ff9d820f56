/** The closure engine against the oracle on the whole language: generated policies, proper and damaged requests. */
import { compileClosures } from "@wardline/backends";
import { evaluate } from "@wardline/core";
import { generateCase, generateRequests, type Case } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { compileCase } from "../src/agree/compile-case.ts";

interface Seen {
  readonly answers: Map<string, number>;
  readonly obligations: Set<string>;
  cases: number;
}

const newSeen = (): Seen => ({ answers: new Map(), obligations: new Set(), cases: 0 });

/** The program of a case; null if the policy asks too much and is refused whole. */
function programOf(made: Case) {
  const { program, findings } = compileCase(made);
  const errors = findings.filter((found) => found.severity === "error");
  if (program === null && !errors.every((found) => found.code.startsWith("limit/")))
    throw new Error(`seed ${made.seed}: ${errors.map((found) => found.message).join("; ")}`);
  return program;
}

/** Asks the questions of some cases, and gives the first that is answered in two ways. */
function firstMismatch(from: number, count: number, requests: number, seen: Seen): unknown {
  for (let seed = from; seed < from + count; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const program = programOf(made);
    if (program === null) continue;
    const { decide, allows } = compileClosures(program);
    for (const { request, damage } of generateRequests(made, program, requests)) {
      const wanted = evaluate(program, request);
      const answer = decide(request);
      const isAllowed = allows(request);
      if (
        JSON.stringify(answer) !== JSON.stringify(wanted) ||
        JSON.stringify(decide(request)) !== JSON.stringify(wanted) ||
        isAllowed !== (wanted.outcome === "permit")
      )
        return { seed, damage, answer, wanted, isAllowed, request, policy: made.policy.text };
      const key = wanted.reason ?? wanted.outcome;
      for (const name of [
        key,
        ...("alternatives" in wanted ? ["alternatives"] : []),
        ...("retry_after" in wanted ? ["retry_after"] : []),
      ])
        seen.answers.set(name, (seen.answers.get(name) ?? 0) + 1);
      for (const { type, ...rest } of wanted.obligations)
        seen.obligations.add("mask" in rest ? rest.mask.kind : type);
      seen.cases += 1;
    }
  }
  return undefined;
}

describe("closures decide as the oracle does", () => {
  test("over 4,500 questions to 300 policies of the whole language", () => {
    const seen = newSeen();
    expect(firstMismatch(0, 300, 15, seen)).toBeUndefined();
    for (const answer of ["permit", "challenge", "forbidden", "not_granted", "invalid_input", "out_of_scope"])
      expect(seen.answers.get(answer) ?? 0, answer).toBeGreaterThan(30);
    for (const answer of ["alternatives", "retry_after"])
      expect(seen.answers.get(answer) ?? 0, answer).toBeGreaterThan(5);
    for (const kind of [
      "initials",
      "partial",
      "partial_first",
      "bucket",
      "month",
      "year",
      "token",
      "hash",
      "redact",
    ])
      expect(seen.obligations, kind).toContain(kind);
    for (const type of ["hide", "encrypt", "audit", "notify", "limit", "step_up", "approval", "reason"])
      expect(seen.obligations, type).toContain(type);
  });

  const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 20));
  test(`over 600 questions from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, () => {
    expect(firstMismatch(random, 60, 10, newSeen())).toBeUndefined();
  });
});
