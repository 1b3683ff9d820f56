/** Whom a duty says to tell is told: of a write once it stands, of a read before its rows are shown, or neither happens. */
import type { AccessDenied, Notice } from "@wardline/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crate, openCrates, recorded, worker, type CrateWorld } from "./crate-world.ts";

let world: CrateWorld;
beforeAll(async () => {
  world = await openCrates();
});
afterAll(() => world.close());

const policy = `permit looks: packer to read Crate
permit lists: packer to list Crate
  with notify(heads)
permit writes: packer to update Crate
  when resource.weight < 50
  with notify(desk, heads)
`;

const refusal = (act: Promise<unknown>): Promise<AccessDenied> =>
  act.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: unknown) => error as AccessDenied,
  );
const heavier = (db: ReturnType<typeof worker>["db"], weight = 7) =>
  db.updateTable("crates").set({ weight }).where("id", "=", crate(1));

test("a write is told of once it is committed, with names and ids and no value", async () => {
  const told: Notice[] = [];
  const wardline = await world.open(policy, {
    onNotify: async (notice) => {
      // It may use the database, which is not held by the write any more.
      await world.database.turn((session) => session.query("select 1", []));
      told.push(notice);
    },
  });
  const { db } = worker(wardline, "ada");
  await heavier(db).execute();
  expect(told).toEqual(
    ["desk", "heads"].map((whom) => ({
      tenant: "north",
      principal: { type: "Worker", id: "ada" },
      whom,
      action: "update",
      entity: "Crate",
      ids: [crate(1)],
      ruleIds: ["north/writes"],
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })),
  );
  expect(JSON.stringify(await recorded(world, "north", 1))).toContain('"notify"');
});

test("what is refused, or undone, is not told of", async () => {
  const told: Notice[] = [];
  const wardline = await world.open(policy, { onNotify: (notice) => void told.push(notice) });
  const { db } = worker(wardline, "ada");
  await refusal(heavier(db, 60).execute());
  const undone = db.transaction().execute(async (trx) => {
    await heavier(trx).execute();
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await db.transaction().execute(async (trx) => {
    await heavier(trx).execute();
    expect(told).toEqual([]);
  });
  expect(told.map(({ whom }) => whom)).toEqual(["desk", "heads"]);
});

test("a write stands though telling fails, and operators hear of it", async () => {
  const errors: unknown[] = [];
  const wardline = await world.open(policy, {
    onNotify: () => Promise.reject(new Error("the post is closed")),
    onOperatorError: (error) => errors.push(error),
  });
  await heavier(worker(wardline, "ada").db, 9).execute();
  expect(String(errors)).toContain("the post is closed");
  const { db } = worker(await world.open("permit looks: packer to read, list Crate"), "ada");
  const [row] = await db.selectFrom("crates").select("weight").where("id", "=", crate(1)).execute();
  expect(row?.weight).toBe(9);
});

test("a read is told of before it is shown, by the ids of its rows, and is not shown unless it was", async () => {
  const told: Notice[] = [];
  let fails = false;
  const wardline = await world.open(policy, {
    onNotify: (notice) => {
      if (fails) throw new Error("the post is closed");
      told.push(notice);
    },
  });
  const { db } = worker(wardline, "ada");
  const list = () => db.selectFrom("crates").select("label").where("weight", "<", 4).orderBy("id");
  expect(await list().execute()).toEqual([{ label: "north label 2" }, { label: "north label 3" }]);
  expect(told).toMatchObject([
    { whom: "heads", action: "list", entity: "Crate", ids: [crate(2), crate(3)], ruleIds: ["north/lists"] },
  ]);
  const pages: unknown[] = [];
  for await (const row of list().stream(1)) pages.push(row);
  expect(pages).toHaveLength(2);
  expect(told.flatMap(({ ids }) => ids)).toEqual([crate(2), crate(3), crate(2), crate(3)]);
  fails = true;
  expect(await refusal(list().execute())).toMatchObject({ code: "access/not-carried-out" });
  const within = db.transaction().execute((trx) => trx.selectFrom("crates").selectAll().execute());
  expect(await refusal(within)).toMatchObject({ code: "access/not-carried-out" });
});

test("where nobody tells, what says to is refused, in lists and writes, and the write is on record", async () => {
  const wardline = await world.open(policy);
  const { db } = worker(wardline, "ada");
  const code = "access/not-carried-out";
  expect(await refusal(db.selectFrom("crates").select("id").execute())).toMatchObject({ code });
  expect(await refusal(heavier(db).execute())).toMatchObject({ code });
  expect(await recorded(world, "north", 1)).toMatchObject([{ kind: "refusal", reason: "notify" }]);
  // The plan that was kept for who is told is not used for who is not.
  const telling = worker(await world.open(policy, { onNotify: () => undefined }), "ada");
  await telling.db.selectFrom("crates").select("id").execute();
  expect(await refusal(db.selectFrom("crates").select("id").execute())).toMatchObject({ code });
});
