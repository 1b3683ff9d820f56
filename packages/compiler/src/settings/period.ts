/** Periods as they are written: `30d`, `2w`, `6mo`, `6y`. */
import type { Period } from "@wardline/core";

/** The most of one unit that a period may count. */
const most = 1_000_000;

/** The period, weeks in days, or undefined if the text is none. */
export function periodOf(text: string): Period | undefined {
  const [, digits = "", unit = ""] = /^(\d[\d_]*)(d|w|mo|y)$/.exec(text) ?? [];
  const number = Number(digits.replaceAll("_", ""));
  const count = unit === "w" ? number * 7 : number;
  if (unit === "" || !(count <= most)) return undefined;
  return { count, unit: unit === "mo" || unit === "y" ? unit : "d" };
}
