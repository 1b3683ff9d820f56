/** Random writes of every shape, and what is seen of one. */
import fc from "fast-check";
import type { Kysely } from "kysely";
import { revealRow } from "../src/seal/sealed.ts";
import { ada, ben, handle, idOf, type Library, type Who } from "./driver-library.ts";

type Loose = Kysely<Record<string, Record<string, unknown>>>;

const books = [1, 2, 3, 4, 5, 6].map((number) => idOf("book", "north", number));
const southBooks = [1, 5].map((number) => idOf("book", "south", number));
const branches = [1, 1, 1, 4].map((number) => idOf("branch", "north", number));
const newIds = [91, 92].map((number) => idOf("book", "north", number));
const hiddenIds = [71, 72].map((number) => idOf("book", "north", number));

const kinds = [
  "insert",
  "insert-select",
  "insert-expression",
  "upsert",
  "skip",
  "update",
  "update-expression",
  "update-from",
  "delete",
  "delete-using",
  "lend",
  "close",
] as const;

const conditions = ["one", "one", "one", "all", "cast", "exists", "in"] as const;

/** `given` are the ids that new rows may ask for: one that a hidden row has tells of it, as every refusal of an insert does. */
function drawWrite(given: readonly string[]) {
  return fc.record({
    who: fc.constantFrom<Who>(ada, ada, { ...ada, mfa: true }, { ...ada, mfa: true }, ben),
    kind: fc.constantFrom(...kinds),
    set: fc.record(
      {
        title: fc.constantFrom("7", "8"),
        copies: fc.constantFrom(1, 40, 60),
        branch_id: fc.constantFrom(...branches, idOf("branch", "south", 1)),
        note: fc.constantFrom("noted", null),
        price: fc.constantFrom("1.00", "7.5"),
        rare: fc.boolean(),
      },
      { requiredKeys: ["title"] },
    ),
    id: fc.constantFrom(...books, ...southBooks, ...newIds, ...hiddenIds),
    newId: fc.constantFrom(...given, ...newIds),
    condition: fc.constantFrom(...conditions),
    returning: fc.boolean(),
  });
}

/** Some writes, one after another, of which about half are done. Drawn evenly, since few would be if most lists were short. */
export function drawWrites(given: readonly string[]) {
  return fc.noBias(fc.array(drawWrite(given), { minLength: 4, maxLength: 8 }));
}

/** A write that is neither done nor denied, but challenged. */
export const challenged = {
  who: ada,
  kind: "delete",
  set: { title: "7" },
  id: idOf("book", "north", 3),
  newId: idOf("book", "north", 91),
  condition: "one",
  returning: false,
} satisfies DrawnWrite;

export type DrawnWrite = ReturnType<typeof drawWrite> extends fc.Arbitrary<infer Q> ? Q : never;

/** Ids that the driver makes differ each time. */
const madeId = /01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** What a challenge gives to go on with, sealed anew each time. Its length is that of what is in it. */
const continuation = /wlc1\.[\w-]+/g;

/** What the caller gets, as text: rows and counts, or the error with all that it says. */
export async function observe(library: Library, drawn: DrawnWrite): Promise<string> {
  const db = handle(library, "north", drawn.who).db as never as Loose;
  const seen = await write(db, drawn).catch((error: unknown) => {
    const { name, message, ...rest } = error as Error;
    return { failed: { ...rest, name, message } };
  });
  const text = (part: unknown): string =>
    JSON.stringify(part, (key, value: unknown) => {
      if (key === "stack") return undefined;
      return typeof value === "bigint" ? value.toString() : value;
    })
      .replaceAll(madeId, "made")
      .replaceAll(continuation, ({ length }) => `${length} characters`);
  // Rows come in the order of their ids, and those that were made have none.
  return Array.isArray(seen)
    ? seen
        .map((one: object) => text(revealRow(one)))
        .toSorted()
        .join()
    : text(seen);
}

const row = { branch_id: branches[0], copies: 1, genre: "prose", rare: false };

function write(db: Loose, drawn: DrawnWrite): Promise<unknown> {
  const { kind, set, id, newId, returning } = drawn;
  const values = { ...row, id: newId, ...set };
  const columns = ["branch_id", "title", "copies", "genre", "rare"];
  switch (kind) {
    case "insert":
    case "upsert":
    case "skip": {
      const insert = db.insertInto("books").values(values);
      const query =
        kind === "insert"
          ? insert
          : insert.onConflict((conflict) =>
              kind === "skip"
                ? conflict.doNothing()
                : conflict.column("id").doUpdateSet((eb) => ({
                    ...set,
                    title: eb.ref("excluded.title"),
                    copies: eb("books.copies", "+", eb.ref("excluded.copies")),
                  })),
            );
      return returning ? query.returningAll().execute() : query.execute();
    }
    case "insert-select": {
      const query = db
        .insertInto("books")
        .columns(columns)
        .expression((eb) => picked(eb.selectFrom("books").select(columns).orderBy("id"), drawn));
      return returning ? query.returning(["title", "copies"]).execute() : query.execute();
    }
    case "insert-expression":
      return db
        .insertInto("books")
        .values((eb) => ({
          ...values,
          copies: eb.selectFrom("books").select((e) => e.fn.countAll().as("n")),
        }))
        .execute();
    case "update": {
      const query = picked(db.updateTable("books").set(set), drawn);
      return returning ? query.returningAll().execute() : query.execute();
    }
    case "update-expression": {
      const query = db.updateTable("books").set((eb) => ({
        ...set,
        title: eb("title", "||", "1"),
        copies: eb.selectFrom("books as other").select((e) => e.fn.countAll().as("n")),
      }));
      return picked(query, drawn).returning(["id", "title", "copies"]).execute();
    }
    case "update-from": {
      const query = db
        .updateTable("books")
        .from("books as twin")
        .set((eb) => ({ ...set, copies: eb("twin.copies", "+", 1) }))
        .whereRef("twin.title", "=", "books.title");
      return picked(query, drawn).execute();
    }
    case "delete": {
      const query = picked(db.deleteFrom("books"), drawn);
      return returning ? query.returning(["id", "note"]).execute() : query.execute();
    }
    case "delete-using":
      return db
        .deleteFrom("loans")
        .using("books")
        .whereRef("books.id", "=", "loans.book_id")
        .where("books.id", "=", id)
        .execute();
    case "lend":
      return db.insertInto("loans").values({ id: newId, book_id: id, member_id: "ben", fee: 3 }).execute();
    case "close":
      return db.deleteFrom("loans").where("book_id", "=", id).execute();
  }
}

interface Conditional {
  where(...parts: unknown[]): Conditional;
}

/** The condition of an update, a delete or a select of books. */
function picked<Q>(query: Q, { condition, id }: DrawnWrite): Q {
  const conditional = query as Conditional;
  const where = (...parts: unknown[]): Q => conditional.where(...parts) as Q;
  switch (condition) {
    case "all":
      return query;
    case "one":
      return where("books.id", "=", id);
    case "cast":
      return where((eb: Builder) => eb(eb.cast("books.title", "integer"), "<", 1000));
    case "exists":
      return where((eb: Builder) =>
        eb.exists(eb.selectFrom("books as near").select("near.id").where("near.copies", ">", 5)),
      );
    case "in":
      return where("books.id", "in", (eb: Builder) => eb.selectFrom("loans").select("loans.book_id"));
  }
}

interface Conditional {
  where(...parts: unknown[]): unknown;
}

type Builder = ((...parts: unknown[]) => unknown) & {
  cast(name: string, type: string): unknown;
  exists(query: unknown): unknown;
  selectFrom(table: string): { select(column: string): { where(...parts: unknown[]): unknown } };
};
