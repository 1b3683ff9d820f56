/** Shares of a real database's connections: a tenant that floods keeps no other from it, and nothing waits for itself. */
import type { Database } from "@wardline/isolation";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Session, Wardline } from "../src/index.ts";
import { postgres } from "../src/postgres/index.ts";
import {
  codeOf,
  idOf,
  openServerLibrary,
  sessionOf,
  type ServerLibrary,
  type Tables,
} from "./server-library.ts";

let library: ServerLibrary;
let database: Database;
let wardline: Wardline;

beforeAll(async () => {
  library = await openServerLibrary();
  database = postgres({ ...library.reach, pool: { max: 4 } });
  wardline = await library.open(database, { fairness: { perTenant: 1, atOnce: 2, queue: 3 } });
});

afterAll(async () => {
  await wardline.close();
  await database.close();
  await library.close();
});

const one = (session: Session<Tables>): Promise<unknown> =>
  session.db
    .selectFrom("books")
    .select("id")
    .where("id", "=", idOf("book", "north", 1))
    .execute();

/** A transaction that has begun and goes on until it is told to end. */
async function openTransaction(
  session: Session<Tables>,
  inside: () => Promise<unknown> = async () => undefined,
): Promise<{ readonly end: () => Promise<void> }> {
  const begun = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const ended = session.db.transaction().execute(async (trx) => {
    await trx.selectFrom("books").select("id").limit(1).execute();
    begun.resolve();
    await told.promise;
    await inside();
  });
  ended.catch(begun.reject);
  await begun.promise;
  return {
    end: async () => {
      told.resolve();
      await ended;
    },
  };
}

test("while one tenant has its share, what it asks more waits and then is refused, and another's is done", async () => {
  const held = await openTransaction(sessionOf(wardline, "north"));
  const done: string[] = [];
  const waiting = [0, 1, 2].map((n) => one(sessionOf(wardline, "north")).then(() => done.push(`north ${n}`)));
  // They stand in the line once all that is not waiting for anything has been done.
  await new Promise((resolve) => setImmediate(resolve));
  const decided = sessionOf(wardline, "north").decide("read", { type: "Book", id: "x" });
  expect(await codeOf(decided)).toBe("TenantBusy tenant/busy");
  expect(await codeOf(one(sessionOf(wardline, "north")))).toBe("TenantBusy tenant/busy");
  await one(sessionOf(wardline, "south"));
  expect(done).toEqual([]);
  await held.end();
  await Promise.all(waiting);
  expect(done).toEqual(["north 0", "north 1", "north 2"]);
});

test("what is asked within a transaction or a stream of the same session does not wait for these to end", async () => {
  const session = sessionOf(wardline, "north");
  const held = await openTransaction(session, async () => {
    await Promise.all([one(session), one(session), session.decide("read", { type: "Book", id: "x" })]);
    await session.db.transaction().execute(async () => {
      await one(session);
    });
  });
  await held.end();
  let rows = 0;
  for await (const row of session.db.selectFrom("books").select("id").stream(10)) {
    if (rows % 10 === 0) expect(await one(session)).toHaveLength(1);
    rows += row.id === "" ? 0 : 1;
  }
  expect(rows).toBe(40);
  // Nothing is left over of what has ended, been refused or failed.
  expect(
    await codeOf(
      session.db
        .selectFrom("nothing" as "books")
        .select("id")
        .execute(),
    ),
  ).toBe("UnsupportedQuery query/unknown-table");
  await one(sessionOf(wardline, "north"));
});

test("what is given up while it waits leaves the line, and is never sent", async () => {
  const held = await openTransaction(sessionOf(wardline, "north"));
  const controller = new AbortController();
  const waiting = sessionOf(wardline, "north")
    .db.updateTable("books")
    .set({ title: "changed" })
    .where("id", "=", idOf("book", "north", 1))
    .execute({ signal: controller.signal });
  const code = waiting.then(
    () => "done",
    () => "given up",
  );
  const after = one(sessionOf(wardline, "north"));
  controller.abort();
  expect(await code).toBe("given up");
  await held.end();
  await after;
  const [row] = await library.raw("select title from public.books where id = $1", idOf("book", "north", 1));
  expect(row?.["title"]).toBe("north title 1");
});

test("a transaction that is ended by its limit gives its share back", async () => {
  const short = await library.open(database, { fairness: { perTenant: 1 }, transactionLimit: 500 });
  const told = Promise.withResolvers<void>();
  const forgotten = sessionOf(short, "north")
    .db.transaction()
    .execute(async (trx) => {
      await trx.selectFrom("books").select("id").limit(1).execute();
      await told.promise;
    });
  forgotten.catch(() => undefined);
  await one(sessionOf(short, "north"));
  told.resolve();
  await expect(forgotten).rejects.toMatchObject({ code: "transaction/ended" });
  await short.close();
});
