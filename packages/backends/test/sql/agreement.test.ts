/** The views against the evaluator, on generated policies, rows and requests. */
import { PGlite } from "@electric-sql/pglite";
import type { FieldEffect, Mask } from "@wardline/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareRows } from "./compare-rows.ts";
import { knownFacts, libraryData, store } from "./library-data.ts";
import { libraryTables } from "./library-model.ts";
import { anyTest, constructs } from "./library-tests.ts";
import { bookProgram, type TestPolicy, type TestRule } from "./program-builder.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(libraryTables);
});
afterAll(() => database.close());

describe.each(Object.entries(constructs))("%s", (_, atoms) => {
  test("alone, negated, and as a forbid", async () => {
    await fc.assert(
      fc.asyncProperty(
        libraryData,
        fc.array(fc.tuple(atoms, knownFacts), { minLength: 6, maxLength: 6 }),
        async (data, cases) => {
          await store(database, data);
          for (const [atom, facts] of cases) {
            await compareRows(database, bookProgram({ grants: [{ when: { atom } }] }), data, facts);
            await compareRows(database, bookProgram({ grants: [{ when: { not: { atom } } }] }), data, facts);
            await compareRows(
              database,
              bookProgram({ grants: [{ when: true }], forbids: [{ when: { atom } }] }),
              data,
              facts,
            );
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

const masks: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  { kind: "partial", last: 1 },
  { kind: "partial", last: 3 },
  { kind: "redact" },
  { kind: "hide" },
];
const effect: fc.Arbitrary<FieldEffect> = fc.oneof(
  fc.record({
    field: fc.constantFrom("title", "subtitle", "author", "notes"),
    mask: fc.constantFrom(...masks),
  }),
  fc.record({
    field: fc.constantFrom("price", "bought", "status", "rare", "isbn", "shelf", "arrived", "labels"),
    mask: fc.constantFrom<Mask[]>({ kind: "show" }, { kind: "hide" }),
  }),
);
const effects = fc.uniqueArray(effect, { maxLength: 4, selector: (e) => e.field });
const rule: fc.Arbitrary<TestRule> = fc.record({ when: anyTest, effects });
const policy: fc.Arbitrary<TestPolicy> = fc.record(
  {
    ceiling: anyTest,
    forbids: fc.array(
      anyTest.map((when) => ({ when })),
      { maxLength: 2 },
    ),
    grants: fc.array(rule, { minLength: 1, maxLength: 3 }),
    requires: fc.array(
      fc.record({
        when: anyTest,
        effects,
        preconditions: fc.array(
          fc.record({ obligation: fc.constant({ type: "reason" } as const), met: anyTest }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ["grants"] },
);

test("whole policies", async () => {
  let rows = 0;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      libraryData,
      fc.array(fc.tuple(policy, knownFacts), { minLength: 8, maxLength: 8 }),
      async (data, cases) => {
        await store(database, data);
        for (const [given, facts] of cases) {
          rows += await compareRows(database, bookProgram(given), data, facts);
          runs += 1;
        }
      },
    ),
    { numRuns: 60 },
  );
  // A run in which nearly nothing is permitted would prove nearly nothing.
  expect(rows).toBeGreaterThan(runs / 10);
});
