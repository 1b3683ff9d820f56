import { evaluate, type Atom, type Operand, type ScalarType, type ValueType } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const text = { kind: "string" } as const;
const member = { kind: "entity", entity: "Member" } as const;
const count = { kind: "int", min: -9, max: 9 } as const;
const truth = { kind: "bool" } as const;
const slotOf = (i: number): Operand => ({ kind: "slot", slot: firstFact + i, fallback: null });
const constant = (value: string | number | boolean, type: ScalarType): Operand => ({
  kind: "constant",
  value,
  type,
});
const set = (of: ScalarType): ValueType => ({ kind: "set", of });

/** Atoms over facts `a`, `b`, `c` of some types, with values under which nothing absent may be taken for "", 0 or false. */
const cases: readonly (readonly [string, Atom, readonly ValueType[], readonly unknown[]])[] = [
  ["equal texts", { kind: "compare", op: "eq", left: slotOf(0), right: slotOf(1) }, [text, text], ["", ""]],
  [
    "text equal to nothing",
    { kind: "compare", op: "eq", left: slotOf(0), right: constant("", text) },
    [text],
    [""],
  ],
  ["equal numbers", { kind: "compare", op: "eq", left: slotOf(0), right: slotOf(1) }, [count, count], [0, 0]],
  [
    "number equal to zero",
    { kind: "compare", op: "eq", left: slotOf(0), right: constant(0, count) },
    [count],
    [0],
  ],
  [
    "equal truths",
    { kind: "compare", op: "eq", left: slotOf(0), right: constant(false, truth) },
    [truth],
    [false],
  ],
  ["at most", { kind: "compare", op: "le", left: slotOf(0), right: slotOf(1) }, [count, count], [0, 0]],
  ["one of texts", { kind: "one_of", of: slotOf(0), values: ["", "a"], type: text }, [text], [""]],
  ["one of numbers", { kind: "one_of", of: slotOf(0), values: [0, 1], type: count }, [count], [0]],
  [
    "text in a set",
    { kind: "contains", set: firstFact + 1, of: slotOf(0), type: text },
    [text, set(text)],
    ["", [""]],
  ],
  [
    "number in a set",
    { kind: "contains", set: firstFact + 1, of: slotOf(0), type: count },
    [count, set(count)],
    [0, [0]],
  ],
  [
    "named text in a set",
    { kind: "contains", set: firstFact, of: constant("", text), type: text },
    [set(text)],
    [[""]],
  ],
  [
    "the same entity",
    { kind: "within", entity: slotOf(0), group: slotOf(1), same: true, ancestors: null },
    [member, member],
    ["", ""],
  ],
  [
    "an entity under a group",
    { kind: "within", entity: slotOf(0), group: slotOf(1), same: false, ancestors: firstFact + 2 },
    [member, member, set(member)],
    ["x", "", [""]],
  ],
];

describe("an atom over an absent fact is false", () => {
  it.each(cases)("%s", (_, atom, types, values) => {
    const names = ["a", "b", "c"];
    for (const negated of [false, true]) {
      const facts = types.map((type, i) => {
        return { source: { from: "context", name: names[i] as string } as const, type, optional: true };
      });
      const program = oneTable({ ...grantIf([{ kind: "atom", atom: 0, negated }]), facts, atoms: [atom] });
      const policy = loadPolicy(program);
      // Every choice of facts that are absent; with all of them present the atom is true.
      for (let absent = 0; absent < 2 ** types.length; absent++) {
        const present = values.map((value, i) => [names[i], ((absent >> i) & 1) === 1 ? null : value]);
        const request = requestText(JSON.stringify(Object.fromEntries(present)));
        const wanted = evaluate(program, JSON.parse(request));
        expect(policy.decision(bytesOf(request)), request).toEqual(wanted);
        expect(wanted.outcome, request).toBe((absent === 0) === negated ? "deny" : "permit");
      }
    }
  });

  it("a pair of a relation", () => {
    const source = { from: "relation", name: "trusts" } as const;
    const atom: Atom = { kind: "related", slot: firstFact, from: slotOf(1), to: slotOf(2) };
    const ends = ["b", "c"].map((name) => ({
      source: { from: "context", name } as const,
      type: member,
      optional: true,
    }));
    const facts = [{ source, type: set(text), optional: true }, ...ends];
    const program = oneTable({
      ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
      facts,
      atoms: [atom],
    });
    const policy = loadPolicy(program);
    const empty = '[{"from":"","to":""}]';
    for (const [pairs, context, outcome] of [
      [empty, '{"b":"","c":""}', "permit"],
      [empty, '{"b":""}', "deny"],
      [empty, '{"c":""}', "deny"],
      [empty, "{}", "deny"],
      ["null", '{"b":"","c":""}', "deny"],
      ['[{"from":"x","to":"y"},{"from":"y","to":"x"}]', '{"b":"x","c":"x"}', "deny"],
      ['[{"from":"x","from":"y","to":"x"}]', '{"b":"x","c":"x"}', "deny"],
      ['[{"from":1,"\\u0066rom":"x","to":[],"t\\u006f":"x"}]', '{"b":"x","c":"x"}', "permit"],
      ['[{"from":"x","to":"x"},{"from":"x"}]', '{"b":"x","c":"x"}', "deny"],
    ] as const) {
      const request = `${requestText(context).slice(0, -1)},"relations":{"trusts":${pairs}}}`;
      expect(policy.decision(bytesOf(request)), request).toEqual(evaluate(program, JSON.parse(request)));
      expect(policy.decision(bytesOf(request)), request).toMatchObject({ outcome });
    }
  });
});
