/** Requests whose objects come in every shape that JavaScript has: the engine reads own keys alone, as the oracle does. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "@wardline/core";
import { libraryProgram, libraryRequest } from "@wardline/core/testing";
import { compileClosures } from "../../src/index.ts";
import { chooseWith, type Choose } from "../random-program.ts";

class Instance {
  readonly own = true;
}

/** The same keys and values in an object of another shape, or in one that only inherits them. */
function reshape(value: unknown, choose: Choose): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return reshapeList(value, choose);
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, reshape(item, choose)]);
  if (choose.chance(30)) entries.reverse();
  if (choose.chance(20)) entries.unshift(["more", 1]);
  if (choose.chance(20)) entries.push(["id2", "x"]);
  const plain = Object.fromEntries(entries);
  switch (choose.below(14)) {
    case 0:
      return Object.assign(Object.create(null) as object, plain);
    case 1:
      return Object.freeze(plain);
    case 2:
      return Object.assign(new Instance(), plain);
    case 3: {
      const hidden = {};
      for (const [key, item] of entries) Object.defineProperty(hidden, key, { value: item });
      return hidden;
    }
    case 4:
      return new Proxy(plain, {});
    case 5: {
      const getters = {};
      for (const [key, item] of entries)
        Object.defineProperty(getters, key, { get: () => item, enumerable: true });
      return getters;
    }
    case 6:
      return choose.chance(20) ? Object.create(plain) : plain;
    case 7:
      return choose.chance(20) ? Object.setPrototypeOf(Object.assign([], plain), Object.prototype) : plain;
    case 8: {
      // Enough keys for a dictionary, and one that was there before.
      const large: Record<string, unknown> = Object.fromEntries(
        Array.from({ length: 200 }, (_, n) => [`k${n}`, n]),
      );
      Object.assign(large, plain);
      delete large["k7"];
      return large;
    }
    default:
      return plain;
  }
}

function reshapeList(list: readonly unknown[], choose: Choose): unknown {
  const items = list.map((item) => reshape(item, choose));
  switch (choose.below(8)) {
    case 0:
      return new Proxy(items, {});
    case 1: {
      // A hole is what it reads as.
      const holed = [...items];
      if (choose.chance(30)) holed.length += 1;
      return holed;
    }
    case 2:
      return choose.chance(20) ? { ...items, length: items.length } : items;
    default:
      return items;
  }
}

describe("objects of every shape", () => {
  it("are read as the oracle reads them", () => {
    const seen = new Map<string, number>();
    const { decide, allows } = compileClosures(libraryProgram);
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const request = reshape(libraryRequest, chooseWith(g));
        const wanted = evaluate(libraryProgram, request);
        expect(decide(request)).toEqual(wanted);
        expect(allows(request)).toBe(wanted.outcome === "permit");
        const answer = wanted.reason ?? wanted.outcome;
        seen.set(answer, (seen.get(answer) ?? 0) + 1);
      }),
      { numRuns: 1500, endOnFailure: true },
    );
    expect(seen.get("permit")).toBeGreaterThan(200);
    expect(seen.get("invalid_input")).toBeGreaterThan(50);
  });
});
