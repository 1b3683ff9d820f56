/**
 * All that conditions can say: the oracle on the program against a reading of the texts that knows nothing of the checker,
 * and against the program after a journey through JSON and with its statements in another order.
 */
import { evaluate, type Atom } from "@wardline/core";
import { generateCase, generateRequests } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { compileCase } from "../src/agree/compile-case.ts";
import { loadedTarget, readingTarget, reorderedTarget, type TargetMaker } from "../src/agree/target.ts";

const makers: readonly TargetMaker[] = [readingTarget, loadedTarget, reorderedTarget];

interface Seen {
  readonly outcomes: Map<string, number>;
  readonly atoms: Set<Atom["kind"]>;
  readonly sources: Set<string>;
}

/** Asks the questions of some cases, and gives the first that is answered in two ways. */
function firstMismatch(from: number, count: number, requests: number, seen: Seen): unknown {
  for (let seed = from; seed < from + count; seed += 1) {
    const made = generateCase(seed, "whole");
    const { program, findings } = compileCase(made);
    const errors = findings.filter((found) => found.severity === "error");
    // A policy that asks too much is refused whole.
    if (errors.length > 0 && errors.every((found) => found.code.startsWith("limit/"))) continue;
    if (program === null) return { seed, errors };
    for (const atom of program.atoms) seen.atoms.add(atom.kind);
    for (const slot of program.slots) seen.sources.add(slot.source.from);
    const targets = makers.map((make) => make(program, made));
    for (const { request } of generateRequests(made, program, requests)) {
      const decision = evaluate(program, request);
      const key = decision.reason ?? decision.outcome;
      seen.outcomes.set(key, (seen.outcomes.get(key) ?? 0) + 1);
      for (const { name, decide } of targets) {
        const answer = decide(request);
        if (JSON.stringify(answer) !== JSON.stringify(decision))
          return { seed, name, answer, decision, request, texts: [made.platform.text, made.policy.text] };
      }
    }
  }
  return undefined;
}

const newSeen = (): Seen => ({ outcomes: new Map(), atoms: new Set(), sources: new Set() });

test("texts, programs and the oracle agree over 4,000 questions to 400 policies", () => {
  const seen = newSeen();
  expect(firstMismatch(0, 400, 10, seen)).toBeUndefined();
  expect([...seen.atoms].toSorted()).toEqual(
    [
      "compare",
      "contains",
      "empty",
      "has",
      "in_network",
      "one_of",
      "related",
      "role",
      "text",
      "truth",
      "within",
    ].toSorted(),
  );
  for (const from of ["clock", "reference", "ancestors", "now"]) expect(seen.sources).toContain(from);
  for (const key of ["permit", "challenge", "forbidden", "not_granted", "invalid_input"])
    expect(seen.outcomes.get(key) ?? 0).toBeGreaterThan(60);
});

const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 20));
test(`over 600 questions from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, () => {
  expect(firstMismatch(random, 60, 10, newSeen())).toBeUndefined();
});
