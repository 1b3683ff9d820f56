import fc from "fast-check";
import { evaluate, type Atom, type Condition, type ValueType } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { Choose } from "./choose.ts";
import { spelled } from "./generated-request.ts";
import { hostile, samples, scalarNames, scalars, type ScalarName } from "./library.ts";
import { firstFact, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy, thrownBy } from "./policy.ts";

/** A program whose answer tells which of the samples the fact is, or which of them are in the set. */
function telling(name: ScalarName, type: ValueType) {
  const scalar = scalars[name];
  const values = [...new Set(samples[name])];
  const atoms = values.map((value): Atom => {
    const constant = { kind: "constant", value, type: scalar } as const;
    const fact = { kind: "slot", slot: firstFact, fallback: null } as const;
    return type.kind === "set"
      ? { kind: "contains", set: firstFact, of: constant, type: scalar }
      : { kind: "compare", op: "eq", left: fact, right: constant };
  });
  const conditions = atoms.map((_, atom): Condition => ({ kind: "atom", atom, negated: false }));
  const always = conditions.length;
  const grants = [...conditions, {}].map((_, rule) => ({ rule, when: rule, effects: [] }));
  return oneTable({
    facts: [{ source: { from: "context", name }, type, optional: true }],
    atoms,
    conditions: [...conditions, { kind: "constant", value: true }],
    rules: [...values.map((value) => `north/${JSON.stringify(value)}`), "north/always"],
    pass: { ceiling: always, forbids: [], grants, requires: [] },
  });
}

describe.each(scalarNames)("facts of type %s", (name) => {
  const programs = ([scalars[name], { kind: "set", of: scalars[name] }] as const).map((type) =>
    telling(name, type),
  );
  const policies = programs.map(loadPolicy);
  const check = (i: number, context: string) => {
    const text = requestText(context);
    const wanted = evaluate(programs[i] as (typeof programs)[0], JSON.parse(text));
    expect(policies[i]?.decision(bytesOf(text)), text).toEqual(wanted);
    return wanted;
  };

  it("are told apart, and nothing else is taken for one", () => {
    for (const value of samples[name]) {
      expect(check(0, JSON.stringify({ [name]: value })).outcome).toBe("permit");
      expect(check(1, JSON.stringify({ [name]: [value, value] })).rules.length).toBe(2);
    }
    const every = scalarNames.flatMap((other) => samples[other]);
    for (const value of [...every, ...hostile]) {
      check(0, JSON.stringify({ [name]: value }));
      check(1, JSON.stringify({ [name]: value }));
      check(1, JSON.stringify({ [name]: [samples[name][0], value] }));
      check(1, JSON.stringify({ [name]: [value, samples[name][0]] }));
    }
  });

  it("read the same however the JSON is spelled", () => {
    fc.assert(
      fc.property(fc.noBias(fc.integer()), (seed) => {
        const choose = new Choose(seed);
        check(0, spelled(choose, { [name]: choose.one([...samples[name], ...hostile]) }));
        check(
          1,
          spelled(choose, {
            [name]: choose.some([...samples[name], ...samples[name], choose.one(hostile)], 5),
          }),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("text", () => {
  const program = telling("title", scalars.title);
  const policy = loadPolicy(program);

  it("with half a surrogate pair or U+0000 is malformed where it is read and harmless elsewhere", () => {
    for (const text of [
      "\\ud800",
      "\\udc00",
      "\\ud800\\u0041",
      "\\ud800\\ud800\\udc00",
      "\\u0000",
      "a\\u0000b",
    ]) {
      const ask = (context: string) => policy.decision(bytesOf(requestText(context)));
      expect(ask(`{"title":"${text}"}`)).toMatchObject({ reason: "invalid_input" });
      expect(ask(`{"other":"${text}","${text}":1,"title":"a"}`)).toMatchObject({ outcome: "permit" });
      expect(ask(`{"title":"${text}","title":"a"}`)).toMatchObject({ outcome: "permit" });
      expect(ask(`{"title":"a","title":"${text}"}`)).toMatchObject({ reason: "invalid_input" });
    }
    expect(thrownBy(() => policy.decision(bytesOf(requestText('{"title":"a\u0000"}'))))).toMatch(
      /not valid JSON/,
    );
  });

  it("of any kind equals itself and nothing else", () => {
    const known = samples.title;
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const request = requestText(JSON.stringify({ title: text }));
        expect(policy.decision(bytesOf(request))).toEqual(evaluate(program, JSON.parse(request)));
        expect(policy.decision(JSON.parse(request))).toMatchObject({
          rules: known.includes(text) ? { length: 2 } : {},
        });
      }),
      { numRuns: 500 },
    );
  });
});
