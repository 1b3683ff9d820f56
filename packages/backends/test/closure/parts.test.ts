import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decimalUnits,
  formatDecimal,
  instantMicros,
  isWireValue,
  type Atom,
  type Program,
  type ValueType,
} from "@wardline/core";
import { compileAtom } from "../../src/closure/atom.ts";
import { compileConditions, countNodes } from "../../src/closure/condition.ts";
import { orderDecimals, orderInstants } from "../../src/closure/order.ts";
import { beginDecision, createState, once } from "../../src/closure/state.ts";
import { compileValueCheck, isInstant } from "../../src/closure/value-check.ts";
import { chooseWith, randomProgram } from "../random-program.ts";

const digits = (max: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: max });

describe("value checks", () => {
  const types: readonly ValueType[] = [
    { kind: "bool" },
    { kind: "int", min: -3, max: 12 },
    { kind: "duration" },
    { kind: "string" },
    { kind: "instant" },
    { kind: "uuid" },
    { kind: "enum", name: "E", values: ["a", "constructor"] },
    { kind: "entity", entity: "Book" },
    ...[
      [1, 0],
      [2, 2],
      [3, 1],
      [18, 0],
      [18, 18],
      [6, 2],
    ].map(([precision = 0, scale = 0]): ValueType => ({ kind: "decimal", precision, scale })),
  ];
  const decimalLike = fc
    .tuple(
      fc.constantFrom("", "-", "+", " "),
      digits(20),
      fc.constantFrom("", ".", "e"),
      digits(20),
      fc.constantFrom("", "", "\n"),
    )
    .map((parts) => parts.join(""));
  const pad = (n: number, width: number) => String(n).padStart(width, "0");
  const instantLike = fc
    .tuple(fc.nat(10_000), fc.nat(13), fc.nat(32), fc.nat(24), fc.nat(60), fc.nat(60), fc.nat(999_999))
    .map(
      ([y, mo, d, h, mi, s, us]) =>
        `${pad(y, 4)}-${pad(mo, 2)}-${pad(d, 2)}T${pad(h, 2)}:${pad(mi, 2)}:${pad(s, 2)}.${pad(us, 6)}Z`,
    );
  const anything = fc.oneof(
    decimalLike,
    instantLike,
    fc.jsonValue(),
    fc.integer({ min: -20, max: 20 }),
    fc.double(),
    fc.string({ unit: "binary" }),
    fc.constantFrom<unknown>(
      "a\0",
      "\ud800",
      "constructor",
      Number.NaN,
      -0,
      undefined,
      "00000000-0000-4000-8000-00000000000a",
      1n,
      new Date(0),
    ),
  );

  it("accept what core's isWireValue accepts, for every type and set", () => {
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.boolean(), anything, anything, (type, asSet, a, b) => {
        const whole = asSet && type.kind !== "set" ? ({ kind: "set", of: type } as ValueType) : type;
        for (const value of [a, [a], [a, b], []]) {
          const wanted = isWireValue(value, whole);
          expect(compileValueCheck(whole)(value)).toBe(wanted);
          seen[wanted ? "yes" : "no"] += 1;
        }
      }),
      { numRuns: 4000 },
    );
    expect(seen.yes).toBeGreaterThan(1000);
    expect(seen.no).toBeGreaterThan(1000);
  });

  it("know every real date and no other", () => {
    for (const year of ["0000", "0001", "1900", "2000", "2023", "2024", "2100", "9999"])
      for (let month = 0; month <= 13; month += 1)
        for (let day = 0; day <= 32; day += 1) {
          const text = `${year}-${pad(month, 2)}-${pad(day, 2)}T00:00:00.000000Z`;
          expect(isInstant(text), text).toBe(instantMicros(text) !== undefined);
        }
  });

  it("order decimals as whole numbers of their last digit", () => {
    const bound = 10n ** 18n - 1n;
    const units = fc.oneof(fc.bigInt({ min: -bound, max: bound }), fc.bigInt({ min: -200n, max: 200n }));
    fc.assert(
      fc.property(fc.nat({ max: 18 }), units, units, (scale, a, b) => {
        const [x, y] = [formatDecimal(a, scale), formatDecimal(b, scale)];
        expect(decimalUnits(x, 18, scale)).toBe(a);
        expect(orderDecimals(x, y)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 3000 },
    );
  });

  it("order instants as their microseconds", () => {
    fc.assert(
      fc.property(instantLike, instantLike, (a, b) => {
        const [x, y] = [instantMicros(a), instantMicros(b)];
        fc.pre(x !== undefined && y !== undefined);
        expect(orderInstants(a, b)).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });
});

describe("the truths of a decision", () => {
  it("outlive no decision, also when their numbers start again", () => {
    const state = createState(0, 1);
    let answer = true;
    let asked = 0;
    const test = once(() => {
      asked += 1;
      return answer;
    }, 0);
    const ask = () => {
      beginDecision(state);
      return [test(state), test(state), test(state)];
    };
    expect(ask()).toEqual([true, true, true]);
    answer = false;
    expect(ask()).toEqual([false, false, false]);
    // One decision before the numbers run out, with a truth left by the very first number.
    state.truths[0] = 3;
    state.decision = 0xffff_fffc;
    expect(ask()).toEqual([false, false, false]);
    expect(state.decision).toBe(0xffff_fffe);
    state.truths[0] = 3;
    expect(ask()).toEqual([false, false, false]);
    expect(state.decision).toBe(2);
    expect(asked).toBe(4);
  });

  it("are found at most once for each atom, however often rules share it", () => {
    let most = 0;
    fc.assert(
      fc.property(fc.gen(), fc.func(fc.boolean()), (g, truth) => {
        const program = randomProgram(chooseWith(g));
        const asked = new Map<Atom, number>();
        const tests = compileConditions(program, (_, atom) => () => {
          asked.set(atom, (asked.get(atom) ?? 0) + 1);
          return truth(JSON.stringify(atom));
        });
        const state = createState(program.slots.length, countNodes(program));
        for (const table of program.tables) {
          asked.clear();
          beginDecision(state);
          let entries = 0;
          for (const pass of table.passes)
            for (const entry of [...pass.forbids, ...pass.grants, ...pass.requires]) {
              expect(tests[entry.when]?.(state)).toBe(naively(program, entry.when, truth));
              entries += 1;
            }
          if (entries > 0) most = Math.max(most, ...asked.values());
        }
      }),
      { numRuns: 60 },
    );
    expect(most).toBe(1);
  });

  it("stay cheap where the conditions share so much that a tree of them would never end", () => {
    const conditions: Program["conditions"][number][] = [
      { kind: "atom", atom: 0, negated: false },
      { kind: "atom", atom: 1, negated: false },
    ];
    for (let i = 2; i < 200; i += 1)
      conditions.push({ kind: i % 2 === 0 ? "and" : "or", of: [i - 1, i - 2] });
    const atoms: Atom[] = [
      { kind: "has", slot: 0 },
      { kind: "has", slot: 1 },
    ];
    const program = { atoms, conditions, slots: [], tables: [] } as unknown as Program;
    const tests = compileConditions(program, compileAtom);
    const state = createState(2, countNodes(program));
    beginDecision(state);
    expect(tests[199]?.(state)).toBe(false);
    state.facts[0] = state.facts[1] = "x";
    beginDecision(state);
    expect(tests[199]?.(state)).toBe(true);
  });
});

function naively(program: Program, index: number, truth: (atom: string) => boolean): boolean {
  const condition = program.conditions[index] as Program["conditions"][number];
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "atom":
      return truth(JSON.stringify(program.atoms[condition.atom])) !== condition.negated;
    case "and":
      return condition.of.every((child) => naively(program, child, truth));
    case "or":
      return condition.of.some((child) => naively(program, child, truth));
  }
}

describe("the sources of the engine", () => {
  it("make no code at run time", () => {
    const folder = new URL("../../src/closure/", import.meta.url);
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files)
      expect(readFileSync(new URL(file, folder), "utf8"), file).not.toMatch(
        /\beval\b|\bFunction\s*\(|import\s*\(/,
      );
  });
});
