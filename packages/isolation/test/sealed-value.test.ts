/** A sealed value shows its text to whoever asks for it, and to nothing that prints, clones, compares or serialises. */
import { deepStrictEqual } from "node:assert";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { snapshot } from "../src/scope/snapshot.ts";
import { isSealedValue, revealed, revealRow, Sealed } from "../src/seal/sealed.ts";

const canary = "canary-5e1f";
const value = new Sealed(canary);
/** As code without types would use it. */
const loose = value as unknown as string;

describe("V80: a sealed value", () => {
  test("gives its text to whoever asks", () => {
    expect(value.reveal()).toBe(canary);
    expect(value.equals(new Sealed(canary))).toBe(true);
    expect(value.equals(new Sealed("other"))).toBe(false);
    expect(value.equals(canary)).toBe(false);
    expect(revealRow({ id: "1", note: value, empty: null })).toEqual({ id: "1", note: canary, empty: null });
  });

  test.each<[string, () => unknown]>([
    ["JSON", () => JSON.stringify({ value, list: [value] })],
    ["a template", () => `the text ${loose} of it`],
    ["String", () => String(value)],
    ["concatenation", () => "".concat(loose)],
    ["join", () => [value].join()],
    ["inspect", () => inspect({ value }, { showHidden: true, depth: 9, getters: true, customInspect: true })],
    [
      "inspect without our own",
      () => inspect(value, { showHidden: true, customInspect: false, getters: true }),
    ],
    ["console's format", () => format("%s %o %O %j %d", value, value, value, value, value)],
    ["structuredClone", () => inspect(structuredClone({ value }), { showHidden: true })],
    ["a message to a worker", () => serialize({ value }).toString("latin1")],
    ["its own names", () => JSON.stringify([Reflect.ownKeys(value), Object.entries(value), { ...value }])],
    ["a copy", () => JSON.stringify(Object.assign({}, value))],
    [
      "an error that is made of it",
      () => inspect(new Error(`no ${loose}`, { cause: value }), { showHidden: true }),
    ],
    [
      "an assertion",
      () => {
        try {
          deepStrictEqual({ value }, { value: "x" });
        } catch (error) {
          return `${String(error)} ${inspect(error)}`;
        }
        return canary;
      },
    ],
    ["its class", () => `${Object.prototype.toString.call(value)} ${Sealed.toString().includes(canary)}`],
  ])("does not show it in %s", (_, shown) => {
    expect(String(shown())).not.toContain(canary);
  });

  test("is known by what nothing else can have, and cannot be changed", () => {
    class Other extends Sealed {
      override reveal(): string {
        return "another";
      }
    }
    const other = new Other(canary);
    expect(isSealedValue(other)).toBe(true);
    expect(revealed(other)).toBe(canary);
    for (const not of [
      Object.create(Sealed.prototype),
      { reveal: () => canary },
      structuredClone(value),
      null,
      canary,
    ])
      expect(isSealedValue(not)).toBe(false);
    expect(() => Object.assign(value, { reveal: () => "x" })).toThrow(TypeError);
    expect(() => Object.defineProperty(Sealed.prototype, "reveal", { value: () => "x" })).toThrow(TypeError);
    expect(() => new Sealed(7 as never)).toThrow(TypeError);
  });

  test("stays one in a copy of a query, while what looks like one becomes nothing", () => {
    const node = (of: unknown) => snapshot({ kind: "ValueNode", value: of }) as unknown as { value: unknown };
    expect(node(value).value).toBe(value);
    expect(isSealedValue(node(Object.create(Sealed.prototype)).value)).toBe(false);
  });
});
