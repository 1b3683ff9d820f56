/**
 * The main oracle: whatever north asks, it observes the same in a world with south's rows and in one without them. Rows
 * of north that the principal may not read are varied as well: they are changed in one of the worlds.
 */
import fc from "fast-check";
import type { JoinBuilder, Kysely, SelectQueryBuilder } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revealRow } from "../src/seal/sealed.ts";
import type { GuardedDialectOptions } from "../src/driver/options.ts";
import { ada, ben, finalCheck, handle, idOf, openLibrary, type Library, type Who } from "./driver-library.ts";

let both: Library;
let alone: Library;

beforeAll(async () => {
  both = await openLibrary(["north", "south"]);
  alone = await openLibrary(["north"]);
  // Hidden from ada and from ben: what stands in it may not show either.
  await alone.raw(
    "update lib.books set title = 'hidden', copies = 999, price = 0, note = null where id = $1",
    [idOf("book", "north", 5)],
  );
});
afterAll(async () => {
  await both.close();
  await alone.close();
});

// The queries are drawn as data, so that their types are not the compiler's to follow.
type AnyTables = Record<string, Record<string, unknown>>;
type Loose = Kysely<AnyTables>;
type Select = SelectQueryBuilder<AnyTables, string, Record<string, unknown>>;

const columns = {
  books: ["id", "branch_id", "title", "copies", "price", "genre", "rare", "bought", "note", "holder_id"],
  branches: ["id", "name", "parent_id"],
  loans: ["id", "book_id", "member_id", "fee"],
} as const;
type Table = keyof typeof columns;
const links: readonly (readonly [Table, Table, string, string])[] = [
  ["books", "branches", "branch_id", "id"],
  ["loans", "books", "book_id", "id"],
  ["books", "loans", "id", "book_id"],
  ["branches", "books", "id", "branch_id"],
  ["branches", "branches", "parent_id", "id"],
];

const ids = [
  idOf("book", "north", 1),
  idOf("book", "south", 1),
  idOf("branch", "north", 1),
  idOf("branch", "south", 1),
  idOf("book", "north", 5),
];
const texts = ["south title 1", "north title 1", "south%", "%title%", "%", "ben", "prose", "hidden", ""];
const numbers = [-1, 0, 1, 3, 10, 999];

/** Values to compare a column with; of another type once in a while, since errors are observed too. */
function valuesFor(column: string): readonly unknown[] {
  if (column === "id" || column.endsWith("branch_id") || column === "book_id" || column === "parent_id")
    return ids;
  if (column === "copies" || column === "fee" || column === "price") return numbers;
  if (column === "rare") return [true, false];
  return column === "bought" ? ["2026-01-05T12:00:00.123456Z", "2027-01-01T00:00:00Z"] : texts;
}

const conditionArbitrary = fc.record({
  column: fc.nat(9),
  operator: fc.constantFrom("=", "<>", "<", ">=", "like", "in", "is distinct from", "not in"),
  value: fc.nat(100),
  mistyped: fc.integer({ min: 0, max: 19 }).map((die) => die === 0),
  how: fc.constantFrom(
    "plain",
    "exists",
    "in-select",
    "not",
    "or",
    "null",
    "scalar",
    "any",
    "function",
    "division",
  ),
});
const queryArbitrary = fc.record({
  who: fc.constantFrom<Who>(ada, ben, { ...ada, roles: ["librarian", "reader"] }),
  link: fc.nat(links.length - 1),
  join: fc.constantFrom(
    "none",
    "innerJoin",
    "leftJoin",
    "rightJoin",
    "fullJoin",
    "crossJoin",
    "comma",
    "leftJoinLateral",
  ),
  shape: fc.constantFrom(
    "plain",
    "cte",
    "derived",
    "union",
    "unionAll",
    "except",
    "intersect",
    "aggregate",
    "window",
    "group",
    "distinct",
    "recursive",
    "ranked",
    "gathered",
  ),
  names: fc.constantFrom<readonly [string, string]>(
    ["a", "b"],
    ["books", "loans"],
    ["loans", "branches"],
    ["branches", "books"],
  ),
  cte: fc.constantFrom("x", "books", "loans", "branches"),
  conditions: fc.array(conditionArbitrary, { maxLength: 2 }),
  selected: fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
  order: fc.option(fc.record({ column: fc.nat(9), descending: fc.boolean() }), { nil: null }),
  limit: fc.option(fc.nat(4), { nil: null }),
});
type Drawn = typeof queryArbitrary extends fc.Arbitrary<infer Q> ? Q : never;

const at = (table: Table, index: number): string => columns[table][index % columns[table].length] as string;

function build(db: Loose, drawn: Drawn): Select {
  const [left, right, from, to] = links[drawn.link] as (typeof links)[number];
  const [a, b] = drawn.names;
  const base = joined(db, drawn, left, right, from, to);
  const filtered = drawn.conditions.reduce(
    (query, condition) => where(query, condition, left, right, a, to),
    base,
  );
  const plain = filtered.select(drawn.selected.map((index, place) => `${a}.${at(left, index)} as c${place}`));
  switch (drawn.shape) {
    case "cte":
      return db
        .with(drawn.cte, () => plain)
        .selectFrom(`${drawn.cte} as z`)
        .selectAll();
    case "derived":
      return db.selectFrom(plain.as("z")).selectAll();
    case "union":
    case "unionAll":
    case "except":
    case "intersect":
      return plain[drawn.shape](
        db
          .selectFrom(`${left} as q`)
          .select(drawn.selected.map((index, place) => `q.${at(left, index)} as c${place}`)) as never,
      ) as Select;
    case "aggregate":
      return filtered.select((eb) => [
        eb.fn.countAll().as("c0"),
        eb.fn.max(`${a}.id`).as("c1"),
        eb.fn
          .count(`${a}.${at(left, 1)}`)
          .distinct()
          .as("c2"),
      ]) as Select;
    case "window":
      return plain.select((eb) =>
        eb.fn
          .count(`${a}.id`)
          .over((o) => o.partitionBy(`${a}.${at(left, 1)}`))
          .as("w"),
      ) as Select;
    case "group":
      return filtered
        .select([`${a}.${at(left, 1)} as c0`, (eb) => eb.fn.countAll().as("n")])
        .groupBy(`${a}.${at(left, 1)}`)
        .having((eb) => eb.fn.countAll(), ">", 0) as Select;
    case "distinct":
      return plain.distinct();
    case "recursive": {
      const step = (c: Loose): never =>
        c
          .selectFrom(`${right} as s`)
          .innerJoin("r", "r.id" as never, `s.${to}` as never)
          .select(["s.id"]) as never;
      return db
        .withRecursive("r(id)", (c) => filtered.select([`${a}.id`]).union(step(c as never)))
        .selectFrom("r as z")
        .select("z.id as c0") as never;
    }
    case "ranked":
      return plain.select((eb) => [
        eb.fn
          .agg("row_number")
          .over((o) => o.partitionBy(`${a}.${at(left, 1)}`).orderBy(`${a}.id`))
          .as("n"),
        eb.fn
          .agg("lag", [`${a}.id`])
          .over((o) => o.orderBy(`${a}.id`))
          .as("l"),
      ]) as Select;
    case "gathered":
      return filtered.select((eb) => [
        eb.fn
          .agg("array_agg", [`${a}.${at(left, 1)}`])
          .orderBy(`${a}.id`)
          .as("c0"),
        eb.fn
          .agg("jsonb_agg", [`${a}.id`])
          .orderBy(`${a}.id`)
          .as("c1"),
      ]) as Select;
    case "plain":
      return drawn.join === "none" ? plain : plain.select([`${b}.id as d0`]);
  }
}

function joined(db: Loose, drawn: Drawn, left: Table, right: Table, from: string, to: string): Select {
  const [a, b] = drawn.names;
  const start = db.selectFrom(`${left} as ${a}`) as Select;
  switch (drawn.join) {
    case "none":
      return start;
    case "comma":
      return db.selectFrom([`${left} as ${a}`, `${right} as ${b}`]) as Select;
    case "crossJoin":
      return start.crossJoin(`${right} as ${b}`) as Select;
    case "leftJoinLateral": {
      const few = db.selectFrom(`${right} as r`).selectAll("r").limit(2) as Select;
      const matching = few.whereRef(`r.${to}`, "=", `${a}.${from}`).as(b);
      return start.leftJoinLateral(
        matching as never,
        ((join: JoinBuilder<AnyTables, string>) => join.onTrue()) as never,
      ) as Select;
    }
    case "innerJoin":
    case "leftJoin":
    case "rightJoin":
    case "fullJoin":
      // The four methods differ in their types alone.
      return (start[drawn.join].bind(start) as typeof start.innerJoin)(
        `${right} as ${b}`,
        `${b}.${to}`,
        `${a}.${from}`,
      ) as Select;
  }
}

function where(
  query: Select,
  drawn: Drawn["conditions"][number],
  left: Table,
  right: Table,
  a: string,
  to: string,
): Select {
  const column = `${a}.${at(left, drawn.column)}`;
  const list = drawn.operator === "in" || drawn.operator === "not in";
  const choices = valuesFor(drawn.mistyped ? "title" : at(left, drawn.column));
  const chosen = choices[drawn.value % choices.length];
  const value = list ? [chosen, choices[0]] : chosen;
  const compared = (eb: never): never =>
    (eb as (...parts: unknown[]) => never)(column, drawn.operator, value);
  switch (drawn.how) {
    case "plain":
      return query.where(compared as never);
    case "not":
      return query.where(((eb: { not(of: unknown): never }) => eb.not(compared(eb as never))) as never);
    case "or":
      return query.where(((eb: { or(of: unknown[]): never }) =>
        eb.or([compared(eb as never), compared(eb as never)])) as never);
    case "null":
      return query.where(column, "is not", null);
    case "any":
      return query.where((eb) => eb(column, "=", eb.fn.any(eb.val([chosen, choices[0]]) as never)));
    case "function":
      return query.where((eb) => eb(eb.fn("split_part", [column, eb.val(" "), eb.lit(3)]), "~", "[1-4]"));
    case "division":
      return query.where((eb) => eb(eb(eb.val(1), "/", eb.ref(column) as never), "is not", null));
    case "exists":
      return query.where((eb) =>
        eb.exists(eb.selectFrom(`${right} as e`).select("e.id").whereRef(`e.${to}`, "=", `${a}.id`)),
      );
    case "in-select":
      return query.where(
        `${a}.id`,
        "in",
        (eb: Loose) =>
          eb
            .selectFrom(`${left} as e`)
            .select("e.id")
            .where(`e.${at(left, drawn.column)}`, "is not", null) as never,
      );
    case "scalar":
      return query.where((eb) =>
        eb(
          eb.selectFrom(`${left} as e`).select((e) => e.fn.countAll().as("n")),
          ">",
          3,
        ),
      );
  }
}

/** All that a caller can observe: rows and their columns, or an error's class, code and message. */
async function observe(
  library: Library,
  drawn: Drawn,
  changes: Partial<GuardedDialectOptions> = {},
): Promise<string> {
  const { db } = handle(library, "north", drawn.who, changes);
  let query = build(db as never as Loose, drawn);
  const ordered =
    drawn.order !== null && !["aggregate", "group", "recursive", "gathered"].includes(drawn.shape);
  if (drawn.order !== null && ordered)
    query = query.orderBy(
      `c${drawn.order.column % drawn.selected.length}`,
      drawn.order.descending ? "desc" : "asc",
    );
  // Without an order, which rows a limit takes is the server's to choose; the number of them is not.
  if (drawn.limit !== null) query = query.limit(drawn.limit);
  try {
    const rows = ((await query.execute()) as readonly object[]).map(revealRow);
    return JSON.stringify(
      drawn.limit === null ? rows.map((row) => JSON.stringify(row)).toSorted() : rows.length,
    );
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return JSON.stringify({ name, code, message });
  }
}

test("random queries observe nothing of south, and nothing of what they may not read", async () => {
  let answered = 0;
  let withRows = 0;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(queryArbitrary, async (drawn) => {
      const here = await observe(both, drawn);
      const there = await observe(alone, drawn);
      expect(here).toBe(there);
      expect(here).not.toMatch(/south (title|branch|note)|hidden/);
      runs++;
      if (!here.includes('"code"')) answered++;
      if (!here.includes('"code"') && here !== "[]" && here !== "0") withRows++;
    }),
    { numRuns: 400 },
  );
  // A harness whose queries are all refused, or all empty, would see nothing.
  console.log(`non-interference: ${runs} queries, ${answered} answered, ${withRows} with rows`);
  expect(answered / runs).toBeGreaterThan(0.6);
  expect(withRows / runs).toBeGreaterThan(0.3);
});

test("the harness sees a leak: without the tenant's predicate, the final check, the role and the policies it fails", async () => {
  const open: Partial<GuardedDialectOptions> = {
    context: { statements: () => [], enter: () => Promise.resolve() },
    finalCheck: (...of) => ({ ...finalCheck(...of), check: (text) => ({ text, namesTenant: false }) }),
    guard: {
      ...both.guards.north,
      view(...asked) {
        const view = both.guards.north.view(...asked);
        return { ...view, select: { ...view.select, where: null } };
      },
    },
  };
  const outcome = await fc.check(
    fc.asyncProperty(queryArbitrary, async (drawn) => {
      expect(await observe(both, drawn, open)).toBe(await observe(alone, drawn, open));
    }),
    { numRuns: 100, endOnFailure: true },
  );
  expect(outcome.failed).toBe(true);
});
