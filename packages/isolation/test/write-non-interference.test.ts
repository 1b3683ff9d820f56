/**
 * Writes under the main oracle: in a world with south's rows and in one without, north's writes answer the same and
 * leave the same rows of north behind; and no row of south ever changes.
 */
import fc from "fast-check";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ada, ben, handle, idOf, openLibrary, type Library, type Who } from "./driver-library.ts";

let both: Library;
let alone: Library;

beforeAll(async () => {
  both = await openLibrary(["north", "south"]);
  alone = await openLibrary(["north"]);
});
afterAll(async () => {
  await both.close();
  await alone.close();
});

type Loose = Kysely<Record<string, Record<string, unknown>>>;

const bookIds = [1, 2, 3, 4, 5, 6].flatMap((number) => [
  idOf("book", "north", number),
  idOf("book", "south", number),
]);
const branchIds = [1, 4].flatMap((number) => [
  idOf("branch", "north", number),
  idOf("branch", "south", number),
]);
const newIds = [91, 92].map((number) => idOf("book", "north", number));

const change = fc.record(
  {
    title: fc.constantFrom("renamed", "south title 1"),
    copies: fc.constantFrom(1, 40, 60),
    branch_id: fc.constantFrom(...branchIds),
    note: fc.constantFrom("noted", null),
    price: fc.constantFrom("1.00", "7.5"),
    rare: fc.boolean(),
  },
  { requiredKeys: ["title"] },
);
const writeArbitrary = fc.record({
  who: fc.constantFrom<Who>(ada, ben, { ...ada, mfa: true }),
  kind: fc.constantFrom("insert", "update", "delete", "lend", "close"),
  change,
  id: fc.constantFrom(...bookIds, ...newIds),
  all: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
  returning: fc.boolean(),
});
type Drawn = typeof writeArbitrary extends fc.Arbitrary<infer Q> ? Q : never;

async function observe(library: Library, drawn: Drawn): Promise<string> {
  const db = handle(library, "north", drawn.who).db as never as Loose;
  try {
    const rows = await write(db, drawn);
    return JSON.stringify(rows, (_, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return JSON.stringify({ name, code, message });
  }
}

function write(db: Loose, { kind, change: set, id, all, returning }: Drawn): Promise<unknown> {
  switch (kind) {
    case "insert": {
      const query = db
        .insertInto("books")
        .values({ branch_id: branchIds[0], copies: 1, genre: "prose", rare: false, id, ...set });
      return returning ? query.returningAll().execute() : query.execute();
    }
    case "update": {
      const query = db.updateTable("books").set(set);
      const picked = all ? query : query.where("id", "=", id);
      return returning ? picked.returningAll().execute() : picked.execute();
    }
    case "delete": {
      const query = db.deleteFrom("books");
      const picked = all ? query : query.where("id", "=", id);
      return returning ? picked.returning(["id", "note"]).execute() : picked.execute();
    }
    case "lend":
      return db
        .insertInto("loans")
        .values({ id: newIds[0], book_id: id, member_id: "ben", fee: 3 })
        .execute();
    case "close":
      return db.deleteFrom("loans").where("book_id", "=", id).execute();
  }
}

/** Every row of a tenant, except sealed cells, which differ each time they are sealed. */
async function state(library: Library, tenant: string): Promise<string> {
  const books = await library.raw(
    `select id, branch_id, holder_id, title, note is null as empty, copies, price, rare from lib.books where tenant_id = $1 order by id`,
    [tenant],
  );
  const loans = await library.raw(
    "select id, book_id, member_id, fee from lib.loans where tenant_id = $1 order by id",
    [tenant],
  );
  return JSON.stringify([books, loans]);
}

test("random writes of north neither show nor touch anything of south", async () => {
  const outcomes = { done: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(writeArbitrary, { minLength: 1, maxLength: 8 }), async (writes) => {
      await both.reset();
      await alone.reset();
      const south = await state(both, "south");
      for (const drawn of writes) {
        const here = await observe(both, drawn);
        expect(here).toBe(await observe(alone, drawn));
        outcomes[here.includes('"code"') ? "refused" : "done"]++;
      }
      expect(await state(both, "north")).toBe(await state(alone, "north"));
      expect(await state(both, "south")).toBe(south);
    }),
    { numRuns: 30 },
  );
  console.log(`non-interference of writes: ${outcomes.done} done, ${outcomes.refused} refused`);
  expect(outcomes.done).toBeGreaterThan(20);
  expect(outcomes.refused).toBeGreaterThan(20);
});
