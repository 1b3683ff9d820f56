/** Limits as an application meets them: what draws, what a draw costs, and whose it is. */
import { randomUUID } from "node:crypto";
import type { CountedLimit, LimitStore } from "@wardline/sdk";
import { memoryLimits, type AccessDenied } from "@wardline/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crate, hall, openCrates, recorded, worker, type CrateWorld } from "./crate-world.ts";

let world: CrateWorld;
beforeAll(async () => {
  world = await openCrates();
});
afterAll(() => world.close());

const limited = { name: "AccessDenied", code: "access/limit" };
const all = "permit rest: anyone to read, update, create, delete Crate, Hall\n";
const read = "permit looks: anyone to read Crate, Hall\n";

async function refusal(act: Promise<unknown>): Promise<AccessDenied> {
  return act.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: unknown) => error as AccessDenied,
  );
}

describe("a list", () => {
  test("draws once, however many rows it has, and is refused when nothing is left, with the time until there is more", async () => {
    const wardline = await world.open("permit few: packer to list Crate\n  with limit(2, per: hour)\n");
    const { db } = worker(wardline, "ada");
    const list = () => db.selectFrom("crates").select("id").execute();
    expect(await list()).toHaveLength(10);
    expect(await list()).toHaveLength(10);
    const denied = await refusal(list());
    expect(denied).toMatchObject({ ...limited, action: "list", entity: "Crate" });
    expect(denied.retryAfter).toBeGreaterThan(3_590_000);
    expect(denied.retryAfter).toBeLessThanOrEqual(3_600_000);
    expect(denied.rules.map(({ id }) => id)).toEqual(["north/few"]);
  });

  test("draws for each principal apart, and for each tenant, and never for another session of the same", async () => {
    const wardline = await world.open("permit few: packer to list Crate\n  with limit(1, per: hour)\n");
    const list = (id: string, tenant: "north" | "south" = "north") =>
      worker(wardline, id, ["packer"], tenant).db.selectFrom("crates").select("id").execute();
    expect(await list("ada")).toHaveLength(10);
    expect(await list("bob")).toHaveLength(10);
    expect(await list("ada", "south")).toHaveLength(10);
    expect(await refusal(list("ada"))).toMatchObject(limited);
  });

  test("counts all principals of a tenant together where the rule says so", async () => {
    const wardline = await world.open(
      "permit few: packer to list Crate\n  with limit(1, per: hour, by: tenant)\n",
    );
    const list = (id: string, tenant: "north" | "south" = "north") =>
      worker(wardline, id, ["packer"], tenant).db.selectFrom("crates").select("id").execute();
    expect(await list("ada")).toHaveLength(10);
    expect(await refusal(list("bob"))).toMatchObject(limited);
    expect(await list("ada", "south")).toHaveLength(10);
  });

  test("goes on by the next rule that grants, with the rows that this one grants", async () => {
    const wardline = await world.open(`permit few: packer to list Crate
  with limit(1, per: hour)
permit own: packer to list Crate
  when resource.owner == principal
`);
    const list = () => worker(wardline, "ada").db.selectFrom("crates").select("id").execute();
    expect(await list()).toHaveLength(10);
    expect(await list()).toHaveLength(5);
    expect(await list()).toHaveLength(5);
  });

  test("under a require that has nothing left shows only what the require is not about", async () => {
    const wardline = await world.open(`permit rows: packer to list Crate
require heavy: limit(1, per: hour) for anyone to list Crate
  when resource.weight > 8
`);
    const list = () => worker(wardline, "ada").db.selectFrom("crates").select("id").execute();
    expect(await list()).toHaveLength(10);
    expect(await list()).toHaveLength(8);
    expect(await list()).toHaveLength(8);
  });

  test("of nothing that is granted draws nothing, and is empty and no refusal", async () => {
    const drawn: CountedLimit[] = [];
    const wardline = await world.open("permit few: packer to list Crate\n  with limit(1, per: hour)\n", {
      limits: watched(drawn),
    });
    expect(await worker(wardline, "ada", ["clerk"]).db.selectFrom("crates").selectAll().execute()).toEqual(
      [],
    );
    expect(drawn).toEqual([]);
  });

  test("in a transaction, in a join, in a sub-select and in a stream draws too", async () => {
    const wardline = await world.open(
      "permit few: packer to list Crate\n  with limit(4, per: hour)\npermit halls: packer to list Hall\n",
    );
    const { db } = worker(wardline, "ada");
    await db.transaction().execute((trx) => trx.selectFrom("crates").select("id").execute());
    await db
      .selectFrom("halls")
      .innerJoin("crates", "crates.hall_id", "halls.id")
      .select("halls.id")
      .execute();
    await db
      .selectFrom("halls")
      .select("id")
      .where("id", "in", (of) => of.selectFrom("crates").select("hall_id"))
      .execute();
    const rows: unknown[] = [];
    for await (const row of db.selectFrom("crates").select("id").stream(4)) rows.push(row);
    expect(rows).toHaveLength(10);
    const streamed = async () => {
      for await (const row of db.selectFrom("crates").select("id").stream(4)) rows.push(row);
    };
    expect(await refusal(streamed())).toMatchObject(limited);
    const within = db.transaction().execute((trx) => trx.selectFrom("crates").select("id").execute());
    expect(await refusal(within)).toMatchObject(limited);
    expect(rows).toHaveLength(10);
  });

  test("that could only be counted by its rows is refused: it has no one row", async () => {
    const wardline = await world.open(
      "permit each: packer to list Crate\n  with limit(1, per: hour, by: resource)\n",
    );
    const list = worker(wardline, "ada").db.selectFrom("crates").select("id").execute();
    expect(await refusal(list)).toMatchObject({ code: "access/not-carried-out" });
  });
});

describe("a write", () => {
  const update = (session: ReturnType<typeof worker>, ids: readonly string[]) =>
    session.db.updateTable("crates").set({ weight: 7 }).where("id", "in", ids).execute();

  test("draws one for each row, all or none of them, and its refusal is on record", async () => {
    const wardline = await world.open(
      `${read}permit few: packer to update Crate\n  with limit(3, per: hour)\n`,
    );
    const ada = worker(wardline, "ada");
    await update(ada, [crate(1), crate(2)]);
    const denied = await refusal(update(ada, [crate(1), crate(2)]));
    expect(denied).toMatchObject({ ...limited, action: "update" });
    expect(denied.retryAfter).toBeGreaterThan(3_590_000);
    expect(denied.decision).toMatchObject({ outcome: "deny", reason: "not_granted", rules: ["north/few"] });
    expect(await recorded(world, "north", 1)).toMatchObject([{ kind: "refusal", reason: "limit" }]);
    // What was left of it is still there.
    await update(ada, [crate(3)]);
    expect(await refusal(update(ada, [crate(3)]))).toMatchObject(limited);
    expect(await recorded(world, "north", 2)).toMatchObject([{ kind: "write" }, { kind: "refusal" }]);
  });

  test("that is rolled back has drawn all the same", async () => {
    const wardline = await world.open(
      `${read}permit few: packer to update Crate\n  with limit(1, per: hour)\n`,
    );
    const ada = worker(wardline, "ada");
    const undone = ada.db.transaction().execute(async (trx) => {
      await trx.updateTable("crates").set({ weight: 99 }).where("id", "=", crate(1)).execute();
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await refusal(update(ada, [crate(1)]))).toMatchObject(limited);
  });

  test("that a rule refuses, or that finds no row, draws nothing", async () => {
    const drawn: CountedLimit[] = [];
    const wardline = await world.open(
      `${read}permit few: packer to update Crate
  when resource.weight < 50
  with limit(1, per: hour)
`,
      { limits: watched(drawn) },
    );
    const ada = worker(wardline, "ada");
    const heavy = ada.db.updateTable("crates").set({ weight: 60 }).where("id", "=", crate(1)).execute();
    expect(await refusal(heavy)).toMatchObject({ code: "access/denied" });
    await update(ada, [randomUUID()]);
    expect(drawn).toEqual([]);
    await update(ada, [crate(1)]);
    expect(drawn).toHaveLength(1);
  });

  test("counted by resource draws from each row's own", async () => {
    const wardline = await world.open(
      `${read}permit few: packer to update Crate\n  with limit(1, per: hour, by: resource)\n`,
    );
    const ada = worker(wardline, "ada");
    await update(ada, [crate(1), crate(2)]);
    await update(worker(wardline, "bob"), [crate(3)]);
    expect(await refusal(update(worker(wardline, "bob"), [crate(4), crate(2)]))).toMatchObject(limited);
    await update(ada, [crate(4)]);
  });

  test("goes on by the next rule that grants, row by row", async () => {
    const wardline = await world.open(`${read}permit few: packer to update Crate
  with limit(1, per: hour, by: resource)
permit own: packer to update Crate
  when resource.owner == principal
`);
    const ada = worker(wardline, "ada");
    await update(ada, [crate(1), crate(2)]);
    await update(ada, [crate(1), crate(4)]);
    expect(await refusal(update(ada, [crate(2)]))).toMatchObject(limited);
  });

  test("is refused where the reading that it needs has nothing left, and says so", async () => {
    const wardline = await world.open(`permit looks: packer to read Crate
  with limit(1, per: hour)
permit writes: packer to update Crate
`);
    const ada = worker(wardline, "ada");
    await update(ada, [crate(1)]);
    expect(await refusal(update(ada, [crate(1)]))).toMatchObject({ ...limited, action: "read" });
    expect(await recorded(world, "north", 1)).toMatchObject([{ kind: "refusal", reason: "limit" }]);
  });

  test("inserts and deletes draw as well", async () => {
    const wardline = await world.open(`${read}permit made: packer to create Crate
  with limit(1, per: hour)
permit gone: packer to delete Crate
  with limit(1, per: hour)
`);
    const ada = worker(wardline, "ada");
    const row = { hall_id: hall(1), owner_id: "ada", label: "new", weight: 1, code: "c" };
    const made = await ada.db
      .insertInto("crates")
      .values(row as never)
      .returning("id")
      .execute();
    expect(
      await refusal(
        ada.db
          .insertInto("crates")
          .values(row as never)
          .execute(),
      ),
    ).toMatchObject(limited);
    const ids = made.map(({ id }) => id);
    await ada.db.deleteFrom("crates").where("id", "in", ids).execute();
    expect(await refusal(ada.db.deleteFrom("crates").where("id", "=", crate(9)).execute())).toMatchObject(
      limited,
    );
  });
});

test("keys of counters do not collide, whatever ids hold", async () => {
  const store = memoryLimits();
  const base: CountedLimit = {
    tenant: "north",
    rule: "north/r",
    per: "hour",
    count: 1,
    by: "principal",
    whom: ["north", "Worker", "ada"],
  };
  const others: readonly Partial<CountedLimit>[] = [
    {},
    { tenant: "south" },
    { rule: "north/q" },
    { per: "day" },
    { by: "resource" },
    { whom: ["north", "Worker", "ada "] },
    { whom: ["north", "Worker", 'ada","'] },
    { whom: ["north", 'Worker","ada'] },
    { whom: ["north", "Worker:ada"] },
    { whom: ["north", "Worker", "ADA"] },
    { whom: ["north", "Worker", "ada\u0000"] },
    { whom: ["north", "Worker", "a\u0308da"] },
    { whom: ["north", "Worker", "\u00e4da"] },
    { whom: ["north", "Worker", "__proto__"] },
    { whom: [], by: "tenant" },
    { whom: [""], by: "tenant" },
    { tenant: "north:x" },
  ];
  for (const other of others)
    expect(await store.draw({ ...base, ...other }, 1), JSON.stringify(other)).toMatchObject({ taken: true });
  for (const other of others)
    expect(await store.draw({ ...base, ...other }, 1), JSON.stringify(other)).toMatchObject({ taken: false });
});

describe("a store that does not count", () => {
  const policy = `${all}permit few: packer to list Crate\n  with limit(5, per: hour)
require slow: limit(5, per: hour) for anyone to update Crate
`;
  const broken: readonly (readonly [string, LimitStore])[] = [
    [
      "rejects",
      { draw: () => Promise.reject(new Error("away")), left: () => Promise.reject(new Error("away")) },
    ],
    [
      "throws",
      {
        draw: () => {
          throw new Error("away");
        },
        left: () => {
          throw new Error("away");
        },
      },
    ],
    [
      "says nothing",
      { draw: () => new Promise(() => undefined), left: () => new Promise(() => undefined), patience: 20 },
    ],
    ["answers nonsense", { draw: async () => ({}) as never, left: async () => ({}) as never }],
    [
      "answers something like true",
      { draw: async () => ({ taken: "yes" }) as never, left: async () => ({ left: "many" }) as never },
    ],
  ];
  test.each(broken)("that %s denies lists, writes and decisions, and tells operators", async (_, limits) => {
    const told: unknown[] = [];
    const wardline = await world.open(policy, { limits, onOperatorError: (error) => told.push(error) });
    const ada = worker(wardline, "ada");
    const codes = ["access/limit", "access/limit-unavailable"];
    expect(codes).toContain((await refusal(ada.db.selectFrom("crates").select("id").execute())).code);
    const write = ada.db.updateTable("crates").set({ weight: 1 }).where("id", "=", crate(1)).execute();
    expect(codes).toContain((await refusal(write)).code);
    expect(await recorded(world, "north", 1)).toMatchObject([{ kind: "refusal" }]);
    const decided = await ada
      .decide("list", { type: "Crate", id: crate(1) })
      .catch((error: AccessDenied) => error);
    expect("outcome" in decided ? decided.outcome : decided.code).not.toBe("permit");
  });
});

test("decisions and filters draw nothing, and know what is left", async () => {
  const wardline = await world.open("permit few: packer to read, list Crate\n  with limit(1, per: hour)\n");
  const ada = worker(wardline, "ada");
  const ask = () => ada.decide("list", { type: "Crate", id: crate(1) });
  for (let at = 0; at < 3; at += 1)
    expect(await ask()).toMatchObject({
      outcome: "permit",
      obligations: [{ type: "encrypt" }, { type: "limit", rule: "north/few" }],
    });
  expect((await ada.filter("list", "Crate")).kind).toBe("always");
  await ada.db.selectFrom("crates").select("id").execute();
  const denied = await ask();
  expect(denied).toMatchObject({ outcome: "deny", reason: "not_granted" });
  expect((await ada.filter("list", "Crate")).kind).toBe("never");
});

test("a process keeps count of no more than it was told to, and denies beyond", async () => {
  const store = memoryLimits({ mostCounted: 2 });
  const of = (id: string): CountedLimit => ({
    tenant: "north",
    rule: "north/r",
    per: "day",
    count: 9,
    by: "resource",
    whom: ["Crate", id],
  });
  expect(await store.draw(of("a"), 1)).toMatchObject({ taken: true });
  expect(await store.draw(of("b"), 1)).toMatchObject({ taken: true });
  await expect(store.draw(of("c"), 1)).rejects.toThrow("more than 2");
  expect(await store.draw(of("a"), 1)).toMatchObject({ taken: true });
});

test("a tenant whose people make up ids of rows exhausts nobody's counters but its own", async () => {
  const store = memoryLimits({ mostCounted: 8, mostPerTenant: 3 });
  const wardline = await world.open(
    "permit few: packer to read, list Crate\n  with limit(2, per: day, by: resource)\n",
    { limits: store },
  );
  const ada = worker(wardline, "ada");
  for (let at = 0; at < 3; at += 1) expect(await ada.get("Crate", randomUUID())).toBeNull();
  for (let at = 0; at < 8; at += 1)
    await expect(ada.get("Crate", randomUUID())).rejects.toMatchObject({ code: "access/limit-unavailable" });
  const south = { tenant: "south", rule: "south/r", per: "day", count: 1, by: "tenant", whom: [] } as const;
  expect(await store.draw(south, 1)).toMatchObject({ taken: true });
});

/** Counts in memory, and says what was drawn. */
function watched(drawn: CountedLimit[]): LimitStore {
  const store = memoryLimits();
  return {
    draw: (limit, amount) => {
      drawn.push(limit);
      return store.draw(limit, amount);
    },
    left: (limit) => store.left(limit),
  };
}
