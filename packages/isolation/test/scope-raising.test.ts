/**
 * V93: whatever may raise an error runs on no row that the view leaves out. Each operator, function and cast of the allow-list that
 * can raise one is asked over a row of the same tenant that would make it. With the fences cut out of the text the same questions
 * fail, so that the harness is known to see.
 */
import type { ExpressionBuilder, ExpressionWrapper, Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database, SqlStatement } from "../src/contracts.ts";
import { aggregateFunctions } from "../src/scope/aggregate-function.ts";
import { binaryOperators } from "../src/scope/operator.ts";
import { scalarFunctions } from "../src/scope/scalar-function.ts";
import { castTypes } from "../src/scope/type.ts";
import { ada, codeOf, handle, idOf, openLibrary, type Library } from "./driver-library.ts";

let library: Library;
const hidden = idOf("book", "north", 5);
beforeAll(async () => {
  library = await openLibrary();
  // The policy's own predicate is what the planner would leave for the last, and no index answers it.
  await library.raw("alter function pg_catalog.uuid_eq(uuid, uuid) cost 100000");
  for (const { name } of await library.raw(
    "select indexname::text as name from pg_catalog.pg_indexes where tablename = 'books' and indexdef like '%branch_id%'",
  ))
    await library.raw(`drop index lib."${String(name)}"`);
});
afterAll(() => library.close());

// oxlint-disable-next-line typescript/no-explicit-any -- the builder has no type for a column of any type
type Loose = ExpressionBuilder<any, any>;
type Condition = (eb: Loose) => ExpressionWrapper<never, never, never>;
type Row = Readonly<Record<string, string | number>>;

const max = "9223372036854775807";
const where = (build: (eb: Loose) => unknown): Condition => build as Condition;
const call = (name: string, ...args: readonly unknown[]): Condition =>
  where((eb) =>
    eb(eb.fn(name, args.map((arg) => (typeof arg === "function" ? arg(eb) : arg)) as never), "is not", null),
  );
const value = (of: unknown) => (eb: Loose) => eb.val(of);
const whole = (column: string) => (eb: Loose) => eb.cast(column, "integer");
const patterns = ["like", "not like", "ilike", "not ilike"];
const regexes = ["~", "~*", "!~", "!~*"];
const matched = (operator: string): Condition =>
  where((eb) => eb(eb.val("xy"), operator as "like", eb.ref("title")));
const cast = (type: string): Condition => where((eb) => eb(eb.cast("title", type as "text"), "is not", null));

/** What is asked, the values of every row, and those of the row that the view leaves out. */
const raising: readonly (readonly [string, Condition, Row, Row])[] = [
  ["+", where((eb) => eb(eb("copies", "+", max), "is not", null)), { copies: 0 }, { copies: 1 }],
  ["-", where((eb) => eb(eb("copies", "-", `-${max}`), "is not", null)), { copies: 0 }, { copies: 1 }],
  ["*", where((eb) => eb(eb("copies", "*", max), "is not", null)), { copies: 1 }, { copies: 2 }],
  [
    "/",
    where((eb) => eb(eb(eb.val(1), "/", eb.ref("copies")), "is not", null)),
    { copies: 1 },
    { copies: 0 },
  ],
  [
    "%",
    where((eb) => eb(eb(eb.val(1), "%", eb.ref("copies")), "is not", null)),
    { copies: 1 },
    { copies: 0 },
  ],
  ["^", where((eb) => eb(eb(eb("copies", "-", 1), "^", -1), "is not", null)), { copies: 2 }, { copies: 1 }],
  [
    "unary -",
    where((eb) => eb(eb.neg(eb(eb("copies", "-", max), "-", 1)), "is not", null)),
    { copies: 1 },
    { copies: 0 },
  ],
  ...patterns.map((operator) => [operator, matched(operator), { title: "x" }, { title: "x\\" }] as const),
  ...regexes.map((operator) => [operator, matched(operator), { title: "x" }, { title: "(" }] as const),
  [
    "substr",
    call("substr", "title", value(1), (eb: Loose) => eb(whole("copies")(eb), "-", 1)),
    { copies: 1 },
    { copies: 0 },
  ],
  [
    "substring",
    call("substring", "title", value(1), (eb: Loose) => eb(whole("copies")(eb), "-", 1)),
    { copies: 1 },
    { copies: 0 },
  ],
  ["split_part", call("split_part", "title", value(","), whole("copies")), { copies: 1 }, { copies: 0 }],
  ["abs", call("abs", (eb: Loose) => eb(eb("copies", "-", max), "-", 1)), { copies: 1 }, { copies: 0 }],
  ["mod", call("mod", "copies", "copies"), { copies: 1 }, { copies: 0 }],
  ["power", call("power", value(0), (eb: Loose) => eb("copies", "-", 1)), { copies: 1 }, { copies: 0 }],
  ["sqrt", call("sqrt", (eb: Loose) => eb("copies", "-", 1)), { copies: 1 }, { copies: 0 }],
  ["date_trunc", call("date_trunc", "title", "bought"), { title: "day" }, { title: "no part" }],
  ["date_part", call("date_part", "title", "bought"), { title: "day" }, { title: "no part" }],
  ...[
    "integer",
    "int4",
    "bigint",
    "int8",
    "numeric",
    "decimal",
    "double precision",
    "float8",
    "boolean",
    "jsonb",
  ].map((type) => [`cast to ${type}`, cast(type), { title: "1" }, { title: "none" }] as const),
  ["cast to uuid", cast("uuid"), { title: hidden }, { title: "none" }],
  ["cast to timestamptz", cast("timestamptz"), { title: "2026-01-01" }, { title: "none" }],
  ["cast to date", cast("date"), { title: "2026-01-01" }, { title: "none" }],
  ["cast to time", cast("time"), { title: "12:00" }, { title: "none" }],
  [
    "ntile",
    where((eb) =>
      eb.exists(
        eb.selectFrom("branches").select((inner) =>
          inner.fn
            .agg("ntile", [inner.cast("books.copies", "integer")])
            .over()
            .as("n"),
        ),
      ),
    ),
    { copies: 1 },
    { copies: 0 },
  ],
  [
    "nth_value",
    where((eb) =>
      eb.exists(
        eb.selectFrom("branches").select((inner) =>
          inner.fn
            .agg("nth_value", ["branches.name", inner.cast("books.copies", "integer")])
            .over()
            .as("n"),
        ),
      ),
    ),
    { copies: 1 },
    { copies: 0 },
  ],
];

/** What no value of a column makes fail, whatever it is given. It is fenced all the same unless it is on the leakproof list. */
const quiet: readonly string[] = [
  "is distinct from",
  "is not distinct from",
  "cast to text",
  ..."= <> != < <= > >= || ^@ & | # @> <@ &&".split(" "),
  ..."lower upper initcap reverse length char_length character_length octet_length ascii".split(" "),
  ..."trim btrim ltrim rtrim left right strpos starts_with replace translate concat concat_ws".split(" "),
  ..."sign ceil ceiling floor round trunc coalesce greatest least nullif".split(" "),
  ..."count sum avg min max bool_and bool_or every string_agg array_agg json_agg jsonb_agg".split(" "),
  ..."row_number rank dense_rank percent_rank cume_dist lag lead first_value last_value".split(" "),
];

test("V93: every entry of the allow-list is known to raise errors or not to", () => {
  const judged = [...raising.map(([name]) => name), ...quiet].filter((name) => name !== "unary -");
  const allowed = [
    ...binaryOperators,
    ...scalarFunctions,
    ...aggregateFunctions,
    ...castTypes.map((type) => `cast to ${type}`),
  ];
  expect(judged.toSorted()).toEqual(allowed.toSorted());
});

/** With the fences cut out of what is sent. */
function unfenced(database: Database): Database {
  const cut = (sql: string): string => sql.replaceAll(" OFFSET 0", "");
  const cutAll = (statements: readonly SqlStatement[]): readonly SqlStatement[] =>
    statements.map(({ sql, parameters }) => ({ sql: cut(sql), parameters }));
  return {
    ...database,
    batch: (batch) =>
      database.batch((backend) => cutAll(typeof batch === "function" ? batch(backend) : batch)),
    turn: (run) =>
      database.turn((session) => run({ query: (sql, parameters) => session.query(cut(sql), parameters) })),
  };
}

async function ask(condition: Condition, database: Database): Promise<string> {
  const { db } = handle(library, "north", ada, { database, leakproofChecked: true });
  const query = (db as never as Kysely<Record<string, Record<string, unknown>>>)
    .selectFrom("books")
    .select("books.id")
    .where(condition as never);
  const rows = query.execute();
  const code = await codeOf(rows);
  return code === "no error" ? JSON.stringify((await rows).map(({ id }) => String(id)).toSorted()) : code;
}

async function plant(all: Row, excluded: Row): Promise<void> {
  for (const [row, of] of [
    [all, "tenant_id = 'north'"],
    [excluded, `id = '${hidden}'`],
  ] as const) {
    const names = Object.keys(row);
    const sets = names.map((name, index) => `${name} = $${index + 1}`).join(", ");
    await library.raw(`update lib.books set ${sets} where ${of}`, Object.values(row));
  }
}

describe("a row that the policy hides tells nothing by an error", () => {
  test.each(raising)("V93: %s", async (_, condition, good, bad) => {
    await plant(good, good);
    const without = await ask(condition, library.database);
    expect(without).toMatch(/^\[/);
    await plant(good, bad);
    expect(await ask(condition, library.database)).toBe(without);
    expect(await ask(condition, unfenced(library.database))).toBe("UnsupportedQuery query/unsupported-value");
  });
});
