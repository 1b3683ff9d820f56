/** Faults in parts of the isolation layer still fit their sources, and one is caught; `pnpm mutate write` asks for all. */
import { describe, expect, test } from "vitest";
import { withFault } from "../src/mutate/fault.ts";
import { huntByTests, readPart } from "../src/mutate/hunt-by-tests.ts";
import { partOf, parts, type PartName } from "../src/mutate/room-fault.ts";

const quickly: Readonly<Record<PartName, string>> = { write: "a delete reaches rows of every tenant" };

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
    const fault = part.faults.find((one) => one.name === quickly[name]) ?? null;
    expect(huntByTests(quick, fault)).toEqual({ caughtBy: expect.stringContaining("V8: delete") });
  }, 120_000);
});
