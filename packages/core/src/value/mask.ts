import type { ValueType } from "./type.ts";

/**
 * How much of a field is shown, from all to nothing:
 * show < initials < partial < bucket, month, year < token < hash < redact < hide.
 * `partial` shows the first or the last `count` code points (1–64); more shown is less strict.
 * `bucket` shows a number rounded down to a multiple of `size`; a larger size is stricter.
 * `month` and `year` show a Date or an Instant as the first of its month or year.
 * `token` and `hash` stand for a text under a key of the tenant and the field: a token can be turned back by who holds
 * the key, a hash cannot.
 */
export type Mask =
  | { readonly kind: "show" }
  | { readonly kind: "initials" }
  | { readonly kind: "partial"; readonly last: number }
  | { readonly kind: "partial_first"; readonly first: number }
  | { readonly kind: "bucket"; readonly size: number }
  | { readonly kind: "month" }
  | { readonly kind: "year" }
  | { readonly kind: "token" }
  | { readonly kind: "hash" }
  | { readonly kind: "redact" }
  | { readonly kind: "hide" };

/** What stands for the part of a text that is not shown. Its length says nothing about the value. */
export const maskSign = "***";

/** The most code points that `partial` may show. */
export const maxPartial = 64;

/** The largest size of a bucket: 2^40 − 1. */
export const maxBucket = 2 ** 40 - 1;

/**
 * The step on the ladder as a number: higher is stricter. Equal masks have equal steps; unequal ones too only where one
 * shows the first and the other the last of equally many characters.
 */
export function strictness(mask: Mask): number {
  switch (mask.kind) {
    case "show":
      return 0;
    case "initials":
      return 1;
    case "partial":
      return 2 + maxPartial - mask.last;
    case "partial_first":
      return 2 + maxPartial - mask.first;
    case "bucket":
      // Exact: 40 bits after the point.
      return 66 + mask.size / 2 ** 40;
    case "month":
      return 70;
    case "year":
      return 71;
    case "token":
      return 80;
    case "hash":
      return 90;
    case "redact":
      return 100;
    case "hide":
      return 101;
  }
}

/** The mask at a step of the ladder, as {@link strictness} numbers them; of partial ones that which shows the end. */
export function maskAt(step: number): Mask {
  if (step === 0) return { kind: "show" };
  if (step === 1) return { kind: "initials" };
  if (Number.isInteger(step) && step >= 2 && step < 2 + maxPartial)
    return { kind: "partial", last: 2 + maxPartial - step };
  if (step > 66 && step < 67) return { kind: "bucket", size: (step - 66) * 2 ** 40 };
  if (step === 70) return { kind: "month" };
  if (step === 71) return { kind: "year" };
  if (step === 80) return { kind: "token" };
  if (step === 90) return { kind: "hash" };
  if (step === 100) return { kind: "redact" };
  if (step === 101) return { kind: "hide" };
  throw new RangeError(`no mask at step ${step}`);
}

/** True if a mask can stand for values of the type. */
export function canMask(mask: Mask, type: ValueType): boolean {
  switch (mask.kind) {
    case "show":
    case "hide":
      return true;
    case "initials":
    case "partial":
    case "partial_first":
    case "token":
    case "hash":
    case "redact":
      return type.kind === "string";
    case "bucket":
      return type.kind === "int" || type.kind === "decimal";
    case "month":
    case "year":
      return type.kind === "date" || type.kind === "instant";
  }
}

/**
 * The strictest of some masks; `show` of none. Where two of them show as much, and not the same, both cannot be kept by
 * showing either: the answer is at least `redact`, whatever else stands beside them.
 */
export function strictest(masks: readonly Mask[]): Mask {
  const redact: Mask = { kind: "redact" };
  const all = disagree(masks) ? [...masks, redact] : masks;
  const step = Math.max(...all.map(strictness));
  return all.find((mask) => strictness(mask) === step) ?? { kind: "show" };
}

/** The mildest of some masks; `show` of none. Where the mildest show as much, and not the same, it is `redact`. */
export function mildest(masks: readonly Mask[]): Mask {
  const step = Math.min(...masks.map(strictness));
  const all = masks.filter((mask) => strictness(mask) === step);
  return disagree(all) ? { kind: "redact" } : (all[0] ?? { kind: "show" });
}

/** True if two of the masks show equally much and not the same. */
function disagree(masks: readonly Mask[]): boolean {
  const kinds = Map.groupBy(masks, strictness).values();
  return [...kinds].some((same) => new Set(same.map((mask) => mask.kind)).size > 1);
}

export function stricter(a: Mask, b: Mask): Mask {
  return strictest([a, b]);
}

export function milder(a: Mask, b: Mask): Mask {
  return mildest([a, b]);
}

/**
 * A text as the mask shows it; null where it shows nothing at all.
 * `initials`: the first code point and a full stop for each run of characters between spaces (U+0020).
 * `partial`: the sign and the last n code points, or the sign alone if the text is shorter than 2n; `partial_first` the
 * other way round.
 * Throws a TypeError for masks that need a key (`token`, `hash`) or are for other types.
 */
export function applyMask(mask: Mask, text: string): string | null {
  switch (mask.kind) {
    case "show":
      return text;
    case "initials":
      return text.replaceAll(/([^ ])[^ ]*/gu, "$1.");
    case "partial": {
      const points = [...text];
      return points.length < 2 * mask.last ? maskSign : maskSign + points.slice(-mask.last).join("");
    }
    case "partial_first": {
      const points = [...text];
      return points.length < 2 * mask.first ? maskSign : points.slice(0, mask.first).join("") + maskSign;
    }
    case "redact":
      return maskSign;
    case "hide":
      return null;
    case "bucket":
    case "month":
    case "year":
      throw new TypeError(`${mask.kind} is not for a text`);
    case "token":
    case "hash":
      throw new TypeError(`${mask.kind} needs a key`);
  }
}
