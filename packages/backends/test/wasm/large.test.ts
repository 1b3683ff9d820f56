import wabt from "wabt";
import { compileWasm } from "@wardline/backends";
import { evaluate, type Atom, type Condition, type Program } from "@wardline/core";
import { expect, it } from "vitest";
import { firstFact, oneTable, requestText } from "./one-table.ts";
import { bytesOf, policyOf } from "./policy.ts";

const count = 4_000;
const every = Array.from({ length: count }, (_, i) => i);
const text = { kind: "string" } as const;
const name = (i: number) => `fact_${i}_${"x".repeat(60)}`;

/** 4,000 facts, atoms and rules; one junction of all atoms, and one that nests 600 deep; 1,500 tables. */
function largeProgram(): Program {
  const atoms = every.map((i): Atom => {
    const left = { kind: "slot", slot: firstFact + i, fallback: null } as const;
    return { kind: "compare", op: "eq", left, right: { kind: "constant", value: `value_${i}`, type: text } };
  });
  const leaves = every.map((atom): Condition => ({ kind: "atom", atom, negated: atom % 2 === 1 }));
  const nested = Array.from({ length: 600 }, (_, i): Condition => {
    return { kind: i % 2 === 0 ? "and" : "or", of: [i === 0 ? 1 : count + i - 1, i] };
  });
  const deep = count + nested.length - 1;
  const [all, always] = [deep + 1, deep + 2];
  const junctions: readonly Condition[] = [
    { kind: "and", of: every },
    { kind: "constant", value: true },
  ];
  const reason = { obligation: { type: "reason" }, met: all } as const;
  const program = oneTable({
    facts: every.map((i) => ({ source: { from: "context", name: name(i) }, type: text, optional: true })),
    atoms,
    conditions: [...leaves, ...nested, ...junctions],
    rules: Array.from({ length: count + 2 }, (_, i) => `north/a rule with the number ${i} of very many`),
    pass: {
      ceiling: always,
      forbids: [{ rule: count, when: all }],
      grants: every.map((rule) => ({ rule, when: rule, effects: [] })),
      requires: [{ rule: count + 1, when: deep, effects: [], preconditions: [reason] }],
    },
  });
  const others = program.tables.flatMap((table) =>
    Array.from({ length: 1_500 }, (_, i) => {
      const passes = table.passes.map((pass) => ({ ...pass, grants: pass.grants.slice(i, i + 2) }));
      return { ...table, action: `action_${i}`, passes, slots: table.slots.slice(0, firstFact + i) };
    }),
  );
  return { ...program, tables: [...others.slice(0, 700), ...program.tables, ...others.slice(700)] };
}

it("thousands of rules, facts, conditions and tables, and more data than a host's first memory, make a module", async () => {
  const program = largeProgram();
  const bytes = compileWasm(program);
  const tools = await wabt();
  const parsed = tools.readWasm(bytes, { readDebugNames: false });
  parsed.validate();
  parsed.destroy();
  const policy = policyOf(bytes);
  expect(policy.memory()).toBeGreaterThan(5 * 65_536);
  const outcomes = new Set<string>();
  const given = [
    [],
    [0],
    [1],
    every.filter((i) => i % 2 === 0),
    every.filter((i) => i % 3 === 0),
    every,
    every.filter((i) => i % 2 === 1),
  ];
  for (const facts of given)
    for (const action of ["read", "action_0", "action_699", "action_700", "action_1499", "action_1500"]) {
      const context = JSON.stringify(Object.fromEntries(facts.map((i) => [name(i), `value_${i}`])));
      const request = requestText(context).replace('"read"', `"${action}"`);
      const wanted = evaluate(program, JSON.parse(request));
      outcomes.add(wanted.reason ?? wanted.outcome);
      expect(policy.decision(bytesOf(request))).toEqual(wanted);
    }
  expect([...outcomes].toSorted()).toEqual([
    "challenge",
    "forbidden",
    "invalid_input",
    "not_granted",
    "permit",
  ]);
});
