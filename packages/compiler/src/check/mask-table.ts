/** Every mask of the language: how it is written, what it takes and what it gives. */
import { maxBucket, maxPartial, type Mask } from "@wardline/core";

export interface MaskFunction {
  /** How it is written. */
  readonly form: string;
  /** The types of the fields that it can stand for, as words. */
  readonly takes: string;
  readonly summary: string;
  /** Null: it stands alone. Else it takes one whole number from 1. */
  readonly argument: MaskArgument | null;
  /** The mask with a label (null: none) and a number of the argument. */
  readonly make: (label: string | null, count: number) => Mask;
}

export interface MaskArgument {
  /** The labels of which one stands before the number; empty: none does. */
  readonly labels: readonly string[];
  readonly most: number;
  /** What the number says. */
  readonly says: string;
}

const text = "a String";
const number = "an Int or a Decimal";
const day = "a Date or an Instant";

function alone(mask: Mask, takes: string, summary: string): MaskFunction {
  return { form: mask.kind, takes, summary, argument: null, make: () => mask };
}

/** From the mildest to the strictest. Not shown at all is `hide(NAME)`, which is no mask. */
export const maskFunctions = {
  initials: alone({ kind: "initials" }, text, "the first character of each word"),
  partial: {
    form: "partial(last: 4)",
    takes: text,
    summary: "the last or the first characters",
    argument: { labels: ["last", "first"], most: maxPartial, says: "how many characters are shown" },
    make: (label, count) =>
      label === "first" ? { kind: "partial_first", first: count } : { kind: "partial", last: count },
  },
  bucket: {
    form: "bucket(1000)",
    takes: number,
    summary: "rounded down to a multiple",
    argument: { labels: [], most: maxBucket, says: "of which number the multiples are shown" },
    make: (_, count) => ({ kind: "bucket", size: count }),
  },
  month: alone({ kind: "month" }, day, "the first of the month"),
  year: alone({ kind: "year" }, day, "the first of the year"),
  token: alone({ kind: "token" }, text, "a stand-in that who holds the key can turn back"),
  hash: alone({ kind: "hash" }, text, "a stand-in that nobody can turn back"),
  redact: alone({ kind: "redact" }, text, "a sign that something is there"),
} as const satisfies Readonly<Record<string, MaskFunction>>;

export type MaskName = keyof typeof maskFunctions;

export const maskNames = Object.keys(maskFunctions) as readonly MaskName[];

export function isMask(name: string): name is MaskName {
  return Object.hasOwn(maskFunctions, name);
}
