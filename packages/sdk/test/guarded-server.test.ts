/** The guarded way on a real server, directly and through a pooler in transaction mode: the same promises in both. */
import { AsyncLocalStorage } from "node:async_hooks";
import { pgbouncerMissing, startPgbouncer, startProxy, type Proxy } from "@wardline/database-testing";
import type { Database } from "@wardline/isolation";
import { CompiledQuery, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Session, Wardline } from "../src/index.ts";
import { postgres, type PostgresOptions } from "../src/postgres/index.ts";
import { revealRow } from "../src/index.ts";
import {
  books,
  codeOf,
  idOf,
  openServerLibrary,
  sessionOf,
  tenants,
  titleOf,
  type ServerLibrary,
  type Tables,
  type Tenant,
} from "./server-library.ts";

let library: ServerLibrary;
beforeAll(async () => {
  library = await openServerLibrary();
});
afterAll(() => library.close());

type Way = "directly" | "through a pooler";
const missing = pgbouncerMissing();

describe.each<Way>(["directly", "through a pooler"])("%s", (way) => {
  const skip = way === "through a pooler" && missing !== null;
  if (skip) test.skip(`skipped: ${missing}`, () => undefined);
  else suite(way);
});

test("V49: an operator's connection serves no handles", async () => {
  expect(await codeOf(library.open(library.operator))).toBe("IsolationViolation database/operator");
});

function suite(way: Way): void {
  let proxy: Proxy;
  let wardline: Wardline;
  let database: Database;
  let reach: PostgresOptions;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const { user, password } = library.reach;
    let target: { host: string; port: number } = library.server;
    if (way === "through a pooler") {
      // Two connections to the server for all: whatever is left on one is met by the next.
      const bouncer = await startPgbouncer(library.server, {
        mode: "transaction",
        users: { [user as string]: password as string },
        poolSize: 2,
      });
      ends.push(bouncer.stop);
      target = bouncer;
    }
    proxy = await startProxy(target);
    ends.unshift(proxy.stop);
    reach = {
      ...library.reach,
      host: proxy.host,
      port: proxy.port,
      pooler: way === "through a pooler" ? "transaction" : "none",
    };
    database = postgres({ ...reach, pool: { max: 4 } });
    ends.unshift(() => database.close());
    wardline = await library.open(database);
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  beforeEach(() => library.reset());

  const as = (tenant: Tenant, id?: string): Session<Tables> => sessionOf(wardline, tenant, id);
  const titles = async ({ db }: Session<Tables>): Promise<string[]> =>
    (await db.selectFrom("books").select("title").orderBy("id").execute()).map(({ title }) => title);
  const stored = async (tenant: Tenant): Promise<unknown[]> =>
    (await library.raw("select title from public.books where tenant_id = $1 order by id", tenant)).map(
      ({ title }) => title,
    );
  const expected = (tenant: Tenant): string[] =>
    Array.from({ length: books }, (_, n) => titleOf(tenant, n)).toSorted((a, b) => numberOf(a) - numberOf(b));
  const numberOf = (title: string): number => Number(title.split(" ")[2]);

  test.each(tenants)("%s sees its own rows, opened, and no others", async (tenant) => {
    expect(await titles(as(tenant))).toEqual(expected(tenant));
    const row = await as(tenant)
      .db.selectFrom("books")
      .selectAll()
      .where("id", "=", idOf("book", tenant, 3))
      .executeTakeFirstOrThrow();
    expect(revealRow(row)).toMatchObject({
      title: titleOf(tenant, 3),
      code: `${tenant} code 3`,
      price: "9.50",
    });
    expect(Object.getPrototypeOf(row)).toBeNull();
    const other = tenant === "north" ? "south" : "north";
    expect(
      await as(tenant)
        .db.selectFrom("books")
        .selectAll()
        .where("id", "=", idOf("book", other, 3))
        .execute(),
    ).toEqual([]);
  });

  test.each(tenants)(
    "V16: a text of %s reads its own rows, and is refused where it asks for more",
    async (tenant) => {
      const session = as(tenant);
      const wanted = idOf("book", tenant, 3);
      const rows = await session.sql`select b.title from books b where b.id = ${wanted}`;
      expect(rows).toEqual([{ title: titleOf(tenant, 3) }]);
      expect(await session.query("select count(*) as n from books")).toEqual([{ n: books }]);
      const other = idOf("book", tenant === "north" ? "south" : "north", 3);
      expect(await session.query("select title from books where id = $1", [other])).toEqual([]);
      expect(await codeOf(session.query("select title from public.books"))).toBe(
        "IsolationViolation query/schema-qualified",
      );
      expect(await codeOf(session.query("select code from books"))).toBe(
        "UnsupportedQuery query/sealed-column",
      );
    },
  );

  test("a single read is one round trip, once what the database says of the principal is known", async () => {
    const trips = async (tenant: Tenant): Promise<readonly number[]> => {
      const { db } = as(tenant);
      const wanted = idOf("book", tenant, 1);
      const ask = async (): Promise<number> => {
        const before = proxy.trips();
        const rows = await db.selectFrom("books").select("title").where("id", "=", wanted).execute();
        expect(rows).toEqual([{ title: titleOf(tenant, 1) }]);
        return proxy.trips() - before;
      };
      return [await ask(), await ask(), await ask()];
    };
    // Connections are there, and know the statements.
    await Promise.all(tenants.map(trips));
    expect(await trips("north")).toEqual([1, 1, 1]);
    const [first, ...later] = await trips("south");
    expect(first).toBeGreaterThan(1);
    expect(later).toEqual([1, 1]);
  });

  test("V21: raw text, other plugins and connections taken by hand end at the same guard", async () => {
    const { db } = as("north");
    const raw = CompiledQuery.raw("select title from public.books");
    for (const attempt of [
      () => db.executeQuery(raw),
      () => db.withoutPlugins().executeQuery(raw),
      () => db.getExecutor().executeQuery(raw),
      () => db.connection().execute((one) => one.executeQuery(raw)),
      () => db.transaction().execute((trx) => trx.executeQuery(raw)),
    ])
      expect(await codeOf(Promise.resolve().then(attempt))).toBe("IsolationViolation query/schema-qualified");
    expect(await codeOf(sql`set local row_security = off`.execute(db))).toBe(
      "IsolationViolation query/raw-statement",
    );
    expect(await codeOf(sql`select set_config('search_path', 'public', false)`.execute(db))).toBe(
      "IsolationViolation check/function",
    );
    expect(await titles(as("south"))).toEqual(expected("south"));
  });

  test("V22 V23: a compiled query and a prepared statement belong to no tenant", async () => {
    const compiled = as("south").db.selectFrom("books").select("title").orderBy("id").compile();
    for (let turn = 0; turn < 8; turn++)
      for (const tenant of tenants) {
        const { rows } = await as(tenant).db.executeQuery(compiled);
        expect(rows.map(({ title }) => title)).toEqual(expected(tenant));
      }
  });

  test("writes are kept and recorded, refused ones undone, another tenant's never met", async () => {
    const { db } = as("north");
    await db
      .updateTable("books")
      .set({ title: "new" })
      .where("id", "=", idOf("book", "north", 0))
      .execute();
    await db
      .updateTable("books")
      .set({ title: "stolen" })
      .where("id", "=", idOf("book", "south", 0))
      .execute();
    await db
      .deleteFrom("books")
      .where("id", "=", idOf("book", "south", 1))
      .execute();
    const made = await db
      .insertInto("books")
      .values({
        title: "made",
        note: null,
        code: "c",
        price: "1.00",
        branch_id: idOf("branch", "north", 1),
        holder_id: null,
        shelf: "open",
      } as never)
      .returning("title")
      .execute();
    expect(made).toEqual([{ title: "made" }]);
    expect(await stored("south")).toEqual(expected("south"));
    expect(await stored("north")).toHaveLength(books + 1);
    expect((await stored("north"))[0]).toBe("new");
  });

  test("V46: of a transaction all is kept or nothing; siblings of a failure do not run outside of it", async () => {
    const { db } = as("north");
    const failure = db
      .transaction()
      .execute((trx) =>
        Promise.all([
          trx.updateTable("books").set({ title: "escaped" }).execute(),
          trx.selectFrom("books").select("title").where("id", "=", "no id").execute(),
          trx.updateTable("books").set({ title: "escaped" }).execute(),
          trx.deleteFrom("books").execute(),
        ]),
      );
    expect(await codeOf(failure)).toBe("UnsupportedQuery query/unsupported-value");
    expect(await stored("north")).toEqual(expected("north"));
    expect(await titles(as("north"))).toEqual(expected("north"));
  });

  test("V32: a savepoint undoes what came after it and leaves the context as it is", async () => {
    const { db } = as("north");
    const trx = await db.startTransaction().execute();
    await trx
      .updateTable("books")
      .set({ title: "kept" })
      .where("id", "=", idOf("book", "north", 0))
      .execute();
    const named = await trx.savepoint("s").execute();
    await trx.deleteFrom("books").execute();
    const back = await named.rollbackToSavepoint("s").execute();
    expect(await back.selectFrom("books").select("id").execute()).toHaveLength(books);
    await back
      .updateTable("books")
      .set({ title: "too" })
      .where("id", "=", idOf("book", "north", 1))
      .execute();
    await back.releaseSavepoint("s").execute();
    await trx.commit().execute();
    expect((await stored("north")).slice(0, 3)).toEqual(["kept", "too", titleOf("north", 2)]);
    expect(await stored("south")).toEqual(expected("south"));
  });

  test("V24 V104: a stream gives its own tenant's pages, while others are asked beside it", async () => {
    const seen: string[] = [];
    for await (const { title } of as("north")
      .db.selectFrom("books")
      .select("title")
      .orderBy("id")
      .stream(7)) {
      if (seen.length % 7 === 0) expect(await titles(as("south"))).toEqual(expected("south"));
      seen.push(title);
    }
    expect(seen).toEqual(expected("north"));
    for await (const { title } of as("south")
      .db.selectFrom("books")
      .select("title")
      .orderBy("id")
      .stream(1)) {
      expect(title).toBe(titleOf("south", 0));
      break;
    }
    expect(await titles(as("north"))).toEqual(expected("north"));
  });

  test("V104: a stream that stands still ends by its limit, and its connection with it", async () => {
    const short = postgres({ ...reach, pool: { max: 1 } });
    const limited = await library.open(short, { transactionLimit: 1_500 });
    const { db } = sessionOf(limited, "north");
    const rows = db.selectFrom("books").select("title").stream(1)[Symbol.asyncIterator]();
    expect((await rows.next()).done).toBe(false);
    await new Promise((done) => setTimeout(done, 1_700));
    expect(await codeOf(rows.next())).toBe("IsolationViolation handle/revoked");
    expect(await titles(sessionOf(limited, "south"))).toEqual(expected("south"));
    await short.close();
  });

  test.each(["cancel query", "kill session"] as const)(
    "V41: what its caller gives up (%s) ends with its connection, and nobody else's statement does",
    async (inflightQueryAbortStrategy) => {
      const wanted = idOf("book", "north", 1);
      await library.operator.turn(async (session) => {
        await session.query("begin", []);
        await session.query("update public.books set note = note where id = $1::uuid", [wanted]);
        const given = [1, 2].map(async (number) => {
          const controller = new AbortController();
          setTimeout(() => controller.abort(), 300);
          const { db } = as("north", `member ${number}`);
          const write = db.updateTable("books").set({ note: "given up" }).where("id", "=", wanted);
          const options = { signal: controller.signal, inflightQueryAbortStrategy };
          return number === 1
            ? write.execute(options)
            : db.transaction().execute((trx) => trx.executeQuery(write.compile(), options));
        });
        const others = Array.from({ length: 12 }, () => titles(as("south")));
        for (const one of given) await expect(one).rejects.toThrow();
        for (const other of others) expect(await other).toEqual(expected("south"));
        await session.query("rollback", []);
      });
      await expect
        .poll(() => library.raw("select note from public.books where id = $1::uuid", wanted))
        .toEqual([{ note: "north note 1" }]);
      expect(await titles(as("north"))).toEqual(expected("north"));
    },
  );

  test("V47: a transaction and a handle are dead after their end", async () => {
    const session = as("north");
    const trx = await session.db.startTransaction().execute();
    const late = trx.selectFrom("books").select("id");
    await trx.rollback().execute();
    expect(await codeOf(late.execute())).not.toBe("no error");
    session.end();
    expect(await codeOf(titles(session))).toBe("IsolationViolation handle/revoked");
  });

  test("V40: nothing of a tenant is on a connection when it is taken again, however it came back", async () => {
    const single = postgres({ ...reach, pool: { max: 1 } });
    const opened = await library.open(single);
    const state = (): Promise<unknown> =>
      single.turn(async (session) => {
        await session.query("begin", []);
        return session.query("select wardline.current_tenant()", []);
      });
    const north = sessionOf(opened, "north");
    const steps: (() => Promise<unknown>)[] = [
      () => titles(north),
      () => codeOf(north.db.selectFrom("books").select("id").where("id", "=", "no id").execute()),
      () => codeOf(north.db.transaction().execute(() => Promise.reject(new Error("mine")))),
      () => north.db.updateTable("books").set({ note: "x" }).execute(),
      () =>
        codeOf(
          single.turn(async (session) => {
            await session.query("begin", []);
            await session.query("select nothing", []);
          }),
        ),
    ];
    for (const step of steps) {
      await step();
      await expect(state()).rejects.toMatchObject({ code: "28000" });
      expect(await titles(sessionOf(opened, "south"))).toEqual(expected("south"));
    }
    await single.close();
  });

  test("V45: eighty callers at once on four connections each see their own", async () => {
    const asked = Array.from({ length: 80 }, (_, n) => ({
      tenant: tenants[n % 2] as Tenant,
      how: n % 4,
      session: as(tenants[n % 2] as Tenant, `member ${n}`),
    }));
    const answers = await Promise.all(
      asked.map(async ({ session, how }) => {
        if (how < 2) return titles(session);
        return session.db.transaction().execute(async (trx) => {
          const rows = await trx.selectFrom("books").select("title").orderBy("id").execute();
          await trx.selectFrom("books").select("id").limit(1).execute();
          return rows.map(({ title }) => title);
        });
      }),
    );
    for (const [n, answer] of answers.entries()) expect(answer).toEqual(expected(asked[n]?.tenant as Tenant));
  });

  test("V26: what a caller is told runs in the caller's own context, whoever opened the connection", async () => {
    const storage = new AsyncLocalStorage<string>();
    const told: (string | undefined)[] = [];
    const single = postgres({ ...reach, pool: { max: 1 } });
    const opened = await storage.run("opener", () =>
      library.open(single, { onOperatorError: () => told.push(storage.getStore()) }),
    );
    const ask = (name: string): Promise<void> =>
      storage.run(name, async () => {
        const { db } = sessionOf(opened, "north");
        await db.selectFrom("books").select("id").execute();
        expect(storage.getStore()).toBe(name);
        await codeOf(db.selectFrom("books").select("id").where("id", "=", "no id").execute());
        for await (const row of db.selectFrom("books").select("id").limit(2).stream(1)) {
          expect(row.id).toBeDefined();
          expect(storage.getStore()).toBe(name);
        }
      });
    await Promise.all(["one", "two", "three"].map(ask));
    expect(new Set(told)).toEqual(new Set(["one", "two", "three"]));
    await single.close();
  });
}
