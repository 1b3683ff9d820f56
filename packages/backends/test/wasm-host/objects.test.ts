/** Requests that are objects and no JSON: what the host writes of them must be what the oracle reads. */
import { compileWasm, loadWasmPolicy, WasmPolicyError } from "@wardline/backends";
import { evaluate, type ValueType } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "../wasm/one-table.ts";

const facts: Readonly<Record<string, ValueType>> = {
  int: { kind: "int", min: -9_007_199_254_740_991, max: 9_007_199_254_740_991 },
  text: { kind: "string" },
  bool: { kind: "bool" },
  decimal: { kind: "decimal", precision: 5, scale: 2 },
  texts: { kind: "set", of: { kind: "string" } },
  ints: { kind: "set", of: { kind: "int", min: -5, max: 5 } },
};

const program = oneTable({
  ...grantIf([{ kind: "atom", atom: 0, negated: true }]),
  facts: [
    ...Object.entries(facts).map(([name, type]) => ({
      source: { from: "context", name } as const,
      type,
      optional: true,
    })),
    {
      source: { from: "relation", name: "pairs" } as const,
      type: { kind: "set", of: { kind: "string" } } as const,
      optional: true,
    },
  ],
  // Grants where the text is absent: what is improper must never pass for absent.
  atoms: [{ kind: "has", slot: firstFact + 1 }],
});
const policy = loadWasmPolicy(compileWasm(program));

/** The good request with the given keys over those of its context and of its relations. */
function requestOf(context: unknown, relations?: unknown): Record<string, unknown> {
  const request = JSON.parse(requestText("{}")) as Record<string, unknown>;
  return { ...request, context, ...(relations === undefined ? {} : { relations }) };
}

function same(request: unknown): string {
  const wanted = evaluate(program, request);
  expect(policy.decideObject(request)).toEqual(wanted);
  expect(policy.allowsObject(request)).toBe(wanted.outcome === "permit");
  return wanted.reason ?? wanted.outcome;
}

function own(key: string, value: unknown): object {
  return Object.defineProperty({}, key, { value, enumerable: true });
}

const values: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -5,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53 - 1),
  1.5,
  1e21,
  5e-324,
  1.7976931348623157e308,
  Number.NaN,
  Infinity,
  -Infinity,
  1n,
  Symbol("x"),
  () => "x",
  "",
  "x",
  "12.50",
  'a"b\\c\u0007\n\u007f',
  "\u0000",
  "\ud800",
  "\udc00x",
  "é\u{10ffff}",
  "x".repeat(64),
  "x".repeat(65),
  "é".repeat(64),
  '"'.repeat(100_000),
  new String("x"),
  new Number(1),
  new Boolean(true),
  new Date(0),
  new Map(),
  new Uint8Array(2),
  /x/,
  {},
  { toJSON: () => "x" },
  { valueOf: () => 1, toString: () => "x" },
  [],
  [""],
  ["a", "a", "é"],
  [1, -0],
  [1.5],
  [6],
  [Number.NaN],
  [null],
  [undefined],
  Array(2),
  [["a"]],
  [[]],
  [{}],
  [1n],
  [Symbol("x")],
  ["\ud800"],
  [new String("x")],
  Object.assign(["a"], { toJSON: () => [] }),
];

describe("an object that is no JSON", () => {
  it.each(Object.keys(facts))("is read as the oracle reads it, where %s stands", (name) => {
    const seen = new Set(values.map((value) => same(requestOf({ [name]: value }))));
    expect(seen).toContain("invalid_input");
    expect(seen).toContain("permit");
  });

  it("counts by its own keys alone", () => {
    for (const [context, wanted] of [
      [Object.create({ text: "x" }), "permit"],
      [Object.assign(Object.create(null), { text: "x" }), "not_granted"],
      [own("text", "x"), "not_granted"],
      [Object.defineProperty({}, "text", { value: "x" }), "not_granted"],
      [JSON.parse('{"__proto__":{"text":"x"}}'), "permit"],
      [Object.assign(["x"], { text: "x" }), "permit"],
      [Object.assign(() => 0, { text: "x" }), "permit"],
      [new Map([["text", "x"]]), "permit"],
      ["text", "permit"],
      [null, "permit"],
    ] as const)
      expect(same(requestOf(context))).toBe(wanted);
    for (const request of [
      undefined,
      null,
      0,
      "",
      "{}",
      true,
      [],
      {},
      Symbol("x"),
      new Uint8Array(9),
      () => 0,
    ])
      expect(same(request)).toBe("invalid_input");
  });

  it("has pairs with two ends of their own", () => {
    const pair = { from: "a", to: "b" };
    const lists: readonly unknown[] = [
      [],
      [pair],
      [{ ...pair, more: Symbol("x") }],
      [pair, { from: "a" }],
      [pair, null],
      [pair, undefined],
      Array(1),
      ["a"],
      [["a", "b"]],
      [Object.create(pair)],
      [{ from: "a", to: 1 }],
      [{ from: "a", to: new String("b") }],
      [{ from: "\ud800", to: "b" }],
      [{ from: "a", to: "\u0000" }],
      { 0: pair, length: 1 },
      pair,
    ];
    const seen = new Set(lists.map((pairs) => same(requestOf({}, { pairs }))));
    expect(seen).toEqual(new Set(["permit", "invalid_input"]));
  });
});

describe("an accessor", () => {
  const code = (ask: () => unknown) => {
    try {
      ask();
    } catch (error) {
      expect(error).toBeInstanceOf(WasmPolicyError);
      return (error as WasmPolicyError).code;
    }
    return undefined;
  };

  it("is asked once", () => {
    let asked = 0;
    const context = {
      get text() {
        asked += 1;
        return asked === 1 ? "x" : undefined;
      },
    };
    expect(policy.allowsObject(requestOf(context))).toBe(false);
    expect(asked).toBe(1);
  });

  it("may ask the policy itself: neither answer is of the other's facts", () => {
    const context = {
      get bool() {
        expect(policy.allowsObject(requestOf({}))).toBe(true);
        expect(policy.allows(new TextEncoder().encode(JSON.stringify(requestOf({ text: "y" }))))).toBe(false);
        expect(code(() => policy.allows(new Uint8Array()))).toBe("input");
        return true;
      },
      text: "x",
    };
    for (let i = 0; i < 20; i += 1) {
      expect(policy.decideObject(requestOf(context))).toMatchObject({ reason: "not_granted" });
      expect(policy.allowsObject(requestOf({}))).toBe(true);
    }
  });

  it("that throws leaves no answer and nothing to the next request", () => {
    const thrower = new Proxy(
      { text: "x" },
      {
        getOwnPropertyDescriptor: () => {
          throw new TypeError("no");
        },
      },
    );
    const context = {
      text: "x",
      get texts(): never {
        throw new RangeError("no");
      },
    };
    for (const request of [thrower, requestOf(thrower), requestOf(context)]) {
      expect(code(() => policy.decideObject(request))).toBe("input");
      expect(policy.allowsObject(requestOf({}))).toBe(true);
    }
  });
});

it("an object whose facts are larger than allowed is refused, one with much that is not read is not", () => {
  const small = loadWasmPolicy(compileWasm(program), { maxInput: 2_000 });
  const ask = (context: object) => small.allowsObject(requestOf(context));
  const first = small.memory();
  expect(ask({ other: "x".repeat(1_000_000), more: { text: Array(10_000).fill("x") } })).toBe(true);
  for (const context of [
    { text: "x".repeat(2_000) },
    { text: "é".repeat(700) },
    { texts: Array(1_000).fill("") },
    { texts: Array(2 ** 32 - 1) },
  ]) {
    expect(() => ask(context)).toThrow("wardline: the input is too large");
    expect(ask({})).toBe(true);
  }
  expect(small.memory()).toBe(first);
  const large = { texts: Array.from({ length: 300_000 }, (_, i) => `é${i}`) };
  for (let i = 0; i < 3; i += 1) {
    expect(policy.allowsObject(requestOf(large))).toBe(true);
    expect(policy.allowsObject(requestOf({ ...large, text: "x" }))).toBe(false);
  }
});
