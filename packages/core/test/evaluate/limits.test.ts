/** Limits: what is left of them, what is drawn, and when to ask again. */
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/index.ts";
import { decide, reading } from "./deciding.ts";
import { request } from "./small-program.ts";

const rules = ["platform/f floor", "north/a", "north/b", "north/c", "north/r require", "north/s require"];

/** The named rules stand in the program and hold; those with a `#` have a limit. */
function program(...names: readonly string[]): Program {
  return reading((d) => {
    const of = (kind: "grants" | "requires") =>
      rules.flatMap((text, rule) => {
        const id = text.split(" ")[0] ?? "";
        const name = names.find((one) => id.endsWith(`/${one.replace("#", "")}`));
        if (name === undefined || text.endsWith(" require") !== (kind === "requires")) return [];
        const limit = name.endsWith("#") ? { limit: d.limit(id, 20 + rule) } : {};
        return [{ rule, when: d.always(), effects: [], ...limit }];
      });
    return {
      grants: of("grants"),
      requires: of("requires").map((entry) => ({ ...entry, preconditions: [] })),
    };
  }, rules);
}

type Left = Readonly<Record<string, number | readonly [left: number, wait: number]>>;
const asked = (left: Left) => ({
  ...request(),
  limits: Object.fromEntries(
    Object.entries(left).map(([name, value]) => {
      const [count, wait] = typeof value === "number" ? [value, undefined] : value;
      return [`north/${name}`, { left: count, ...(wait === undefined ? {} : { retry_after: wait }) }];
    }),
  ),
});
const drawn = (of: Program, left: Left) =>
  decide(of, asked(left)).obligations.map((one) => (one.type === "limit" ? one.rule : one.type));

describe("a permit draws", () => {
  test("from the limit of the only grant, and says all of it", () => {
    expect(decide(program("a#"), asked({ a: 1 })).obligations).toEqual([
      { type: "limit", rule: "north/a", count: 21, per: "day", by: "principal" },
    ]);
  });

  test("from no grant if one that counts has no limit", () => {
    expect(drawn(program("a#", "b"), { a: 1 })).toEqual([]);
    expect(drawn(program("a#", "f"), { a: 1 })).toEqual([]);
  });

  test("from every grant that counts if all have one", () => {
    expect(drawn(program("b#", "a#"), { a: 1, b: 1 })).toEqual(["north/a", "north/b"]);
    expect(drawn(program("a#", "b#"), { a: 0, b: 1 })).toEqual(["north/b"]);
  });

  test("from every require that binds, beside", () => {
    expect(drawn(program("a", "r#", "s#"), { r: 1, s: 1 })).toEqual(["north/r", "north/s"]);
    expect(drawn(program("a#", "r#"), { a: 1, r: 1 })).toEqual(["north/a", "north/r"]);
    expect(drawn(program("f", "r#"), { r: 1 })).toEqual([]);
  });
});

describe("an exhausted limit", () => {
  const refused = (of: Program, left: Left) => {
    const { outcome, reason, rules: by, retry_after } = decide(of, asked(left));
    expect([outcome, reason]).toEqual(["deny", "not_granted"]);
    return [by, retry_after];
  };

  test("of all grants denies until the first has some left", () => {
    expect(refused(program("a#"), { a: [0, 5] })).toEqual([["north/a"], 5]);
    expect(refused(program("a#", "b#"), { a: [0, 5], b: [0, 3] })).toEqual([["north/a", "north/b"], 3]);
    expect(refused(program("a#", "b#"), { a: 0, b: [0, 3] })).toEqual([["north/a", "north/b"], 3]);
    expect(refused(program("a#"), { a: 0 })).toEqual([["north/a"], undefined]);
  });

  test("of a require denies until each has some left", () => {
    expect(refused(program("a", "r#"), { r: [0, 7] })).toEqual([["north/r"], 7]);
    expect(refused(program("a", "r#", "s#"), { r: [0, 7], s: [0, 9] })).toEqual([["north/r", "north/s"], 9]);
    expect(refused(program("a", "r#", "s#"), { r: [0, 7], s: 0 })).toEqual([
      ["north/r", "north/s"],
      undefined,
    ]);
    expect(refused(program("a#", "r#"), { a: [0, 5], r: [0, 7] })).toEqual([["north/a", "north/r"], 7]);
  });

  test("of a require is nothing under a floor, and of a grant nothing beside another", () => {
    expect(decide(program("f", "r#"), asked({ r: 0 })).outcome).toBe("permit");
    expect(decide(program("a#", "b"), asked({ a: 0 })).rules).toEqual(["north/b"]);
  });
});

test.each([
  ["no limits", request()],
  ["none of the rule", asked({ b: 1 })],
  ["less than nothing", asked({ a: -1 })],
  ["a part", asked({ a: 0.5 })],
  ["a wait that is no number", { ...request(), limits: { "north/a": { left: 1, retry_after: "5m" } } }],
])("%s is invalid input", (_, document) => {
  expect(decide(program("a#"), document).reason).toBe("invalid_input");
});
