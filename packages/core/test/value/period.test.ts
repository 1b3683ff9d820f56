/** How long periods last, at least and at most. */
import { expect, test } from "vitest";
import { lastsAsLong, periodDays, type Period } from "../../src/index.ts";

const period = (text: string): Period => {
  const [, count, unit] = /^(\d+)(d|mo|y)$/.exec(text) ?? expect.fail(text);
  return { count: Number(count), unit: unit as Period["unit"] };
};

test.each([
  ["0d", 0, 0],
  ["0mo", 0, 0],
  ["30d", 30, 30],
  ["1mo", 28, 31],
  ["2mo", 59, 62],
  ["12mo", 365, 366],
  ["1y", 365, 366],
  ["4y", 1460, 1461],
  ["8y", 2921, 2922],
  ["400y", 146_097, 146_097],
  ["401y", 146_097 + 365, 146_097 + 366],
])("%s is from %i to %i days", (text, least, most) => {
  expect(periodDays(period(text))).toEqual({ least, most });
});

test.each([
  ["1y", "12mo", true],
  ["12mo", "1y", true],
  ["11mo", "1y", false],
  ["6y", "6y", true],
  ["31d", "1mo", true],
  ["30d", "1mo", false],
  ["1mo", "28d", true],
  ["1mo", "29d", false],
  ["366d", "1y", true],
  ["365d", "1y", false],
  ["5d", "5d", true],
  ["1d", "0y", true],
  ["0y", "0d", true],
])("%s surely lasts as long as %s: %s", (a, b, surely) => {
  expect(lastsAsLong(period(a), period(b))).toBe(surely);
});
