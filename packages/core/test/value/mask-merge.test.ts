/** How masks are merged: laws that hold of any masks, and the cases that they leave open. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mildest, strictest, strictness, type Mask } from "../../src/index.ts";

const seed = 20_260_105;
const mask: fc.Arbitrary<Mask> = fc.oneof(
  fc.constantFrom<Mask>(
    { kind: "show" },
    { kind: "initials" },
    { kind: "month" },
    { kind: "year" },
    { kind: "token" },
    { kind: "hash" },
    { kind: "redact" },
    { kind: "hide" },
  ),
  fc.integer({ min: 1, max: 4 }).map((last): Mask => ({ kind: "partial", last })),
  fc.integer({ min: 1, max: 4 }).map((first): Mask => ({ kind: "partial_first", first })),
  fc.constantFrom(1, 10, 1000).map((size): Mask => ({ kind: "bucket", size })),
);
const masks = fc.array(mask, { minLength: 1, maxLength: 5 });

describe.each([
  ["strictest", strictest],
  ["mildest", mildest],
])("%s", (_, merge) => {
  test("order and repetition mean nothing", () => {
    fc.assert(
      fc.property(masks, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (all, keys) => {
        const other = all.map((one, i) => [keys[i] ?? 0, one] as const).toSorted(([a], [b]) => a - b);
        expect(merge([...other.map(([, one]) => one), ...all.slice(0, 2)])).toEqual(merge(all));
      }),
      { seed },
    );
  });

  test("one mask is itself", () => {
    fc.assert(
      fc.property(mask, (one) => {
        expect(merge([one, one])).toEqual(one);
      }),
      { seed },
    );
  });
});

test("one more never makes the strictest milder", () => {
  fc.assert(
    fc.property(masks, mask, (all, more) => {
      expect(strictness(strictest([...all, more]))).toBeGreaterThanOrEqual(strictness(strictest(all)));
      expect(strictness(strictest(all))).toBeGreaterThanOrEqual(Math.max(...all.map(strictness)));
    }),
    { seed, numRuns: 1000 },
  );
});

describe("two partials", () => {
  const last = (count: number): Mask => ({ kind: "partial", last: count });
  const first = (count: number): Mask => ({ kind: "partial_first", first: count });
  const redact: Mask = { kind: "redact" };

  test("the one that shows fewer is stricter, whichever end it shows", () => {
    expect(strictest([last(4), first(2)])).toEqual(first(2));
    expect(mildest([last(4), first(2)])).toEqual(last(4));
  });

  test("equally many from the two ends give redact, also beside what is milder than that", () => {
    expect(strictest([last(4), first(4)])).toEqual(redact);
    expect(mildest([last(4), first(4)])).toEqual(redact);
    expect(strictest([last(4), first(4), last(2)])).toEqual(redact);
    expect(strictest([last(4), first(4), { kind: "token" }])).toEqual(redact);
    expect(strictest([last(4), first(4), { kind: "hide" }])).toEqual({ kind: "hide" });
  });

  test("what is milder than both wins over them", () => {
    expect(mildest([last(4), first(4), { kind: "initials" }])).toEqual({ kind: "initials" });
    expect(mildest([last(4), first(4), last(2)])).toEqual(redact);
  });
});
