import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clearStray,
  decimalUnits,
  formatDecimal,
  formatIp,
  formatNetwork,
  instantMicros,
  isInNetwork,
  isWireScalar,
  parseIp,
  parseNetwork,
  type Atom,
  type IpAddress,
  type IpNetwork,
  type Program,
  type ScalarType,
} from "@wardline/core";
import { compileAtom } from "../../src/closure/atom.ts";
import { compileConditions } from "../../src/closure/condition.ts";
import { ipWords, liesIn, networkOf } from "../../src/closure/ip.ts";
import { orderDecimals, orderMoved, orderTexts } from "../../src/closure/order.ts";
import { numberRoles } from "../../src/closure/role-numbers.ts";
import { beginDecision, createState, once } from "../../src/closure/state.ts";
import { compileScalarCheck, isDate, isInstant } from "../../src/closure/value-check.ts";
import { chooseWith, randomProgram } from "../random-program.ts";

const digits = (max: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: max });

describe("value checks", () => {
  const types: readonly ScalarType[] = [
    { kind: "bool" },
    { kind: "int", min: -3, max: 12 },
    { kind: "duration" },
    { kind: "string" },
    { kind: "instant" },
    { kind: "uuid" },
    { kind: "enum", name: "E", values: ["a", "constructor"] },
    { kind: "entity", entity: "Book" },
    { kind: "ip" },
    { kind: "date" },
    { kind: "time" },
    ...[
      [1, 0],
      [2, 2],
      [3, 1],
      [18, 0],
      [18, 18],
      [6, 2],
    ].map(([precision = 0, scale = 0]): ScalarType => ({ kind: "decimal", precision, scale })),
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
    instantLike.map((text) => text.slice(0, 10)),
    instantLike.map((text) => text.slice(11, 26)),
    fc.ipV4(),
    fc.ipV6(),
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

  it("accept what core's isWireScalar accepts, for every type", () => {
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...types), anything, anything, (type, a, b) => {
        const check = compileScalarCheck(type);
        // Twice, since a check may know what it accepted last.
        for (const value of [a, b, a, [a], a]) {
          const wanted = isWireScalar(value, type);
          expect(check(value)).toBe(wanted);
          seen[wanted ? "yes" : "no"] += 1;
        }
      }),
      { numRuns: 5000 },
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
          expect(isDate(text.slice(0, 10)), text).toBe(instantMicros(text) !== undefined);
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
        expect(orderTexts(a, b)).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });
});

describe("instants that are moved", () => {
  const instant = fc
    .date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    })
    .chain((date) =>
      fc.nat(999_999).map((us) => `${date.toISOString().slice(0, 19)}.${String(us).padStart(6, "0")}Z`),
    );
  const offset = fc.oneof(
    fc.integer({ min: -3_000_000, max: 3_000_000 }),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 1, -1, 999_999, -1_000_000),
  );

  it("order as their microseconds, however far they are moved", () => {
    fc.assert(
      fc.property(instant, offset, fc.option(instant), offset, fc.boolean(), (a, x, other, far, isNear) => {
        const b = other ?? a;
        // Near: both come within a few microseconds of each other.
        const gap = (instantMicros(a) as bigint) - (instantMicros(b) as bigint) + BigInt(x);
        const y = isNear && gap > -(2n ** 52n) && gap < 2n ** 52n ? Number(gap) + (far % 3) : far;
        const [p, q] = [(instantMicros(a) as bigint) + BigInt(x), (instantMicros(b) as bigint) + BigInt(y)];
        expect(orderMoved(a, x, b, y)).toBe(p < q ? -1 : p > q ? 1 : 0);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("addresses", () => {
  it("lie in the networks that core says they lie in", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => formatIp(parseIp(text) as IpAddress));
    let inside = 0;
    fc.assert(
      fc.property(address, address, fc.nat(128), fc.boolean(), (a, b, bits, isOwn) => {
        const base = isOwn ? a : b;
        const prefix = Math.min(bits, base.includes(":") ? 128 : 32);
        const network = parseNetwork(`${base}/${prefix}`) as IpNetwork;
        const wanted = isInNetwork(parseIp(a) as IpAddress, network);
        expect(liesIn(ipWords(a), networkOf(formatNetwork(clearStray(network))))).toBe(wanted);
        if (wanted) inside += 1;
      }),
      { numRuns: 3000 },
    );
    expect(inside).toBeGreaterThan(1000);
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
        const conditions = compileConditions(program, (atom) => () => {
          asked.set(atom, (asked.get(atom) ?? 0) + 1);
          return truth(JSON.stringify(atom));
        });
        const state = createState(program.slots.length, conditions.nodes);
        for (const table of program.tables) {
          asked.clear();
          beginDecision(state);
          let entries = 0;
          for (const pass of table.passes)
            for (const entry of [...pass.forbids, ...pass.grants, ...pass.requires]) {
              const parts = conditions.allOf(conditions.partsOf(entry.when));
              expect(parts?.(state)).toBe(naively(program, entry.when, truth));
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
    const when = [{ rule: 0, when: 199 }];
    const pass = { ceiling: 199, forbids: when, grants: [], requires: [] };
    const tables = [{ passes: [pass] }] as unknown as Program["tables"];
    const shared = { ...program, tables };
    const { testOf, nodes } = compileConditions(shared, (atom) =>
      compileAtom(shared, numberRoles(shared), atom),
    );
    const state = createState(2, nodes);
    beginDecision(state);
    expect(testOf(199)(state)).toBe(false);
    state.facts[0] = state.facts[1] = "x";
    beginDecision(state);
    expect(testOf(199)(state)).toBe(true);
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
