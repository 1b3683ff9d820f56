/**
 * What holds a write when one of its walls is gone: scoping alone without row-level security, the stored row whatever
 * triggers make of it, and the tenant column that nobody fills but the driver.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "@wardline/database-testing";
import { declaredCascades } from "../src/index.ts";
import { libraryModel, librarySealed } from "./driver-program.ts";
import { ada, ben, codeOf, handle, idOf, type Handle } from "./driver-library.ts";
import { openServerLibrary, type ServerLibrary } from "./server-library.ts";

let library: ServerLibrary;
let other: Connection;
let north: Handle;

beforeAll(async () => {
  library = await openServerLibrary();
  other = await library.other();
});
beforeEach(async () => {
  await library.reset();
  north = handle(library, "north", ada);
});
afterAll(() => library.close());

const book = (number: number): string => idOf("book", "north", number);
const branch = (number: number): string => idOf("branch", "north", number);
const denied = "AccessDenied access/denied";
const tables = ["branches", "books", "loans", "book_tags", "book_keepers"];

async function south(): Promise<string> {
  return JSON.stringify(
    await library.raw("select b::text as row from lib.books b where tenant_id = 'south' order by id"),
  );
}

describe("boundary: scoping alone, where both tenants have rows with the same ids", () => {
  beforeEach(async () => {
    for (const table of tables) await library.raw(`alter table lib.${table} disable row level security`);
    // In south the same ids stand for other rows, with values that no rule of north permits.
    for (const [number, parent] of [1, 2, 3, 4].entries())
      await library.raw("insert into lib.branches (tenant_id, id, name) values ('south', $1, $2)", [
        branch(parent),
        `twin ${number}`,
      ]);
    for (const number of [1, 2, 3, 4, 5, 6])
      await library.raw(
        `insert into lib.books (tenant_id, id, branch_id, title, copies, genre, rare)
         values ('south', $1, $2, 'twin', 60, 'prose', false)`,
        [book(number), branch(4)],
      );
    await library.raw("delete from lib.loans");
  });
  afterEach(async () => {
    for (const table of tables) await library.raw(`alter table lib.${table} enable row level security`);
  });

  test("V11, V12: update, with one value for all and with one for each", async () => {
    const before = await south();
    const write = north.db.updateTable("books").where("id", "in", [book(1), book(2)]);
    expect((await write.set({ title: "x" }).executeTakeFirstOrThrow()).numUpdatedRows).toBe(2n);
    const computed = write.set((eb) => ({ copies: eb("copies", "+", 1) }));
    expect((await computed.executeTakeFirstOrThrow()).numUpdatedRows).toBe(2n);
    const sealed = write.set({ note: "quiet" });
    expect((await sealed.executeTakeFirstOrThrow()).numUpdatedRows).toBe(2n);
    expect(await south()).toBe(before);
  });

  test("V8: delete", async () => {
    const before = await south();
    const write = north.db.deleteFrom("books").where("id", "=", book(2));
    expect((await write.executeTakeFirstOrThrow()).numDeletedRows).toBe(1n);
    expect(await south()).toBe(before);
  });

  test("V9, V10: insert, on conflict or not", async () => {
    const before = await south();
    const values = { branch_id: branch(1), title: "new", copies: 1, genre: "prose", rare: false };
    const insert = (id: string) => north.db.insertInto("books").values({ ...values, id });
    await insert(book(90)).execute();
    expect(await codeOf(insert(book(2)).execute())).toBe(denied);
    await insert(book(2))
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ copies: 9 }))
      .execute();
    await insert(idOf("book", "south", 1))
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
    const copy = north.db
      .insertInto("books")
      .columns(["branch_id", "title", "copies", "genre", "rare"])
      .expression((eb) =>
        eb
          .selectFrom("books")
          .select(["branch_id", "title", "copies", "genre", "rare"])
          .where("id", "=", book(1)),
      )
      .returning(["title", "copies"]);
    expect(await copy.execute()).toEqual([{ title: "north title 1", copies: 1 }]);
    expect(await south()).toBe(before);
  });

  test("V56: nobody waits for another tenant's rows", async () => {
    await other.exec("begin; select from lib.books where tenant_id = 'south' for update");
    try {
      const write = north.db.updateTable("books").set({ title: "x" }).where("id", "=", book(1));
      expect((await write.executeTakeFirstOrThrow()).numUpdatedRows).toBe(1n);
    } finally {
      await other.exec("rollback");
    }
  });
});

describe("boundary: what is stored is what is asked about", () => {
  const trigger = async (when: string, body: string): Promise<void> => {
    await library.raw(
      `create function public.meddle() returns trigger language plpgsql set search_path = '' as $$ begin ${body} end $$`,
    );
    await library.raw("grant execute on function public.meddle() to public");
    await library.raw(
      `create trigger meddle ${when} on lib.books for each row execute function public.meddle()`,
    );
  };
  afterEach(async () => {
    await library.raw("drop trigger if exists meddle on lib.books");
    await library.raw("drop function if exists public.meddle()");
  });
  const rename = () => north.db.updateTable("books").set({ title: "x" }).where("id", "=", book(1)).execute();
  const create = () =>
    north.db
      .insertInto("books")
      .values({ branch_id: branch(1), title: "new", copies: 1, genre: "prose", rare: false } as never)
      .execute();
  const remove = () => north.db.deleteFrom("books").where("id", "=", book(2)).execute();

  test("V101: a trigger that changes the row changes the decision", async () => {
    await trigger("before insert or update", `new.branch_id := '${branch(4)}'; return new;`);
    expect(await codeOf(rename())).toBe(denied);
    expect(await codeOf(create())).toBe(denied);
    expect(await library.raw("select 1 from lib.books where title in ('x', 'new')")).toEqual([]);
  });

  test("V101: a trigger that keeps a row from being written is no success", async () => {
    await trigger("before update or delete", "return null;");
    expect(await codeOf(rename())).toBe(denied);
    expect(await codeOf(remove())).toBe(denied);
    expect(await library.raw("select count(*) as n from lib.books where id = $1", [book(2)])).toEqual([
      { n: 1 },
    ]);
  });

  test("V70: a trigger that moves the row to another tenant is refused by the database", async () => {
    await trigger("before insert", "new.tenant_id := 'south'; return new;");
    const before = await south();
    expect(await codeOf(create())).toBe(denied);
    expect(await south()).toBe(before);
  });
});

test("boundary, V52: the cascades in the database are the model's, and are of parts alone", async () => {
  const rows = await library.raw(
    `select c.conrelid::regclass::text as "table", a.attname as "column", c.confrelid::regclass::text as "refersTo"
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]
     where c.contype = 'f' and (c.confdeltype not in ('a', 'r') or c.confupdtype not in ('a', 'r')) order by 1, 2`,
  );
  const declared = declaredCascades({ model: libraryModel, sealed: librarySealed });
  expect(
    declared.map((one) => ({ ...one, table: `lib.${one.table}`, refersTo: `lib.${one.refersTo}` })),
  ).toEqual(expect.arrayContaining(rows));
  expect(rows).toEqual([
    { table: "lib.book_keepers", column: "book_id", refersTo: "lib.books" },
    { table: "lib.book_tags", column: "book_id", refersTo: "lib.books" },
  ]);
  expect(declared).toHaveLength(2);
});

test("boundary: a write of one row that is decided by itself takes few round trips", async () => {
  const { database } = library;
  let trips = 0;
  const counting: typeof database = {
    ...database,
    turn: (run) =>
      database.turn((session) =>
        run({
          query: (sql, parameters) => {
            trips += 1;
            return session.query(sql, parameters);
          },
          batch: async (statements) => {
            trips += 1;
            const results = [];
            for (const { sql, parameters } of statements) results.push(await session.query(sql, parameters));
            return results;
          },
        }),
      ),
  };
  const { db } = handle(library, "north", { id: "cleo", roles: ["librarian"] }, { database: counting });
  const tripsOf = async (statement: { execute(): Promise<unknown> }): Promise<number> => {
    trips = 0;
    await statement.execute();
    return trips;
  };
  const id = idOf("loan", "north", 1);
  const update = db.updateTable("loans").set({ fee: 1 }).where("id", "=", id);
  // Lock, with what begins and enters; pick again and read; store and read; record; commit.
  expect(await tripsOf(update)).toBe(5);
  expect(await tripsOf(update.returning("fee"))).toBe(6);
  expect(await tripsOf(db.deleteFrom("loans").where("id", "=", id))).toBe(5);
  expect(await tripsOf(db.insertInto("branches").values({ name: "new" } as never))).toBe(3);
});

test("boundary, V11: a column is set once", async () => {
  const write = north.db.updateTable("books").set("title", "a").set("title", "b");
  expect(await codeOf(write.execute())).toBe("UnsupportedQuery query/duplicate-name");
});

test("boundary, V57: errors name no constraint, no value and no key", async () => {
  const reader = handle(library, "north", ben);
  const failures = [
    north.db.deleteFrom("books").where("id", "=", book(1)),
    north.db
      .insertInto("books")
      .values({ id: book(5), branch_id: branch(1), title: "t", copies: 1, genre: "prose", rare: false }),
    reader.db
      .insertInto("loans")
      .values({ id: idOf("loan", "north", 1), book_id: book(4), member_id: "ben", fee: 1 }),
  ];
  for (const failure of failures) {
    const error: unknown = await failure.execute().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "access/denied", decision: null, retryAfter: null, rules: [] });
    expect(Object.keys(error as object).toSorted()).toEqual(
      ["action", "code", "decision", "entity", "retryAfter", "rules"].concat("name").toSorted(),
    );
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(
      /pkey|fkey|constraint|0000|violates|lib\./,
    );
  }
});
