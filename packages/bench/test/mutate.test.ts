/** Faults in the backends still fit their sources, and some of each backend are caught; `pnpm mutate` asks for all. */
import { describe, expect, test } from "vitest";
import { readSource } from "../src/mutate/copy-backends.ts";
import { backends, withFault } from "../src/mutate/fault.ts";
import { faultsOf } from "../src/mutate/faults.ts";
import { hunt } from "../src/mutate/hunt.ts";

describe.each(backends)("of %s", (backend) => {
  const faults = faultsOf[backend];

  test("there are twenty faults at the least, each of a name of its own", () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(faults.length).toBeGreaterThanOrEqual(20);
  });

  test.each(faults.map((fault) => [fault.name, fault] as const))("%s: fits one place", (_, fault) => {
    expect(withFault(readSource(fault.file), fault)).toContain(fault.to);
  });

  test("two are caught", async ({ skip }) => {
    const some = faults.filter(({ name }) => quick.has(name)).slice(0, 2);
    expect(some).toHaveLength(2);
    const outcomes = await hunt({ backend, faults: some, seed: 20261126, cases: 12 });
    if ("missing" in outcomes && process.env["WARDLINE_OPA"] !== "required") return skip(outcomes.missing);
    expect(outcomes).toEqual(some.map(() => expect.objectContaining({ caught: expect.anything() })));
  });
});

const quick: ReadonlySet<string> = new Set([
  "a negated atom is asked plainly",
  "a grant counts whose preconditions are not met",
  "an or is an and",
  "a share grants at home too",
]);

test("a fault that fits nowhere, or twice, is an error", () => {
  const fault = { name: "none", file: "x.ts", from: "a", to: "b" };
  expect(() => withFault("xyz", fault)).toThrow("fits 0 places");
  expect(() => withFault("aa", fault)).toThrow("fits 2 places");
});
