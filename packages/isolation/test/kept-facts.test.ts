/** What is kept of a session's facts: it saves trips, and never outlives a change of what it is made of. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database, SqlBatch } from "../src/contracts.ts";
import { FactsKeeper, keptFor } from "../src/driver/kept-facts.ts";
import { ada, handle, idOf, openLibrary, type Handle, type Library } from "./driver-library.ts";

let library: Library;
let turns: number;
let batches: number;
let now: number;
let counting: Database;

beforeAll(async () => {
  library = await openLibrary();
});
beforeEach(async () => {
  await library.reset();
  [turns, batches, now] = [0, 0, 1000];
  const { database } = library;
  counting = {
    ...database,
    turn: (run) => {
      turns++;
      return database.turn(run);
    },
    batch: (statements: SqlBatch) => {
      batches++;
      return database.batch(statements);
    },
  };
});
afterAll(() => library.close());

const branch = (number: number): string => idOf("branch", "north", number);
const asAda = (keeper?: FactsKeeper): Handle =>
  handle(library, "north", ada, { database: counting, ...(keeper === undefined ? {} : { keeper }) });
const keep = (): FactsKeeper => new FactsKeeper(() => now);
const seen = async ({ db }: Handle): Promise<number> =>
  (await db.selectFrom("books").select("id").execute()).length;
/** Ada's branch leaves the one that it is in, past every guard. */
const leave = () => library.raw("update lib.branches set parent_id = null where id = $1", [branch(1)]);

describe("facts that are kept", () => {
  test("are read once, and then one batch answers a read", async () => {
    const them = asAda(keep());
    expect(await seen(them)).toBe(4);
    expect([turns, batches]).toEqual([1, 1]);
    expect(await seen(them)).toBe(4);
    expect([turns, batches]).toEqual([1, 2]);
  });

  test("V105: are refused once the hierarchy has changed, read again, and the statement is repeated", async () => {
    const [kept, fresh] = [asAda(keep()), asAda()];
    expect(await seen(kept)).toBe(4);
    await leave();
    const left = await seen(fresh);
    expect(left).toBeLessThan(4);
    expect(await seen(kept)).toBe(left);
    expect(kept.operatorErrors).toMatchObject([{ code: "WL002" }]);
    // Known anew, for good.
    expect(await seen(kept)).toBe(left);
    expect(kept.operatorErrors).toHaveLength(1);
  });

  test("V105: without the triggers a revoked membership would be seen until the minute is over, and then no more", async () => {
    const kept = asAda(keep());
    expect(await seen(kept)).toBe(4);
    await library.raw("alter table lib.branches disable trigger user");
    await leave();
    await library.raw("alter table lib.branches enable trigger user");
    expect(await seen(kept)).toBe(4);
    now += keptFor - 1;
    expect(await seen(kept)).toBe(4);
    now += 1;
    expect(await seen(kept)).toBeLessThan(4);
  });

  test("that change between every two reads are refused, and nothing is executed", async () => {
    const keeper = keep();
    const { database } = library;
    const restless: Database = {
      ...counting,
      batch: async (statements) => {
        await library.raw(
          "update lib.branches set parent_id = case when parent_id is null then $2::uuid end where id = $1",
          [branch(1), branch(2)],
        );
        return database.batch(statements);
      },
    };
    const { db } = handle(library, "north", ada, { database: restless, keeper });
    await expect(db.selectFrom("books").select("id").execute()).rejects.toMatchObject({
      code: "context/stale-facts",
    });
  });

  test("are one policy's, one place's and one principal's", async () => {
    const keeper = keep();
    expect(await seen(asAda(keeper))).toBe(4);
    const other = handle(
      library,
      "north",
      { ...ada, id: "eve", branches: [4] },
      { database: counting, keeper },
    );
    expect(await seen(other)).toBe(
      await seen(handle(library, "north", { ...ada, id: "eve", branches: [4] })),
    );
    expect(await seen(handle(library, "north", ada, { database: { ...counting }, keeper }))).toBe(4);
  });

  test("are not used by writes: those read what is so in their own transaction", async () => {
    const them = asAda(keep());
    expect(await seen(them)).toBe(4);
    await library.raw("alter table lib.branches disable trigger user");
    await leave();
    await library.raw("alter table lib.branches enable trigger user");
    const { numUpdatedRows } = await them.db
      .updateTable("books")
      .set({ copies: 2 })
      .where("id", "=", idOf("book", "north", 6))
      .executeTakeFirst();
    expect(numUpdatedRows).toBe(0n);
  });
});
