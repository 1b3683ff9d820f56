import { describe, expect, test } from "vitest";
import { evaluate, loadProgram, type Program } from "../../src/index.ts";
import { boundaryRequests, diffPrograms, mutatePrograms, type ProgramDiff } from "../../src/search/index.ts";
import { expectedChange } from "../../src/testing/index.ts";
import { wideProgram } from "../search/wide-program.ts";
import { everyRequest, smallProgram } from "./small-domain.ts";

const every = everyRequest();
const answers = (program: Program) => every.map((request) => JSON.stringify(evaluate(program, request)));

/** Every difference is what its witness shows. */
function checkDiff(before: Program, after: Program, diff: ProgramDiff): void {
  for (const difference of diff.differences) {
    const { witness, kind } = difference;
    expect(evaluate(before, witness)).toEqual(difference.before);
    expect(evaluate(after, witness)).toEqual(difference.after);
    expect(difference.before).not.toEqual(difference.after);
    expect(kind).toBe(expectedChange(difference.before, difference.after));
    expect(difference.before.reason).not.toBe("invalid_input");
    expect(difference.after.reason).not.toBe("invalid_input");
  }
}

test("the small programs are programs, of many kinds of decisions", () => {
  const outcomes = new Map<string, number>();
  for (let seed = 0; seed < 40; seed += 1) {
    const program = smallProgram(seed);
    expect(loadProgram(JSON.parse(JSON.stringify(program)))).toEqual({ program });
    for (const request of every) {
      const { outcome, reason } = evaluate(program, request);
      outcomes.set(`${outcome} ${reason}`, (outcomes.get(`${outcome} ${reason}`) ?? 0) + 1);
    }
  }
  expect([...outcomes.keys()].toSorted()).toEqual([
    "challenge null",
    "deny forbidden",
    "deny not_granted",
    "permit null",
  ]);
  expect(Math.min(...outcomes.values())).toBeGreaterThan(500);
});

test("a program does not differ from itself, nor from a copy in other words", () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const program = smallProgram(seed);
    const copy = JSON.parse(JSON.stringify(program)) as Program;
    const nothing = { differences: [], model: [], tried: 0 };
    expect(diffPrograms(program, copy, { seed: 1 })).toEqual(nothing);
    const moved = { ...copy, rules: copy.rules.map((rule) => ({ ...rule, line: 99, doc: "moved" })) };
    expect(diffPrograms(program, moved, { seed: 1 })).toEqual(nothing);
  }
});

test("every mutant loads, and every one that some request tells apart is found", { timeout: 240_000 }, () => {
  const missed: string[] = [];
  let [told, same] = [0, 0];
  for (let seed = 0; seed < 5; seed += 1) {
    const program = smallProgram(seed);
    const before = answers(program);
    for (const mutant of mutatePrograms(program, null)) {
      expect(loadProgram(JSON.parse(JSON.stringify(mutant.program))), mutant.description).toEqual({
        program: mutant.program,
      });
      const after = answers(mutant.program);
      const isTold = after.some((answer, i) => answer !== before[i]);
      const diff = diffPrograms(program, mutant.program, { seed: 1 });
      checkDiff(program, mutant.program, diff);
      expect(diff.model).toEqual([]);
      if (isTold) told += 1;
      else same += 1;
      if (!isTold) expect(diff.differences, mutant.description).toEqual([]);
      if (isTold && diff.differences.length === 0)
        missed.push(`${seed}: ${mutant.fault} ${mutant.description}`);
    }
  }
  console.log(`${told - missed.length} of ${told} mutants found; ${same} mean the same`, missed);
  expect(told).toBeGreaterThan(120);
  expect(missed).toEqual([]);
});

test("what is gained and lost is found as such, wherever some request shows it", () => {
  let [wanted, found] = [0, 0];
  for (let seed = 100; seed < 120; seed += 1) {
    const [one, other] = [smallProgram(seed), smallProgram(seed + 1000)];
    const kinds = new Set<string>();
    for (const request of every) {
      const [a, b] = [evaluate(one, request).outcome, evaluate(other, request).outcome];
      if (a === b) continue;
      const rank = { deny: 0, challenge: 1, permit: 2 };
      kinds.add(rank[b] > rank[a] ? "gained" : "lost");
    }
    const diff = diffPrograms(one, other, { seed: 1 });
    checkDiff(one, other, diff);
    const shown = new Set<string>(diff.differences.map(({ kind }) => kind));
    wanted += kinds.size;
    found += [...kinds].filter((kind) => shown.has(kind)).length;
  }
  console.log(`${found} of ${wanted} directions found`);
  expect(found).toBe(wanted);
});

describe("what cannot be compared", () => {
  test("is named: tables, enums and their values, facts of another type, the zone", () => {
    const program = smallProgram(3);
    const changed: Program = {
      ...program,
      model: {
        ...program.model,
        enums: [
          { name: "Colour", values: ["red", "blue"] },
          { name: "Size", values: ["s"] },
        ],
      },
      tables: program.tables.map((table) => ({ ...table, action: "list" })),
      settings: { timezone: "Europe/Berlin" },
    };
    expect(diffPrograms(program, changed, { seed: 1 })).toEqual({
      differences: [],
      model: [
        { kind: "table", name: "User read Note", in: "before" },
        { kind: "enum_value", name: "Colour", value: "green", in: "before" },
        { kind: "table", name: "User list Note", in: "after" },
        { kind: "enum_value", name: "Colour", value: "blue", in: "after" },
        { kind: "enum", name: "Size", in: "after" },
        { kind: "timezone", name: "UTC → Europe/Berlin", in: "both" },
      ],
      tried: 0,
    });
  });

  test("a fact whose type has nothing in common with what it was is no ground for a comparison", () => {
    const retyped: Program = {
      ...wideProgram,
      slots: wideProgram.slots.map((slot) =>
        slot.source.from === "tenant_attribute" ? { ...slot, type: { kind: "string" } } : slot,
      ),
    };
    expect(diffPrograms(wideProgram, retyped, { seed: 1 })).toEqual({
      differences: [],
      model: [{ kind: "fact", name: "tenant.attributes.paid", table: "User read File", in: "both" }],
      tried: 0,
    });
  });

  test("programs of two tenants are not compared", () => {
    const program = smallProgram(3);
    expect(() => diffPrograms(program, { ...program, tenant: "south" }, { seed: 1 })).toThrow("north's");
  });
});

test("a range that became narrower is compared within what both have", () => {
  const narrowed: Program = {
    ...wideProgram,
    slots: wideProgram.slots.map((slot) =>
      slot.id === 6 ? { ...slot, type: { kind: "int", min: 2, max: 9 } } : slot,
    ),
    conditions: wideProgram.conditions.map((condition, i) =>
      i === 0 ? { kind: "constant", value: true } : condition,
    ),
  };
  const { differences, model } = diffPrograms(wideProgram, narrowed, { seed: 1 });
  expect(model).toEqual([]);
  expect(differences.length).toBeGreaterThan(0);
  for (const { witness } of differences) {
    expect(witness.principal.attributes?.["level"]).toBeGreaterThanOrEqual(2);
    expect(witness.principal.attributes?.["level"]).toBeLessThanOrEqual(5);
  }
});

test("boundary requests are proper, different, and reach each side of each literal", () => {
  const table = wideProgram.tables[0] ?? expect.fail("no table");
  const requests = boundaryRequests(wideProgram, table, { seed: 1 });
  expect(requests).toEqual(boundaryRequests(wideProgram, table, { seed: 1 }));
  expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(requests.length);
  expect(requests.length).toBeGreaterThan(200);
  for (const request of requests)
    expect(["invalid_input", "out_of_scope"]).not.toContain(evaluate(wideProgram, request).reason);
  const costs = new Set(requests.map(({ resource }) => resource.attributes?.["cost"]));
  for (const cost of ["9999.97", "9999.98", "9999.99", "10000.00", "10000.01"]) expect(costs).toContain(cost);
  const ips = new Set(requests.map(({ context }) => context?.["ip"]));
  for (const ip of ["10.19.255.255", "10.20.0.0", "10.20.255.255", "10.21.0.0"]) expect(ips).toContain(ip);
  const ages = new Set(requests.map(({ context }) => context?.["age"]));
  for (const age of [undefined, 59_999_999, 60_000_000, 60_000_001]) expect(ages).toContain(age);
  expect(requests.some(({ principal }) => principal.tenant !== "north")).toBe(true);
});
