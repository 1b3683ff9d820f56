/**
 * Which statements look through the guarded views, and what would happen if a leaking one did: an operator that raises an
 * error runs on rows that the view leaves out (vector 93).
 */
import { PGlite } from "@electric-sql/pglite";
import type { CompiledQuery, Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../src/contracts.ts";
import { leakproofQuery, notLeakproofHere } from "../src/schema/check-leakproof.ts";
import { leakproofOperators } from "../src/scope/leakproof-operators.ts";
import { ben, handle, openLibrary, type Library } from "./driver-library.ts";

type Loosened = Kysely<Record<string, Record<string, unknown>>>;

let library: Library;
/** What went to the database, last first. */
const sent: string[] = [];
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library.close());

const watched = (): Database => ({
  ...library.database,
  batch: (batch) =>
    library.database.batch((backend) => {
      const statements = typeof batch === "function" ? batch(backend) : batch;
      sent.unshift(...statements.map(({ sql }) => sql));
      return statements;
    }),
  turn: (run) =>
    library.database.turn((session) =>
      run({
        query: (sql, parameters) => {
          sent.unshift(sql);
          return session.query(sql, parameters);
        },
      }),
    ),
});

type Build = (db: Loosened) => { compile(): CompiledQuery; execute(): Promise<unknown[]> };

/** The fences in the text that runs; one for each view that stands in it. */
async function fencesOf(build: Build, checked = true): Promise<number> {
  const { db } = handle(library, "north", ben, { database: watched(), leakproofChecked: checked });
  sent.length = 0;
  await build(db as never).execute();
  const text = sent.find((sql) => sql.includes('"lib"."books"')) ?? "";
  expect(text).toContain('"lib"."books"');
  return text.split("OFFSET 0").length - 1;
}

const books = (db: Loosened) => db.selectFrom("books").select("books.id");
const id = "00000000-0000-7000-8001-000200000001";

describe("the planner may look through the views", () => {
  test.each<[string, Build]>([
    ["without a condition", (db) => books(db)],
    ["at an equality", (db) => books(db).where("id", "=", id)],
    ["at a list", (db) => books(db).where("title", "in", ["a", "b"])],
    [
      "at a range of time",
      (db) => books(db).where("bought", ">", "2020-01-01T00:00:00Z").where("copies", "<=", 3),
    ],
    [
      "at bounds, negations and nulls",
      (db) =>
        books(db).where((eb) =>
          eb.or([eb.not(eb("rare", "=", true)), eb.between("copies", 1, 2), eb("holder_id", "is", null)]),
        ),
    ],
    [
      "over a join on keys",
      (db) =>
        books(db).innerJoin("branches", "branches.id", "books.branch_id").where("branches.name", "=", "x"),
    ],
    ["at an order and a limit", (db) => books(db).orderBy("title").limit(2)],
    [
      "in an EXISTS",
      (db) =>
        books(db).where((eb) =>
          eb.exists(eb.selectFrom("loans").select("loans.id").whereRef("loans.book_id", "=", "books.id")),
        ),
    ],
  ])("%s", async (_, build) => {
    expect(await fencesOf(build)).toBe(0);
    expect(await fencesOf(build, false)).toBeGreaterThan(0);
  });
});

describe("every view is fenced", () => {
  test.each<[string, Build]>([
    ["at a sum that may overflow", (db) => books(db).where((eb) => eb(eb("copies", "*", 2), ">", 1))],
    ["at a cast", (db) => books(db).where((eb) => eb(eb.cast("copies", "text"), "=", "1"))],
    ["at a function", (db) => books(db).where((eb) => eb(eb.fn("lower", ["title"]), "=", "x"))],
    ["at a pattern", (db) => books(db).where("title", "like", "%a%")],
    ["at a numeric, whose comparisons are not leakproof", (db) => books(db).where("price", "=", "1.00")],
    [
      "at columns of two types, of which one compares leakproof",
      (db) => books(db).whereRef("copies", "=", "price"),
    ],
    ["at a minus", (db) => books(db).where((eb) => eb(eb.neg("copies" as never), "is not", null))],
    [
      "at an aggregate of a sub-select that stands for each row",
      (db) =>
        books(db).where((eb) =>
          eb.exists(
            eb
              .selectFrom("loans")
              .select((inner) => inner.fn.sum("loans.fee").as("n"))
              .whereRef("loans.book_id", "=", "books.id"),
          ),
        ),
    ],
    ["at columns of two types", (db) => books(db).where((eb) => eb("title", "=", eb.cast("id", "text")))],
    [
      "in the selection, which another condition may pull in",
      (db) =>
        db
          .selectFrom((eb) =>
            eb
              .selectFrom("books")
              .select((inner) => ["books.id", inner("copies", "+", 1).as("more")])
              .as("b"),
          )
          .select("b.id"),
    ],
    [
      "at a case",
      (db) =>
        books(db).where((eb) => eb(eb.case().when("rare", "=", true).then("a").else("b").end(), "=", "a")),
    ],
    [
      "in one sub-select, for all of them",
      (db) =>
        books(db)
          .where("id", "=", id)
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom("loans")
                .select("loans.id")
                .where((inner) => inner(inner("fee", "-", 1), ">", 0)),
            ),
          ),
    ],
    [
      "over a union, whose columns may be of another type than those of its first part",
      (db) =>
        db
          .selectFrom((eb) =>
            eb
              .selectFrom("books")
              .select("books.copies as n")
              .unionAll(eb.selectFrom("books").select("books.price as n"))
              .as("u"),
          )
          .select("u.n")
          .where("u.n", "=", "1"),
    ],
    [
      "at a sub-select that stands for a value, which fails where it has two rows",
      (db) =>
        books(db).where((eb) =>
          eb(
            eb.selectFrom("branches").select("branches.id").whereRef("branches.id", "=", "books.branch_id"),
            "is not",
            null,
          ),
        ),
    ],
    [
      "at a sub-select that is a condition itself",
      (db) =>
        books(db).where(
          (eb) =>
            eb
              .selectFrom("books as b")
              .select("b.rare")
              .whereRef("b.id", "=", "books.id")
              .$asScalar() as never,
        ),
    ],
    [
      "at a sub-select in the selection, which a condition outside may pull in",
      (db) =>
        db
          .selectFrom((eb) =>
            eb
              .selectFrom("books")
              .select((inner) => [
                "books.id",
                inner
                  .selectFrom("branches")
                  .select("branches.id")
                  .whereRef("branches.id", "=", "books.branch_id")
                  .as("branch"),
              ])
              .as("b"),
          )
          .select("b.id")
          .where("b.branch", "is not", null),
    ],
    ["at a value in the text", (db) => books(db).where((eb) => eb("copies", "=", eb.lit(1)))],
  ])("%s", async (_, build) => {
    const fences = await fencesOf(build);
    expect(fences).toBeGreaterThan(0);
    expect(await fencesOf(build, false)).toBe(fences);
  });
});

describe("the list", () => {
  let server: PGlite;
  beforeAll(async () => {
    server = await PGlite.create();
  });
  afterAll(() => server.close());

  test("is what the server calls leakproof, no less and no more", async () => {
    const types = [...Object.keys(leakproofOperators), "numeric"];
    const all = ["=", "<>", "<", "<=", ">", ">="];
    const { rows } = await server.query<{ type: string; operator: string }>(leakproofQuery, [types, all]);
    const said = Object.entries(leakproofOperators).flatMap(([type, ops]) =>
      ops.map((op) => `${type} ${op}`),
    );
    expect(rows.map(({ type, operator }) => `${type} ${operator}`).toSorted()).toEqual(said.toSorted());
  });

  test("is checked against the server that is there", async () => {
    const session = {
      query: async (sql: string, parameters: readonly unknown[]) => {
        const { rows } = await server.query<Record<string, unknown>>(sql, [...parameters]);
        return { rows, affected: 0 };
      },
    };
    expect(await notLeakproofHere(session)).toEqual([]);
    await server.exec("update pg_catalog.pg_proc set proleakproof = false where proname = 'texteq'");
    expect(await notLeakproofHere(session)).toEqual(["text ="]);
  });
});
