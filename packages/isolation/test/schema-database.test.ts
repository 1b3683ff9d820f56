import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContextGate, databaseDdl, planTables, securityDdl } from "../src/index.ts";
import { openTestDatabase, stateOf, type TestDatabase } from "./database-session.ts";
import { bookColumns, bookValues, library, librarySealed } from "./schema-library.ts";
import { claimsFor, openGate } from "./context-gate.ts";

const stored = { model: library, sealed: librarySealed };
const options = { schema: "lending", limits: null };
let gate: ContextGate;
const ids = Array.from({ length: 8 }, (_, n) => `0190a0b0-0000-7000-8000-00000000000${n}`);
const tables = planTables(stored).map((table) => table.name);

let database: TestDatabase;
/** What the policies answered before any transaction of the session had set a tenant. */
let untouched: string;
const query = (sql: string, ...parameters: unknown[]) => database.session.query(sql, parameters);
const as = <T>(tenant: string, work: () => Promise<T>): Promise<T> =>
  database.trial(async () => {
    await gate.enter(database.session, claimsFor(tenant));
    return work();
  });
const insertBook = (values: readonly unknown[]) =>
  query(
    `insert into lending.books (${bookColumns}) values (${values.map((_, n) => `$${n + 1}`).join(", ")})`,
    ...values,
  );

beforeAll(async () => {
  database = await openTestDatabase();
  for (let twice = 0; twice < 2; twice++)
    await database.run([...databaseDdl(stored, options), ...securityDdl(stored, options)]);
  gate = await openGate(database.session);
  await database.commit(async () => {
    for (const [n, tenant] of ["north", "south"].entries()) {
      await query("insert into lending.branches (tenant_id, id, name) values ($1, $2, 'x')", tenant, ids[n]);
      await insertBook(bookValues(tenant, ids[n + 2]!, ids[n]!));
      await query("insert into lending.book_tags values ($1, $2, 'old')", tenant, ids[n + 2]);
      await query("insert into lending.book_keepers values ($1, 'ada', $2)", tenant, ids[n + 2]);
      await query(
        "insert into lending.shelves (tenant_id, id, label) values ($1, $2, 'x')",
        tenant,
        ids[n + 4],
      );
      await query("insert into lending.shelf_branches values ($1, $2, $3)", tenant, ids[n + 4], ids[n]);
      await query(
        "insert into lending.loans (tenant_id, id, fee, book_id) values ($1, $2, 1, $3)",
        tenant,
        ids[n + 6],
        ids[n + 2],
      );
    }
  });
  untouched = await stateOf(
    database.trial(async () => {
      await query("set local role wardline_app");
      await query("select 1 where not exists (select from lending.books)");
    }),
  );
});
afterAll(() => database.close());

describe("the tenant boundary of the database", () => {
  it("shows a superuser both tenants and the application's role its own, on every table", async () => {
    for (const table of tables) {
      const sql = `select tenant_id from lending."${table}" order by 1`;
      expect(
        (await query(sql)).rows.map((row) => row["tenant_id"]),
        table,
      ).toEqual(["north", "south"]);
      expect(await as("north", async () => (await query(sql)).rows), table).toEqual([{ tenant_id: "north" }]);
      expect(await as("south", async () => (await query(sql)).rows), table).toEqual([{ tenant_id: "south" }]);
      expect(await as("north ", async () => (await query(sql)).rows), table).toEqual([]);
    }
  });

  it("raises 28000 on every table while the context is unset or empty, and does not take it for no rows (102)", async () => {
    for (const table of tables) {
      for (const empty of [false, true]) {
        const state = database.trial(async () => {
          if (empty) await query("select set_config('wardline.context', '', true)");
          await query("set local role wardline_app");
          await query(`select 1 where not exists (select from lending."${table}")`);
        });
        expect(await stateOf(state), table).toBe("28000");
      }
    }
  });

  it("raises 28000 where no transaction of the session ever had a context", () => {
    expect(untouched).toBe("28000");
  });

  it("leaves no context to the next transaction", async () => {
    await as("north", () => query("select count(*) from lending.books"));
    expect(
      await stateOf(
        database.trial(async () => {
          await query("set local role wardline_app");
          await query("select count(*) from lending.books");
        }),
      ),
    ).toBe("28000");
    expect((await query("select current_user::text as role")).rows).toEqual([{ role: "postgres" }]);
  });

  it("refuses rows of another tenant on insert, and can't reach them to update or delete", async () => {
    expect(
      await stateOf(
        as("north", () =>
          query("insert into lending.branches (tenant_id, id, name) values ('south', $1, 'x')", ids[7]),
        ),
      ),
    ).toBe("42501");
    expect(
      await as("north", () => query("update lending.books set title = 'taken' where id = $1", ids[3])),
    ).toMatchObject({ affected: 0 });
    expect(await as("north", () => query("delete from lending.loans"))).toMatchObject({ affected: 1 });
  });

  it("has no right to move a row to another tenant, to rename a key, to truncate or to touch side keys (11)", async () => {
    for (const sql of [
      "update lending.books set tenant_id = 'south'",
      "update lending.books set tenant_id = tenant_id",
      `update lending.books set id = '${ids[7]}'`,
      "update lending.book_tags set tag = 'new'",
      "update lending.book_keepers set member_id = 'eve'",
      "truncate lending.books",
      "create table lending.mine (a int)",
      "create table public.mine (a int)",
      "create temp table mine (a int)",
      "create function public.f() returns int language sql as 'select 1'",
      "do $$ begin end $$",
      "alter table lending.books disable row level security",
      "drop policy x on lending.books",
      "create trigger t before insert on lending.books for each row execute function pg_catalog.suppress_redundant_updates_trigger()",
      "create view lending.v as select 1",
    ]) {
      expect(await stateOf(as("north", () => query(sql))), sql).toMatch(/^(42501|42704)$/);
    }
  });

  it("takes from everyone what reaches settings, other sessions, the server and text run as SQL (17, 36, 60-63, 65, 99, 100)", async () => {
    for (const sql of [
      "select set_config('wardline.tenant', 'south', true)",
      "select count(*) from lending.books where (select set_config('wardline.tenant', 'south', true)) is not null",
      "select current_setting('wardline.tenant')",
      "select setseed(0.1)",
      "select pg_notify('a', 'b')",
      "select lo_create(1)",
      "select lo_from_bytea(0, 'x')",
      "select pg_advisory_lock(1)",
      "select pg_try_advisory_xact_lock_shared(1, 2)",
      "select pg_sleep(0)",
      "select pg_terminate_backend(1)",
      "select pg_cancel_backend(1)",
      "select pg_export_snapshot()",
      "select pg_logical_emit_message(true, 'a', 'b')",
      "select query_to_xml('select 1', true, true, '')",
      "select * from ts_stat('select 1::tsvector')",
      "select * from pg_stat_activity",
      "select pg_stat_get_backend_activity(1)",
      "select * from pg_locks",
      "select * from pg_prepared_statements",
      "select * from pg_stats",
      "select * from pg_settings",
      "select pg_total_relation_size('lending.books')",
      "select pg_current_xact_id()",
      "select pg_read_file('x')",
    ]) {
      expect(await stateOf(as("north", () => query(sql))), sql).toBe("42501");
    }
  });

  it("binds references to the tenant: another's row is as absent as none (51)", async () => {
    const bad = (branch: string) => as("north", () => insertBook(bookValues("north", ids[7]!, branch)));
    expect(await stateOf(bad(ids[1]!))).toBe("23503");
    expect(await stateOf(bad(ids[6]!))).toBe("23503");
    expect(await stateOf(bad(ids[0]!))).toBe("no error");
    expect(
      await stateOf(
        as("north", () => query("insert into lending.book_tags values ('north', $1, 'x')", ids[3])),
      ),
    ).toBe("23503");
  });

  it("lets two tenants have a row of one id, and one tenant only one (10, 53)", async () => {
    const again = (tenant: string) =>
      as(tenant, () =>
        query("insert into lending.branches (tenant_id, id, name) values ($1, $2, 'y')", tenant, ids[0]),
      );
    expect(await stateOf(again("south"))).toBe("no error");
    expect(await stateOf(again("north"))).toBe("23505");
  });

  it("removes a row's parts with it, and no row of another entity (52)", async () => {
    await database.trial(async () => {
      await gate.enter(database.session, claimsFor("north"));
      await query("delete from lending.loans");
      await query("delete from lending.books");
      expect((await query("select from lending.book_tags")).rows).toHaveLength(0);
      expect((await query("select from lending.book_keepers")).rows).toHaveLength(0);
    });
    expect(await stateOf(as("north", () => query("delete from lending.books")))).toBe("23503");
    expect((await query("select from lending.book_tags")).rows).toHaveLength(2);
  });

  it("does not move a child out of its hierarchy when a parent goes", async () => {
    const attempt = as("north", async () => {
      await query("delete from lending.loans");
      await query("delete from lending.books");
      await query("delete from lending.branches");
    });
    expect(await stateOf(attempt)).toBe("23503");
  });

  it("shows a role that nobody thought of nothing, even with a grant (102)", async () => {
    await database.trial(async () => {
      await query("create role stranger");
      await query("grant usage on schema lending, wardline to stranger");
      await query("grant select on lending.books to stranger");
      await query("grant execute on function wardline.current_tenant() to stranger");
      await query("grant execute on all functions in schema pg_catalog to stranger");
      await query("create policy wide on lending.books for select to public using (true)");
      await gate.enter(database.session, claimsFor("north"));
      await query("set local role stranger");
      expect((await query("select tenant_id from lending.books")).rows).toEqual([{ tenant_id: "north" }]);
      await query("reset role");
      await query("drop policy wide on lending.books");
      await query("set local role stranger");
      expect((await query("select tenant_id from lending.books")).rows).toEqual([]);
    });
  });

  it("forces the policies on every table, with one restrictive for everyone, again after a second run", async () => {
    const { rows } = await query(
      `select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,
              (select count(*)::int from pg_catalog.pg_policy p where p.polrelid = c.oid and not p.polpermissive
                 and p.polcmd = '*' and p.polroles = '{0}' and p.polqual is not null and p.polwithcheck is not null) as closed,
              (select count(*)::int from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polpermissive
                 and p.polroles = array['wardline_app'::regrole]::oid[]) as open,
              (select count(*)::int from pg_catalog.pg_policy p where p.polrelid = c.oid) as policies
       from pg_catalog.pg_class c where c.relnamespace = 'lending'::regnamespace and c.relkind = 'r' order by 1`,
    );
    expect(rows.map((row) => row["relname"])).toEqual(tables.toSorted());
    for (const row of rows) expect(row).toMatchObject({ forced: true, closed: 1, open: 1, policies: 2 });
  });

  it("leads every index and every key with the tenant", async () => {
    const { rows } = await query(
      `select i.indexrelid::regclass::text as name, a.attname as first from pg_catalog.pg_index i
       join pg_catalog.pg_class c on c.oid = i.indrelid
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
       where c.relnamespace = 'lending'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(tables.length);
    for (const row of rows) expect(row["first"], String(row["name"])).toBe("tenant_id");
  });
});

describe("the columns", () => {
  it.each([
    ["an Int below its range", { copies: -1 }],
    ["an Int above its range", { copies: 100 }],
    ["a Decimal that is no number", { price: "NaN" }],
    ["an Instant without end", { bought: "infinity" }],
    ["an Instant before year 1", { bought: "0044-03-15 00:00:00+00 BC" }],
    ["an Instant after year 9999", { bought: "10000-01-01 00:00:00+00" }],
    ["an enum's value that is none", { genre: "Poetry" }],
    [
      "plain text in a sealed field",
      {
        remark: Buffer.from(
          "a remark in clear, padded until it is as long as a sealed cell must be ".repeat(2),
        ),
      },
    ],
    ["too short a sealed cell", { remark: Buffer.from("574c530200000001", "hex") }],
    ["no tenant", { tenant_id: "" }],
  ])("refuse %s", async (_, more) => {
    const attempt = database.trial(() => insertBook(bookValues("north", ids[7]!, ids[0]!, more)));
    expect(await stateOf(attempt)).toBe("23514");
  });

  it.each([
    { genre: "it's" },
    { genre: "a\\b" },
    { copies: 99 },
    { price: "-9999.99" },
    { remark: null, holder_id: null },
  ])("take %j", async (more) => {
    expect(await stateOf(database.trial(() => insertBook(bookValues("north", ids[7]!, ids[0]!, more))))).toBe(
      "no error",
    );
  });

  it("make the DDL fail where a table stands with other columns than the model says", async () => {
    const plain = { model: library, sealed: [] };
    expect(await stateOf(database.run(databaseDdl(plain, options)))).toBe("42804");
    await database.session.query("ROLLBACK", []);
  });
});

describe("a table that stands already", () => {
  it.each([
    [
      "may be left empty where the model needs a value",
      "alter table lending.books alter title drop not null",
    ],
    ["is ordered by a locale", 'alter table lending.books alter title type text collate "en_US"'],
    ["is gone", "alter table lending.books drop title"],
    ["has another precision", "alter table lending.books alter price type numeric(8, 2)"],
  ])("makes the DDL fail where a column %s", async (_, change) => {
    const again = database.trial(async () => {
      await query(change);
      for (const statement of databaseDdl(stored, options)) await query(statement);
    });
    expect(await stateOf(again)).toBe("42804");
  });
});

describe("the application's role", () => {
  it("makes the DDL fail if it owns something or is member of a role (37, 49)", async () => {
    for (const sql of [
      "create table lending.owned (a int); alter table lending.owned owner to wardline_app",
      "grant pg_read_all_data to wardline_app",
    ]) {
      const attempt = database.trial(async () => {
        for (const one of sql.split("; ")) await query(one);
        for (const one of securityDdl(stored, options)) await query(one);
      });
      expect(await stateOf(attempt), sql).toBe("0LP01");
    }
  });

  it("loses what someone had given it", async () => {
    await database.trial(async () => {
      await query("alter role wardline_app bypassrls");
      await query("grant update, truncate on lending.books to wardline_app");
      for (const one of securityDdl(stored, options)) await query(one);
      await gate.enter(database.session, claimsFor("north"));
      expect(await stateOf(query("update lending.books set tenant_id = 'south'"))).toBe("42501");
    });
  });
});
