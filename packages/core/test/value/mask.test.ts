import { describe, expect, test } from "vitest";
import {
  applyMask,
  maskAt,
  milder,
  mildest,
  stricter,
  strictest,
  strictness,
  type Mask,
} from "../../src/index.ts";

const ladder: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  { kind: "partial", last: 64 },
  { kind: "partial", last: 4 },
  { kind: "partial", last: 1 },
  { kind: "bucket", size: 1 },
  { kind: "bucket", size: 1000 },
  { kind: "bucket", size: 2 ** 40 - 1 },
  { kind: "month" },
  { kind: "year" },
  { kind: "token" },
  { kind: "hash" },
  { kind: "redact" },
  { kind: "hide" },
];

test("the ladder goes from all to nothing, and each step names its mask", () => {
  ladder.forEach((mask, index) => {
    expect(maskAt(strictness(mask))).toEqual(mask);
    for (const above of ladder.slice(index + 1)) {
      expect(stricter(mask, above)).toEqual(above);
      expect(milder(mask, above)).toEqual(mask);
    }
  });
  expect(() => maskAt(75)).toThrow(RangeError);
});

test("of masks together the strictest and the mildest depend on no order and no repetition", () => {
  const masks: readonly Mask[] = [
    ...ladder,
    { kind: "partial_first", first: 64 },
    { kind: "partial_first", first: 4 },
  ];
  for (const a of masks)
    for (const b of masks)
      for (const c of masks) {
        const all = strictest([a, b, c]);
        expect(strictest([c, b, a, b])).toEqual(all);
        expect(mildest([c, b, a, b])).toEqual(mildest([a, b, c]));
      }
  const [first, last] = [
    { kind: "partial_first", first: 4 },
    { kind: "partial", last: 4 },
  ] as const;
  expect(strictest([first, last, { kind: "initials" }])).toEqual({ kind: "redact" });
  expect(mildest([first, last, { kind: "hide" }])).toEqual({ kind: "redact" });
});

describe("what a mask shows", () => {
  test.each<[Mask, string, string | null]>([
    [{ kind: "show" }, "Ada", "Ada"],
    [{ kind: "initials" }, "Ada Lovelace", "A. L."],
    [{ kind: "initials" }, "", ""],
    [{ kind: "initials" }, " x\ny 𝒜da", " x. 𝒜."],
    [{ kind: "partial", last: 4 }, "123-45-6789", "***6789"],
    [{ kind: "partial", last: 4 }, "12345678", "***5678"],
    [{ kind: "partial", last: 4 }, "1234567", "***"],
    [{ kind: "partial", last: 2 }, "𝒜𝒷𝒸𝒹", "***𝒸𝒹"],
    [{ kind: "partial", last: 2 }, "𝒜𝒷𝒸", "***"],
    [{ kind: "redact" }, "anything", "***"],
    [{ kind: "hide" }, "anything", null],
  ])("%j of %j is %j", (mask, text, shown) => {
    expect(applyMask(mask, text)).toBe(shown);
  });
});
