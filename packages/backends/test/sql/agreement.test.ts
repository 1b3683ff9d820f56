/** The views against the evaluator, on generated policies, rows and requests. */
import { PGlite } from "@electric-sql/pglite";
import { compileViews } from "@wardline/backends";
import {
  type FieldEffect,
  type GuardedView,
  isUuid,
  type KnownFacts,
  type Mask,
  valueAt,
} from "@wardline/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareRows, marker, rowsOf } from "./compare-rows.ts";
import { knownFacts, libraryData, store } from "./library-data.ts";
import { libraryTables } from "./library-model.ts";
import { anyTest, constructs } from "./library-tests.ts";
import { bookProgram, bookSlot, read, type TestPolicy, type TestRule } from "./program-builder.ts";

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
  { kind: "partial_first", first: 1 },
  { kind: "partial_first", first: 3 },
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

test("masks that show equally much from the two ends", async () => {
  const clashing = fc.constantFrom<Mask[]>(
    // Often the same step, so that it is met from all sides; of one character, so that short texts tell.
    { kind: "partial", last: 1 },
    { kind: "partial", last: 1 },
    { kind: "partial_first", first: 1 },
    { kind: "partial_first", first: 1 },
    { kind: "show" },
    { kind: "partial", last: 2 },
    { kind: "redact" },
    { kind: "hide" },
  );
  const atoms: readonly TestRule["when"][] = [
    true,
    { atom: { kind: "truth", of: read(bookSlot("rare")) } },
    { not: { atom: { kind: "truth", of: read(bookSlot("rare")) } } },
    { atom: { kind: "has", slot: bookSlot("subtitle") } },
    { atom: { kind: "has", slot: bookSlot("price") } },
  ];
  const masking = fc.record({
    when: fc.constantFrom(...atoms),
    effects: clashing.map((mask) => [{ field: "title", mask }]),
  });
  await fc.assert(
    fc.asyncProperty(
      libraryData,
      fc.array(
        fc.record({
          grants: fc.array(masking, { minLength: 1, maxLength: 4 }),
          requires: fc.array(masking, { maxLength: 2 }),
        }),
        { minLength: 30, maxLength: 30 },
      ),
      knownFacts,
      async (data, policies, facts) => {
        await store(database, data);
        for (const given of policies) await compareRows(database, bookProgram(given), data, facts);
      },
    ),
    { numRuns: 12 },
  );
});

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

/** The keys that the name of a placeholder stands for: that of a path in `ancestors` is one key, full stops and all. */
function pathOf(name: string): readonly string[] {
  const keys = name.split(".");
  const [first = "", last = ""] = [keys[0], keys.at(-1)];
  return first === "ancestors" ? [first, keys.slice(1, -1).join("."), last] : keys;
}

/** The template with the facts in its placeholders, as text that a database can run. */
function filled(template: GuardedView, facts: KnownFacts): GuardedView {
  const fill = (_: string, node: unknown): unknown => {
    if (typeof node !== "object" || node === null || !("kind" in node)) return node;
    if (node.kind === "table") return { ...node, schema: "library" };
    if (node.kind !== "placeholder") return node;
    const { name, type } = node as unknown as { readonly name: string; readonly type: string };
    const value = name === "marker" ? marker : (valueAt(facts, pathOf(name)) ?? null);
    return { kind: "parameter", value: typeof value === "number" ? String(value) : value, type };
  };
  return { ...template, select: JSON.parse(JSON.stringify(template.select), fill) as GuardedView["select"] };
}

/** Without what a template, which shows proper requests, says nothing of: malformed facts and ids that are no uuid. */
const properFacts = knownFacts.map((facts): KnownFacts => {
  const uuids = (ids: readonly unknown[]) =>
    ids.filter((id) => typeof id === "string" && isUuid(id)) as string[];
  const attributes = facts.principal.attributes ?? {};
  const { desk } = facts.context ?? {};
  const seat = uuids([attributes["seat"]])[0] ?? null;
  return {
    ...facts,
    principal: {
      ...facts.principal,
      attributes: {
        ...attributes,
        tags: attributes["tags"] ?? [],
        branches: uuids(attributes["branches"] as readonly string[]),
        seat,
      },
    },
    context: { ...facts.context, desk: Number.isSafeInteger(desk) ? desk : null },
    ancestors: {
      principal: { Branch: uuids(facts.ancestors?.["principal"]?.["Branch"] ?? []) },
      // Nothing stands above a reference that is absent.
      "principal.seat": {
        Branch: seat === null ? [] : uuids(facts.ancestors?.["principal.seat"]?.["Branch"] ?? []),
      },
    },
    now: facts.now?.endsWith("Z") ? facts.now : "2026-01-05T12:00:00.000000Z",
  };
});

test("what policy.sql shows has the rows and cells of what runs", async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(
      libraryData,
      fc.array(fc.tuple(policy, properFacts), { minLength: 6, maxLength: 6 }),
      async (data, cases) => {
        await store(database, data);
        for (const [given, facts] of cases) {
          const views = compileViews(bookProgram(given));
          const shown = await rowsOf(database, filled(views.template("Book", "list", "Member"), facts));
          const run = views.bind("Book", "list", facts, { schema: "library", sealMarker: marker });
          expect(shown).toEqual(await rowsOf(database, run));
          rows += shown.size;
        }
      },
    ),
    { numRuns: 25 },
  );
  expect(rows).toBeGreaterThan(20);
});
