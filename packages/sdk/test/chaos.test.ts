/**
 * Backends are killed, statements cancelled and connections cut while many callers work: nobody sees another's rows or answers,
 * what was acknowledged is there, and what failed is not.
 */
import { pgbouncerMissing, startPgbouncer, startProxy } from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportAudit, verifyAudit } from "../src/operator/index.ts";
import { postgres } from "../src/postgres/index.ts";
import {
  idOf,
  openServerLibrary,
  sessionOf,
  tenants,
  titleOf,
  type ServerLibrary,
  type Tenant,
} from "./server-library.ts";

/** Faults of each run. Between two of them something is answered, however slow the machine is. */
const faultsOfRun = 24;
const answersBetween = 5;

let library: ServerLibrary;
beforeAll(async () => {
  library = await openServerLibrary();
});
afterAll(() => library.close());

interface Seen {
  readonly acknowledged: Set<string>;
  readonly failed: Set<string>;
  readonly unknown: Set<string>;
  readonly codes: Map<string, number>;
  answers: number;
  isOver: boolean;
}

/** What a caller may be told of a fault. Everything else is a fault of ours. */
const expectedCodes = new Set([
  "database/lost",
  "database/timeout",
  "database/unknown-outcome",
  "transaction/ended",
  "audit/failed",
]);

async function work(
  wardline: Awaited<ReturnType<ServerLibrary["open"]>>,
  number: number,
  seen: Seen,
): Promise<void> {
  const tenant = tenants[number % 2] as Tenant;
  const { db } = sessionOf(wardline, tenant, `worker ${number}`);
  for (let turn = number; !seen.isOver; turn++) {
    const title = `${tenant} chaos ${number} ${turn}`;
    const asked = turn % 3;
    try {
      if (asked === 0) {
        const wanted = turn % 40;
        const rows = await db
          .selectFrom("books")
          .select("title")
          .where("id", "=", idOf("book", tenant, wanted))
          .execute();
        expect(rows).toEqual([{ title: titleOf(tenant, wanted) }]);
      } else if (asked === 1) {
        for await (const row of db.selectFrom("books").select("title").stream(10))
          expect(row.title.startsWith(`${tenant} `)).toBe(true);
      } else {
        await db.transaction().execute(async (trx) => {
          const values = {
            title,
            note: null,
            code: "c",
            price: "1.00",
            branch_id: idOf("branch", tenant, 1),
            holder_id: null,
            shelf: "open",
          };
          await trx
            .insertInto("books")
            .values(values as never)
            .execute();
          const own = await trx.selectFrom("books").select("title").where("title", "=", title).execute();
          expect(own).toEqual([{ title }]);
        });
        seen.acknowledged.add(title);
      }
      seen.answers++;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined) {
        seen.isOver = true;
        throw error;
      }
      seen.codes.set(code, (seen.codes.get(code) ?? 0) + 1);
      if (asked === 2) (code === "database/unknown-outcome" ? seen.unknown : seen.failed).add(title);
    }
  }
}

describe.each(["directly", "through a pooler"])("%s", (way) => {
  const missing = way === "directly" ? null : pgbouncerMissing();
  test.skipIf(missing !== null)(
    "V40 V41 V105: nothing leaks, and no acknowledged write is lost",
    async () => {
      await library.reset();
      const { user, password } = library.reach;
      const bouncer =
        way === "directly"
          ? null
          : await startPgbouncer(library.server, {
              mode: "transaction",
              users: { [user as string]: password as string },
              poolSize: 4,
            });
      const proxy = await startProxy(bouncer ?? library.server);
      const database = postgres({
        ...library.reach,
        host: proxy.host,
        port: proxy.port,
        pool: { max: 6 },
        pooler: bouncer === null ? "none" : "transaction",
        limits: { connect: 3_000, statement: 2_000, answer: 2_500 },
      });
      const operatorErrors: unknown[] = [];
      const wardline = await library.open(database, {
        onOperatorError: (error) => operatorErrors.push(error),
      });
      const seen: Seen = {
        acknowledged: new Set(),
        failed: new Set(),
        unknown: new Set(),
        codes: new Map(),
        answers: 0,
        isOver: false,
      };
      const faults = [
        () =>
          library.raw(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'wardline_app' order by random() limit 2",
          ),
        () =>
          library.raw("select pg_cancel_backend(pid) from pg_stat_activity where usename = 'wardline_app'"),
        async () => proxy.cut(),
      ];
      const harm = async (): Promise<void> => {
        for (let done = 0; done < faultsOfRun; done++) {
          await faults[done % faults.length]?.();
          const enough = seen.answers + answersBetween;
          while (seen.answers < enough && !seen.isOver)
            await new Promise((wait) => setTimeout(wait, 5 + ((done * 7) % 20)));
        }
        while (seen.acknowledged.size < answersBetween && !seen.isOver)
          await new Promise((wait) => setTimeout(wait, 20));
        seen.isOver = true;
      };
      await Promise.all([harm(), ...Array.from({ length: 8 }, (_, number) => work(wardline, number, seen))]);

      // The faults hit something, and nobody was told anything else of them.
      expect([...seen.codes.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(
        faultsOfRun / 2,
      );
      expect(seen.acknowledged.size).toBeGreaterThan(0);
      expect([...seen.codes.keys()].filter((code) => !expectedCodes.has(code))).toEqual([]);

      const stored = await library.raw(
        "select tenant_id, title from public.books where title like '%chaos%'",
      );
      const found = new Set(stored.map(({ title }) => String(title)));
      expect(
        stored.filter(({ tenant_id, title }) => !String(title).startsWith(`${String(tenant_id)} `)),
      ).toEqual([]);
      expect([...seen.acknowledged].filter((title) => !found.has(title))).toEqual([]);
      expect([...seen.failed].filter((title) => found.has(title))).toEqual([]);
      // Each write that stands has its entry, and the chains hold.
      for (const tenant of tenants) {
        const chain = await library.operator.turn((session) => exportAudit(session, tenant));
        expect(verifyAudit(chain, { tenant })).toMatchObject({ ok: true });
      }
      // Afterwards all is as it was: no transaction stands open, and everybody sees their own.
      for (const tenant of tenants) {
        const rows = await sessionOf(wardline, tenant).db.selectFrom("books").select("title").execute();
        expect(rows.length).toBeGreaterThanOrEqual(40);
        expect(rows.every(({ title }) => title.startsWith(`${tenant} `))).toBe(true);
      }
      await database.close();
      await proxy.stop();
      await bouncer?.stop();
      await expect
        .poll(() =>
          library.raw(
            "select count(*) n from pg_stat_activity where usename = 'wardline_app' and state like 'idle in transaction%'",
          ),
        )
        .toEqual([{ n: 0 }]);
    },
  );
});

test("V40: a server that has gone silent holds nobody up for longer than the limit", async () => {
  const proxy = await startProxy(library.server);
  const database = postgres({
    ...library.reach,
    host: proxy.host,
    port: proxy.port,
    pool: { max: 1 },
    limits: { statement: 800, answer: 1_000, connect: 5_000 },
  });
  const wardline = await library.open(database);
  const ask = () => sessionOf(wardline, "north").db.selectFrom("books").select("id").limit(1).execute();
  await ask();
  proxy.stall();
  const begun = performance.now();
  await expect(ask()).rejects.toMatchObject({ code: "database/timeout" });
  expect(performance.now() - begun).toBeLessThan(10_000);
  proxy.flow();
  expect(await ask()).toHaveLength(1);
  await database.close();
  await proxy.stop();
});

test("V105: a commit whose answer never came is told as such, and never as done or undone", async () => {
  await library.reset();
  const proxy = await startProxy(library.server);
  const database = postgres({ ...library.reach, host: proxy.host, port: proxy.port, pool: { max: 1 } });
  const wardline = await library.open(database);
  const { db } = sessionOf(wardline, "north");
  const trx = await db.startTransaction().execute();
  await trx
    .updateTable("books")
    .set({ note: "in doubt" })
    .where("id", "=", idOf("book", "north", 1))
    .execute();
  // The name of the prepared statement does not say it, so it is the bytes of its first use.
  proxy.cutAfter("commit");
  await expect(trx.commit().execute()).rejects.toMatchObject({ code: "database/unknown-outcome" });
  proxy.cutAfter(null);
  await expect
    .poll(() => library.raw("select note from public.books where id = $1::uuid", idOf("book", "north", 1)))
    .toEqual([{ note: "in doubt" }]);
  await database.close();
  await proxy.stop();
});

test("V104: a transaction whose time is over while its server is silent is cut, and its caller told", async () => {
  const proxy = await startProxy(library.server);
  const database = postgres({ ...library.reach, host: proxy.host, port: proxy.port, pool: { max: 1 } });
  const wardline = await library.open(database, { transactionLimit: 1_000 });
  const { db } = sessionOf(wardline, "north");
  const begun = performance.now();
  const waiting = db.transaction().execute(async (trx) => {
    await trx.updateTable("books").set({ note: "late" }).execute();
    proxy.stall();
    await trx.selectFrom("books").select("id").execute();
  });
  await expect(waiting).rejects.toMatchObject({ name: "IsolationViolation" });
  // The answer would have been waited for much longer.
  expect(performance.now() - begun).toBeLessThan(20_000);
  proxy.flow();
  expect(await db.selectFrom("books").select("note").where("note", "=", "late").execute()).toEqual([]);
  await database.close();
  await proxy.stop();
});
