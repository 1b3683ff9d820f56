/** A caller's own text on a real server: it reads what the query builder would read, or is refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CompiledQuery } from "kysely";
import {
  ada,
  ben,
  canary,
  codeOf,
  handle,
  idOf,
  openLibrary,
  type Handle,
  type Who,
} from "./driver-library.ts";
import { openServerLibrary, type ServerLibrary } from "./server-library.ts";

let library: ServerLibrary;
beforeAll(async () => {
  library = await openServerLibrary();
});
afterAll(() => library.close());

function ask(text: string, values: readonly unknown[] = [], who: Who = ben) {
  return rawQuery(handle(library, "north", who).db, text, values);
}

async function rawQuery(db: Handle["db"], text: string, values: readonly unknown[]) {
  return (await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]))).rows;
}

const book = (number: number): string => idOf("book", "north", number);

describe("what a text reads", () => {
  test("V16: rows and columns as the query builder gives them, without those that are sealed", async () => {
    for (const who of [ada, ben]) {
      const built = await handle(library, "north", who)
        .db.selectFrom("books")
        .selectAll()
        .orderBy("id")
        .execute();
      const bare = built.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => name !== "note")),
      );
      expect(await ask("select * from books order by id", [], who)).toEqual(bare);
      expect(await ask("select b.* from books b order by b.id", [], who)).toEqual(bare);
    }
    expect((await ask("select id from books")).length).toBeGreaterThan(1);
  });

  test("V4: a common table expression that is named like a table hides it, and sees the table itself", async () => {
    const rows = await ask(
      "with books as (select id from books where title is not null) select count(*) as n from books",
    );
    expect(rows).toEqual(await ask("select count(*) as n from books"));
    expect(await ask("with books as (select 1 as n) select n from books")).toEqual([{ n: 1 }]);
    // Outside of the scope in which it is defined the name is the table's again.
    const [row] = await ask(
      "select (select count(*) from (with books as (select 1 as id) select id from books) x) as inside, count(*) as outside from books",
    );
    expect(row?.["inside"]).toBe(1);
    expect(row?.["outside"]).toBeGreaterThan(1);
  });

  test("V1, V3, V7: joins, sub-selects, unions and windows see views wherever a table is named", async () => {
    const own = new Set((await ask("select id from books")).map(({ id }) => id));
    for (const text of [
      "select b.id from loans l join books b on b.id = l.book_id",
      "select b.id from loans l left join books b on b.id = l.book_id",
      "select id from books union all select id from books",
      "select b.id from books b where exists (select 1 from loans where loans.book_id = b.id)",
      "select (select max(x.id::text) from books x)::uuid as id from books",
      "select t.id from books t left join lateral (select l.fee from loans l where l.book_id = t.id) r on true where t.copies / 2 > 0",
      "select b.id from books b, lateral (select c.id from books c where c.id = b.id) as d where d.id = b.id",
      "select b.id, row_number() over (partition by b.title order by b.id) as n from books b",
      "with recursive up(id) as (select id from branches union select p.id from branches p join up on up.id = p.parent_id) select id from books where branch_id in (select id from up)",
    ])
      for (const { id } of await ask(text)) if (id !== null) expect([...own], text).toContain(id);
  });

  test("V96: values are values, and none of them is the tenant", async () => {
    expect(await ask("select id from books where id = $1", [book(1)])).toEqual([{ id: book(1) }]);
    expect(await ask("select $1::text as a, $2::int as b, $1::text as c", ["x", 3])).toEqual([
      { a: "x", b: 3, c: "x" },
    ]);
    expect(await ask("select id from books where id = any($1::uuid[])", [[book(1), book(2)]])).toHaveLength(
      2,
    );
    expect(await ask("select id from books where title = $1", ["'; drop table lib.books; --"])).toEqual([]);
  });

  test("nothing of the other tenant, whatever is asked", async () => {
    const texts = [
      "select * from books",
      "select * from loans",
      "select * from branches",
      "select title || 'x' as t from books",
    ];
    for (const text of texts) expect(JSON.stringify(await ask(text, [], ada))).not.toContain("south");
    expect(canary("south", "x")).toContain("south");
  });
});

describe("what a text may not say", () => {
  test.each<[string, string, string]>([
    ["V18: two statements", "select 1 as a; select 2 as a", "IsolationViolation query/raw-statement"],
    ["V36: a setting", "set local role postgres", "IsolationViolation query/raw-statement"],
    ["a write", "delete from books", "IsolationViolation query/raw-statement"],
    [
      "V6: a write in WITH",
      "with x as (delete from books returning id) select id from x",
      "IsolationViolation query/raw-statement",
    ],
    [
      "V16: a table of another schema",
      "select 1 as a from lib.books",
      "IsolationViolation query/schema-qualified",
    ],
    [
      "V60: the catalogue",
      "select relname from pg_catalog.pg_class",
      "IsolationViolation query/schema-qualified",
    ],
    [
      "V60: the catalogue by a bare name",
      "select relname from pg_class",
      "UnsupportedQuery query/unknown-table",
    ],
    ["a side table", "select tag from book_tags", "UnsupportedQuery query/unknown-table"],
    ["V25: the tenant's column", "select tenant_id from books", "IsolationViolation check/column"],
    ["V95: a system column", "select ctid from books", "IsolationViolation check/column"],
    ["V95: a whole row", "select b from books b", "IsolationViolation check/column"],
    ["V95: a whole row as text", "select b::text as t from books b", "IsolationViolation check/column"],
    ["V95: a sealed column", "select note from books", "UnsupportedQuery query/sealed-column"],
    [
      "V17: a query as XML",
      "select query_to_xml('select 1', true, false, '') as a",
      "IsolationViolation check/function",
    ],
    ["V17: a file", "select pg_read_file('/etc/passwd') as a", "IsolationViolation check/function"],
    [
      "V36: a setting by a function",
      "select set_config('a', 'b', true) as a",
      "IsolationViolation check/function",
    ],
    ["V103: the context", "select wardline.claims() as a", "IsolationViolation query/schema-qualified"],
    ["V98: the catalogue through a cast", "select 1::regclass as a", "IsolationViolation check/type"],
    [
      "V15: a function in FROM",
      "select 1 as a from generate_series(1, 2) g",
      "UnsupportedQuery query/unsupported-node",
    ],
    ["V15: ONLY", "select id from only books", "UnsupportedQuery query/unsupported-node"],
    [
      "V15: a sample",
      "select id from books tablesample system (1)",
      "UnsupportedQuery query/unsupported-node",
    ],
    ["V56: a lock", "select id from books for update", "UnsupportedQuery query/unsupported-node"],
    ["a new table", "select id into x from books", "IsolationViolation query/raw-statement"],
    ["V99: who asks", "select current_user as a", "IsolationViolation check/node"],
    ["no SQL", "selekt 1", "IsolationViolation check/statement"],
    ["V97: U+0000", "select 1 as a\0", "IsolationViolation check/statement"],
    ["a text without end", `select 1 as a ${" ".repeat(10_001)}`, "IsolationViolation query/raw-statement"],
    [
      "types that do not go together",
      "select id from books where rare = title",
      "UnsupportedQuery query/type-mismatch",
    ],
  ])("%s", async (_, text, code) => {
    expect(await codeOf(ask(text))).toBe(code);
  });

  test("values that the text does not name, and names without a value", async () => {
    const refused = "UnsupportedQuery query/unsupported-value";
    expect(await codeOf(ask("select $1::text as a"))).toBe(refused);
    expect(await codeOf(ask("select 1 as a", ["x"]))).toBe(refused);
    expect(await codeOf(ask("select $2::text as a", ["x", "y"]))).toBe(refused);
    expect(await codeOf(ask("select $1::text as a", [{ toString: () => "x" }]))).toBe(refused);
  });

  test("a handle that has ended, and an embedded database, whose session is a superuser's", async () => {
    const ended = handle(library, "north", ben, { revoked: () => true });
    expect(await codeOf(rawQuery(ended.db, "select 1 as a", []))).toBe("IsolationViolation handle/revoked");
    const embedded = await openLibrary();
    const { db } = handle(embedded, "north", ben);
    expect(await codeOf(rawQuery(db, "select 1 as a", []))).toBe("IsolationViolation query/raw-statement");
    await embedded.close();
  });

  test("V93: a text cannot tell of a row that its reader may not see", async () => {
    // Whoever looks through the view would divide by a hidden row's difference to itself.
    const hidden = await library.raw("select copies from lib.books where tenant_id = 'north' and rare");
    expect(hidden.length).toBeGreaterThan(0);
    for (const { copies } of hidden) {
      const seen = await ask("select count(*) as n from books where copies = $1", [copies]);
      if (seen[0]?.["n"] !== 0) continue;
      expect(await codeOf(ask(`select id from books where 1 / (copies - ${String(copies)}) > -2`))).toBe(
        "no error",
      );
    }
  });
});
