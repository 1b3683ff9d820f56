/** What the transformer carries, with the answers that Postgres gives. */
import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogueSignatures } from "../src/scope/scalar-function.ts";
import { ada, handle, idOf, openLibrary, type Library } from "./driver-library.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- the builder's types refuse names that only these queries have
type Any = any;
let library: Library;
let db: Kysely<Any>;
beforeAll(async () => {
  library = await openLibrary();
  db = handle(library, "north", ada, { leakproofChecked: true }).db as never;
});
afterAll(() => library.close());

const title = (number: number): string => `north title ${number}`;
const branch = (number: number): string => idOf("branch", "north", number);
const books = (): Any => db.selectFrom("books as b");
const column = async (query: { execute(): Promise<unknown> }, name: string): Promise<unknown[]> =>
  ((await query.execute()) as Record<string, unknown>[]).map((row) => row[name]);

test("V2: an outer join keeps the rows of its side, whatever is hidden on the other", async () => {
  const query = db
    .selectFrom("loans as l")
    .leftJoin("books as b", "b.id", "l.book_id")
    .select(["l.fee", "b.title"])
    .orderBy("l.fee");
  expect(await query.execute()).toEqual([
    { fee: 10, title: title(1) },
    { fee: 20, title: null },
    { fee: 30, title: title(1) },
  ]);
});

test("V4: a common table expression named like a table hides it, and its own body means the table", async () => {
  const query = db
    .with("books", (c) => c.selectFrom("books").select("title").where("copies", "=", 2))
    .selectFrom("books")
    .selectAll();
  expect(await query.execute()).toEqual([{ title: title(2) }]);
});

test("V4: WITH RECURSIVE walks a hierarchy, and stays in the tenant", async () => {
  const query = db
    .withRecursive("up(id, depth)", (c) =>
      c
        .selectFrom("branches")
        .select(["id", sql.lit(0).as("depth")])
        .where("id", "=", branch(1))
        .unionAll(
          c
            .selectFrom("up")
            .innerJoin("branches as p", "p.id", "up.id")
            .innerJoin("branches as q", "q.id", "p.parent_id")
            .select((eb) => ["q.id", eb("up.depth", "+", eb.lit(1)).as("depth")]) as Any,
        ),
    )
    .with("chain", (c) => c.selectFrom("up").select("up.id"))
    .selectFrom("chain")
    .select("chain.id")
    .orderBy("chain.id");
  expect(await column(query, "id")).toEqual([branch(1), branch(2), branch(3)]);
});

test("V5: an alias that is another table's name means what it stands for", async () => {
  const query = db
    .selectFrom("books as loans")
    .innerJoin("loans as books", "books.book_id", "loans.id")
    .select(["loans.title", "books.fee"])
    .orderBy("books.fee");
  expect(await query.execute()).toEqual([
    { title: title(1), fee: 10 },
    { title: title(1), fee: 30 },
  ]);
});

test("V7: an arm of a union that another tenant's handle has built reads the tenant that runs it", async () => {
  const south = handle(library, "south", ada).db as never as Kysely<Any>;
  const query = db.selectFrom("books").select("title").unionAll(south.selectFrom("books").select("title"));
  expect(new Set(await column(query, "title"))).toEqual(new Set([1, 2, 3, 6].map(title)));
});

test("V16: wrappers without text are what they wrap, and a literal never becomes text", async () => {
  const hostile = "x' or true --";
  const query = db
    .selectFrom(sql.table("books").as("b") as Any)
    .select([sql.ref("b.title").as("t"), sql.lit(hostile).as("l"), sql.val(hostile).as("v")])
    .where("b.copies", "=", 2);
  expect(await query.execute()).toEqual([{ t: title(2), l: hostile, v: hostile }]);
});

test("V19: a dynamic name is a name of the model or an error", async () => {
  const ref = (name: string): Any => db.dynamic.ref(name);
  const table = (name: string): Any => db.dynamic.table(name);
  expect(await column(books().select(ref("title")).orderBy(ref("b.copies")), "title")).toEqual(
    [1, 2, 3, 6].map(title),
  );
  expect(
    await db.selectFrom(table("books").as("d")).select("d.title").where("d.copies", "=", 1).execute(),
  ).toEqual([{ title: title(1) }]);
  for (const hostile of ['title" from lib.books --', "tenant_id", "b.ctid", "(select 1)", "b.title::text"])
    await expect(books().select(ref(hostile)).execute()).rejects.toMatchObject({
      code: expect.stringMatching(/^query\/(unknown-column|unsupported-node|schema-qualified)$/),
    });
});

test("V20: a leg of a JSON path is a value, whatever stands in it", async () => {
  const key = "a' || (select title from lib.books limit 1) || '";
  const document = JSON.stringify({ [key]: [{ '"}': "found" }] });
  const query = db
    .selectFrom((eb) =>
      eb
        .selectFrom("branches")
        .select((i) => i.cast(i.val(document), "jsonb").as("d"))
        .limit(1)
        .as("x"),
    )
    .select((eb) => [
      (eb.ref("x.d", "->>") as Any).key(key).at(0).key('"}').as("v"),
      (eb.ref("x.d", "->") as Any).key("none").as("n"),
    ]);
  expect(await query.execute()).toEqual([{ v: "found", n: null }]);
  for (const leg of [1.5, null, "\0", true])
    await expect(
      db
        .selectFrom((eb) =>
          eb
            .selectFrom("branches")
            .select((i) => i.cast(i.val("{}"), "jsonb").as("d"))
            .as("x"),
        )
        .select((eb) => (eb.ref("x.d", "->>") as Any).key(leg).as("v"))
        .execute(),
    ).rejects.toMatchObject({ code: "query/unsupported-value" });
  await expect(
    books()
      .select((eb: Any) => eb.ref("b.title", "->$").key("x").as("v"))
      .execute(),
  ).rejects.toMatchObject({ code: "query/unsupported-node" });
});

test("V22: one compiled query reads the tenant of the handle that runs it", async () => {
  const compiled = db.selectFrom("books").select("title").where("copies", "=", 1).compile();
  const south = handle(library, "south", { ...ada, branches: [1] }).db;
  expect((await db.executeQuery(compiled)).rows).toEqual([{ title: title(1) }]);
  expect((await south.executeQuery(compiled)).rows).toEqual([{ title: "south title 1" }]);
});

test("V55: a plan is never shown", async () => {
  await expect(books().selectAll().explain()).rejects.toMatchObject({
    code: "query/unsupported-node",
    message: expect.stringContaining("a plan tells of rows"),
  });
});

test("windows, with rows that stand before and after", async () => {
  const query = books()
    .select((eb: Any) => [
      eb.fn
        .agg("row_number")
        .over((o: Any) => o.orderBy("b.copies", "desc"))
        .as("n"),
      eb.fn
        .agg("lag", ["b.copies", eb.val(1), eb.val(0)])
        .over((o: Any) => o.orderBy("b.copies"))
        .as("lag"),
      eb.fn
        .agg("lead", ["b.title"])
        .over((o: Any) => o.orderBy("b.copies"))
        .as("lead"),
      eb.fn
        .agg("ntile", [eb.val(2)])
        .over((o: Any) => o.orderBy("b.copies"))
        .as("half"),
      eb.fn
        .agg("first_value", ["b.copies"])
        .over((o: Any) => o.partitionBy("b.branch_id").orderBy("b.copies"))
        .as("first"),
    ])
    .orderBy("n");
  expect(await query.execute()).toEqual([
    { n: 1, lag: 3, lead: null, half: 2, first: 6 },
    { n: 2, lag: 2, lead: title(6), half: 2, first: 1 },
    { n: 3, lag: 1, lead: title(3), half: 1, first: 1 },
    { n: 4, lag: 0, lead: title(2), half: 1, first: 1 },
  ]);
});

test("aggregates with an order, distinct and a filter", async () => {
  const query = books().select((eb: Any) => [
    eb.fn
      .agg("string_agg", ["b.title", eb.val("|")])
      .orderBy("b.copies", "desc")
      .filterWhere("b.copies", "<", 3)
      .as("s"),
    eb.fn.agg("array_agg", ["b.copies"]).orderBy("b.copies").as("a"),
    eb.fn.agg("jsonb_agg", ["b.genre"]).distinct().as("j"),
    eb.fn.agg("bool_or", ["b.rare"]).as("o"),
  ]);
  expect(await query.execute()).toEqual([
    { s: `${title(2)}|${title(1)}`, a: [1, 2, 3, 6], j: ["prose"], o: true },
  ]);
});

test("any and all over lists, arrays and sub-selects", async () => {
  const asked: readonly (readonly [Any, readonly number[]])[] = [
    [(eb: Any) => eb("b.copies", "=", eb.fn.any(eb.val([1, 6, 7]))), [1, 6]],
    [(eb: Any) => eb("b.title", "=", eb.fn("some", [eb.val([title(2), "x"])])), [2]],
    [(eb: Any) => eb("b.copies", ">", eb.fn("all", [eb.val([1, 2])])), [3, 6]],
    [(eb: Any) => eb("b.copies", ">", eb.fn("all", [eb.val([])])), [1, 2, 3, 6]],
    [(eb: Any) => eb("b.id", "=", eb.fn.any(eb.selectFrom("loans").select("loans.book_id"))), [1]],
    [(eb: Any) => eb("b.id", "in", eb.selectFrom("loans").select("loans.book_id")), [1]],
    [(eb: Any) => eb("b.title", "~", "title [36]$"), [3, 6]],
    [(eb: Any) => eb(eb("b.copies", "%", 2), "=", 0), [2, 6]],
  ];
  for (const [condition, numbers] of asked)
    expect(await column(books().select("b.title").where(condition).orderBy("b.copies"), "title")).toEqual(
      numbers.map(title),
    );
});

test("functions take the one signature that fits", async () => {
  const query = books()
    .select((eb: Any) => [
      eb.fn("substring", ["b.title", eb.val(1), eb.val(5)]).as("a"),
      eb.fn("split_part", ["b.title", eb.val(" "), eb.val(3)]).as("b"),
      eb.fn("round", ["b.price", eb.val(0)]).as("c"),
      eb.fn("abs", [eb.val(-5.5)]).as("d"),
      eb.fn("greatest", ["b.copies", eb.val(3)]).as("e"),
      eb.fn("concat", [eb.fn("left", ["b.title", eb.val(1)]), eb.val("!"), eb.val(null)]).as("f"),
      eb.fn("date_part", [eb.val("year"), "b.bought"]).as("g"),
      eb.fn("nullif", ["b.copies", eb.val(1)]).as("h"),
    ])
    .where("b.copies", "=", 1);
  expect(await query.execute()).toEqual([
    { a: "north", b: "1", c: "2", d: "5.5", e: 3, f: "n!", g: 2026, h: null },
  ]);
});

test("set operations, orders, ties and collations", async () => {
  const few = db.selectFrom("books").select("copies").orderBy("copies", "desc").limit(2);
  const query = db
    .selectFrom("books")
    .select("copies")
    .where("copies", "<", 3)
    .unionAll(few)
    .orderBy("copies", (o) => o.desc().nullsFirst())
    .offset(1);
  expect(await column(query, "copies")).toEqual([3, 2, 1]);
  const tied = books().select("b.copies").orderBy("b.branch_id").fetch(1, "with ties");
  expect((await column(tied, "copies")).toSorted((x, y) => Number(x) - Number(y))).toEqual([1, 2, 3]);
  const first = books()
    .distinctOn("b.branch_id")
    .select("b.title")
    .orderBy("b.branch_id")
    .orderBy("b.title", (o: Any) => o.collate("C").desc());
  expect(await column(first, "title")).toEqual([title(3), title(6)]);
});

test("every signature stands in pg_catalog, is not volatile, gives what is said, and may be called by the application", async () => {
  for (const { name, takes, gives, repeats } of catalogueSignatures) {
    const types = repeats === true ? [...takes.slice(0, -1), '"any"'] : takes;
    const signature = `pg_catalog.${name === "left" || name === "right" ? `"${name}"` : name}(${types.join(", ")})`;
    const [found] = await library.raw(
      `select pg_catalog.format_type(prorettype, null) as gives, provolatile <> 'v' as steady,
         pg_catalog.has_function_privilege('wardline_app', oid, 'execute') as open
       from pg_catalog.pg_proc where oid = pg_catalog.to_regprocedure($1)`,
      [signature],
    );
    expect({ signature, ...found }).toEqual({ signature, gives, steady: true, open: true });
  }
});
