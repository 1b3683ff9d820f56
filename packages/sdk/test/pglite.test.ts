import { mkdtemp, readdir, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Database, SqlSession } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pglite } from "../src/pglite.ts";

let database: Database;
beforeAll(() => {
  database = pglite();
});
afterAll(() => database.close());

const one = async (session: SqlSession, sql: string, ...parameters: unknown[]) =>
  (await session.query(sql, parameters)).rows[0];

describe("turns", () => {
  it("run one after another in the order of asking, whatever each waits for", async () => {
    const order: string[] = [];
    const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
    await Promise.all(
      [30, 10, 0].map((ms, n) =>
        database.turn(async (session) => {
          order.push(`${n} in`);
          await session.query("select 1", []);
          await pause(ms);
          await session.query("select 1", []);
          order.push(`${n} out`);
        }),
      ),
    );
    expect(order).toEqual(["0 in", "0 out", "1 in", "1 out", "2 in", "2 out"]);
  });

  it("undo what they leave open, and take role and settings with them (40, 42, 45)", async () => {
    await database.turn(async (session) => {
      await session.query("create table public.kept (a int)", []);
      await session.query("begin", []);
      await session.query("insert into public.kept values (1)", []);
      await session.query("create role visitor", []);
      await session.query("set role visitor", []);
      await session.query("set search_path = public", []);
      await session.query("set timezone = 'Asia/Tokyo'", []);
      await session.query("select set_config('wardline.tenant', 'north', false)", []);
    });
    await database.turn(async (session) => {
      expect(
        await one(
          session,
          "select current_user::text u, current_setting('search_path') s, current_setting('TimeZone') z, coalesce(current_setting('wardline.tenant', true), '') t",
        ),
      ).toEqual({ u: "postgres", s: "", z: "UTC", t: "" });
      expect(await one(session, "select count(*) n from public.kept")).toEqual({ n: 0 });
    });
  });

  it("clean what was committed too: a role or a setting set for the session, a temporary table, a held cursor", async () => {
    await database.turn(async (session) => {
      await session.query("create role guest", []);
      await session.query("create temp table t as select 1 a", []);
      await session.query("begin", []);
      await session.query("declare c cursor with hold for select 1", []);
      await session.query("commit", []);
      await session.query("set wardline.tenant = 'north'", []);
      await session.query("set role guest", []);
    });
    await database.turn(async (session) => {
      expect(
        await one(
          session,
          "select current_user::text u, coalesce(current_setting('wardline.tenant', true), '') t, (select string_agg(name, ',') from pg_cursors where name <> '') c, to_regclass('pg_temp.t')::text r",
        ),
      ).toEqual({ u: "postgres", t: "", c: null, r: null });
    });
  });

  it("end for good: a session kept beyond its turn is dead, and statements not waited for stay inside it (46, 47)", async () => {
    await database.turn((session) => session.query("create table public.late (a int)", []));
    let kept: SqlSession | undefined;
    await database.turn(async (session) => {
      kept = session;
      await session.query("begin", []);
      void session.query("insert into public.late select generate_series(1, 2000)", []);
      void session.query("insert into public.late values (0)", []);
    });
    await expect(kept?.query("select 1", [])).rejects.toThrow("the turn is over");
    expect(await database.turn((session) => one(session, "select count(*) n from public.late"))).toEqual({
      n: 0,
    });
  });

  it("hand on the error of a callback and go on", async () => {
    await expect(
      database.turn(async (session) => {
        await session.query("begin", []);
        await session.query("select 1 / 0", []);
      }),
    ).rejects.toMatchObject({ code: "22012" });
    await expect(database.turn(() => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect(await database.turn((session) => one(session, "select 1 n"))).toEqual({ n: 1 });
  });

  it("do not call a commit done that rolled back", async () => {
    await expect(
      database.turn(async (session) => {
        await session.query("begin", []);
        await session.query("select 1 / 0", []).catch(() => undefined);
        await session.query("commit", []);
      }),
    ).rejects.toThrow("rolled back");
  });

  it("take one statement a query (18)", async () => {
    await expect(database.turn((session) => session.query("select 1; select 2", []))).rejects.toMatchObject({
      code: "42601",
    });
  });
});

describe("a session that can't be cleaned", () => {
  it("serves nobody again", async () => {
    const failing = pglite();
    await failing.turn((session) => session.query("select 1", []));
    const fault = vi.spyOn(PGlite.prototype, "exec").mockRejectedValueOnce(new Error("torn"));
    await expect(failing.turn((session) => session.query("begin", []))).rejects.toThrow("torn");
    fault.mockRestore();
    await expect(failing.turn((session) => session.query("select 1", []))).rejects.toThrow("lost");
    await failing.close();
  });
});

describe("values", () => {
  it("come in their wire form", async () => {
    const row = await database.turn((session) =>
      one(
        session,
        `select 7::bigint small, 9007199254740993::bigint big, 1.50::numeric(5, 2) dec, true yes, null::text none,
         '2026-01-05 13:00:00.5+01'::timestamptz at, 'infinity'::timestamptz never, '0044-03-15 BC'::timestamptz ides,
         array['2026-01-05 12:00:00+00']::timestamptz[] times, array[1, 2]::bigint[] ints, '2026-01-05'::date "day",
         '2026-01-05 12:00:00'::timestamp "local", '10.0.0.1'::inet ip, '\\x00ff'::bytea raw`,
      ),
    );
    expect(row).toEqual({
      small: 7,
      big: "9007199254740993",
      dec: "1.50",
      yes: true,
      none: null,
      at: "2026-01-05T12:00:00.500000Z",
      never: "infinity",
      ides: "0044-03-15 00:00:00+00 BC",
      times: ["2026-01-05T12:00:00.000000Z"],
      ints: [1, 2],
      day: "2026-01-05",
      local: "2026-01-05 12:00:00",
      ip: "10.0.0.1",
      raw: new Uint8Array([0, 255]),
    });
  });

  it("go as parameters in the same form, and rows say how many were changed", async () => {
    await database.turn(async (session) => {
      expect(
        await one(
          session,
          "select $1::timestamptz t, $2::numeric n, $3::bigint i, $4::text[] a, $5::boolean b, $6::uuid[] u",
          "0001-01-01T00:00:00.000001Z",
          "-0.10",
          "12",
          ['a"b', "c,{d}", "\\"],
          false,
          ["0190a0b0-0000-7000-8000-000000000001"],
        ),
      ).toEqual({
        t: "0001-01-01T00:00:00.000001Z",
        n: "-0.10",
        i: 12,
        a: ['a"b', "c,{d}", "\\"],
        b: false,
        u: ["0190a0b0-0000-7000-8000-000000000001"],
      });
      await session.query("create table public.counted (a int)", []);
      expect(await session.query("insert into public.counted values (1), (2) returning a", [])).toEqual({
        rows: [{ a: 1 }, { a: 2 }],
        affected: 2,
      });
      expect(await session.query("update public.counted set a = 3 where a = 1", [])).toEqual({
        rows: [],
        affected: 1,
      });
    });
  });
});

describe("a folder", () => {
  it("is made whole beside its place, and holds what was committed", async () => {
    const root = await mkdtemp(join(tmpdir(), "lending-"));
    try {
      const path = join(root, "deep", "data");
      const first = pglite(path, { schema: "lending" });
      expect(first.schema).toBe("lending");
      await first.turn((session) => session.query("create table public.kept as select 1 a", []));
      await first.close();
      expect(await readdir(join(root, "deep"))).toEqual(["data"]);
      await expect(first.turn(() => Promise.resolve())).rejects.toThrow("closed");
      const again = pglite(path);
      expect(await again.turn((session) => one(session, "select a from public.kept"))).toEqual({ a: 1 });
      await again.close();
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it("that is something else is left alone", async () => {
    const root = await mkdtemp(join(tmpdir(), "lending-"));
    try {
      await mkdir(join(root, "data"));
      await writeFile(join(root, "data", "letter.txt"), "x");
      const wrong = pglite(join(root, "data"));
      await expect(wrong.turn((session) => session.query("select 1", []))).rejects.toThrow("something else");
      expect(await readdir(root)).toEqual(["data"]);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
