/** Ways to mix tenants up around the database: batches, caches, jobs, copies that only read. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimsFor } from "../context-gate.ts";
import { ada, codeOf, handle, idOf, type Library, type Tenant } from "../driver-library.ts";
import { openServerLibrary } from "../server-library.ts";

let library: Library;
beforeAll(async () => {
  library = await openServerLibrary();
});
afterAll(() => library.close());

const numbers = [1, 2, 3];
const both = (["north", "south"] as const).flatMap((tenant) =>
  numbers.map((number) => ({ tenant, id: idOf("book", tenant, number) })),
);

/** As a loader does that is shared by all requests: what was asked for in one tick becomes one query, on whichever handle. */
function loader(db: ReturnType<typeof handle>["db"]) {
  let waiting: string[] = [];
  let batch: Promise<ReadonlyMap<string, string>> | null = null;
  return (id: string): Promise<string | undefined> => {
    waiting.push(id);
    batch ??= Promise.resolve().then(async () => {
      const ids = waiting;
      [waiting, batch] = [[], null];
      const rows = await db.selectFrom("books").select(["id", "title"]).where("id", "in", ids).execute();
      return new Map(rows.map(({ id: key, title }) => [key, title]));
    });
    return batch.then((rows) => rows.get(id));
  };
}

test("V28: a batch that mixes the ids of two tenants finds those of its handle alone", async () => {
  for (const tenant of ["north", "south"] as const) {
    const load = loader(handle(library, tenant, ada).db);
    const titles = await Promise.all(both.map(({ id }) => load(id)));
    expect(titles).toEqual(
      both.map((asked, at) => (asked.tenant === tenant ? `${tenant} title ${(at % 3) + 1}` : undefined)),
    );
  }
});

test("V31: a principal that another tenant vouches for decides nothing here", async () => {
  const abroad = {
    tenant: { id: "north" },
    principal: { type: "Member", id: "ada", tenant: "south", roles: ["librarian"] },
    context: {},
  };
  const { db } = handle(library, "north", ada, { facts: () => abroad });
  const changed = db
    .updateTable("books")
    .set({ copies: 9 })
    .where("id", "=", idOf("book", "north", 1))
    .execute();
  expect(await codeOf(changed)).toBe("AccessDenied access/denied");
  // And a handle is not made for facts that name another tenant than its policy's.
  const facts = { ...abroad, tenant: { id: "south" } };
  const asked = handle(library, "north", ada, { facts: () => facts })
    .db.selectFrom("books")
    .select("id")
    .execute();
  expect(await codeOf(asked)).toBe("IsolationViolation handle/no-context");
});

test("V33: a job that runs later, on a handle whose request has ended, does nothing", async () => {
  let ended = false;
  const { db } = handle(library, "north", ada, { revoked: () => ended });
  const job = () =>
    db
      .updateTable("books")
      .set({ copies: 9 })
      .where("id", "=", idOf("book", "north", 1))
      .execute();
  ended = true;
  expect(await codeOf(job())).toBe("IsolationViolation handle/revoked");
  const [row] = await library.raw("select copies::text as copies from lib.books where id = $1", [
    idOf("book", "north", 1),
  ]);
  expect(row).toEqual({ copies: "1" });
});

test("V48: a context is entered in a transaction that may only read, as on a standby, and holds there", async () => {
  await library.database.turn(async (session) => {
    await session.query("begin read only", []);
    await library.gate.enter(session, claimsFor("north"));
    const { rows } = await session.query("select distinct tenant_id from lib.books", []);
    expect(rows).toEqual([{ tenant_id: "north" }]);
    await session.query("rollback", []);
  });
});

test("V83: what handles keep between statements is kept for one tenant, whoever asks the same", async () => {
  // The same principal and the same text, by turns and at once.
  const handles = { north: handle(library, "north", ada), south: handle(library, "south", ada) };
  const ask = async (tenant: Tenant) => {
    const rows = await handles[tenant].db
      .selectFrom("books")
      .select("title")
      .where("copies", "<", 9)
      .execute();
    return rows.map(({ title }) => title.split(" ")[0]);
  };
  const order = Array.from({ length: 40 }, (_, at): Tenant => (at % 3 === 0 ? "north" : "south"));
  const once = await Promise.all(order.map(ask));
  for (const [at, tenant] of order.entries()) {
    expect(new Set(once[at])).toEqual(new Set([tenant]));
    expect(new Set(await ask(tenant))).toEqual(new Set([tenant]));
  }
});
