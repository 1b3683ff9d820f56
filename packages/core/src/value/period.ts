/** Lengths of time in the calendar. Months have no length of their own: what is not certain is never taken to be so. */
import type { Period } from "../ir/settings.ts";

/** Months after which the Gregorian calendar repeats, and the days in them. */
const cycleMonths = 4800;
const cycleDays = 146_097;

/** The days that a period has at least and at most, whenever it begins. */
export function periodDays({ count, unit }: Period): { readonly least: number; readonly most: number } {
  if (unit === "d") return { least: count, most: count };
  const months = unit === "y" ? count * 12 : count;
  const whole = Math.floor(months / cycleMonths) * cycleDays;
  const spans = firstDays().map((day, start) => dayOfMonth(start + (months % cycleMonths)) - day);
  return { least: whole + Math.min(...spans), most: whole + Math.max(...spans) };
}

/** True if `a` lasts at least as long as `b`, whenever both begin: 12mo as long as 1y, but 30d never surely 1mo. */
export function lastsAsLong(a: Period, b: Period): boolean {
  const [x, y] = [months(a), months(b)];
  if (x !== null && y !== null) return x >= y;
  return periodDays(a).least >= periodDays(b).most;
}

function months({ count, unit }: Period): number | null {
  if (count === 0) return 0;
  if (unit === "d") return null;
  return unit === "y" ? count * 12 : count;
}

let days: readonly number[] | null = null;

/** The first day of each month of a cycle, counted from the first one's. */
function firstDays(): readonly number[] {
  return (days ??= Array.from(
    { length: cycleMonths },
    (_, month) => (Date.UTC(2000, month) - Date.UTC(2000, 0)) / 86_400_000,
  ));
}

function dayOfMonth(month: number): number {
  return (firstDays()[month % cycleMonths] as number) + (month >= cycleMonths ? cycleDays : 0);
}
