/**
 * The context on a real server, attacked with raw SQL as the application's role: nothing but the database stands between
 * the attacker and the other tenant here.
 */
import { createHmac } from "node:crypto";
import type { Connection } from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createContextKey } from "../src/context/context-key.ts";
import { installContextKey } from "../src/context/contexts.ts";
import { createContextSigner } from "../src/context/signer.ts";
import { encodeClaims, signToken } from "../src/context/token.ts";
import { attempt, openContextServer, sessionOf, type ContextServer } from "./context-server.ts";
import { claimsFor } from "./context-gate.ts";

let place: ContextServer;
let app: Connection;
let other: Connection;
let token: Uint8Array;

beforeAll(async () => {
  place = await openContextServer();
  app = await place.application();
  other = await place.application();
  token = place.token();
});
afterAll(() => place.stop());

const tenants = "select distinct tenant_id as t from lending.books order by 1";
const north = [{ t: "north" }];
const nobody = "28000";
const now = (): bigint => BigInt(Date.now() - 946_684_800_000) * 1000n;
const nonce = new Uint8Array(16);

function signed(change: Partial<Parameters<typeof signToken>[1]> = {}, tenant = "north"): Uint8Array {
  const frame = { cluster: place.cluster, audience: 0, nonce, expiry: now() + 10_000_000n };
  return signToken(place.key, { ...frame, ...change }, encodeClaims(claimsFor(tenant)));
}

describe("who logs in as the application", () => {
  test("sees one tenant, and can write in it alone", async () => {
    expect(await attempt(app, token, tenants)).toEqual(north);
    expect(
      await attempt(
        app,
        token,
        "insert into lending.branches (tenant_id, id, name) values ('south', '0190a0b0-0000-7000-8000-000000000009', 'x')",
      ),
    ).toBe("42501");
    expect(await attempt(app, token, "update lending.books set tenant_id = 'south'")).toBe("42501");
    expect(
      await attempt(app, token, "delete from lending.books where tenant_id = 'south' returning 1"),
    ).toEqual([]);
  });

  test("V102: without a context every statement raises, and none finds no rows", async () => {
    for (const sql of [
      tenants,
      "select 1 where not exists (select from lending.books)",
      "delete from lending.loans",
    ])
      expect(await attempt(app, null, "select 1", sql)).toBe(nobody);
  });

  test("is in no role, owns nothing and is bound by every policy", async () => {
    const { rows } = await place.admin.query(
      `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as above,
         exists (select from pg_catalog.pg_auth_members m where m.member = r.oid) as member,
         exists (select from pg_catalog.pg_class c where c.relowner = r.oid) as owner
       from pg_catalog.pg_roles r where rolname = 'wardline_app'`,
    );
    expect(rows).toEqual([{ above: "f", member: "f", owner: "f" }]);
  });
});

describe("V36: the tenant of a transaction", () => {
  const context = "pg_catalog.current_setting('wardline.context')";

  test("is not changed by set_config or current_setting, which the role may not call", async () => {
    for (const sql of [
      "select tenant_id from lending.books where (select set_config('wardline.context', 'x', true)) is not null",
      `select ${context}`,
      "select pg_catalog.set_config('wardline.context', '', true)",
    ])
      expect(await attempt(app, token, sql)).toBe("42501");
  });

  test("is not changed by SET LOCAL: a made-up, a bent, an empty and no hexadecimal context raise", async () => {
    await app.exec("begin");
    await app.query("select wardline.enter($1)", [token]);
    const { rows } = await app.query("show wardline.context");
    await app.exec("rollback");
    const bound = String(Object.values(rows[0] as object)[0]);
    const south = Buffer.from("south").toString("hex");
    const bent = bound.replace(Buffer.from("north").toString("hex"), south);
    expect(bent).not.toBe(bound);
    expect(bound.endsWith(".north")).toBe(true);
    const elsewhere = bound.replace(".north", ".south");
    for (const value of [
      bent,
      elsewhere,
      bent.replace(".north", ".south"),
      bound.replace(".", ".south."),
      bound.replace(".north", ""),
      bound.replace(".north", "."),
      `${bound.slice(0, 64)}.south${bound.slice(64)}`,
      bound.toUpperCase(),
      "0".repeat(64) + bound.slice(64),
      "",
      "no hex",
      bound.slice(0, -2),
      `${bound}00`,
    ])
      for (const asked of [tenants, "select wardline.current_tenant()", "select wardline.claims()"])
        expect(await attempt(app, token, `set local wardline.context = '${value}'`, asked), value).toBe(
          nobody,
        );
    expect(
      await attempt(app, token, `set local wardline.facts = '{"a":1}'`, "select wardline.claims()"),
    ).toBe(nobody);
  });

  test("is not carried into another transaction, nor into another backend", async () => {
    await app.exec("begin");
    await app.query("select wardline.enter($1)", [token]);
    const { rows } = await app.query("show wardline.context");
    const bound = String(Object.values(rows[0] as object)[0]);
    // In the very transaction it is what it was.
    await app.exec(`set local wardline.context = '${bound}'`);
    expect((await app.query(tenants)).rows).toEqual(north);
    expect(await attempt(other, null, `set local wardline.context = '${bound}'`, tenants)).toBe(nobody);
    await app.exec("rollback");
    expect(await attempt(app, null, `set local wardline.context = '${bound}'`, tenants)).toBe(nobody);
    await app.exec(`set wardline.context = '${bound}'`);
    expect(await attempt(app, null, tenants)).toBe(nobody);
    expect(await attempt(app, place.token({ tenant: "south" }), tenants)).toBe(nobody);
    await app.exec("reset wardline.context");
    expect(await attempt(app, place.token({ tenant: "south" }), tenants)).toEqual([{ t: "south" }]);
  });

  test("a plain setting leaks where this does not", async () => {
    await place.admin.exec(`create table public.plain (tenant_id text, v text);
      insert into public.plain values ('north', 'n'), ('south', 's');
      alter table public.plain enable row level security; alter table public.plain force row level security;
      grant select on public.plain to wardline_app; grant execute on function pg_catalog.current_setting(text, boolean) to wardline_app;
      create policy everyone_does_this on public.plain using (tenant_id = pg_catalog.current_setting('app.tenant', true))`);
    const plain = "select tenant_id as t from public.plain";
    expect(await attempt(app, null, "set local app.tenant = 'north'", plain)).toEqual(north);
    expect(
      await attempt(app, null, "set local app.tenant = 'north'", "set local app.tenant = 'south'", plain),
    ).toEqual([{ t: "south" }]);
    await place.admin.exec(
      "drop table public.plain; revoke execute on function pg_catalog.current_setting(text, boolean) from wardline_app",
    );
  });
});

describe("V37, V38: other roles and row security", () => {
  test.each([
    ["set local role wardline_owner", "42501"],
    ["set local role postgres", "42501"],
    ["set session authorization postgres", "42501"],
    ["alter role wardline_app superuser", "42501"],
    ["alter role wardline_app bypassrls", "42501"],
    ["create role intruder", "42501"],
    ["grant wardline_owner to wardline_app", "42501"],
    ["alter table lending.books disable row level security", "42501"],
    ["alter table lending.books no force row level security", "42501"],
    ["drop table lending.books", "42501"],
    ["create policy x on lending.books using (true)", "42501"],
    ["truncate lending.books", "42501"],
    [
      "create or replace function wardline.current_tenant() returns text language sql as 'select 1::text'",
      "42501",
    ],
  ])("%s is refused", async (sql, code) => {
    expect(await attempt(app, token, sql)).toBe(code);
  });

  test("going back to the role that logged in, or in, changes nothing", async () => {
    expect(await attempt(app, token, "reset role", tenants)).toEqual(north);
    expect(await attempt(app, token, "set local role wardline_app", tenants)).toEqual(north);
    expect(await attempt(app, token, "set session authorization default", tenants)).toEqual(north);
  });

  test("row_security = off errors, and lets nobody enter", async () => {
    expect(await attempt(app, token, "set local row_security = off", tenants)).toBe("42501");
    await app.exec("set row_security = off");
    expect(await attempt(app, token)).toBe("WL004");
    await app.exec("set row_security = on");
  });
});

describe("V102: roles that nobody thought of", () => {
  test("with a grant see nothing; with a policy of theirs too, the boundary alone decides; the owner is bound as well", async () => {
    const { admin } = place;
    await admin.exec(`create role stranger; grant usage on schema lending, wardline to stranger;
      grant select on lending.books to stranger;
      grant execute on function wardline.current_tenant(), wardline.enter(bytea) to stranger;
      grant execute on function pg_catalog.texteq(text, text) to stranger`);
    for (const [name, value] of [
      ["search_path", ""],
      ["TimeZone", "UTC"],
      ["statement_timeout", "9s"],
      ["lock_timeout", "9s"],
    ])
      await admin.exec(`set ${name} = '${value}'`);
    expect(await attempt(admin, token, "set local role stranger", tenants)).toEqual([]);
    expect(await attempt(admin, null, "set local role stranger", tenants)).toEqual([]);
    await admin.exec("create policy mine on lending.books to stranger using (true)");
    expect(await attempt(admin, token, "set local role stranger", tenants)).toEqual(north);
    expect(await attempt(admin, null, "set local role stranger", tenants)).toBe(nobody);
    await admin.exec("drop policy mine on lending.books");

    await admin.exec(
      "create role tables_owner; grant usage, create on schema lending to tables_owner; grant usage on schema wardline to tables_owner; grant execute on all functions in schema wardline to tables_owner; grant execute on all functions in schema pg_catalog to tables_owner; alter table lending.books owner to tables_owner",
    );
    expect(await attempt(admin, token, "set local role tables_owner", tenants)).toEqual([]);
    expect(await attempt(admin, null, "set local role tables_owner", tenants)).toEqual([]);
    await admin.exec(
      "alter table lending.books owner to postgres; drop owned by tables_owner; drop role tables_owner; drop owned by stranger; drop role stranger",
    );
  });
});

describe("V103: a token", () => {
  test("is a parameter: no setting, no catalogue and no other session shows it", async () => {
    await app.exec("begin");
    await app.query("select wardline.enter($1)", [token]);
    const mac = Buffer.from(token.subarray(0, 32)).toString("hex");
    const { rows } = await app.query("show wardline.context");
    expect(JSON.stringify(rows)).not.toContain(mac);
    const seen = await place.admin.query("select query from pg_catalog.pg_stat_activity");
    expect(JSON.stringify(seen.rows)).not.toContain(mac);
    await app.exec("rollback");
  });

  test("that is meant for one backend is refused by every other", async () => {
    const { rows } = await place.admin.query(
      "select pid from pg_catalog.pg_stat_activity where usename = 'wardline_app' order by backend_start",
    );
    const [first, second] = rows.map((row) => Number(row["pid"]));
    for (const [pid, mine, theirs] of [
      [first, app, other],
      [second, other, app],
    ] as const) {
      expect(await attempt(mine, place.token({}, pid), tenants)).toEqual(north);
      expect(await attempt(theirs, place.token({}, pid), tenants)).toBe(nobody);
    }
  });

  test("is refused once it has expired, also in a transaction that began before, and if it lives too long", async () => {
    expect(await attempt(app, signed({ expiry: now() - 1000n }), tenants)).toBe(nobody);
    expect(await attempt(app, signed({ expiry: now() + 125_000_000n }), tenants)).toBe(nobody);
    expect(await attempt(app, signed({ expiry: now() + 100_000_000n }), tenants)).toEqual(north);
    expect(await attempt(app, signed({ expiry: 0n }), tenants)).toBe(nobody);
    expect(await attempt(app, signed({ expiry: (1n << 64n) - 1n }), tenants)).toBe(nobody);
    const short = signed({ expiry: now() + 300_000n });
    await app.exec("begin");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await expect(app.query("select wardline.enter($1)", [short])).rejects.toMatchObject({ code: nobody });
    await app.exec("rollback");
  });

  test("with any one byte changed, cut or lengthened is refused", async () => {
    for (let at = 0; at < token.length; at++) {
      const bent = Uint8Array.from(token);
      bent[at] = (bent[at] as number) ^ 1;
      // A tenant that is no text any more is refused as one.
      expect(await attempt(app, bent), `byte ${at}`).toMatch(/^(28000|2202.)$/);
    }
    for (const cut of [
      token.subarray(0, 0),
      token.subarray(0, 100),
      token.subarray(0, -1),
      Buffer.concat([token, Buffer.of(0)]),
    ])
      expect(await attempt(app, cut)).toMatch(/^(28000|2202.)$/);
    expect(await attempt(app, null, "select wardline.enter(null)")).toBe(nobody);
  });

  test("of another key, another cluster or a key that was retired is refused", async () => {
    const { key, cluster, admin } = place;
    const sign = (changed: Partial<Parameters<typeof createContextSigner>[0]>) =>
      createContextSigner({ key, cluster, ...changed }).sign(claimsFor("north"), 0);
    expect(await attempt(app, sign({ key: createContextKey(1) }), tenants)).toBe(nobody);
    expect(await attempt(app, sign({ key: { ...key, id: 2 } }), tenants)).toBe(nobody);
    expect(await attempt(app, sign({ cluster: new Uint8Array(16) }), tenants)).toBe(nobody);
    const second = createContextKey(2);
    await installContextKey(sessionOf(admin), second);
    expect(await attempt(app, sign({ key: second }), tenants)).toEqual(north);
    expect(await attempt(app, sign({}), tenants)).toEqual(north);
    await admin.query("select wardline.retire_key(2)");
    expect(await attempt(app, sign({ key: second }), tenants)).toBe(nobody);
    // Retired pads are no empty ones, under which anybody could sign.
    const bytes = sign({ key: second });
    const empty = createHmac("sha256", Buffer.alloc(0)).update(bytes.subarray(32)).digest();
    expect(await attempt(app, Buffer.concat([empty, bytes.subarray(32)]), tenants)).toBe(nobody);
  });

  test("of another tenant or principal is not taken in a transaction that has a context, and may change the intent", async () => {
    const again = (claims: Parameters<ContextServer["token"]>[0]) =>
      attempt(
        app,
        token,
        ["select wardline.enter($1)", place.token(claims)],
        "select wardline.claims() ->> 'intent' as intent, wardline.current_tenant() as t",
      );
    expect(await again({ intent: "list" })).toEqual([{ intent: "list", t: "north" }]);
    expect(await again({ tenant: "south" })).toBe(nobody);
    expect(await again({ principal: { type: "Tester", id: "eve" } })).toBe(nobody);
    expect(await again({ principal: { type: "Robot", id: "tester" } })).toBe(nobody);
    expect(await again({ revision: "2" })).toBe(nobody);
    expect(await again({ factsEpoch: 9 })).toBe(nobody);
  });

  test("says who asks and with what facts, as they were signed", async () => {
    const facts = { roles: ["a", "ü"], "naïve '\\ \"": [1, null, { deep: true }] };
    const claims = {
      ...claimsFor("north"),
      principal: { type: "Member", id: "ada\n'" },
      facts,
      revision: "7",
      factsEpoch: 5,
    };
    const [row] = (await attempt(app, place.token(claims), "select wardline.claims() as claims")) as {
      claims: string;
    }[];
    expect(JSON.parse(row?.claims ?? "")).toEqual(claims);
    expect(
      await attempt(
        app,
        place.token(claims),
        ["select wardline.enter($1)", place.token({ ...claims, facts: {} })],
        "select wardline.claims() -> 'facts' as facts",
      ),
    ).toEqual([{ facts: "{}" }]);
  });
});

describe("V97, V99: settings", () => {
  test.each([
    ["standard_conforming_strings", "off"],
    ["transform_null_equals", "on"],
    ["client_encoding", "LATIN1"],
    ["default_transaction_isolation", "serializable"],
    ["TimeZone", "Asia/Tokyo"],
    ["DateStyle", "German"],
    ["bytea_output", "escape"],
    ["search_path", "lending"],
    ["statement_timeout", "0"],
    ["statement_timeout", "1h"],
    ["lock_timeout", "0"],
  ])("%s = %s lets nobody enter, and the error names it without its value", async (name, value) => {
    await app.exec("begin");
    await app.exec(`set local ${name} = '${value}'`);
    const failure = await app
      .query("select wardline.enter($1)", [token])
      .catch((error: unknown) => error as Error & { code: string });
    expect(failure).toMatchObject({ code: "WL004" });
    expect((failure as Error).message).toContain(name);
    await app.exec("rollback");
  });

  test("a shorter limit is fine", async () => {
    expect(
      await attempt(
        app,
        null,
        "set local statement_timeout = 900",
        ["select wardline.enter($1)", token],
        tenants,
      ),
    ).toEqual(north);
  });
});

describe("what every role of a database may do by default, and this one may not", () => {
  test.each([
    ["V44", "create temp table books (id int)"],
    ["V44", "create table lending.mine (id int)"],
    ["V44", "create table public.mine (id int)"],
    ["V44", "create schema mine"],
    ["V54", "select pg_catalog.lastval()"],
    ["V60", "select * from pg_catalog.pg_stat_activity"],
    ["V60", "select * from pg_catalog.pg_locks"],
    ["V61", "select pg_catalog.pg_notify('a', 'b')"],
    ["V62", "select pg_catalog.pg_advisory_lock(1)"],
    ["V62", "select pg_catalog.pg_try_advisory_xact_lock(1)"],
    ["V63", "select pg_catalog.lo_create(0)"],
    ["V63", "select pg_catalog.lo_from_bytea(0, '\\x00')"],
    ["V64", "copy lending.books to program 'cat'"],
    ["V64", "select pg_catalog.pg_read_file('/etc/passwd')"],
    ["V64", "select pg_catalog.pg_ls_dir('.')"],
    ["V65", "select pg_catalog.pg_terminate_backend(1)"],
    ["V65", "select pg_catalog.pg_cancel_backend(1)"],
    ["V65", "select pg_catalog.pg_sleep(1)"],
    ["V99", "select pg_catalog.setseed(0.5)"],
    ["V99", "select pg_catalog.random()"],
    ["V100", "select pg_catalog.pg_logical_emit_message(true, 'a', 'b')"],
    ["V100", "select pg_catalog.pg_export_snapshot()"],
    ["V100", "select pg_catalog.pg_current_wal_lsn()"],
    ["V100", "select pg_catalog.pg_current_xact_id()"],
    ["V100", "select pg_catalog.pg_stat_get_backend_activity(1)"],
    ["V55", "select pg_catalog.pg_relation_size('lending.books')"],
    ["V17", "select pg_catalog.query_to_xml('select 1', true, true, '')"],
    ["V17", "select * from pg_catalog.ts_stat('select 1')"],
    ["V36", "do $$ begin null; end $$"],
    ["the keys", "select * from wardline.context_key"],
    ["the states", "select * from wardline.tenant_state"],
    ["the states", "update wardline.tenant_state set placement_epoch = 9"],
    ["the keys", "select wardline.install_key(3, '\\x00', null)"],
    ["the keys", "select wardline.rotate_cluster()"],
    ["the keys", "select wardline.retire_key(1)"],
    ["the keys", "select wardline.is_mine('\\x00')"],
  ])("%s: %s", async (_, sql) => {
    expect(await attempt(app, token, sql)).toBe("42501");
  });

  test("V100: of all functions in pg_catalog it may call those of the list and no other, none of them volatile", async () => {
    const { rows } = await place.admin.query(
      `select pg_catalog.count(*) as n, pg_catalog.count(*) filter (where p.provolatile = 'v') as volatile
       from pg_catalog.pg_proc p where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
         and pg_catalog.has_function_privilege('wardline_app', p.oid, 'execute')`,
    );
    expect(Number(rows[0]?.["volatile"])).toBe(0);
    expect(Number(rows[0]?.["n"])).toBeLessThan(900);
    expect(Number(rows[0]?.["n"])).toBeGreaterThan(300);
  });

  test("a long list of values is looked up by hash", async () => {
    for (const [column, value] of [
      ["title", "pg_catalog.concat('title of ', n)"],
      ["id", "('0190a0b0-0000-7000-8000-a0000000000' || n)::uuid"],
      ["copies", "n::bigint"],
      ["price", "n::numeric"],
    ] as const) {
      const list = `(select pg_catalog.array_agg(${value}) from pg_catalog.unnest(pg_catalog.string_to_array('1,2,3,4,5,6,7,8,9', ',')) as n)`;
      const { rows } = await place.admin.query(`select ${list}::text as list`);
      const literal = String(rows[0]?.["list"]);
      const answer = await attempt(
        app,
        token,
        `select 1 from lending.books where ${column} = any ('${literal}')`,
      );
      expect(answer, column).toBeInstanceOf(Array);
    }
  });

  test("a cast by way of text is carried out while the statement is planned", async () => {
    const types = ["bigint", "numeric", "boolean", "uuid", "date", "inet", "timestamptz"];
    for (const type of types)
      expect(
        await attempt(
          app,
          token,
          `select (nullif(null, 'x')::${type})::text as a, (case when true then '1' end)::text as b`,
        ),
      ).toEqual([{ a: null, b: "1" }]);
    expect(
      await attempt(
        app,
        token,
        `select (1::bigint + 1)::text as a, (2.5::numeric)::text as b, ('0190a0b0-0000-7000-8000-a00000000001'::uuid)::text as c,
           ('2026-01-05'::date)::text as d, ('10.0.0.1'::inet)::text as e, (('4' || '2')::bigint)::text as f`,
      ),
    ).toEqual([
      {
        a: "2",
        b: "2.5",
        c: "0190a0b0-0000-7000-8000-a00000000001",
        d: "2026-01-05",
        e: "10.0.0.1/32",
        f: "42",
      },
    ]);
  });

  test("what queries and policies are made of stays", async () => {
    expect(
      await attempt(
        app,
        token,
        `select pg_catalog.count(*) as n, pg_catalog.max(title) as title, pg_catalog.sum(copies) as copies,
           pg_catalog.avg(price)::numeric(6, 2) as price from lending.books
         where lower(title) like '%north%' and bought < now() and copies + 1 > 1 and id = any (array[id]) and price is distinct from 0
         group by genre order by 1`,
      ),
    ).toEqual([{ n: "1", title: "title of north", copies: "1", price: "12.50" }]);
  });
});
