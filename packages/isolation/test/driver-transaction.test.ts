/** Transactions, handles and contexts: one context for a transaction's whole life, and nothing of it after. */
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ContextGate, PolicyGuard } from "../src/contracts.ts";
import { decideRow } from "../src/driver/decide-row.ts";
import { createGuardedDialect } from "../src/driver/dialect.ts";
import {
  ada,
  auditOf,
  ben,
  canary,
  codeOf,
  handle,
  idOf,
  openLibrary,
  type Handle,
  type Library,
  type Tables,
} from "./driver-library.ts";

let library: Library;
let north: Handle;
let south: Handle;

beforeAll(async () => {
  library = await openLibrary();
});
beforeEach(async () => {
  await library.reset();
  north = handle(library, "north", ada);
  south = handle(library, "south", ada);
});
afterAll(() => library.close());

const book = (number: number): string => idOf("book", "north", number);
const titles = async (tenant: string): Promise<unknown[]> =>
  (await library.raw("select title from lib.books where tenant_id = $1 order by id", [tenant])).map(
    (row) => row["title"],
  );

describe("transactions", () => {
  test("commit keeps, and the log gets its entries last", async () => {
    await north.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "one" }).where("id", "=", book(1)).execute();
      expect(
        await trx.selectFrom("books").select("title").where("id", "=", book(1)).executeTakeFirst(),
      ).toEqual({ title: "one" });
      await trx.deleteFrom("books").where("id", "=", book(2)).execute();
      expect(await trx.selectFrom("books").select("id").execute()).toHaveLength(3);
    });
    expect(await titles("north")).toHaveLength(5);
    expect((await auditOf(library, "north")).map((entry) => entry["action"])).toEqual(["update", "delete"]);
  });

  test("an error in the middle undoes all of it, and its entries", async () => {
    const before = await titles("north");
    const failure = north.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "gone" }).execute();
      throw new RangeError("the caller's own");
    });
    await expect(failure).rejects.toThrow("the caller's own");
    expect(await titles("north")).toEqual(before);
    expect(await auditOf(library, "north")).toEqual([]);
  });

  test("a refusal inside a transaction undoes its statement alone; committed, both are in the log", async () => {
    await north.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "kept" }).where("id", "=", book(1)).execute();
      expect(await codeOf(trx.updateTable("books").set({ title: "lost", copies: 60 }).execute())).toBe(
        "AccessDenied access/denied",
      );
      expect(
        await codeOf(
          trx
            .insertInto("books")
            .values({ title: 5 } as never)
            .execute(),
        ),
      ).toBe("UnsupportedQuery write/bad-value");
      await trx.updateTable("books").set({ title: "kept too" }).where("id", "=", book(2)).execute();
    });
    expect((await titles("north")).slice(0, 3)).toEqual(["kept", "kept too", canary("north", "title 3")]);
    expect((await auditOf(library, "north")).map((entry) => entry["kind"])).toEqual([
      "write",
      "refusal",
      "write",
    ]);
  });

  test("V106: a refusal is in the log even if its transaction is rolled back", async () => {
    const failure = north.db
      .transaction()
      .execute((trx) => trx.updateTable("books").set({ copies: 60 }).execute());
    expect(await codeOf(failure)).toBe("AccessDenied access/denied");
    expect((await auditOf(library, "north")).map((entry) => entry["kind"])).toEqual(["refusal"]);
  });

  test("one that lasts too long is rolled back, with its refusals on record, and holds nobody up", async () => {
    const before = await titles("north");
    const { db } = handle(library, "north", ada, { transactionLimit: 600 });
    const waiting = db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "late" }).where("id", "=", book(1)).execute();
      await codeOf(trx.updateTable("books").set({ copies: 60 }).execute());
      // Another turn inside this one: it never comes as long as this one is held.
      await south.db.selectFrom("books").select("id").execute();
      expect(await codeOf(trx.selectFrom("books").select("id").execute())).toBe(
        "IsolationViolation handle/revoked",
      );
    });
    expect(await codeOf(waiting)).toBe("IsolationViolation transaction/ended");
    const short = handle(library, "north", ada, { transactionLimit: 50 });
    const forgotten = await short.db.startTransaction().execute();
    expect(await south.db.selectFrom("books").select("id").execute()).toHaveLength(4);
    expect(await codeOf(forgotten.commit().execute())).toBe("IsolationViolation transaction/ended");
    expect(await titles("north")).toEqual(before);
    expect((await auditOf(library, "north")).map((entry) => entry["kind"])).toEqual(["refusal"]);
  });

  test("a refusal that cannot be put on record leaves nothing to commit", async () => {
    const before = await titles("north");
    let asked = 0;
    // Right when the statement begins, and broken when its refusal is written down.
    const clock = (): Date => new Date(asked++ === 0 ? "2026-06-01T08:00:00Z" : Number.NaN);
    const { db } = handle(library, "north", ada, { clock });
    const failure = db.transaction().execute(async (trx) => {
      await trx
        .updateTable("books")
        .set({ title: "lost", copies: 60 })
        .execute()
        .catch(() => undefined);
    });
    expect(await codeOf(failure)).toBe("IsolationViolation transaction/ended");
    expect(asked).toBe(2);
    expect(await titles("north")).toEqual(before);
  });

  test("after a read has failed, nothing more is done and nothing is committed", async () => {
    const failure = north.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "gone" }).execute();
      await trx
        .selectFrom("books")
        .selectAll()
        .where("id", "=", "no id")
        .execute()
        .catch(() => undefined);
      expect(await codeOf(trx.selectFrom("books").selectAll().execute())).toBe(
        "IsolationViolation transaction/ended",
      );
    });
    expect(await codeOf(failure)).toBe("IsolationViolation transaction/ended");
    expect(await titles("north")).not.toContain("gone");
  });

  test("a transaction has no settings", async () => {
    const { db } = north;
    const begin = async (): Promise<void> => undefined;
    const code = "IsolationViolation query/transaction-setting";
    expect(await codeOf(db.transaction().setIsolationLevel("serializable").execute(begin))).toBe(code);
    expect(await codeOf(db.transaction().setAccessMode("read only").execute(begin))).toBe(code);
    expect(await codeOf(db.startTransaction().setIsolationLevel("read committed").execute())).toBe(code);
  });

  test("V32: a savepoint undoes what came after it, a failure too, and its writes are not recorded", async () => {
    const trx = await north.db.startTransaction().execute();
    const rename = (number: number, title: string) =>
      trx.updateTable("books").set({ title }).where("id", "=", book(number)).execute();
    await rename(1, "kept");
    const named = await trx.savepoint(`s"; drop table lib.books --`).execute();
    await rename(2, "undone");
    const inner = await named.savepoint("inner").execute();
    await rename(3, "undone too");
    expect(await codeOf(trx.selectFrom("books").selectAll().where("id", "=", "no id").execute())).toBe(
      "UnsupportedQuery query/unsupported-value",
    );
    expect(await codeOf(trx.selectFrom("books").select("id").execute())).toBe(
      "IsolationViolation transaction/ended",
    );
    const back = await inner.rollbackToSavepoint(`s"; drop table lib.books --`).execute();
    expect(await back.selectFrom("books").select("title").where("id", "=", book(2)).execute()).toEqual([
      { title: canary("north", "title 2") },
    ]);
    expect(await codeOf(inner.releaseSavepoint("inner").execute())).toBe(
      "IsolationViolation query/transaction-setting",
    );
    const released = await back.releaseSavepoint(`s"; drop table lib.books --`).execute();
    await rename(6, "kept too");
    await released.commit().execute();
    expect((await titles("north")).filter((title) => !String(title).startsWith("north"))).toEqual([
      "kept",
      "kept too",
    ]);
    expect((await auditOf(library, "north")).map(({ rows }) => rows)).toEqual([[book(1)], [book(6)]]);
  });

  test("a refusal stays on record though its savepoint is undone", async () => {
    const trx = await north.db.startTransaction().execute();
    const named = await trx.savepoint("s").execute();
    await codeOf(trx.updateTable("books").set({ copies: 60 }).execute());
    await named.rollbackToSavepoint("s").execute();
    await trx.rollback().execute();
    expect((await auditOf(library, "north")).map(({ kind }) => kind)).toEqual(["refusal"]);
    expect(await codeOf(trx.savepoint("late").execute())).not.toBe("no error");
  });

  test("a controlled transaction; nothing works after its end (vectors 46, 47)", async () => {
    const trx = await north.db.startTransaction().execute();
    await trx.updateTable("books").set({ title: "kept" }).where("id", "=", book(1)).execute();
    const late = trx.selectFrom("books").selectAll();
    await trx.commit().execute();
    expect(await codeOf(late.execute())).not.toBe("no error");
    expect(await titles("north")).toContain("kept");
  });

  test("siblings of a failed statement do not run outside the transaction (vector 46)", async () => {
    const failure = north.db
      .transaction()
      .execute((trx) =>
        Promise.all([
          trx.selectFrom("books").selectAll().where("id", "=", "no id").execute(),
          trx.updateTable("books").set({ title: "escaped" }).execute(),
          trx.updateTable("books").set({ title: "escaped" }).execute(),
        ]),
      );
    expect(await codeOf(failure)).toBe("UnsupportedQuery query/unsupported-value");
    await north.db.selectFrom("books").select("id").execute();
    expect(await titles("north")).not.toContain("escaped");
  });

  test("a connection that was kept does nothing after its release", async () => {
    let kept: { executeQuery(query: never): Promise<unknown> } | undefined;
    const query = north.db.selectFrom("books").selectAll().compile();
    await north.db.getExecutor().provideConnection(async (connection) => {
      kept = connection as never;
    });
    expect(await codeOf(kept?.executeQuery(query as never) as Promise<unknown>)).toBe(
      "IsolationViolation handle/revoked",
    );
  });

  test("db.connection() guards every statement, and outlives no transaction", async () => {
    await north.db.connection().execute(async (one) => {
      expect(await one.selectFrom("books").select("id").execute()).toHaveLength(4);
      expect(
        await one.transaction().execute((trx) => trx.selectFrom("books").select("id").execute()),
      ).toHaveLength(4);
      expect(await codeOf(one.selectFrom("books").select("id").execute())).toBe(
        "IsolationViolation handle/revoked",
      );
    });
  });
});

describe("tenants side by side", () => {
  test("a compiled query belongs to no tenant (vector 22)", async () => {
    const compiled = south.db.selectFrom("books").select("title").orderBy("id").compile();
    const { rows } = await north.db.executeQuery(compiled);
    expect(rows.map((row) => row.title)).toEqual(
      [1, 2, 3, 6].map((number) => canary("north", `title ${number}`)),
    );
    const write = south.db.updateTable("books").set({ title: "re-run" }).where("copies", "=", 1).compile();
    await north.db.executeQuery(write);
    expect(await titles("south")).not.toContain("re-run");
    expect(await titles("north")).toContain("re-run");
  });

  test("interleaved, each sees its own (vector 45)", async () => {
    const read = (who: Handle): Promise<readonly { title: string }[]> =>
      who.db
        .selectFrom("books")
        .innerJoin("branches", "branches.id", "books.branch_id")
        .select("title")
        .execute();
    const inTransaction = (who: Handle): Promise<readonly { title: string }[]> =>
      who.db.transaction().execute(async (trx) => {
        await trx.selectFrom("branches").selectAll().execute();
        return trx.selectFrom("books").select("title").execute();
      });
    const asked = Array.from({ length: 40 }, (_, index) => ({
      tenant: index % 2 === 0 ? "north" : "south",
      who: index % 2 === 0 ? north : south,
      how: index % 3 === 0 ? inTransaction : read,
    }));
    const answers = await Promise.all(asked.map(({ who, how }) => how(who)));
    for (const [index, rows] of answers.entries()) {
      expect(rows).toHaveLength(4);
      expect(rows.every((row) => row.title.startsWith(asked[index]?.tenant as string))).toBe(true);
    }
  });

  test("nothing of a tenant stays in the session after its turn, whatever happened in it", async () => {
    const state = (): Promise<Record<string, unknown>[]> =>
      library.raw("select current_user::text as who, current_setting('wardline.tenant', true) as tenant");
    const [clean] = await state();
    await north.db.selectFrom("books").selectAll().execute();
    await north.db
      .selectFrom("books")
      .selectAll()
      .where("id", "=", "no id")
      .execute()
      .catch(() => undefined);
    await north.db
      .updateTable("books")
      .set({ copies: 60 })
      .execute()
      .catch(() => undefined);
    await north.db
      .transaction()
      .execute(() => Promise.reject(new Error("x")))
      .catch(() => undefined);
    await sql`set role postgres`.execute(north.db).catch(() => undefined);
    const [after] = await state();
    expect(after?.["who"]).toBe(clean?.["who"]);
    expect(["", null]).toContain(after?.["tenant"]);
  });

  test("without the role and the policies underneath, the superuser would see both tenants", async () => {
    const all = await library.raw("select distinct tenant_id from lib.books order by tenant_id");
    expect(all).toEqual([{ tenant_id: "north" }, { tenant_id: "south" }]);
  });
});

describe("contexts and handles", () => {
  test("a revoked handle does nothing, not even the end of its transaction", async () => {
    let revoked = false;
    const short = handle(library, "north", ada, { revoked: () => revoked });
    const code = "IsolationViolation handle/revoked";
    const failure = short.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "late" }).execute();
      revoked = true;
    });
    expect(await codeOf(failure)).toBe(code);
    expect(await titles("north")).not.toContain("late");
    expect(await codeOf(short.db.selectFrom("books").selectAll().execute())).toBe(code);
    expect(await codeOf(short.db.transaction().execute(async () => undefined))).toBe(code);
  });

  test.each([
    ["no facts", undefined],
    [
      "no tenant",
      { tenant: undefined, principal: { type: "Member", id: "ada", tenant: "north", roles: [] } },
    ],
    [
      "an empty tenant",
      { tenant: { id: "" }, principal: { type: "Member", id: "ada", tenant: "north", roles: [] } },
    ],
    ["no principal", { tenant: { id: "north" } }],
    [
      "another tenant's policy",
      {
        tenant: { id: "south" },
        principal: { type: "Member", id: "ada", tenant: "south", roles: ["librarian"] },
      },
    ],
  ])("%s is no context (vector 26)", async (_, facts) => {
    const lost = handle(library, "north", ada, { facts: () => facts as never });
    expect(await codeOf(lost.db.selectFrom("books").selectAll().execute())).toBe(
      "IsolationViolation handle/no-context",
    );
    expect(await codeOf(lost.db.transaction().execute(async () => undefined))).toBe(
      "IsolationViolation handle/no-context",
    );
  });

  test("a context that changes within a transaction ends it (vector 32)", async () => {
    let who = "ada";
    const { options } = handle(library, "north", ada);
    const changing = handle(library, "north", ada, {
      facts: (guard) => ({
        ...options.facts(guard),
        principal: { ...options.facts(guard).principal, id: who },
      }),
    });
    const failure = changing.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ title: "x" }).execute();
      who = "ben";
      await trx.updateTable("books").set({ title: "y" }).execute();
    });
    expect(await codeOf(failure)).toBe("IsolationViolation handle/no-context");
    expect(await titles("north")).not.toContain("x");
  });

  test("one transaction asks for the facts of one policy, whatever is loaded meanwhile", async () => {
    const { options } = handle(library, "north", ada);
    const asked: unknown[] = [];
    const facts = (guard: PolicyGuard) => {
      asked.push(guard);
      return options.facts(guard);
    };
    // Another policy each time that it is looked up.
    const reloading = Object.defineProperty({ ...options, facts }, "guard", {
      get: () => ({ ...library.guards.north }),
      enumerable: true,
    });
    const db = new Kysely<Tables>({ dialect: createGuardedDialect(reloading) });
    await db.transaction().execute(async (trx) => {
      await trx.selectFrom("books").selectAll().execute();
      await trx.selectFrom("books").selectAll().execute();
    });
    const before = asked.splice(0);
    expect(before.length).toBeGreaterThan(1);
    expect(new Set(before).size).toBe(1);
    expect(before[0]).toMatchObject({ revision: "1" });
    await decideRow(reloading, "read", "Book", idOf("book", "north", 1));
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toMatchObject({ revision: "1" });
  });

  test("a context that cannot be entered lets nothing run, and leaves no transaction open", async () => {
    const broken: ContextGate = {
      statements: () => [{ sql: "no such role", parameters: [] }],
      enter: () => Promise.reject(new Error("no such role")),
    };
    const lost = handle(library, "north", ada, { context: broken });
    expect(await codeOf(lost.db.selectFrom("books").selectAll().execute())).toBe(
      "IsolationViolation database/failed",
    );
    expect(await codeOf(lost.db.transaction().execute(async () => undefined))).toBe(
      "IsolationViolation database/failed",
    );
    expect(await north.db.selectFrom("books").select("id").execute()).toHaveLength(4);
  });

  test("destroying a handle closes nothing of others", async () => {
    await handle(library, "north", ben).db.destroy();
    expect(await north.db.selectFrom("books").select("id").execute()).toHaveLength(4);
  });
});
