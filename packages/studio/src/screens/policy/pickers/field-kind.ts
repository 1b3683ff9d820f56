/** How a value that is typed is typed: its kind of field, a hint, and what is wrong with a text. */
import type { Picker } from "@wardline/language-server";
import { writtenName } from "../../../controls/written-name.ts";

export interface FieldKind {
  readonly type: "text" | "time" | "date";
  readonly lines: "one" | "many";
  readonly keys: "text" | "decimal" | "numeric";
  readonly hint: string | null;
  /** The value that a text stands for, where it is not the text itself. */
  readonly written: (text: string) => string;
  /** A sentence for people; null where the text may be set. What it means is the compiler's to check. */
  readonly problem: (text: string) => string | null;
}

type Typed = Exclude<
  Picker,
  { kind: "one" | "many" | "who" | "reference" | "duration" | "time_range" | "list" }
>;

const plain: FieldKind = {
  type: "text",
  lines: "one",
  keys: "text",
  hint: null,
  written: (text) => text,
  problem: () => null,
};

const matching =
  (pattern: RegExp, sentence: string) =>
  (text: string): string | null =>
    pattern.test(text) ? null : sentence;

export function fieldOf(picker: Typed): FieldKind {
  switch (picker.kind) {
    case "text":
      return {
        ...plain,
        lines: picker.lines,
        problem: (text) =>
          text.length < picker.least ? `Write at least ${counted(picker.least, "character")}` : null,
      };
    case "name":
      return {
        ...plain,
        written: writtenName,
        problem: (text) =>
          /^[a-z]/.test(writtenName(text)) ? null : "Begin with a letter from a to z; digits may follow",
      };
    case "number":
      return {
        ...plain,
        keys: picker.decimals > 0 ? "decimal" : "numeric",
        hint: bounds(picker.min, picker.max),
        problem: (text) => numberProblem(text, picker),
      };
    case "time":
      return { ...plain, type: "time", problem: matching(/^\d\d:\d\d$/, "Give a time, such as 22:00") };
    case "date":
      return { ...plain, type: "date", problem: matching(/^\d{4}-\d\d-\d\d$/, "Give a date") };
    case "instant":
      return {
        ...plain,
        hint: "Such as 2026-01-05T09:00:00Z",
        problem: matching(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d/,
          "Write a date, T, and a time, such as 2026-01-05T09:00:00Z",
        ),
      };
    case "address":
      return {
        ...plain,
        hint: picker.networks ? "An address, or a network such as 10.20.0.0/16" : "Such as 10.20.0.7",
        problem: matching(/^[0-9a-fA-F:.]+(?:\/\d+)?$/, "Write an address, such as 10.20.0.7"),
      };
    case "uuid":
      return {
        ...plain,
        hint: "Eight, four, four, four and twelve digits, such as 00000000-0000-4000-8000-000000000000",
        problem: matching(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, "This is no UUID"),
      };
    case "entity":
      return {
        ...plain,
        hint: `The id of one ${picker.entity}`,
        problem: (text) => (text === "" ? "Write an id" : null),
      };
  }
}

interface NumberBounds {
  readonly min: string | null;
  readonly max: string | null;
  readonly decimals: number;
}

/** Bounds are compared as numbers, which is near enough for a hint: the compiler is exact. */
function numberProblem(text: string, { min, max, decimals }: NumberBounds): string | null {
  const [, digits] = /^-?\d+(?:\.(\d+))?$/.exec(text) ?? [];
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return "Write a number";
  if ((digits?.length ?? 0) > decimals)
    return decimals === 0 ? "Write a whole number" : `At most ${counted(decimals, "digit")} after the point`;
  if (min !== null && Number(text) < Number(min)) return `At least ${min}`;
  if (max !== null && Number(text) > Number(max)) return `At most ${max}`;
  return null;
}

function bounds(min: string | null, max: string | null): string | null {
  if (min !== null && max !== null) return `From ${min} to ${max}`;
  if (min !== null) return `At least ${min}`;
  return max === null ? null : `At most ${max}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
