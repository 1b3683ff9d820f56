/** Names that people give, as the language writes them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { writtenAs, writtenName } from "../src/controls/written-name.ts";

test("what a person calls something is written as a name", () => {
  const names = [
    "No exports on weekends",
    "  Ärzte & Pflege! ",
    "night_export",
    "Straße",
    "3 days",
    "§§",
    "two__lines_",
  ];
  expect(names.map(writtenName)).toEqual([
    "no_exports_on_weekends",
    "arzte_pflege",
    "night_export",
    "strasse",
    "3_days",
    "",
    "two__lines_",
  ]);
  expect(writtenAs("night_export")).toBeNull();
  expect(writtenAs("Night export")).toBe("Written as `night_export`");
});

test("a name that was written is written the same again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (words) => {
      const name = writtenName(words);
      expect(name).toMatch(/^[a-z0-9_]*$/);
      expect(writtenName(name)).toBe(name);
    }),
  );
});
