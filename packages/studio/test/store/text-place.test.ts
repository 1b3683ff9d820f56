/** Places are those that the language server means, whatever ends the lines. */
import { expect, test } from "vitest";
import { offsetAt } from "../../src/worker/text-place.ts";

test.each([
  [0, 0, 0],
  [0, 9, 1],
  [1, 0, 3],
  [1, 1, 4],
  [1, 5, 4],
  [2, 0, 5],
  [3, 1, 8],
  [3, 7, 8],
  [9, 0, 8],
])("line %i, character %i is offset %i", (line, character, offset) => {
  expect(offsetAt("a\r\nb\rc\nd", { line, character })).toBe(offset);
});
