import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  atomHolds,
  atomText,
  clockAt,
  evaluate,
  loadProgram,
  openRequest,
  type Atom,
  type RequestDocument,
} from "../../src/index.ts";
import { all, any, condition, not, permitGoal, searchRequests, type Goal } from "../../src/search/index.ts";
import { atomCount, wideProgram as program } from "./wide-program.ts";

const target = { principal: "User", action: "read", resource: "File" };
const table = program.tables[0] ?? expect.fail("no table");

function search(goal: Goal, seed = 1, more = {}): readonly RequestDocument[] {
  return searchRequests(program, { ...target, goal }, { seed, ...more }).requests;
}

/** Opens a request that has to be proper and in scope. */
function open(request: unknown) {
  const opened = openRequest(program, request);
  if ("refused" in opened) throw new Error(`${opened.refused}: ${JSON.stringify(request)}`);
  return opened;
}

const holds = (atom: number, request: unknown) =>
  atomHolds(program, program.atoms[atom] as Atom, open(request).facts);

const literal = (atom: number, wanted: boolean) => condition(program, 2 * atom, wanted);

test("the program is one that loads", () => {
  expect(loadProgram(JSON.parse(JSON.stringify(program)))).toEqual({ program });
});

describe("one atom", () => {
  const atoms = Array.from(
    { length: atomCount },
    (_, i) => [atomText(program, program.atoms[i] as Atom), i] as const,
  );

  test.each(atoms)("%s: true and false, each soon", (_, atom) => {
    for (const wanted of [true, false]) {
      const { requests, tries } = searchRequests(
        program,
        { ...target, goal: literal(atom, wanted) },
        { seed: 3, count: 5 },
      );
      expect(tries).toBeLessThan(20);
      expect(requests).toHaveLength(5);
      for (const request of requests) expect(holds(atom, request)).toBe(wanted);
    }
  });
});

test("several atoms at once, whatever slots they share, where some request has them so", () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.subarray([...Array(atomCount).keys()], { minLength: 4, maxLength: 12 }),
      (seed, atoms) => {
        // The values of some request: they can be had together.
        const [model] = search(literal(atoms[0] ?? 0, seed % 2 === 0), seed);
        const goal = all(atoms.map((atom) => literal(atom, holds(atom, model))));
        const [request] = search(goal, seed + 1);
        if (request === undefined) return;
        found += 1;
        for (const atom of atoms) expect(holds(atom, request)).toBe(holds(atom, model));
      },
    ),
    { numRuns: 200, seed: 11 },
  );
  console.log(`${found} of 200 found`);
  expect(found).toBeGreaterThanOrEqual(198);
});

test("what cannot be is not found, and the walks are counted", () => {
  const torn = all([literal(0, true), literal(0, false)]);
  // Plainly torn: no walk is made.
  expect(searchRequests(program, { ...target, goal: torn }, { seed: 1 })).toEqual({ requests: [], tries: 0 });
  // The owner's level is not that of the asker, and the owner is the asker: only the facts say that it cannot be.
  const goal = all([literal(4, true), literal(5, false)]);
  expect(searchRequests(program, { ...target, goal }, { seed: 1, tries: 7 })).toEqual({
    requests: [],
    tries: 7,
  });
  // The clock shows 03 and the time is past 22:00.
  expect(search(all([literal(11, true), literal(9, true)]))).toEqual([]);
});

test("a seed gives the same requests again, another seed others", () => {
  const goal = any([literal(0, true), literal(9, true)]);
  const found = (seed: number) => search(goal, seed, { count: 8 });
  expect(found(5)).toEqual(found(5));
  expect(found(5)).not.toEqual(found(6));
});

test("facts are proper and hang together", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: atomCount - 1 }),
      fc.integer({ min: 0, max: atomCount - 1 }),
      fc.boolean(),
      (seed, first, second, wanted) => {
        for (const request of search(any([literal(first, wanted), literal(second, !wanted)]), seed, {
          count: 3,
        })) {
          open(request);
          const { clock, now, principal, resource, references, ancestors } = request;
          expect(clock).toEqual(clockAt(now ?? "", "Europe/Berlin"));
          const { owner, unit } = resource.attributes as { owner?: string; unit: string };
          const behind = references?.["resource.owner"];
          expect(owner === undefined).toBe(behind?.["level"] === undefined);
          if (owner === principal.id) expect(behind?.["level"]).toBe(principal.attributes?.["level"]);
          const head = references?.["resource.unit"]?.["head"];
          if (head === principal.id)
            expect(references?.["resource.unit.head"]?.["level"]).toBe(principal.attributes?.["level"]);
          const above = ancestors?.["resource.unit"]?.["Unit"] ?? [];
          expect(above).not.toContain(unit);
          const mine = ancestors?.["principal"]?.["Unit"] ?? [];
          if (mine.includes(unit)) for (const id of above) expect(mine).toContain(id);
        }
      },
    ),
    { numRuns: 300, seed: 12 },
  );
});

test("goals of outcomes meet limits and homes", () => {
  const permit = permitGoal(program, table);
  for (const request of search(permit, 1, { count: 10 }))
    expect(evaluate(program, request).outcome).toBe("permit");
  for (const request of search(not(permit), 1, { count: 10 }))
    expect(evaluate(program, request).outcome).not.toBe("permit");
  const others = all(Array.from({ length: atomCount - 1 }, (_, i) => literal(i + 1, false)));
  // Were it for p0 alone: permitted as long as something is left.
  const limited = all([literal(0, true), any([others, literal(0, true)])]);
  const [spent] = search(all([limited, { kind: "spent", slot: 30, holds: true }]));
  expect(spent?.limits?.["north/p0"]?.left).toBe(0);
  const [abroad] = search({ kind: "home", holds: false });
  expect(abroad?.principal.tenant).not.toBe("north");
  expect(evaluate(program, abroad)).toMatchObject({ reason: "not_granted" });
});

test("a combination that the program has not is an error", () => {
  expect(() => searchRequests(program, { ...target, action: "fly", goal: all([]) }, { seed: 1 })).toThrow(
    "no `fly` by `User` on `File`",
  );
});
