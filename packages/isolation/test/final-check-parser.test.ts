/** What the parser's stack can hold, and what becomes of a parser that was broken in the middle of a text. */
import { expect, test } from "vitest";
import { isShallow } from "../src/final-check/nesting.ts";
import { createParser, freshParse, loadParser } from "../src/final-check/parse.ts";
import { Refused } from "../src/final-check/rules.ts";

/** Every way in which one more word makes the tree one deeper. */
const towers: readonly (readonly [string, (height: number) => string])[] = [
  ["unions", (n) => `select${" union select".repeat(n)}`],
  ["unions of several columns", (n) => `select 1, 2${" union select 1, 2".repeat(n)}`],
  ["negations", (n) => `select ${"not ".repeat(n)}true`],
  ["signs", (n) => `select ${"- ".repeat(n)}x`],
  ["joins", (n) => `select 1 from a${" cross join b".repeat(n)}`],
  ["operators", (n) => `select a${"||b".repeat(n)}`],
  ["texts with signs in them", (n) => `select ''${"||'a)),'".repeat(n)}`],
  ["names with signs in them", (n) => `select "a,"${'||"a,"'.repeat(n)}`],
  ["signs behind comments", (n) => `select a${"||b /* ' /* , */ ( */ -- ',(\n".repeat(n)}`],
  ["texts between dollars", (n) => `select ''${"||$a$'),$$(,$a$".repeat(n)}`],
  ["casts", (n) => `select 1${"::int".repeat(n)}`],
  ["cases", (n) => `select ${"case when a.end then ".repeat(n)}1${" end".repeat(n)}`],
  ["cases after cases", (n) => `select ${"case when a then 1 else ".repeat(n)}1${" end".repeat(n)}`],
  ["collations", (n) => `select a${' collate "C"'.repeat(n)}`],
  ["zones", (n) => `select a${" at local".repeat(n)}`],
  ["tests", (n) => `select a${" is null".repeat(n)}`],
  ["arrays", (n) => `select array${"[".repeat(n)}1${"]".repeat(n)}`],
  ["sub-selects", (n) => `select ${"(select ".repeat(n)}1${")".repeat(n)}`],
];

/** The highest that is not refused before it is parsed. */
function highest(tower: (height: number) => string): number {
  let [low, high] = [1, 20_000];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isShallow(tower(middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

test.each(towers)("V97: %s as high as they may be do not run over the parser's stack", async (_, tower) => {
  const height = highest(tower);
  expect(height).toBeGreaterThan(300);
  expect(height).toBeLessThan(3_500);
  const parse = await freshParse();
  // What runs over it leaves a part of it behind each time: so more than once.
  for (let round = 0; round < 3; round += 1) expect(() => parse(tower(height))).not.toThrow();
});

test("what is long and flat is not taken for deep", () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => `($1, $${at + 2}, cast($3 as "pg_catalog"."text"))`);
  expect(isShallow(`insert into "lib"."loans" ("a", "b", "c") values ${rows.join(", ")}`)).toBe(true);
  const whens = ` when "w1"."a" = $2 then $3`.repeat(5_000);
  expect(isShallow(`select case${whens} end as "a" from "w1"`)).toBe(true);
});

test("parsers have nothing in common", async () => {
  expect(await freshParse()).not.toBe(await freshParse());
});

test("V97: a parser that broke in the middle of a text is not used again, and another one takes its place", async () => {
  const next = Promise.withResolvers<Awaited<ReturnType<typeof freshParse>>>();
  let given = 0;
  let isBroken = false;
  const parser = await createParser(async () => {
    const parse = await freshParse();
    given += 1;
    if (given > 1) return next.promise;
    return (text) => {
      if (text.includes("deep")) isBroken = true;
      // As a stack that was run over does it: at once, and later by wrong answers.
      if (text.includes("deep")) throw new RangeError("Maximum call stack size exceeded");
      return isBroken ? parse("select 'wrong'") : parse(text);
    };
  });
  expect(() => parser.parse("select 1 +")).toThrow(Refused);
  expect(parser.parse("select 1 as a")).toHaveLength(1);
  expect(() => parser.parse("select deep")).toThrow(Refused);
  expect(() => parser.parse("select 1 as a")).toThrow(Refused);
  next.resolve(await freshParse());
  await expect.poll(() => given).toBe(2);
  await expect
    .poll(() => {
      try {
        return parser.parse("select 1 as a");
      } catch {
        return null;
      }
    })
    .toEqual((await loadParser()).parse("select 1 as a"));
});
