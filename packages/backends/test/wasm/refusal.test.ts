import { compileWasm } from "@wardline/backends";
import type { Atom, Condition, Mask, Operand, Program, Slot } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, type Parts } from "./one-table.ts";

const text = { kind: "string" } as const;
const fact: Operand = { kind: "slot", slot: firstFact, fallback: null };
const constant = (value: string | number | boolean, type: object): Operand =>
  ({ kind: "constant", value, type }) as Operand;
const isX: Atom = { kind: "compare", op: "eq", left: fact, right: constant("x", text) };
const context = (name: string) =>
  ({ source: { from: "context", name }, type: text, optional: true }) as const;
const holds = (atom: number): Condition => ({ kind: "atom", atom, negated: false });
const yes = constant(true, { kind: "bool" });
const one = constant(1, { kind: "duration" });
const small = oneTable({ ...grantIf([holds(0)]), facts: [context("a")], atoms: [isX] });

describe("a program without meaning is refused", () => {
  const parts = (change: Partial<Parts>): Program =>
    oneTable({ ...grantIf([holds(0)]), facts: [context("a")], atoms: [isX], ...change });
  const [table] = small.tables;
  const pass = table!.passes[0]!;
  const grant = pass.grants[0]!;
  const withTable = (change: object): Program => ({ ...small, tables: [{ ...table!, ...change }] });
  const masked = (mask: object) =>
    withTable({
      passes: [{ ...pass, grants: [{ ...grant, effects: [{ field: "title", mask: mask as Mask }] }] }],
    });
  const slot = (change: Partial<Slot>, at: number): Program => ({
    ...small,
    slots: small.slots.map((s, i) => (i === at ? { ...s, ...change } : s)),
  });
  const operand = (change: object) => parts({ atoms: [{ ...isX, ...change }] });
  const cases: readonly (readonly [string, Program, RegExp])[] = [
    ["no pass", withTable({ passes: [] }), /without a pass/],
    ["the tenant not read", withTable({ slots: table!.slots.toSpliced(1, 1) }), /does not read .*"tenant"/],
    [
      "the row's tenant not read",
      withTable({ passes: [{ ...pass, row: "prior" }] }),
      /does not read .*"prior"/,
    ],
    ["an optional tenant", slot({ optional: true }, 1), /cannot rest/],
    ["a tenant that is a number", slot({ type: { kind: "duration" } }, 1), /cannot rest/],
    ["no such entity", withTable({ resource: "Shelf" }), /no entity Shelf/],
    ["no such slot", withTable({ slots: [...table!.slots, 99] }), /no slot 99/],
    ["no such rule", withTable({ passes: [{ ...pass, grants: [{ ...grant, rule: 9 }] }] }), /no rule 9/],
    ["no such condition", withTable({ passes: [{ ...pass, ceiling: 9 }] }), /no condition 9/],
    ["no such atom", parts(grantIf([holds(1)])), /no atom 1/],
    [
      "a condition above itself",
      parts(grantIf([holds(0), { kind: "and", of: [0, 1] }])),
      /before its child 1/,
    ],
    ["an order of strings", operand({ op: "lt" }), /have no order/],
    ["an order of truths", operand({ op: "lt", left: yes, right: yes }), /have no order/],
    ["an unknown comparison", operand({ op: "like", left: one, right: one }), /iterable/],
    ["an unknown atom", parts({ atoms: [{ kind: "matches" } as unknown as Atom] }), /not iterable/],
    ["an unknown condition", parts(grantIf([{ kind: "not", of: [] } as unknown as Condition])), /iterable/],
    ["an unknown type", slot({ type: { kind: "period" } as never }, firstFact), /not compared/],
    ["types that do not agree", operand({ right: yes }), /not compared/],
    ["a number that is true", parts({ atoms: [{ kind: "truth", of: one }] }), /only a Bool/],
    ["a constant that is no value", operand({ right: constant(5, text) }), /no String/],
    ["half a surrogate pair", operand({ right: constant("\ud800", text) }), /no String/],
    ["half a pair in a name", withTable({ action: "\ud800" }), /not well-formed/],
    ["a set compared", slot({ type: { kind: "set", of: text } }, firstFact), /is a set/],
    [
      "no set searched",
      parts({ atoms: [{ kind: "contains", set: firstFact, of: fact, type: text }] }),
      /is no set/,
    ],
    [
      "no relation",
      parts({ atoms: [{ kind: "related", slot: firstFact, from: fact, to: fact }] }),
      /is no relation/,
    ],
    [
      "a Decimal of 19 digits",
      slot({ type: { kind: "decimal", precision: 19, scale: 2 } }, firstFact),
      /no Decimal/,
    ],
    ["an Int beyond 2^53", slot({ type: { kind: "int", min: 0, max: 2 ** 53 } }, firstFact), /no Int/],
    ["a mask off the ladder", masked({ kind: "partial", last: 65 }), /not on the ladder/],
    ["a mask between two steps", masked({ kind: "partial", last: 1.5 }), /not on the ladder/],
    ["an unknown mask", masked({ kind: "blur" }), /not on the ladder/],
  ];

  it.each(cases)("%s", (_, program, message) => {
    expect(() => compileWasm(small)).not.toThrow();
    expect(() => compileWasm(program)).toThrow(message);
  });
});
