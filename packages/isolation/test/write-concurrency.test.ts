/**
 * Two sessions at once, on a real server, for each shape of a write: somebody changes what it is decided by while it waits
 * for a lock, and the decision is that of what was committed. What was read before the wait decides nothing.
 */
import type { Connection } from "@wardline/database-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ada, ben, codeOf, handle, idOf, type Handle } from "./driver-library.ts";
import { openServerLibrary, type ServerLibrary } from "./server-library.ts";

let library: ServerLibrary;
let other: Connection;
let north: Handle;
let reader: Handle;

beforeAll(async () => {
  library = await openServerLibrary();
  other = await library.other();
});
beforeEach(async () => {
  await library.reset();
  north = handle(library, "north", ada);
  reader = handle(library, "north", ben);
});
afterAll(() => library.close());

const book = (number: number): string => idOf("book", "north", number);
const branch = (number: number): string => idOf("branch", "north", number);
const loan = (number: number): string => idOf("loan", "north", number);
const denied = "AccessDenied access/denied";

interface Statement {
  execute(): Promise<unknown>;
}

/** The statement begins when the other has done `before`, and the other commits when the statement waits for it. */
async function whileWaiting(before: readonly string[], statement: Statement): Promise<string> {
  await other.exec(["begin", ...before].join(";"));
  const outcome = statement.execute().then(
    (rows) =>
      JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value)),
    (error: unknown) => codeOf(Promise.reject(error as Error)),
  );
  try {
    await Promise.race([
      library.waiting(1),
      outcome.then((text) => Promise.reject(new Error(`no wait: ${text}`))),
    ]);
  } finally {
    await other.exec("commit");
  }
  return outcome;
}

const setBook = (number: number, set: string): string =>
  `update lib.books set ${set} where id = '${book(number)}'`;
const lockBook = (number: number): string => `select from lib.books where id = '${book(number)}' for update`;

async function stored(number: number): Promise<unknown> {
  const [row] = await library.raw(
    "select title, copies, branch_id::text as branch, rare from lib.books where tenant_id = 'north' and id = $1",
    [book(number)],
  );
  return row;
}

describe("V94: update", () => {
  const rename = (who: Handle, number: number) =>
    who.db.updateTable("books").set({ title: "x" }).where("id", "=", book(number));

  test("a row that moved out of sight is not found", async () => {
    const moved = setBook(1, `branch_id = '${branch(4)}'`);
    expect(await whileWaiting([moved], rename(north, 1))).toBe('[{"numUpdatedRows":0}]');
    expect(await stored(1)).toMatchObject({ title: "north title 1", branch: branch(4) });
  });

  test("prior is the row as committed", async () => {
    expect(await whileWaiting([setBook(1, "copies = 60")], rename(north, 1))).toBe(denied);
    expect(await stored(1)).toMatchObject({ title: "north title 1", copies: 60 });
  });

  test("the caller's condition is asked again", async () => {
    const write = rename(north, 1).where("copies", "=", 1);
    expect(await whileWaiting([setBook(1, "copies = 2")], write)).toBe('[{"numUpdatedRows":0}]');
    expect(await stored(1)).toMatchObject({ title: "north title 1" });
  });

  test("a sub-select of the condition is asked again", async () => {
    const write = north.db
      .updateTable("books")
      .set({ title: "x" })
      .where("id", "in", (eb) => eb.selectFrom("loans").select("book_id").where("fee", "=", 10));
    const gone = `update lib.loans set fee = 11 where id = '${loan(1)}'`;
    expect(await whileWaiting([lockBook(1), gone], write)).toBe('[{"numUpdatedRows":0}]');
  });

  test("values are computed from the row as committed", async () => {
    const write = north.db
      .updateTable("books")
      .set((eb) => ({ copies: eb("copies", "+", 1) }))
      .where("id", "=", book(1));
    expect(await whileWaiting([setBook(1, "copies = 7")], write)).toBe('[{"numUpdatedRows":1}]');
    expect(await stored(1)).toMatchObject({ copies: 8 });
  });

  test("a relation that was taken back permits nothing", async () => {
    const gone = `delete from lib.book_keepers where book_id = '${book(4)}'`;
    expect(await whileWaiting([lockBook(4), gone], rename(reader, 4))).toBe(denied);
    expect(await stored(4)).toMatchObject({ title: "north title 4" });
  });

  test("a relation that is being given is waited for", async () => {
    const given = `insert into lib.book_keepers (tenant_id, member_id, book_id) values ('north', 'ben', '${book(1)}')`;
    expect(await whileWaiting([given], rename(reader, 1))).toBe('[{"numUpdatedRows":1}]');
  });

  test("a relation that was taken back a moment ago permits nothing in a caller's transaction either", async () => {
    const gone = `delete from lib.book_keepers where book_id = '${book(4)}'`;
    const write = {
      execute: () =>
        reader.db
          .transaction()
          .execute((trx) => trx.updateTable("books").set({ title: "x" }).where("id", "=", book(4)).execute()),
    };
    expect(await whileWaiting([lockBook(4), gone], write)).toBe(denied);
  });

  test("the principal's own place in a hierarchy is read again", async () => {
    const cut = `update lib.branches set parent_id = null where id = '${branch(2)}'`;
    expect(await whileWaiting([lockBook(6), cut], rename(north, 6))).toBe('[{"numUpdatedRows":0}]');
    expect(await stored(6)).toMatchObject({ title: "north title 6" });
  });

  test("what was not to be seen before is not written afterwards", async () => {
    const write = north.db.updateTable("books").set({ title: "x" }).where("copies", "<", 5);
    const shown = setBook(4, `branch_id = '${branch(1)}'`);
    expect(await whileWaiting([lockBook(1), shown], write)).toBe('[{"numUpdatedRows":3}]');
    expect(await stored(4)).toMatchObject({ title: "north title 4" });
  });

  test("a row that is gone is not found", async () => {
    const gone = `delete from lib.books where id = '${book(2)}' and tenant_id = 'north'`;
    expect(await whileWaiting([gone], rename(north, 2))).toBe('[{"numUpdatedRows":0}]');
  });

  test("a source is read again", async () => {
    const write = north.db
      .updateTable("books")
      .from("loans")
      .set((eb) => ({ copies: eb.ref("loans.fee") }))
      .whereRef("loans.book_id", "=", "books.id")
      .where("loans.id", "=", loan(1));
    const dearer = `update lib.loans set fee = 33 where id = '${loan(1)}'`;
    expect(await whileWaiting([lockBook(1), dearer], write)).toBe('[{"numUpdatedRows":1}]');
    expect(await stored(1)).toMatchObject({ copies: 33 });
    const elsewhere = `update lib.loans set book_id = '${book(2)}' where id = '${loan(1)}'`;
    expect(await whileWaiting([lockBook(1), elsewhere], write)).toBe('[{"numUpdatedRows":0}]');
  });

  test("a reference to a row that went out of sight is refused", async () => {
    const write = north.db
      .updateTable("loans")
      .set({ book_id: book(2) })
      .where("id", "=", loan(1));
    const moved = setBook(2, `branch_id = '${branch(4)}'`);
    expect(await whileWaiting([lockBook(2), moved], write)).toBe(denied);
  });
});

describe("V94: delete", () => {
  const remove = (who: Handle, number: number) => who.db.deleteFrom("books").where("id", "=", book(number));

  test("a row that moved out of sight is not found", async () => {
    const moved = setBook(2, `branch_id = '${branch(4)}'`);
    expect(await whileWaiting([moved], remove(north, 2))).toBe('[{"numDeletedRows":0}]');
    expect(await stored(2)).toMatchObject({ branch: branch(4) });
  });

  test("prior is the row as committed", async () => {
    expect(await whileWaiting([setBook(2, "rare = true")], remove(north, 2))).toBe(
      "ChallengeRequired access/challenge",
    );
    expect(await stored(2)).toMatchObject({ rare: true });
  });

  test("the principal's own place in a hierarchy is read again", async () => {
    const cut = `update lib.branches set parent_id = null where id = '${branch(2)}'`;
    await library.raw("delete from lib.book_tags");
    expect(await whileWaiting([lockBook(6), cut], remove(north, 6))).toBe('[{"numDeletedRows":0}]');
  });

  test("a part that is being added to the row is waited for, and may forbid", async () => {
    const tag = `insert into lib.book_tags (tenant_id, book_id, tag) values ('north', '${book(2)}', 'heritage')`;
    expect(await whileWaiting([tag], remove(north, 2))).toBe(denied);
    expect(await stored(2)).toMatchObject({ title: "north title 2" });
  });

  test("a source is read again", async () => {
    const write = north.db
      .deleteFrom("loans")
      .using("books")
      .whereRef("books.id", "=", "loans.book_id")
      .where("books.copies", "=", 1);
    const lock = `select from lib.loans where id = '${loan(1)}' for update`;
    expect(await whileWaiting([lock, setBook(1, "copies = 2")], write)).toBe('[{"numDeletedRows":0}]');
  });
});

describe("V94: insert", () => {
  const values = { branch_id: branch(1), title: "new", copies: 2, genre: "prose", rare: false };

  test("a reference to a row that went out of sight is refused", async () => {
    const write = reader.db
      .insertInto("loans")
      .values({ id: loan(9), book_id: book(4), member_id: "ben", fee: 1 });
    expect(await whileWaiting([lockBook(4), setBook(4, "rare = true")], write)).toBe(denied);
    expect(await library.raw("select 1 from lib.loans where id = $1", [loan(9)])).toEqual([]);
  });

  test("one from a select is asked about as it is stored", async () => {
    const write = reader.db
      .insertInto("loans")
      .columns(["book_id", "member_id", "fee"])
      .expression((eb) =>
        eb
          .selectFrom("books")
          .select(["id", (e) => e.val("ben").as("m"), "copies"])
          .where("id", "=", book(4)),
      );
    expect(await whileWaiting([lockBook(4), setBook(4, "rare = true")], write)).toBe(denied);
  });

  const insertBook = (number: number, place: number): string =>
    `insert into lib.books (tenant_id, id, branch_id, title, copies, genre, rare)
     values ('north', '${book(number)}', '${branch(place)}', 'theirs', 5, 'prose', false)`;

  test("a key that somebody takes meanwhile is refused", async () => {
    const write = north.db.insertInto("books").values({ ...values, id: book(60) });
    expect(await whileWaiting([insertBook(60, 1)], write)).toBe(denied);
  });

  test("V9: on conflict, a row that somebody makes meanwhile is changed as it is committed, if it can be read", async () => {
    const write = north.db
      .insertInto("books")
      .values({ ...values, id: book(61) })
      .onConflict((conflict) =>
        conflict
          .column("id")
          .doUpdateSet((eb) => ({ copies: eb("books.copies", "+", eb.ref("excluded.copies")) })),
      );
    expect(await whileWaiting([insertBook(61, 1)], write)).toBe('[{"numInsertedOrUpdatedRows":1}]');
    expect(await stored(61)).toMatchObject({ title: "theirs", copies: 7 });
    await library.raw("delete from lib.books where id = $1", [book(61)]);
    expect(await whileWaiting([insertBook(61, 4)], write)).toBe(denied);
    expect(await stored(61)).toMatchObject({ title: "theirs", copies: 5 });
  });

  test("V9: on conflict, prior is the row as committed, and one that is gone is made anew", async () => {
    const write = north.db
      .insertInto("books")
      .values({ ...values, id: book(2) })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ title: "mine" }));
    expect(await whileWaiting([setBook(2, "copies = 60")], write)).toBe(denied);
    expect(await stored(2)).toMatchObject({ title: "north title 2", copies: 60 });
    const gone = `delete from lib.books where id = '${book(2)}' and tenant_id = 'north'`;
    expect(await whileWaiting([gone], write)).toBe('[{"numInsertedOrUpdatedRows":1}]');
    expect(await stored(2)).toMatchObject({ title: "new", copies: 2 });
  });

  test("V10: on conflict do nothing, a row that somebody makes meanwhile is skipped if it can be read", async () => {
    const write = (number: number) =>
      north.db
        .insertInto("books")
        .values({ ...values, id: book(number) })
        .onConflict((conflict) => conflict.column("id").doNothing());
    expect(await whileWaiting([insertBook(62, 1)], write(62))).toBe('[{"numInsertedOrUpdatedRows":0}]');
    expect(await whileWaiting([insertBook(63, 4)], write(63))).toBe(denied);
  });
});

test("V94: facts that change between two readings of one decision are noticed", async () => {
  const { database } = library;
  let asked = 0;
  const meddling: typeof database = {
    ...database,
    turn: (run) =>
      database.turn((session) =>
        run({
          ...session,
          query: async (sql, parameters) => {
            const answer = await session.query(sql, parameters);
            if (sql.includes("book_keepers") && ++asked === 1)
              await library.raw("delete from lib.book_keepers where tenant_id = 'north'");
            return answer;
          },
        }),
      ),
  };
  const { db } = handle(library, "north", ben, { database: meddling });
  expect(await codeOf(db.updateTable("books").set({ title: "x" }).where("id", "=", book(4)).execute())).toBe(
    denied,
  );
  expect(asked).toBe(2);
  expect(await stored(4)).toMatchObject({ title: "north title 4" });
});
