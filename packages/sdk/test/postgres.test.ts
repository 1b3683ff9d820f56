/** The driver on a real server: what it sends together, what it hands on, and what it does with a connection afterwards. */
import { startPostgres, type PostgresServer } from "@wardline/database-testing";
import type { Database, SqlSession } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pglite } from "../src/pglite.ts";
import { postgres, postgresOperator } from "../src/postgres/index.ts";

let server: PostgresServer;
let database: Database;
let operator: Database;
beforeAll(async () => {
  server = await startPostgres();
  const { host, port } = server;
  operator = postgresOperator({
    host,
    port,
    user: server.user,
    password: server.password,
    database: server.database,
  });
  await operator.turn(async (session) => {
    await session.query("create role app login password 'app-word'", []);
    await session.query("create table public.kept (id int primary key, who text)", []);
    await session.query("grant all on public.kept to app", []);
  });
  database = postgres(addressed({}));
});
afterAll(async () => {
  await database.close();
  await operator.close();
  await server.stop();
});

function addressed(more: object): Parameters<typeof postgres>[0] {
  const { host, port } = server;
  return { host, port, user: "app", password: "app-word", database: server.database, ...more };
}

const one = async (session: SqlSession, sql: string, ...parameters: unknown[]) =>
  (await session.query(sql, parameters)).rows[0];
const pidOf = (session: SqlSession) => one(session, "select pg_catalog.pg_backend_pid() pid");

describe("values", () => {
  const wire = `select 7::bigint small, 9007199254740993::bigint big, 1.50::numeric(5, 2) dec, true yes, null::text none,
    '2026-01-05 13:00:00.5+01'::timestamptz at, 'infinity'::timestamptz never, '0044-03-15 BC'::timestamptz ides,
    array['2026-01-05 12:00:00+00']::timestamptz[] times, array[1, 2]::bigint[] ints, '2026-01-05'::date "day",
    '2026-01-05 12:00:00'::timestamp "local", '10.0.0.1'::inet ip, '\\x00ff'::bytea raw, '{"a": [1]}'::jsonb doc,
    array['a"b', 'c,{d}', '\\', null, 'NULL', '']::text[] texts, array[[1, 2], [3, 4]] grid, '{}'::text[] nothing,
    1.5::float8 real, array[true, false] bools, array['\\x01'::bytea] bytes, 'x'::name called, interval '1 day' span`;

  test("come as they come from the embedded database", async () => {
    const embedded = pglite();
    const there = await embedded.turn((session) => one(session, wire));
    await embedded.close();
    expect(await database.turn((session) => one(session, wire))).toEqual(there);
    expect(await database.batch([{ sql: wire, parameters: [] }])).toEqual([{ rows: [there], affected: 0 }]);
  });

  test("go as parameters and come back the same", async () => {
    const given = [
      "0001-01-01T00:00:00.000001Z",
      "-0.10",
      12n,
      ['a"b', "c,{d}", "\\", null, "NULL"],
      false,
      [[1], [2]],
    ];
    expect(
      await database.turn((session) =>
        one(
          session,
          "select $1::timestamptz t, $2::numeric n, $3::bigint i, $4::text[] a, $5::bool b, $6::int[] g",
          ...given,
        ),
      ),
    ).toEqual({ t: given[0], n: given[1], i: 12, a: given[3], b: false, g: given[5] });
    for (const wrong of [{}, Symbol("s"), () => 1, "\ud800"])
      await expect(database.batch([{ sql: "select $1::text", parameters: [wrong] }])).rejects.toThrow(
        TypeError,
      );
    expect(await database.batch([{ sql: "select 1 n", parameters: [] }])).toMatchObject([
      { rows: [{ n: 1 }] },
    ]);
  });

  test("rows have no prototype, so that no name of a column means anything else", async () => {
    const [result] = await database.batch([{ sql: `select 1 "__proto__", 2 "constructor"`, parameters: [] }]);
    const row = result?.rows[0] as object;
    expect(Object.getPrototypeOf(row)).toBeNull();
    expect(Object.entries(row)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });
});

describe("a batch", () => {
  test("is one transaction in one round trip: what fails undoes what came before it", async () => {
    await expect(
      database.batch([
        { sql: "insert into public.kept values ($1, $2)", parameters: [1, "ada"] },
        { sql: "select 1 / 0", parameters: [] },
        { sql: "insert into public.kept values ($1, $2)", parameters: [2, "bob"] },
      ]),
    ).rejects.toMatchObject({ code: "22012" });
    expect(await database.batch([{ sql: "select count(*) n from public.kept", parameters: [] }])).toEqual([
      { rows: [{ n: 0 }], affected: 0 },
    ]);
  });

  test("answers only when it is committed: a constraint that is checked at the end refuses all", async () => {
    await operator.turn(async (session) => {
      await session.query("create table public.late (id int unique deferrable initially deferred)", []);
      await session.query("grant all on public.late to app", []);
    });
    const twice = { sql: "insert into public.late values (1)", parameters: [] };
    await expect(database.batch([twice, twice])).rejects.toMatchObject({ code: "23505" });
    await expect(database.batch([twice])).resolves.toEqual([{ rows: [], affected: 1 }]);
  });

  test("leaves the connection idle after an error, for the next to use", async () => {
    const single = postgres(addressed({ pool: { max: 1 } }));
    const pid = await single.turn(pidOf);
    await expect(single.batch([{ sql: "select nothing", parameters: [] }])).rejects.toMatchObject({
      code: "42703",
    });
    expect(await single.turn(pidOf)).toEqual(pid);
    await single.close();
  });

  test("V23: a statement is prepared once a connection, by its text, and a changed table is no stale answer", async () => {
    const single = postgres(addressed({ pool: { max: 1 } }));
    const ask = { sql: "select * from public.shape where $1::int > 0", parameters: [1] };
    await operator.turn(async (session) => {
      await session.query("create table public.shape as select 1 a", []);
      await session.query("grant all on public.shape to app", []);
    });
    for (let n = 0; n < 8; n++)
      expect(await single.batch([ask])).toEqual([{ rows: [{ a: 1 }], affected: 0 }]);
    const named = {
      sql: "select count(*) n from pg_prepared_statements where statement = $1",
      parameters: [ask.sql],
    };
    expect(await single.batch([named])).toEqual([{ rows: [{ n: 1 }], affected: 0 }]);
    await operator.turn((session) =>
      session.query("alter table public.shape add column b int default 2", []),
    );
    expect(await single.batch([ask])).toEqual([{ rows: [{ a: 1, b: 2 }], affected: 0 }]);
    await single.close();
  });

  test("keeps no more prepared statements than it means to", async () => {
    const single = postgres(addressed({ pool: { max: 1 } }));
    for (let n = 0; n < 600; n += 100)
      await single.batch(Array.from({ length: 100 }, (_, m) => ({ sql: `select ${n + m}`, parameters: [] })));
    const [count] = await single.batch([
      { sql: "select count(*) n from pg_prepared_statements", parameters: [] },
    ]);
    expect(count?.rows[0]?.["n"]).toBeLessThanOrEqual(360);
    await single.close();
  });

  test("V18: takes one statement a text", async () => {
    for (const parameters of [[], [1]])
      await expect(database.batch([{ sql: "select 1; select 2", parameters }])).rejects.toMatchObject({
        code: "42601",
      });
    await expect(database.turn((session) => session.query("select 1; reset role", []))).rejects.toMatchObject(
      {
        code: "42601",
      },
    );
  });
});

describe("a turn", () => {
  test("has a connection to itself, beside others", async () => {
    const [first, second] = await Promise.all([database.turn(pidOf), database.turn(pidOf)]);
    expect(first).not.toEqual(second);
  });

  test("V40: that leaves a transaction open loses its connection, and what it did", async () => {
    const single = postgres(addressed({ pool: { max: 1 } }));
    const pid = await single.turn(async (session) => {
      await session.query("begin", []);
      await session.query("insert into public.kept values (3, 'cy')", []);
      return pidOf(session);
    });
    const after = await single.turn(async (session) => {
      expect(await one(session, "select count(*) n from public.kept where id = 3")).toEqual({ n: 0 });
      return pidOf(session);
    });
    expect(after).not.toEqual(pid);
    await single.close();
  });

  test("V42: settings, listening and prepared statements do not outlive it", async () => {
    const single = postgres(addressed({ pool: { max: 1 } }));
    await single.turn(async (session) => {
      await session.query("set search_path = public", []);
      await session.query("set timezone = 'Asia/Tokyo'", []);
      await session.query("listen news", []);
      await session.query("prepare mine as select 1", []);
    });
    await single.turn(async (session) => {
      expect(
        await one(
          session,
          "select current_setting('search_path') s, current_setting('TimeZone') z, (select count(*) from pg_listening_channels()) l, (select count(*) from pg_prepared_statements where name = 'mine') p",
        ),
      ).toEqual({ s: "", z: "UTC", l: 0, p: 0 });
    });
    await single.close();
  });

  test("V46 V47: is dead when it has ended, and what it did not wait for stays inside it", async () => {
    let kept: SqlSession | undefined;
    await database.turn(async (session) => {
      kept = session;
      await session.query("begin", []);
      void session.query("insert into public.kept select n, 'late' from generate_series(100, 2000) n", []);
      void session.query("insert into public.kept values (99, 'late')", []);
    });
    await expect(kept?.query("select 1", [])).rejects.toThrow("the turn is over");
    expect(
      await database.turn((session) => one(session, "select count(*) n from public.kept where id > 98")),
    ).toEqual({
      n: 0,
    });
  });

  test("does not call a commit done that rolled back", async () => {
    await expect(
      database.turn(async (session) => {
        await session.query("begin", []);
        await session.query("select 1 / 0", []).catch(() => undefined);
        await session.query("commit", []);
      }),
    ).rejects.toThrow("rolled back");
  });
});

describe("limits", () => {
  test("the server ends a long statement, and the connection goes on", async () => {
    const short = postgres(addressed({ pool: { max: 1 }, limits: { statement: 500 } }));
    const pid = await short.turn(pidOf);
    await expect(short.batch([{ sql: "select pg_sleep(5)", parameters: [] }])).rejects.toMatchObject({
      code: "57014",
    });
    expect(await short.turn(pidOf)).toEqual(pid);
    await short.close();
  });

  test("V40 V104: the driver ends what the server does not, and never uses that connection again", async () => {
    const short = postgres(addressed({ pool: { max: 1 }, limits: { answer: 1_000 } }));
    const pid = await short.turn(pidOf);
    await expect(
      short.turn(async (session) => {
        await session.query("begin", []);
        await session.query("select pg_sleep(5)", []);
      }),
    ).rejects.toMatchObject({ name: "ConnectionLost", reason: "limit" });
    expect(await short.turn(pidOf)).not.toEqual(pid);
    await short.close();
  });

  test("whoever waits for a connection waits for so long and no longer", async () => {
    const small = postgres(addressed({ pool: { max: 1 }, limits: { connect: 1_000 } }));
    await small.turn(async () => {
      await expect(small.batch([{ sql: "select 1", parameters: [] }])).rejects.toMatchObject({
        reason: "unavailable",
      });
    });
    await expect(small.batch([{ sql: "select 1 n", parameters: [] }])).resolves.toMatchObject([
      { rows: [{ n: 1 }] },
    ]);
    await small.close();
  });
});
