/** Filters against what is not a proper asker, not a proper row, or made to come in between. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bindResidual, filterFor, prepareFilters, type Residual } from "@wardline/backends";
import { evaluate, type Condition, type Program } from "@wardline/core";
import { libraryProgram, libraryRequest } from "@wardline/core/testing";
import { createPatternTree } from "../../src/residual/pattern-tree.ts";

const { action, resource, ...known } = libraryRequest;
const filters = prepareFilters(libraryProgram);
const filter = () => filters.filter(action.name, resource.type, known);
const row = { ...resource, relations: known.relations };
const unknownPairs = { ...known, relations: {} };

/** What the oracle says of the library's request with another row. */
const decisionOn = (other: unknown) =>
  evaluate(libraryProgram, {
    ...known,
    action,
    resource: isObject(other) ? { ...other, type: "Book" } : other,
  });

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

describe("rows", () => {
  test("the library's own row is permitted, with the oracle's decision", () => {
    expect(filter().decide(row)).toEqual(evaluate(libraryProgram, libraryRequest));
    expect(filter().matches(row)).toBe(true);
  });

  test("whatever a row is, it is decided and nothing is thrown", () => {
    const bound = bindResidual(filter().residual);
    const anything = fc.oneof(
      fc.anything({ withNullPrototype: true, withSparseArray: true }),
      fc
        .record(
          Object.fromEntries(
            Object.keys(resource.attributes).map((name) => [name, fc.anything({ maxDepth: 1 })]),
          ),
        )
        .map((attributes) => ({ ...resource, attributes })),
    );
    fc.assert(
      fc.property(anything, (other) => {
        const wanted = isObject(other) ? decisionOn(other) : { outcome: "deny", reason: "invalid_input" };
        for (const { decide, matches } of [filter(), bound]) {
          expect(decide(other)).toMatchObject(wanted);
          expect(matches(other)).toBe(wanted.outcome === "permit");
        }
      }),
      { numRuns: 400 },
    );
  });

  test("facts come from own keys alone", () => {
    const inherited = Object.create(row) as object;
    expect(filter().decide(inherited).reason).toBe("invalid_input");
    const attributes = Object.create(row.attributes) as object;
    expect(filter().decide({ ...row, attributes }).reason).toBe("invalid_input");
    expect(filter().matches(JSON.parse(`{"__proto__": ${JSON.stringify(row)}}`))).toBe(false);
  });

  test("a row that asks about another row while it is read changes nothing", () => {
    const mine = filter();
    const other = { ...row, tenant: "south" };
    const nosy = (inner: object, outer: object) => ({
      ...outer,
      get attributes() {
        mine.decide(inner);
        return row.attributes;
      },
    });
    expect(mine.decide(nosy(other, row)).outcome).toBe("permit");
    expect(mine.decide(nosy(row, other)).reason).toBe("out_of_scope");
    expect(mine.matches(nosy(row, { ...row, id: 7 }))).toBe(false);
  });

  test("what one row left behind is no other row's", () => {
    const mine = filters.filter(action.name, resource.type, unknownPairs);
    expect(mine.matches(row)).toBe(true);
    for (const key of ["id", "tenant", "attributes", "relations"] as const) {
      const { [key]: _, ...less } = row;
      expect(mine.decide(less).reason, key).toBe("invalid_input");
    }
  });
});

describe("askers", () => {
  test("whatever is known, there is an answer, and it is the oracle's", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 2 }), fc.constantFrom(...Object.keys(known)), (value, key) => {
        const other = { ...known, [key]: value };
        const found = filters.filter(action.name, resource.type, other);
        expect(found.decide({ ...resource, relations: other.relations })).toEqual(
          evaluate(libraryProgram, { ...other, action, resource }),
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([undefined, null, 7, "all", [], { principal: "Member" }, { principal: { type: "__proto__" } }])(
    "%j is denied everything",
    (nobody) => {
      const found = filters.filter("read", "Book", nobody as never);
      expect(found.residual).toMatchObject({
        kind: "never",
        decision: { reason: "invalid_input" },
        body: null,
      });
      expect(found.matches(row)).toBe(false);
    },
  );

  test("another tenant's asker is out of scope, and a row that is no row is no input", () => {
    const found = filters.filter("read", "Book", { ...known, tenant: { ...known.tenant, id: "south" } });
    expect(found.kind).toBe("never");
    expect(found.decide(row).reason).toBe("out_of_scope");
    expect(found.decide({}).reason).toBe("invalid_input");
    expect(bindResidual(JSON.parse(JSON.stringify(found.residual)) as Residual).decide(row).reason).toBe(
      "out_of_scope",
    );
  });

  test("an update is asked of two rows, and no list answers it", () => {
    expect(() => filterFor(libraryProgram, "update", "Book", known)).toThrow(RangeError);
  });
});

describe("size", () => {
  /** Conditions that are shared at every level: written out there are 2^60 of them. */
  const levels = 60;
  const start = libraryProgram.conditions.length;
  const shared: Condition[] = Array.from({ length: levels }, (_, level): readonly Condition[] => {
    const at = start + 3 * level;
    const before = level === 0 ? 14 : at - 1;
    return [
      { kind: "or", of: [1, before].toSorted((a, b) => a - b) },
      { kind: "or", of: [2, before].toSorted((a, b) => a - b) },
      { kind: "and", of: [at, at + 1] },
    ];
  }).flat();
  const [first, ...others] = libraryProgram.tables;
  const program: Program = {
    ...libraryProgram,
    conditions: [...libraryProgram.conditions, ...shared],
    tables: [
      {
        ...(first as Program["tables"][number]),
        passes: (first as Program["tables"][number]).passes.map((pass) => ({
          ...pass,
          grants: pass.grants.map((grant) => ({ ...grant, when: start + 3 * levels - 1 })),
        })),
      },
      ...others,
    ],
  };

  test("conditions that are shared many times are asked once a row", () => {
    const found = prepareFilters(program).filter(action.name, resource.type, known);
    const other = { ...row, attributes: { ...row.attributes, price: "90.00" } };
    for (const { decide } of [found, bindResidual(found.residual)])
      expect(decide(other).outcome).toBe("deny");
    expect(JSON.stringify(found.residual).length).toBeLessThan(20_000);
  });

  test("patterns of answers are remembered, and not without end", () => {
    const tree = createPatternTree<object>(12);
    const pattern = (n: number) => Uint8Array.from({ length: 12 }, (_, i) => Math.floor(n / 3 ** i) % 3);
    let made = 0;
    const get = (n: number) => tree.get(pattern(n), () => ({ made: (made += 1) }));
    expect(get(5)).toBe(get(5));
    for (let n = 0; n < 600; n += 1) get(n);
    expect(made).toBeLessThanOrEqual(602);
    const before = made;
    for (let n = 0; n < 600; n += 1) get(n);
    expect(made - before).toBeGreaterThan(300);
    expect(get(7)).toBe(get(7));
  });
});
