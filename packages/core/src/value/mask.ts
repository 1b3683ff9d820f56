/**
 * How much of a field is shown, from all to nothing: show < initials < partial < redact < hide.
 * `partial` shows the last `last` code points (1–64); more shown is less strict.
 * (`bucket`, `month`, `year`, `token` and `hash` join this ladder with the rest of the language.)
 */
export type Mask =
  | { readonly kind: "show" }
  | { readonly kind: "initials" }
  | { readonly kind: "partial"; readonly last: number }
  | { readonly kind: "redact" }
  | { readonly kind: "hide" };

/** What stands for the part of a text that is not shown. Its length says nothing about the value. */
export const maskSign = "***";

/** The most code points that `partial` may show. */
export const maxPartial = 64;

/** The step on the ladder as a number: higher is stricter. Equal masks, and only they, have equal steps. */
export function strictness(mask: Mask): number {
  switch (mask.kind) {
    case "show":
      return 0;
    case "initials":
      return 1;
    case "partial":
      return 2 + maxPartial - mask.last;
    case "redact":
      return 100;
    case "hide":
      return 101;
  }
}

/** The mask at a step of the ladder, as {@link strictness} numbers them. */
export function maskAt(step: number): Mask {
  if (step === 0) return { kind: "show" };
  if (step === 1) return { kind: "initials" };
  if (step >= 2 && step < 2 + maxPartial) return { kind: "partial", last: 2 + maxPartial - step };
  if (step === 100) return { kind: "redact" };
  if (step === 101) return { kind: "hide" };
  throw new RangeError(`no mask at step ${step}`);
}

export function stricter(a: Mask, b: Mask): Mask {
  return strictness(a) >= strictness(b) ? a : b;
}

export function milder(a: Mask, b: Mask): Mask {
  return strictness(a) <= strictness(b) ? a : b;
}

/**
 * A text as the mask shows it; null where it shows nothing at all.
 * `initials`: the first code point and a full stop for each run of characters between spaces (U+0020).
 * `partial`: the sign and the last n code points, or the sign alone if the text is shorter than 2n.
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
    case "redact":
      return maskSign;
    case "hide":
      return null;
  }
}
