/** Plans of selects that are kept: a statement gets what it would get if nothing were kept, whatever was asked before it. */
import type { KnownFacts } from "@wardline/core";
import fc from "fast-check";
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type CompiledQuery,
} from "kysely";
import { expect, test, vi } from "vitest";
import type { PolicyGuard } from "../src/contracts.ts";
import { createFinalChecks } from "../src/final-check/final-check.ts";
import { planAnew, planSelect, type SelectPlan } from "../src/driver/select.ts";
import { askedQuery } from "../src/raw/raw-query.ts";
import { shapeOf, valuesIn, type Shape } from "../src/scope/shape.ts";
import { snapshot } from "../src/scope/snapshot.ts";
import { lastingKey, structureKey } from "../src/scope/structure-key.ts";
import { createChallengeSealer } from "../src/seal/challenge-sealer.ts";
import { createSealer } from "../src/seal/sealer.ts";
import { libraryGuard } from "./driver-guard.ts";
import { libraryProgram } from "./driver-program.ts";
import { auditSealerFrom, keysOf } from "./seal-library.ts";

const db = new Kysely<Record<string, Record<string, unknown>>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of) => new PostgresIntrospector(of),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const finalCheck = await createFinalChecks();
const sealer = createSealer("north", () => keysOf(1));

type Options = Parameters<typeof planSelect>[0];
const optionsFor = (guard: PolicyGuard, changes: Partial<Options> = {}): Options => ({
  guard,
  database: { schema: "lib" } as Options["database"],
  leakproofChecked: true,
  finalCheck,
  held: {
    cells: sealer,
    audit: auditSealerFrom("north", 1),
    challenges: createChallengeSealer("north", () => keysOf(1)),
  },
  ...changes,
});
const guard = libraryGuard(libraryProgram("north"));
const options = optionsFor(guard);

const factsOf = (roles: readonly string[], changes: object = {}): KnownFacts => ({
  tenant: { id: "north" },
  principal: { type: "Member", id: "ben", tenant: "north", roles },
  now: "2026-06-01T08:00:00Z",
  ...changes,
});
const reader = factsOf(["reader"]);
const librarian = factsOf(["librarian"], { ancestors: { principal: { Branch: ["b1", "b2"] } } });

/** Text, parameters and columns, the marker by its name; or the error. */
function planned(plan: () => SelectPlan): unknown {
  try {
    const { statement, columns, sealMarker } = plan();
    expect(sealMarker).toMatch(/^[0-9a-f]{32}$/);
    const parameters = statement.parameters.map((value) =>
      typeof value === "string" ? value.replaceAll(sealMarker, "MARKER") : value,
    );
    return { sql: statement.sql, parameters, columns };
  } catch (error) {
    const { name, code, message } = error as Error & { readonly code?: string };
    return { name, code, message };
  }
}

function same(query: { compile(): CompiledQuery }, facts: KnownFacts, of = options): unknown {
  const compiled = query.compile();
  const anew = planned(() => planAnew(of, facts, snapshot(compiled.query)));
  // Twice: what is kept by the first is found by the second.
  expect(planned(() => planSelect(of, facts, askedQuery(compiled)))).toStrictEqual(anew);
  expect(planned(() => planSelect(of, facts, askedQuery(compiled)))).toStrictEqual(anew);
  return anew;
}

const oddities: readonly unknown[] = [
  [],
  [1],
  ["a", "b"],
  [1n, -2n],
  [null],
  [["a"]],
  [true],
  ["\0"],
  {},
  new Date(0),
  "",
  "1",
  "true",
  "null",
  "\0",
  "\ud800",
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  0.5,
  Number.NaN,
  Infinity,
  0n,
  -1n,
  5n,
  2n ** 70n,
];
const odd = fc.constantFrom(...oddities);
const plain = fc.oneof(fc.string(), fc.integer({ min: -3, max: 2 ** 33 }));
const value = fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: odd });
const list = fc.oneof(
  { weight: 5, arbitrary: fc.array(plain, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: odd },
);
const count = fc.option(fc.oneof({ weight: 9, arbitrary: fc.nat() }, { weight: 1, arbitrary: odd }), {
  freq: 2,
});
const column = fc.constantFrom("id", "title", "copies", "rare", "branch_id", "price");
const condition = fc.record({
  how: fc.constantFrom(
    ...(["plain", "list", "any", "lit", "between", "function", "cast", "case", "exists", "odd"] as const),
  ),
  column,
  operator: fc.constantFrom("=", "<>", "<", ">=", "is distinct from"),
  oddOperator: fc.constantFrom("is", "is not", "@>", "+", "||", "like", "in"),
  value,
  other: value,
  list,
});
const drawn = fc.record({
  conditions: fc.array(condition, { maxLength: 3 }),
  selected: fc.array(fc.oneof(column, fc.constant("note")), { minLength: 1, maxLength: 3 }),
  extra: fc.option(value, { freq: 1 }),
  join: fc.boolean(),
  cte: fc.boolean(),
  order: fc.option(column),
  limit: count,
  offset: count,
  fetch: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: odd }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer Q> ? Q : never;
/** The builder as one that takes anything: what is wrong is refused by the guard, and alike. */
type Loose = Record<string, (...parts: unknown[]) => never>;

function conditionOf(eb: never, drawn: Drawn["conditions"][number]): never {
  const e = eb as Loose & ((...parts: unknown[]) => never);
  const fn = (e as unknown as { fn: Loose & ((...parts: unknown[]) => never) }).fn;
  const ref = `t.${drawn.column}`;
  switch (drawn.how) {
    case "plain":
      return e(ref, drawn.operator, drawn.value);
    case "odd":
      return e(ref, drawn.oddOperator, drawn.value);
    case "list":
      return e(ref, "in", drawn.list);
    case "any":
      return e(ref, "=", fn["any"]?.(e["val"]?.(drawn.list)));
    case "lit":
      return e(ref, drawn.operator, e["lit"]?.(drawn.value));
    case "between":
      return e["between"]?.(ref, drawn.value, drawn.other) as never;
    case "function":
      return e(
        fn("replace", ["t.title", e["val"]?.(drawn.value), e["val"]?.(drawn.other)]),
        "=",
        drawn.value,
      );
    case "cast":
      return e(e["cast"]?.(e["val"]?.(drawn.value), "text"), drawn.operator, drawn.other);
    case "case":
      return e(ref, "=", sql.val(drawn.value));
    case "exists":
      return (e["exists"] as never as (of: unknown) => never)(db.selectFrom("loans as l").select("l.id"));
  }
}

function build(given: Drawn): { compile(): CompiledQuery } {
  const base = given.cte
    ? db
        .with("x", (of) =>
          of
            .selectFrom("books")
            .selectAll()
            .where("title", "=", given.extra as never),
        )
        .selectFrom("x as t")
    : db.selectFrom("books as t");
  let query = base.select(given.selected.map((name, index) => `t.${name} as c${index}`)) as unknown as Loose;
  if (given.join) query = query["innerJoin"]?.("loans as l", "l.book_id", "t.id") as unknown as Loose;
  if (given.extra !== null) query = query["select"]?.(sql.val(given.extra).as("e")) as unknown as Loose;
  for (const each of given.conditions)
    query = query["where"]?.((eb: never) => conditionOf(eb, each)) as unknown as Loose;
  if (given.order !== null) query = query["orderBy"]?.(`t.${given.order}`) as unknown as Loose;
  for (const what of ["limit", "offset", "fetch"] as const)
    if (given[what] !== null) query = query[what]?.(given[what]) as unknown as Loose;
  return query as never;
}

test("random queries are planned as if nothing were kept", () => {
  let answered = 0;
  let all = 0;
  fc.assert(
    fc.property(drawn, fc.constantFrom(reader, librarian), fc.boolean(), (given, facts, leakproofChecked) => {
      let query;
      try {
        query = build(given);
        query.compile();
      } catch {
        // Not even the builder takes it.
        return;
      }
      all += 1;
      const plan = same(query, facts, optionsFor(guard, { leakproofChecked }));
      if (Object.hasOwn(plan as object, "sql")) answered += 1;
    }),
    { numRuns: 1_500 },
  );
  expect(answered).toBeGreaterThan(all / 10);
});

const book = (title: unknown) =>
  db
    .selectFrom("books")
    .selectAll()
    .where("title", "=", title as never);

const asked = (query: { compile(): CompiledQuery }) => askedQuery(query.compile());

test("a query is planned once for all its values", () => {
  const own = libraryGuard(libraryProgram("north"));
  const view = vi.spyOn(own, "view");
  for (const title of ["a", "b", "' or true --", "$1", ""])
    planSelect(optionsFor(own), reader, asked(book(title)));
  expect(view).toHaveBeenCalledTimes(1);
});

test("each statement has a marker of its own, and it is in its parameters", () => {
  const plans = [1, 2, 3].map(() => planSelect(options, librarian, asked(book("a"))));
  expect(new Set(plans.map(({ sealMarker }) => sealMarker)).size).toBe(3);
  for (const { sealMarker, statement } of plans) {
    expect(String(statement.parameters)).toContain(sealMarker);
    for (const other of plans)
      if (other.sealMarker !== sealMarker)
        expect(String(statement.parameters)).not.toContain(other.sealMarker);
  }
});

test("V4: nothing of one principal's plan is found by another, by another policy, place, or right to look through", () => {
  const query = book("a");
  const others: readonly (readonly [KnownFacts, Options])[] = [
    [reader, options],
    [librarian, options],
    [factsOf(["reader"], { principal: { ...reader.principal, id: "eve" } }), options],
    [factsOf(["reader", "librarian"]), options],
    [factsOf(["reader,librarian"]), options],
    [factsOf(["librarian"], { ancestors: { principal: { Branch: ["b1"] } } }), options],
    [factsOf(["librarian"], { ancestors: { principal: { Branch: ["b1,b2"] } } }), options],
    [factsOf(["reader"], { tenant: { id: "south" } }), options],
    [reader, optionsFor(guard, { leakproofChecked: false })],
    [reader, optionsFor(guard, { database: { schema: "other" } as Options["database"] })],
    [
      reader,
      optionsFor({
        ...guard,
        view: (...of) => ({
          ...guard.view(...of),
          select: { ...guard.view(...of).select, where: { kind: "boolean", value: false } },
        }),
      }),
    ],
  ];
  for (const round of [0, 1])
    for (const [facts, of] of others) expect(same(query, facts, of), String(round)).toHaveProperty("sql");
});

test("a guard that is changed in place is another one", () => {
  const own = { ...libraryGuard(libraryProgram("north")) };
  same(book("a"), reader, optionsFor(own));
  const denied = vi.fn(() => {
    throw new Error("denied");
  });
  own.view = denied;
  expect(() => planSelect(optionsFor(own), reader, asked(book("a")))).toThrow("denied");
});

test("what depends on the time is planned anew at each time", () => {
  const own: PolicyGuard = {
    ...guard,
    view: (entity, action, facts, of) => {
      const view = guard.view(entity, action, facts, of);
      const value = facts.now ?? null;
      const now = { kind: "parameter", value, type: "text" } as const;
      const where = { kind: "binary", op: "=", left: now, right: now } as const;
      return { ...view, select: { ...view.select, where } };
    },
  };
  const at = (now: string) =>
    planSelect(optionsFor(own), { ...reader, now }, asked(book("a"))).statement.parameters;
  expect(at("2026-06-01T08:00:00Z")).toContain("2026-06-01T08:00:00Z");
  expect(at("2027-06-01T08:00:00Z")).toContain("2027-06-01T08:00:00Z");
  expect(at("2027-06-01T08:00:00Z")).not.toContain("2026-06-01T08:00:00Z");
});

test("facts that are not plain data are never part of a key", () => {
  const hidden = Object.defineProperty({ ...reader.principal }, "id", { value: "eve", enumerable: false });
  class Roles {
    readonly reader = true;
  }
  for (const odd of [hidden, new Roles(), () => 1, Symbol("x"), Number.NaN, new Date(0), new Map()])
    expect(structureKey({ principal: odd })).toBeNull();
});

test("a plan is found by the tree, whatever text comes with it", () => {
  const own = libraryGuard(libraryProgram("north"));
  const { sql: text } = book("a").compile();
  const trees = [book("a"), book(1), book("a").limit(1), db.selectFrom("loans").selectAll()].map(
    (query) => query.compile().query,
  );
  for (const round of [0, 1])
    for (const query of trees)
      for (const sql of [text, "", undefined as never]) {
        const compiled = { query, sql, parameters: [] } as unknown as CompiledQuery;
        const anew = planned(() => planAnew(optionsFor(own), reader, snapshot(query)));
        expect(anew, String(round)).toHaveProperty("sql");
        expect(planned(() => planSelect(optionsFor(own), reader, askedQuery(compiled)))).toStrictEqual(anew);
      }
});

test("a tree that answers differently each time is planned as one of its answers, never as several", () => {
  const honest = book("a").compile().query as never as Record<string, unknown>;
  const other = db.selectFrom("loans").selectAll().compile().query as never as Record<string, unknown>;
  planSelect(options, reader, asked(book("a")));
  const answers = (of: object) => planned(() => planAnew(options, reader, snapshot(of)));
  const possible = [answers({ ...honest, where: undefined }), answers({ ...other })];
  for (let until = 0; until < 6; until += 1) {
    let reads = 0;
    const query = Object.defineProperty({ ...honest, where: undefined }, "from", {
      enumerable: true,
      get: () => (reads++ < until ? honest["from"] : other["from"]),
    });
    const compiled = { ...book("a").compile(), query } as unknown as CompiledQuery;
    expect(possible).toContainEqual(planned(() => planSelect(options, reader, askedQuery(compiled))));
  }
});

test("a tree that is no select by the time it is copied is refused", () => {
  let reads = 0;
  const insert = db.insertInto("books").values({ title: "a" }).compile().query;
  const query = Object.defineProperty({ ...insert }, "kind", {
    enumerable: true,
    get: () => (reads++ === 0 ? "SelectQueryNode" : "InsertQueryNode"),
  });
  const changing = askedQuery({ query, sql: "", parameters: [] } as unknown as CompiledQuery);
  expect(changing.kind).toBe("SelectQueryNode");
  expect(() => planSelect(options, reader, changing)).toThrow(
    expect.objectContaining({ code: "query/unsupported-node" }),
  );
});

test("the values of a kept plan are read as those of a copy", () => {
  const withValue = (value: unknown) => {
    const { query, ...rest } = book("a").compile();
    const tree = structuredClone(query) as never as {
      where: { where: { rightOperand: { value: unknown } } };
    };
    tree.where.where.rightOperand.value = value;
    return { ...rest, query: tree } as unknown as CompiledQuery;
  };
  planSelect(options, reader, asked(book("a")));
  const hostile = Object.assign([], { toString: () => "a", map: () => ["x"] });
  for (const value of [
    "b",
    new Date(0),
    hostile,
    Object.assign(["a"], { every: () => true }),
    { toString: () => "a" },
    () => "a",
    Symbol("a"),
  ]) {
    const compiled = withValue(value);
    const anew = planned(() => planAnew(options, reader, snapshot(compiled.query)));
    expect(planned(() => planSelect(options, reader, askedQuery(compiled)))).toStrictEqual(anew);
  }
});

test("a key is kept for what can never change, and for nothing else", () => {
  const inner = { role: "reader" };
  const open = Object.freeze({ inner });
  expect(lastingKey(open)).toBe(structureKey({ inner: { role: "reader" } }));
  inner.role = "librarian";
  expect(lastingKey(open)).toBe(structureKey({ inner: { role: "librarian" } }));
  let asked = 0;
  const answering = Object.freeze({
    get role() {
      return asked++ < 1 ? "reader" : "librarian";
    },
  });
  expect(lastingKey(answering)).not.toBe(lastingKey(answering));
  const whole = Object.freeze({ roles: Object.freeze(["reader"]) });
  expect(lastingKey(whole)).toBe(structureKey(whole));
  expect(lastingKey(whole)).toBe(structureKey({ roles: ["reader"] }));
});

test("different data has different keys", () => {
  const data = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(data, data, (left, right) => {
      const alike = JSON.stringify([left]) === JSON.stringify([right]);
      if (!alike) expect(structureKey(left)).not.toBe(structureKey(right) ?? "");
    }),
    { numRuns: 500 },
  );
  const keys = [
    "1",
    1,
    1n,
    '1"1',
    ["1"],
    [1],
    { 1: 1 },
    [],
    {},
    "",
    null,
    undefined,
    true,
    false,
    "T",
    -0,
    0,
    [[]],
    ["", ""],
    [""],
  ];
  expect(new Set(keys.map(structureKey)).size).toBe(keys.length);
});

test("the shape tells apart all that is no value", () => {
  const trees = [
    book("a"),
    book(1),
    book(true),
    book(false),
    book(null),
    book(2n ** 40n),
    book(-1),
    db
      .selectFrom("books")
      .selectAll()
      .where("title", "in", ["a"] as never),
    db
      .selectFrom("books")
      .selectAll()
      .where("title", "in", ["a", "b"] as never),
    db
      .selectFrom("books")
      .selectAll()
      .where("title", "in", ["a", 1] as never),
    db.selectFrom("books").selectAll().where("title", "<>", "a"),
    db.selectFrom("books").selectAll().where("note", "=", "a"),
    db.selectFrom("loans").selectAll().where("title", "=", "a"),
    db
      .selectFrom("books")
      .selectAll()
      .where((eb) => eb("title", "=", eb.lit(1 as never))),
    db
      .selectFrom("books")
      .selectAll()
      .where((eb) => eb("title", "=", eb.lit(2 as never))),
    book("a").distinct(),
    book("a").limit(1),
  ].map((query) => query.compile().query);
  const taken = trees.map((tree) => shapeOf(snapshot(tree))?.shape);
  for (const [index, shape] of taken.entries())
    for (const [other, tree] of trees.entries())
      for (const given of [tree, snapshot(tree)])
        expect(valuesIn(shape as Shape, given) !== null, `${index} ${other}`).toBe(index === other);
  expect(valuesIn(taken[0] as Shape, book("b").compile().query)).toStrictEqual(["b"]);
});
