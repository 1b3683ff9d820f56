import { expect, test } from "vitest";
import { mendWords } from "../src/screens/policy/mend-words.ts";

test("errors and warnings are to mend, and what else is found is to know", () => {
  expect(mendWords([{ severity: 3 }, { severity: 4 }])).toBe("2 to know");
  expect(mendWords([{ severity: 3 }, { severity: 2 }, { severity: 1 }])).toBe("2 to mend");
});
