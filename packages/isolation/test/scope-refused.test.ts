/** What no handle lets through, and with which code. Each query is run on a real database, so a hole would show rows. */
import { CompiledQuery, createQueryId, sql, type Kysely, type RootOperationNode } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ada, codeOf, handle, idOf, openLibrary, type Handle, type Library } from "./driver-library.ts";

let library: Library;
let north: Handle;
// The builder's types refuse most of these queries before the guard does.
let db: Loosened;

beforeAll(async () => {
  library = await openLibrary();
  north = handle(library, "north", ada);
  db = north.db as never;
});
afterAll(() => library.close());

type Loose = (query: Loosened) => { execute(): Promise<unknown> };
type Loosened = Kysely<Record<string, Record<string, unknown>>>;

async function refused(build: Loose): Promise<string> {
  return codeOf(build(db).execute());
}

describe("raw text (vectors 16, 18, 21, 36–38)", () => {
  const raw = "IsolationViolation query/raw-statement";

  test.each([
    ["select", "select * from lib.books"],
    ["another tenant's setting", "select set_config('wardline.tenant', 'south', false)"],
    ["a role", "reset role"],
    ["row security", "set row_security = off"],
    ["several statements", "select 1; set local role postgres"],
    ["the transaction", "rollback"],
  ])("as a statement: %s", async (_, text) => {
    expect(await codeOf(north.db.executeQuery(CompiledQuery.raw(text)))).toBe(raw);
    expect(await codeOf(sql.raw(text).execute(north.db))).toBe(raw);
    expect(
      await codeOf(north.db.connection().execute((one) => one.executeQuery(CompiledQuery.raw(text)))),
    ).toBe(raw);
    expect(
      await codeOf(north.db.transaction().execute((one) => one.executeQuery(CompiledQuery.raw(text)))),
    ).toBe(raw);
  });

  const fragments: readonly (readonly [string, Loose])[] = [
    ["selection", (q) => q.selectFrom("books").select(sql`1`.as("x"))],
    [
      "where",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .where(sql`true` as never),
    ],
    [
      "a value",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .where("id", "=", sql`id`),
    ],
    ["text round one node", (q) => q.selectFrom("books").select(sql`pg_sleep(${sql.lit(1)})`.as("x"))],
    ["a table", (q) => q.selectFrom(sql`lib.books`.as("b")).selectAll()],
    [
      "order by",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .orderBy(sql`random()`),
    ],
    [
      "a direction",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .orderBy("id", sql`asc, (select 1)` as never),
    ],
    [
      "group by",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .groupBy(sql`id`),
    ],
    [
      "having",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .groupBy("id")
          .having(sql`true` as never),
    ],
    [
      "on",
      (q) =>
        q
          .selectFrom("books as a")
          .innerJoin("books as b", (join) => join.on(sql`1 = 1` as never))
          .selectAll("a"),
    ],
    [
      "limit",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .limit(sql`1` as never),
    ],
    [
      "a modifier",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .modifyFront(sql`all`),
    ],
    [
      "the end",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .modifyEnd(sql`for update`),
    ],
    ["a set value", (q) => q.updateTable("books").set({ title: sql`'x'` })],
    [
      "text round one node of a written row's condition",
      (q) =>
        q
          .updateTable("books")
          .set({ title: "x" })
          .where("title", "=", sql`lower(${sql.ref("title")})`),
    ],
    [
      "text that is the truth of a written row's join",
      (q) =>
        q
          .updateTable("books")
          .from("branches")
          .innerJoin("branches as other", (join) => join.on(sql`1 = 1` as never))
          .set({ title: "x" }),
    ],
    [
      "text that is a direction inside a set value",
      (q) =>
        q.updateTable("books").set((eb) => ({
          title: eb
            .selectFrom("books")
            .select("title")
            .orderBy("id", sql`asc nulls last` as never)
            .limit(1),
        })),
    ],
    ["an inserted value", (q) => q.insertInto("branches").values({ name: sql`'x'` })],
    [
      "returning",
      (q) =>
        q
          .updateTable("books")
          .set({ title: "x" })
          .returning(sql`1`.as("x")),
    ],
    [
      "a cte",
      (q) =>
        q
          .with("x", () => sql`select 1 as y` as never)
          .selectFrom("x")
          .selectAll(),
    ],
    [
      "a function's argument",
      (q) => q.selectFrom("books").select((eb) => eb.fn("lower", [sql`title`]).as("x")),
    ],
  ];
  test.each(fragments)("as a fragment in %s", async (_, build) => {
    expect(await refused(build)).toMatch(
      /^(IsolationViolation query\/raw-statement|UnsupportedQuery query\/unsupported-node)$/,
    );
  });
  test.each(
    fragments.filter(([place]) =>
      ["selection", "where", "a table", "order by", "a set value"].includes(place),
    ),
  )("%s has the code of raw text", async (_, build) => {
    expect(await refused(build)).toBe(raw);
  });

  test("withoutPlugins and a compiler of one's own change nothing", async () => {
    const bare = north.db.withoutPlugins();
    expect(await codeOf(sql`select * from lib.books`.execute(bare))).toBe(raw);
    const rows = await bare.selectFrom("books").select("id").execute();
    expect(rows).toHaveLength(4);
  });

  test("the text of a compiled query is not read, only its tree", async () => {
    const honest = north.db.selectFrom("branches").select("name").compile();
    const forged = { ...honest, sql: "select title as name from lib.books", parameters: [] };
    const { rows } = await north.db.executeQuery(forged);
    expect(rows).toHaveLength(4);
  });
});

describe("statements of other kinds", () => {
  test.each<readonly [string, Loose, string]>([
    [
      "create table",
      (q) => q.schema.createTable("x").addColumn("y", "text"),
      "IsolationViolation query/schema-statement",
    ],
    ["drop table", (q) => q.schema.dropTable("books"), "IsolationViolation query/schema-statement"],
    [
      "create view",
      (q) => q.schema.createView("v").as(q.selectFrom("books").selectAll()),
      "IsolationViolation query/schema-statement",
    ],
    [
      "merge",
      (q) => q.mergeInto("books").using("loans", "loans.book_id", "books.id").whenMatched().thenDelete(),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "another schema",
      (q) => q.withSchema("lib").selectFrom("books").selectAll(),
      "IsolationViolation query/schema-qualified",
    ],
    [
      "the catalogue",
      (q) => q.selectFrom("pg_catalog.pg_class").selectAll(),
      "IsolationViolation query/schema-qualified",
    ],
    [
      "a table of the catalogue by its bare name",
      (q) => q.selectFrom("pg_roles").selectAll(),
      "UnsupportedQuery query/unknown-table",
    ],
    ["a side table", (q) => q.selectFrom("book_tags").selectAll(), "UnsupportedQuery query/unknown-table"],
    ["the audit log", (q) => q.selectFrom("audit").selectAll(), "UnsupportedQuery query/unknown-table"],
    [
      "the tenant column",
      (q) => q.selectFrom("books").select("tenant_id"),
      "UnsupportedQuery query/unknown-column",
    ],
    ["a system column", (q) => q.selectFrom("books").select("xmin"), "UnsupportedQuery query/unknown-column"],
    ["a whole row", (q) => q.selectFrom("books").select("books"), "UnsupportedQuery query/unknown-column"],
    [
      "a whole row counted",
      (q) => q.selectFrom("books").select((eb) => eb.fn.countAll("books").as("n")),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "a function",
      (q) => q.selectFrom("books").select((eb) => eb.fn("pg_sleep", [eb.val(1)]).as("x")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "a function with text in its name",
      (q) => q.selectFrom("books").select((eb) => eb.fn("lower(title), pg_sleep", [eb.val(1)]).as("x")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "an aggregate",
      (q) => q.selectFrom("books").select((eb) => eb.fn.agg("xmlagg", ["title"]).as("x")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "to_json of a row",
      (q) => q.selectFrom("books").select((eb) => eb.fn.toJson("books").as("x")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "any of a column",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .where("id", "=", (eb: never) => (eb as { fn: { any(x: string): never } }).fn.any("title")),
      "UnsupportedQuery query/type-mismatch",
    ],
    [
      "an operator",
      (q) => q.selectFrom("books").selectAll().where("title", "@@", "x"),
      "UnsupportedQuery query/unsupported-operator",
    ],
    [
      "a cast to a type that is not listed",
      (q) => q.selectFrom("books").select((eb) => eb.cast("title", "json").as("x")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "a recursion that is no base and one step",
      (q) =>
        q
          .withRecursive("t", (c) => c.selectFrom("t").select("t.id"))
          .selectFrom("t")
          .selectAll(),
      "UnsupportedQuery query/recursive",
    ],
    [
      "a recursion without recursive, whose name is a table's or none",
      (q) =>
        q
          .with("t", (c) => c.selectFrom("books").select("id").unionAll(c.selectFrom("t").select("t.id")))
          .selectFrom("t")
          .selectAll(),
      "UnsupportedQuery query/unknown-table",
    ],
    [
      "a recursion whose base names it",
      (q) =>
        q
          .withRecursive("t", (c) =>
            c.selectFrom("t").select("id").unionAll(c.selectFrom("t").select("t.id")),
          )
          .selectFrom("t")
          .selectAll(),
      "UnsupportedQuery query/recursive",
    ],
    [
      "a common table expression named before it is defined, though a table has the name (vector 4)",
      (q) =>
        q
          .withRecursive("a", (c) => c.selectFrom("books").select("id"))
          .with("books", (c) => c.selectFrom("a").select("a.id"))
          .selectFrom("books")
          .selectAll(),
      "UnsupportedQuery query/recursive",
    ],
    [
      "two common table expressions of one name (vector 4)",
      (q) =>
        q
          .with("t", (c) => c.selectFrom("books").select("id"))
          .with("t", (c) => c.selectFrom("loans").select("id"))
          .selectFrom("t")
          .selectAll(),
      "UnsupportedQuery query/duplicate-name",
    ],
    [
      "a recursion that is limited inside",
      (q) =>
        q
          .withRecursive("t", (c) =>
            c.selectFrom("books").select("id").unionAll(c.selectFrom("t").select("t.id")).limit(3),
          )
          .selectFrom("t")
          .selectAll(),
      "UnsupportedQuery query/recursive",
    ],
    [
      "a write in a cte",
      (q) =>
        q
          .with("w", (c) => c.deleteFrom("books").returningAll())
          .selectFrom("w")
          .selectAll(),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "a lock",
      (q) => q.selectFrom("books").selectAll().forUpdate(),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "fetch with ties without an order",
      (q) => q.selectFrom("books").selectAll().fetch(1, "with ties"),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "fetch and limit",
      (q) => q.selectFrom("books").selectAll().limit(1).fetch(1),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "a collation of the cluster's",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .orderBy("title", (o) => o.collate("default")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "a window function without a window",
      (q) => q.selectFrom("books").select((eb) => eb.fn.agg("row_number").as("n")),
      "UnsupportedQuery query/unsupported-function",
    ],
    [
      "a function of a column of another type",
      (q) => q.selectFrom("books").select((eb) => eb.fn("lower", ["copies"]).as("n")),
      "UnsupportedQuery query/type-mismatch",
    ],
    [
      "a comparison of two types",
      (q) => q.selectFrom("books").select("id").whereRef("rare", "=", "title"),
      "UnsupportedQuery query/type-mismatch",
    ],
    [
      "a column that is not grouped",
      (q) => q.selectFrom("books").select(["title", (eb) => eb.fn.countAll().as("n")]),
      "UnsupportedQuery query/misplaced",
    ],
    [
      "a function as a table (vector 15)",
      (q) => q.selectFrom((eb) => eb.fn("generate_series", [eb.val(1)]).as("g") as never).selectAll(),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "a table with words of the grammar in its name (vector 15)",
      (q) => q.selectFrom("only books").selectAll(),
      "UnsupportedQuery query/unknown-table",
    ],
    [
      "a path in JSON of what is none (vector 20)",
      (q) =>
        q.selectFrom("books").select((eb) =>
          eb
            .ref("title", "->")
            .key("x" as never)
            .as("x"),
        ),
      "UnsupportedQuery query/type-mismatch",
    ],
    [
      "a position in order by",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .orderBy((eb) => eb.lit(1)),
      "UnsupportedQuery query/unsupported-node",
    ],
    [
      "an alias of two tables",
      (q) => q.selectFrom("books as x").innerJoin("loans as x", "x.id", "x.id").selectAll(),
      "UnsupportedQuery query/duplicate-name",
    ],
    [
      "an ambiguous column",
      (q) => q.selectFrom("books").innerJoin("loans", "loans.book_id", "books.id").select("id"),
      "UnsupportedQuery query/ambiguous-column",
    ],
    [
      "a table under its name when it has an alias",
      (q) => q.selectFrom("books as b").select("books.id"),
      "UnsupportedQuery query/unknown-column",
    ],
    [
      "a column of an outer table whose name an inner one has taken (vector 5)",
      (q) =>
        q
          .selectFrom("books as x")
          .select("x.id")
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom("branches as x")
                .select("x.id")
                .where("x.title" as never, "=", "x" as never),
            ),
          ),
      "UnsupportedQuery query/unknown-column",
    ],
    [
      "a sibling of a sub-select that is not lateral",
      (q) =>
        q
          .selectFrom("books as b")
          .innerJoin(
            (eb) => eb.selectFrom("loans").select("loans.id").whereRef("loans.book_id", "=", "b.id").as("l"),
            (j) => j.onTrue(),
          )
          .selectAll("b"),
      "UnsupportedQuery query/unknown-column",
    ],
    [
      "a binary value",
      (q) => q.selectFrom("books").selectAll().where("title", "=", Buffer.from("x")),
      "UnsupportedQuery query/unsupported-value",
    ],
    [
      "an object as a value",
      (q) =>
        q
          .selectFrom("books")
          .selectAll()
          .where("title", "=", { toString: () => "x" }),
      "UnsupportedQuery query/unsupported-value",
    ],
    [
      "no value",
      (q) => q.selectFrom("books").selectAll().where("id", "in", []),
      "UnsupportedQuery query/unsupported-value",
    ],
    [
      "U+0000",
      (q) => q.selectFrom("books").selectAll().where("title", "=", "a\0b"),
      "UnsupportedQuery query/unsupported-value",
    ],
    [
      "a value of another type",
      (q) => q.selectFrom("books").selectAll().where("id", "=", "no id"),
      "UnsupportedQuery query/unsupported-value",
    ],
    [
      "a name that Postgres would cut",
      (q) => q.selectFrom("books").select(`title as ${"x".repeat(64)}`),
      "UnsupportedQuery query/unsupported-node",
    ],
  ])("%s", async (_, build, code) => {
    expect(await refused(build)).toBe(code);
  });

  test("explain (vector 55), introspection and streams of writes", async () => {
    expect(await codeOf(north.db.selectFrom("books").selectAll().explain())).toBe(
      "UnsupportedQuery query/unsupported-node",
    );
    expect(await codeOf(north.db.introspection.getTables())).toMatch(/^IsolationViolation|^UnsupportedQuery/);
    const stream = async (): Promise<void> => {
      for await (const row of north.db.deleteFrom("books").returning("id").stream())
        expect(row).toBe("never");
    };
    expect(await codeOf(stream())).toBe("UnsupportedQuery query/streaming");
  });
});

describe("sealed columns", () => {
  const code = "UnsupportedQuery query/sealed-column";
  test.each<readonly [string, Loose]>([
    ...[
      "<>",
      "!=",
      "<",
      ">=",
      "like",
      "not like",
      "~",
      "^@",
      "||",
      "is distinct from",
      "is not distinct from",
    ].map((operator): readonly [string, Loose] => [
      `where ${operator} a value`,
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where("note", operator as never, "x"),
    ]),
    ["where not in", (q) => q.selectFrom("books").select("id").where("note", "not in", ["x"])],
    ["where is true", (q) => q.selectFrom("books").select("id").where("note", "is", true)],
    [
      "between",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where((eb) => eb.between("note", "a", "b")),
    ],
    [
      "= all",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where((eb) => eb("note", "=", eb.fn("all", [eb.val(["x"])]))),
    ],
    [
      "a value on the left that is in it",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where((eb) => eb(eb.val("x"), "in", eb.ref("note") as never)),
    ],
    ["a plain column", (q) => q.selectFrom("books").select("id").whereRef("note", "=", "title")],
    ["a plain column on the left", (q) => q.selectFrom("books").select("id").whereRef("title", "=", "note")],
    ["itself", (q) => q.selectFrom("books").select("id").whereRef("note", "=", "note")],
    [
      "what is computed",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where((eb) => eb("note", "=", eb.fn("lower", [eb.val("X")]))),
    ],
    [
      "a pair",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where((eb) => eb(eb.refTuple("note", "id"), "in", [eb.tuple("x", "y")])),
    ],
    [
      "a sub-select of sealed cells",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where("note", "in", (eb: never) => (eb as Loosened).selectFrom("books").select("note") as never),
    ],
    [
      "the value of a case",
      (q) =>
        q.selectFrom("books").select((eb) =>
          eb
            .case("note")
            .when("x" as never)
            .then(1)
            .end()
            .as("n"),
        ),
    ],
    [
      "what excluded proposes",
      (q) =>
        q
          .insertInto("books")
          .values({
            id: "00000000-0000-7000-8001-000200000001",
            branch_id: "00000000-0000-7000-8001-000100000001",
            title: "x",
            note: "x",
            copies: 1,
            genre: "prose",
            rare: false,
          })
          .onConflict((on) => on.column("id").doUpdateSet({ note: "y" }).where("excluded.note", "=", "x")),
    ],
    [
      "a recursion that carries it",
      (q) =>
        q
          .withRecursive("r(id, n)", (eb) =>
            eb
              .selectFrom("books")
              .select(["id", "note as n"])
              .unionAll((of) => of.selectFrom("r").select(["r.id", "r.n"]).where("r.id", "is", null)),
          )
          .selectFrom("r")
          .select("r.id")
          .where("r.n", "=", "x"),
    ],
    [
      "a union whose second part has it from a sub-select in place of a value",
      (q) =>
        q
          .selectFrom((eb) =>
            eb
              .selectFrom("books")
              .select("note as n")
              .unionAll((of) =>
                of
                  .selectFrom("books as b")
                  .select((o) => o.selectFrom("books as c").select("c.note").limit(1).as("n")),
              )
              .as("x"),
          )
          .select("n")
          .where("n", "=", "x"),
    ],
    [
      "where, through a sub-select's other name",
      (q) =>
        q
          .selectFrom((eb) => eb.selectFrom("books").select("note as n").as("x"))
          .select("n")
          .where("n", "like", "%"),
    ],
    ["order by", (q) => q.selectFrom("books").select("id").orderBy("note")],
    [
      "order by an output column of another column's name",
      (q) => q.selectFrom("books").select("note as title").orderBy("title"),
    ],
    ["distinct on", (q) => q.selectFrom("books").distinctOn("note").select("id")],
    ["group by", (q) => q.selectFrom("books").select("note").groupBy("note")],
    ["distinct", (q) => q.selectFrom("books").select("note").distinct()],
    ["a join", (q) => q.selectFrom("books as a").innerJoin("books as b", "a.note", "b.note").select("a.id")],
    ["a function", (q) => q.selectFrom("books").select((eb) => eb.fn("length", ["note"]).as("n"))],
    ["an aggregate", (q) => q.selectFrom("books").select((eb) => eb.fn.max("note").as("n"))],
    ["coalesce", (q) => q.selectFrom("books").select((eb) => eb.fn.coalesce("note", eb.val("x")).as("n"))],
    ["a cast", (q) => q.selectFrom("books").select((eb) => eb.cast("note", "text").as("n"))],
    ["concatenation", (q) => q.selectFrom("books").select((eb) => eb("note", "||", "x").as("n"))],
    [
      "a window",
      (q) =>
        q.selectFrom("books").select((eb) =>
          eb.fn
            .count("id")
            .over((o) => o.partitionBy("note"))
            .as("n"),
        ),
    ],
    ["union", (q) => q.selectFrom("books").select("note").union(q.selectFrom("books").select("note"))],
    [
      "union all with a plain column",
      (q) => q.selectFrom("books").select("note").unionAll(q.selectFrom("books").select("title as note")),
    ],
    [
      "union all under a plain column",
      (q) => q.selectFrom("books").select("title").unionAll(q.selectFrom("books").select("note as title")),
    ],
    [
      "in, as a sub-select",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where("title", "in", (eb: never) => (eb as Loosened).selectFrom("books").select("note") as never),
    ],
    [
      "comparison with a sub-select",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where(
            "title",
            "=",
            (eb: never) => (eb as Loosened).selectFrom("books").select("note").limit(1) as never,
          ),
    ],
    [
      "the condition of an update",
      (q) => q.updateTable("books").set({ title: "x" }).where("note", "<>", "x"),
    ],
    ["the condition of a delete", (q) => q.deleteFrom("books").where("note", "<>", "x")],
  ])("not in %s", async (_, build) => {
    expect(await refused(build)).toBe(code);
  });

  test.each<readonly [string, Loose, string]>([
    ["a number", (q) => q.selectFrom("books").select("id").where("note", "=", 5), "query/type-mismatch"],
    [
      "a truth value",
      (q) => q.selectFrom("books").select("id").where("note", "=", true),
      "query/type-mismatch",
    ],
    [
      "no text",
      (q) => q.selectFrom("books").select("id").where("note", "=", "\ud800"),
      "query/type-mismatch",
    ],
    [
      "a number in a list",
      (q) => q.selectFrom("books").select("id").where("note", "in", ["x", 5]),
      "query/type-mismatch",
    ],
    [
      "null in a list",
      (q) => q.selectFrom("books").select("id").where("note", "in", ["x", null]),
      "query/type-mismatch",
    ],
    [
      "an empty list",
      (q) => q.selectFrom("books").select("id").where("note", "in", []),
      "query/unsupported-value",
    ],
    [
      "a number in an array",
      (q) =>
        q
          .selectFrom("books")
          .select("id")
          .where((eb) => eb("note", "=", eb.fn.any(eb.val(["x", 5] as never)))),
      "query/type-mismatch",
    ],
    ["its blind index", (q) => q.selectFrom("books").select("note_bidx"), "query/unknown-column"],
    [
      "its blind index of a table",
      (q) => q.selectFrom("books").select("books.note_bidx"),
      "query/unknown-column",
    ],
    [
      "its blind index in a condition",
      (q) => q.selectFrom("books").select("id").where("note_bidx", "is not", null),
      "query/unknown-column",
    ],
    [
      "its blind index by the name under which a sub-select carries it",
      (q) => q.selectFrom((eb) => eb.selectFrom("books").select("note").as("x")).select("x.wardline:index0"),
      "query/duplicate-name",
    ],
    [
      "an alias that could be taken for a carried one",
      (q) =>
        q
          .selectFrom((eb) => eb.selectFrom("books").select(["note", "title as wardline:index0"]).as("x"))
          .select("x.note"),
      "query/duplicate-name",
    ],
    [
      "its blind index as a written column",
      (q) => q.updateTable("books").set({ note_bidx: "x" }),
      "write/unknown-column",
    ],
    [
      "its blind index as an inserted column",
      (q) => q.insertInto("books").values({ note_bidx: "x" }),
      "write/unknown-column",
    ],
  ])("V78: %s is refused", async (_, build, code) => {
    expect(await refused(build)).toBe(`UnsupportedQuery ${code}`);
  });

  test("two of one name in a result are refused, since only one could be opened", async () => {
    const build: Loose = (q) =>
      q.selectFrom("books as a").innerJoin("books as b", "a.id", "b.id").select(["a.note", "b.note"]);
    expect(await refused(build)).toBe("UnsupportedQuery query/duplicate-name");
  });
});

describe("trees that no builder makes", () => {
  const run = (query: unknown): Promise<string> =>
    codeOf(
      north.db.executeQuery({
        query: query as RootOperationNode,
        queryId: createQueryId(),
        sql: "",
        parameters: [],
      }),
    );
  const select = (changes: object): object => ({
    ...north.db.selectFrom("books").select("id").compile().query,
    ...changes,
  });

  test("an unknown kind, an unknown part, a part in the wrong place", async () => {
    expect(await run({ kind: "CopyNode" })).toBe("UnsupportedQuery query/unsupported-node");
    expect(await run({ kind: "constructor" })).toBe("UnsupportedQuery query/unsupported-node");
    expect(await run(select({ lockRows: { kind: "ValueNode", value: 1 } }))).toBe(
      "UnsupportedQuery query/unsupported-node",
    );
    expect(await run(select({ where: { kind: "WhereNode", where: { kind: "FromNode", froms: [] } } }))).toBe(
      "UnsupportedQuery query/unsupported-node",
    );
    expect(await run(select({ where: { kind: "WhereNode", where: { text: "true" } } }))).toBe(
      "UnsupportedQuery query/unsupported-node",
    );
  });

  test("one that answers differently the second time is judged as it was read", async () => {
    let asked = 0;
    const name = {
      kind: "IdentifierNode",
      get name() {
        return asked++ === 0 ? "branches" : "books";
      },
    };
    const table = { kind: "TableNode", table: { kind: "SchemableIdentifierNode", identifier: name } };
    const query = {
      kind: "SelectQueryNode",
      from: { kind: "FromNode", froms: [table] },
      selections: [{ kind: "SelectionNode", selection: { kind: "SelectAllNode" } }],
    };
    const result = await north.db.executeQuery({
      query: query as never,
      queryId: createQueryId(),
      sql: "",
      parameters: [],
    });
    expect(Object.keys(result.rows[0] as object)).toEqual(["id", "name", "parent_id"]);
    expect(asked).toBe(1);
  });

  test("a cycle and a bottomless tree end", async () => {
    const cycle: Record<string, unknown> = { kind: "ParensNode" };
    cycle["node"] = cycle;
    expect(await run(select({ where: { kind: "WhereNode", where: cycle } }))).toBe(
      "UnsupportedQuery query/unsupported-node",
    );
  });

  test("an operator, a join or a limit that is text of one's own", async () => {
    const operation = (operator: string): object => ({
      kind: "BinaryOperationNode",
      leftOperand: { kind: "ValueNode", value: 1 },
      operator: { kind: "OperatorNode", operator },
      rightOperand: { kind: "ValueNode", value: 1 },
    });
    expect(await run(select({ where: { kind: "WhereNode", where: operation("= 1 or 1 =") } }))).toBe(
      "UnsupportedQuery query/unsupported-operator",
    );
    expect(
      await run(
        select({
          limit: { kind: "LimitNode", limit: { kind: "ValueNode", value: "1 offset 2", immediate: true } },
        }),
      ),
    ).toBe("UnsupportedQuery query/unsupported-value");
    const join = {
      kind: "JoinNode",
      joinType: "natural join",
      table: {
        kind: "TableNode",
        table: { kind: "SchemableIdentifierNode", identifier: { kind: "IdentifierNode", name: "loans" } },
      },
    };
    expect(await run(select({ joins: [join] }))).toBe("UnsupportedQuery query/unsupported-node");
  });

  test("a quote in a name stays in the name", async () => {
    const hostile = 'x" from (select 1); --';
    expect(await refused((q) => q.selectFrom(hostile).selectAll())).toBe(
      "UnsupportedQuery query/unknown-table",
    );
    const rows = await north.db
      .selectFrom("books")
      .select(`title as ${hostile}` as "title")
      .where("id", "=", idOf("book", "north", 1))
      .execute();
    expect(Object.keys(rows[0] as object)).toEqual([hostile]);
  });
});

test("errors carry no text of a statement and no value", async () => {
  const secret = "a very secret value";
  const failures = [
    north.db.selectFrom("books").selectAll().where("id", "=", secret).execute(),
    north.db
      .selectFrom("books")
      .selectAll()
      .where("copies", "=", secret as never)
      .execute(),
  ];
  for (const failure of failures) {
    const error: unknown = await failure.catch((e: unknown) => e);
    expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toMatch(
      /secret|select|books/,
    );
  }
  expect(north.operatorErrors.length).toBeGreaterThan(0);
});
