/**
 * Ways in which others leak, shown leaking with a plain driver, and closed with ours: so that it is known that these tests can
 * see a leak. The tables here are guarded by a plain setting, as is often advised.
 */
import { once } from "node:events";
import { connect } from "node:net";
import {
  pgbouncerMissing,
  startPgbouncer,
  startPostgres,
  type PostgresServer,
} from "@wardline/database-testing";
import pg from "pg";
import { serialize } from "pg-protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres, postgresOperator } from "../src/postgres/index.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  const operator = postgresOperator(reach(server));
  await operator.turn(async (session) => {
    for (const sql of [
      "create role app login password 'app-word'",
      "create table public.loans (tenant_id text, title text)",
      "insert into public.loans values ('north', 'north loan'), ('south', 'south loan')",
      "alter table public.loans enable row level security",
      "create policy mine on public.loans to app using (tenant_id = current_setting('app.tenant', true))",
      "grant select on public.loans to app",
    ])
      await session.query(sql, []);
  });
  await operator.close();
});
afterAll(() => server.stop());

const reach = ({ host, port, user, password, database }: PostgresServer) => ({
  host,
  port,
  user,
  password,
  database,
});
const app = (port = server.port) => ({ ...reach(server), port, user: "app", password: "app-word" });
const loans = "select title from public.loans order by title";
const rowsOf = async (client: pg.ClientBase | pg.Pool): Promise<unknown[]> =>
  (await client.query<{ title: string }>(loans)).rows.map(({ title }) => title);
const titlesOf = (results: readonly { readonly rows: readonly Record<string, unknown>[] }[]): unknown[] =>
  results.at(-1)?.rows.map(({ title }) => title) ?? [];

test("V36: a plain setting is flipped by the statement that it should bound", async () => {
  const client = new pg.Client(app());
  await client.connect();
  await client.query("begin; set local app.tenant = 'north'");
  expect(await rowsOf(client)).toEqual(["north loan"]);
  const flip =
    "select title from public.loans where (select set_config('app.tenant', 'south', true)) is not null";
  expect((await client.query<{ title: string }>(flip)).rows).toEqual([{ title: "south loan" }]);
  await client.end();
});

test("MERGE that names no column of its target tells that another tenant has a row there", async () => {
  const operator = postgresOperator(reach(server));
  const owner = (...texts: readonly string[]) =>
    operator.turn(async (session) => {
      for (const sql of texts) await session.query(sql, []);
    });
  await owner(
    "create table public.notes (tenant_id text)",
    "insert into public.notes values ('south')",
    "alter table public.notes enable row level security",
    "create policy all_rows on public.notes to app using (true)",
    "create policy mine on public.notes as restrictive using (tenant_id = 'north')",
    "grant select, delete on public.notes to app",
  );
  const client = new pg.Client(app());
  await client.connect();
  const merge = (on: string) =>
    client.query(`merge into public.notes n using (values (1)) v on ${on} when matched then delete`);
  // What names a column is held to the policy by leaving rows out.
  expect(await merge("n.tenant_id is not null")).toMatchObject({ rowCount: 0 });
  await expect(merge("true")).rejects.toMatchObject({ code: "42501" });
  await owner("truncate public.notes");
  expect(await merge("true")).toMatchObject({ rowCount: 0 });
  await client.end();
  await operator.close();
});

describe.skipIf(pgbouncerMissing() !== null)("V39: a setting of a session behind a pooler", () => {
  test("is met by whoever comes next, and one of a transaction is not", async () => {
    const bouncer = await startPgbouncer(server, {
      mode: "transaction",
      users: { app: "app-word" },
      poolSize: 1,
    });
    const [first, second] = [new pg.Client(app(bouncer.port)), new pg.Client(app(bouncer.port))];
    await Promise.all([first.connect(), second.connect()]);
    await first.query("set app.tenant = 'north'");
    // Another client, which said nothing of a tenant.
    expect(await rowsOf(second)).toEqual(["north loan"]);
    await first.query("reset app.tenant");
    await Promise.all([first.end(), second.end()]);

    const database = postgres({ ...app(bouncer.port), pooler: "transaction", pool: { max: 2 } });
    const scoped = { sql: "set local app.tenant = 'north'", parameters: [] };
    const ask = { sql: loans, parameters: [] };
    expect(titlesOf(await database.batch([scoped, ask]))).toEqual(["north loan"]);
    for (let turn = 0; turn < 4; turn++) expect(titlesOf(await database.batch([ask]))).toEqual([]);
    await database.close();
    await bouncer.stop();
  });

  test("V97: of another client's is undone in each of our transactions", async () => {
    const bouncer = await startPgbouncer(server, {
      mode: "transaction",
      users: { app: "app-word" },
      poolSize: 1,
    });
    const other = new pg.Client(app(bouncer.port));
    await other.connect();
    await other.query("set search_path = public; set transform_null_equals = on; set bytea_output = escape");
    const database = postgres({ ...app(bouncer.port), pooler: "transaction" });
    const names = ["search_path", "transform_null_equals", "bytea_output"];
    const ask = {
      sql: `select ${names.map((name) => `current_setting('${name}') ${name}`).join(", ")}`,
      parameters: [],
    };
    // As Postgres prints an empty path that was set.
    const pinned = { search_path: '""', transform_null_equals: "off", bytea_output: "hex" };
    expect((await database.batch([ask])).at(-1)?.rows).toEqual([pinned]);
    await database.turn(async (session) => {
      await session.query("begin", []);
      expect((await session.query(ask.sql, [])).rows).toEqual([pinned]);
      await session.query("commit", []);
    });
    await other.end();
    await database.close();
    await bouncer.stop();
  });
});

describe("V40: a connection that is given back when its client has waited long enough", () => {
  test("still has its transaction, and shows it to whoever takes it", async () => {
    const pool = new pg.Pool({ ...app(), max: 1 });
    pool.on("error", () => undefined);
    const client = await pool.connect();
    await client.query("begin");
    await client.query("set local app.tenant = 'north'");
    // This one alone is given up: on a busy machine others take their time.
    const slow = { text: "select pg_sleep(0.3)", query_timeout: 100 };
    await expect(client.query(slow)).rejects.toThrow("timeout");
    client.release();
    expect(await rowsOf(pool)).toEqual(["north loan"]);
    await pool.end();
  });

  test("is closed by ours, and nobody takes it", async () => {
    const database = postgres({ ...app(), pool: { max: 1 }, limits: { answer: 1_000 } });
    await expect(
      database.turn(async (session) => {
        await session.query("begin", []);
        await session.query("set local app.tenant = 'north'", []);
        await session.query("select pg_sleep(2)", []);
      }),
    ).rejects.toMatchObject({ name: "ConnectionLost" });
    expect(titlesOf(await database.batch([{ sql: loans, parameters: [] }]))).toEqual([]);
    await database.close();
  });
});

describe("V41: an order to cancel", () => {
  test("ends whatever runs when it arrives, be it somebody else's", async () => {
    const client = new pg.Client(app());
    await client.connect();
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    await client.query("select 1");
    // The statement that it was meant for is over, and the next one is another caller's.
    const innocent = client.query("select pg_sleep(100)");
    const watcher = new pg.Client(reach(server));
    await watcher.connect();
    const active = "select state, query from pg_stat_activity where pid = $1";
    await expect
      .poll(async () => (await watcher.query(active, [processID])).rows)
      .toEqual([{ state: "active", query: "select pg_sleep(100)" }]);
    await watcher.end();
    const order = connect(server.port, server.host);
    await once(order, "connect");
    order.end(serialize.cancel(processID, secretKey));
    await expect(innocent).rejects.toMatchObject({ code: "57014" });
    await client.end();
  });

  test("is never given by ours: what is not waited for any more ends with its own connection", async () => {
    const database = postgres({ ...app(), pool: { max: 1 }, limits: { answer: 1_000 } });
    const slow = database.batch([{ sql: "select pg_sleep(3)", parameters: [] }]);
    const next = database.batch([{ sql: "select 'mine' title", parameters: [] }]);
    await expect(slow).rejects.toMatchObject({ name: "ConnectionLost", reason: "limit" });
    expect(titlesOf(await next)).toEqual(["mine"]);
    await database.close();
  });
});
