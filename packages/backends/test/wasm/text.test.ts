/** Texts that begin with, end with or contain others: hostile ones, against the oracle. */
import fc from "fast-check";
import { evaluate, type Atom, type Condition } from "@wardline/core";
import { expect, it } from "vitest";
import { firstFact, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const ops = ["starts_with", "ends_with", "contains"] as const;
const type = { kind: "string" } as const;
const of = (slot: number) => ({ kind: "slot", slot, fallback: null }) as const;
const program = oneTable({
  facts: ["text", "part"].map((name) => ({ source: { from: "context", name }, type, optional: true })),
  atoms: ops.map((op): Atom => ({ kind: "text", op, of: of(firstFact), part: of(firstFact + 1) })),
  conditions: [
    ...ops.map((_, atom): Condition => ({ kind: "atom", atom, negated: false })),
    { kind: "constant", value: true },
  ],
  rules: [...ops, "always"],
  pass: {
    ceiling: ops.length,
    forbids: [],
    grants: [0, 1, 2, 3].map((rule) => ({ rule, when: rule, effects: [] })),
    requires: [],
  },
});
const policy = loadPolicy(program);

function rules(text: string | undefined, part: string | undefined): readonly string[] {
  const request = requestText(JSON.stringify({ text, part }));
  const wanted = evaluate(program, JSON.parse(request));
  expect(policy.decision(bytesOf(request)), request).toEqual(wanted);
  return wanted.rules;
}

it("are found where they stand", () => {
  expect(rules("", "")).toEqual([...ops, "always"]);
  expect(rules("abc", "")).toEqual([...ops, "always"]);
  expect(rules("", "a")).toEqual(["always"]);
  expect(rules("aabaabaaab", "aabaaa")).toEqual(["contains", "always"]);
  expect(rules("\u{1F600}\u{1F601}", "\u{1F601}")).toEqual(["ends_with", "contains", "always"]);
  expect(rules("\u00e9", "e")).toEqual(["always"]);
  expect(rules(undefined, "")).toEqual(["always"]);
  expect(rules("a", undefined)).toEqual(["always"]);
});

it("are found where the oracle finds them", () => {
  const texts = (length: number) =>
    fc
      .array(fc.constantFrom("a", "a", "b", "ab", "\u00e9", "\u{1F600}", "\uff5e", '"', "\n"), {
        maxLength: length,
      })
      .map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts(24), texts(6), (text, part) => {
      rules(text, part);
      rules(text + part, part);
      rules(part + text, part);
    }),
    { numRuns: 1500 },
  );
});

it("take time in proportion to their length", () => {
  const long = "a".repeat(1_000_000);
  expect(rules(`${long}b`, `${"a".repeat(500_000)}b`)).toEqual(["ends_with", "contains", "always"]);
  expect(rules(`${long}a`, `${"a".repeat(500_000)}b`)).toEqual(["always"]);
});
