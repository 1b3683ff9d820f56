/** Each atom, with any part of its facts known and the rest left to the row, against core's reading of the atom. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  atomHolds,
  type Atom,
  type Fact,
  type Operand,
  type Program,
  type ScalarType,
  type Slot,
} from "@wardline/core";
import type { ValueType } from "@wardline/core";
import { libraryProgram } from "@wardline/core/testing";
import { foldAtom } from "../../src/residual/fold/fold-atom.ts";
import { open } from "../../src/residual/fold/known-values.ts";
import { testOfTree } from "../../src/residual/row/row-test.ts";

const branch: ScalarType = { kind: "entity", entity: "Branch" };
const scalars: readonly (readonly [ScalarType, readonly (string | number | boolean)[]])[] = [
  [{ kind: "bool" }, [true, false]],
  [{ kind: "int", min: -5, max: 5 }, [-5, -1, 0, 1, 5]],
  [
    { kind: "decimal", precision: 4, scale: 2 },
    ["-1.00", "-10.00", "-0.01", "0.00", "0.01", "9.99", "10.00"],
  ],
  [
    { kind: "instant" },
    [
      "0001-01-01T00:00:00.000000Z",
      "1969-12-31T23:59:59.999999Z",
      "2026-01-01T00:00:00.000001Z",
      "9999-12-31T23:59:59.999999Z",
    ],
  ],
  [{ kind: "duration" }, [-1, 0, 1, 60_000_000]],
  [{ kind: "date" }, ["0001-01-01", "2024-02-29", "2024-03-01", "9999-12-31"]],
  [{ kind: "time" }, ["00:00:00.000000", "12:00:00.000001", "23:59:59.999999"]],
  [{ kind: "string" }, ["", "a", "ab", "ba", "😀", "\u{1F600}a"]],
  [{ kind: "ip" }, ["10.0.0.1", "10.255.0.1", "::1", "2001:db8::1"]],
  [branch, ["b1", "b2", "b3"]],
];
const ordered = new Set(["int", "decimal", "instant", "duration", "date", "time"]);

/** Of each type two slots that may be absent and one that may not; then sets, ancestors and a relation. */
const typed = scalars.flatMap(([type, values]) =>
  [true, true, false].map((optional) => ({ type: type as ValueType, optional, values })),
);
const sets = [7, 9, 9].map((of) => {
  const [type, values] = scalars[of] as (typeof scalars)[number];
  return { type: { kind: "set", of: type } satisfies ValueType, optional: true, values };
});
const relation = typed.length + sets.length;
const slots: readonly Slot[] = [
  ...[...typed, ...sets].map(({ type, optional }, id): Slot => ({
    id,
    source: { from: "row_attribute", row: "resource", name: `f${id}` },
    type,
    optional,
  })),
  {
    id: relation,
    source: { from: "relation", name: "near" },
    type: { kind: "set", of: { kind: "string" } },
    optional: true,
  },
];
const program: Program = { ...libraryProgram, slots };

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const operand = (type: number): fc.Arbitrary<Operand> => {
  const [of, values] = scalars[type] as (typeof scalars)[number];
  const slot = fc.integer({ min: 3 * type, max: 3 * type + 2 });
  return fc.oneof(
    fc.record({ kind: fc.constant("constant" as const), value: pick(values), type: fc.constant(of) }),
    fc.record({ kind: fc.constant("slot" as const), slot, fallback: fc.option(pick(values)) }),
  );
};
const anyType = fc.nat(scalars.length - 1);
const offset = pick([-(2 ** 53) + 1, -86_400_000_000, 1, 2 ** 53 - 1]);
const moved = fc.record({ kind: fc.constant("now" as const), slot: fc.constant(3 * 3 + 2), offset });
const [strings, branches, ancestors] = [0, 1, 2].map((i) => typed.length + i) as [number, number, number];

const atoms: fc.Arbitrary<Atom> = fc.oneof(
  anyType.chain((type) =>
    fc.record({
      kind: fc.constant("compare" as const),
      op: ordered.has((scalars[type] as (typeof scalars)[number])[0].kind)
        ? pick(["eq", "lt", "le", "gt", "ge"] as const)
        : fc.constant("eq" as const),
      left: operand(type),
      right: operand(type),
    }),
  ),
  fc
    .record({
      op: pick(["eq", "lt", "le", "gt", "ge"] as const),
      left: moved,
      right: operand(3),
      turned: fc.boolean(),
    })
    .map(({ op, left, right, turned }): Atom => ({
      kind: "compare",
      op,
      ...(turned ? { left: right, right: left } : { left, right }),
    })),
  fc.record({ kind: fc.constant("truth" as const), of: operand(0) }),
  anyType.chain((type) => {
    const [of, values] = scalars[type] as (typeof scalars)[number];
    return fc.record({
      kind: fc.constant("one_of" as const),
      of: operand(type),
      values: fc.uniqueArray(pick(values), { minLength: 1 }),
      type: fc.constant(of),
    });
  }),
  pick([7, 9]).chain((type) =>
    fc.record({
      kind: fc.constant("contains" as const),
      set: fc.constant(type === 7 ? strings : branches),
      of: operand(type),
      type: fc.constant((scalars[type] as (typeof scalars)[number])[0]),
    }),
  ),
  fc.record({ kind: fc.constant("empty" as const), set: pick([strings, branches]) }),
  fc.record({
    kind: fc.constant("text" as const),
    op: pick(["starts_with", "ends_with", "contains"] as const),
    of: operand(7),
    part: operand(7),
  }),
  fc.record({
    kind: fc.constant("in_network" as const),
    of: operand(8),
    networks: fc.uniqueArray(pick(["10.0.0.0/8", "10.0.0.0/16", "::/64", "2001:db8::/32"]), { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant("has" as const), slot: fc.nat(typed.length - 1) }),
  fc.record({
    kind: fc.constant("within" as const),
    entity: operand(9),
    group: operand(9),
    same: fc.boolean(),
    ancestors: fc.option(fc.constant(ancestors)),
  }),
  fc.record({
    kind: fc.constant("related" as const),
    slot: fc.constant(relation),
    from: operand(9),
    to: operand(9),
  }),
);

const some = <T>(values: readonly T[]) => fc.array(pick(values), { maxLength: 3 });
const pairs = fc.array(fc.record({ from: pick(["b1", "b2"]), to: pick(["b1", "b2", "b3"]) }), {
  maxLength: 4,
});
const facts: fc.Arbitrary<readonly Fact[]> = fc.tuple(
  ...typed.map(({ values, optional }) =>
    optional ? fc.option(pick(values), { nil: undefined }) : pick(values),
  ),
  ...sets.map(({ values }) => fc.option(some(values), { nil: undefined })),
  fc.option(pairs, { nil: undefined }),
) as fc.Arbitrary<readonly Fact[]>;
const opened = fc.array(fc.boolean(), { minLength: slots.length, maxLength: slots.length });

test("whatever part is known, the rest asks of the row what the atom asks of the request", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(atoms, facts, opened, (atom, values, isOpen) => {
      // `now` comes with no row.
      const ofRow = isOpen.map(
        (given, i) =>
          given &&
          !(atom.kind === "compare" && i === 11 && [atom.left, atom.right].some((o) => o.kind === "now")),
      );
      const folded = foldAtom(program, atom)(values.map((value, i) => (ofRow[i] ? open : value)));
      const wanted = atomHolds(program, atom, { get: (id) => values[id] });
      const row = values.map((value, i) => (ofRow[i] ? value : "not of the row"));
      const found = typeof folded === "boolean" ? folded : testOfTree(folded)(row);
      expect(found).toBe(wanted);
      const key = `${atom.kind} ${typeof folded === "boolean" ? "known" : "open"} ${String(wanted)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }),
    { numRuns: 12_000 },
  );
  for (const kind of [
    "compare",
    "truth",
    "one_of",
    "contains",
    "empty",
    "text",
    "in_network",
    "has",
    "within",
    "related",
  ])
    for (const left of ["known", "open"])
      for (const value of ["true", "false"])
        expect(seen.get(`${kind} ${left} ${value}`) ?? 0, `${kind} ${left} ${value}`).toBeGreaterThan(5);
});
