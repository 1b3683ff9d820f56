/** Faults in parts of the isolation layer still fit their sources, and one is caught; `pnpm mutate write scope` asks for all. */
import { describe, expect, test } from "vitest";
import { withFault } from "../src/mutate/fault.ts";
import { huntByTests, readPart } from "../src/mutate/hunt-by-tests.ts";
import { partOf, parts, type PartName } from "../src/mutate/room-fault.ts";

/** A fault that the first of the part's test files catches, and the name of the test that does. */
const quickly: Readonly<Record<PartName, readonly [fault: string, test: string]>> = {
  write: ["a delete reaches rows of every tenant", "V8: delete"],
  scope: ["a left join is an inner one", "V2: an outer join"],
};

describe.each(parts)("of %s", (name) => {
  const part = partOf[name];

  test("there are thirty faults at the least, each of a name of its own", () => {
    expect(new Set(part.faults.map((fault) => fault.name)).size).toBe(part.faults.length);
    expect(part.faults.length).toBeGreaterThanOrEqual(30);
  });

  test.each(part.faults.map((fault) => [fault.name, fault] as const))("%s: fits one place", (_, fault) => {
    expect(withFault(readPart(part, fault.file), fault)).toContain(fault.to);
  });

  test("one is caught, and without any nothing is", () => {
    const quick = { ...part, tests: part.tests.slice(0, 1) };
    expect(huntByTests(quick, null)).toEqual({ caughtBy: undefined });
    const [wanted, caughtBy] = quickly[name];
    const fault = part.faults.find((one) => one.name === wanted) ?? null;
    expect(huntByTests(quick, fault)).toEqual({ caughtBy: expect.stringContaining(caughtBy) });
  });
});
