/** One row by its type and id: as its principal may read it, and nothing that tells a denied one from an absent one. */
import { randomUUID } from "node:crypto";
import type { Database } from "@wardline/sdk";
import { revealRow, type AccessDenied } from "@wardline/sdk";
import { system } from "@wardline/sdk/system";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crate, hall, openCrates, worker, type CrateWorld } from "./crate-world.ts";

let world: CrateWorld;
beforeAll(async () => {
  world = await openCrates();
});
afterAll(() => world.close());

const policy = `permit own: packer to read Crate
  when resource.owner == principal
  with mask(label, initials)
permit lists: packer to list Crate
permit all: clerk to read Crate, Hall
`;

const refusal = (act: Promise<unknown>): Promise<AccessDenied> =>
  act.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: unknown) => error as AccessDenied,
  );

test("gives the row by the names of the model, masked and opened", async () => {
  const wardline = await world.open(policy);
  const row = await worker(wardline, "ada").get("Crate", crate(1));
  expect(row && revealRow(row)).toEqual({
    id: crate(1),
    hall: hall(1),
    owner: "ada",
    label: "n. l. 1.",
    weight: 1,
    code: "north code 1",
  });
  expect(JSON.stringify(row)).not.toContain("code 1");
  const whole = await worker(wardline, "eve", ["clerk"]).get("Hall", hall(2));
  expect(whole).toEqual({ id: hall(2), name: "north hall 2", secret: "north secret 2" });
});

test("asks what may be read, though more may be listed, and no plan of a list serves it", async () => {
  const wardline = await world.open(policy);
  const ada = worker(wardline, "ada");
  expect(await ada.db.selectFrom("crates").select("id").where("id", "=", crate(2)).execute()).toHaveLength(1);
  expect(await ada.get("Crate", crate(2))).toBeNull();
  const columns = ["id", "hall_id", "owner_id", "label", "weight", "code"] as const;
  const listed = () =>
    ada.db
      .selectFrom("crates")
      .select([...columns])
      .where("id", "=", crate(2))
      .execute();
  expect(await listed()).toHaveLength(1);
  expect(await ada.get("Crate", crate(2))).toBeNull();
  expect(await listed()).toHaveLength(1);
});

test("denied, absent, foreign and nonsensical ids all give null", async () => {
  const wardline = await world.open(policy);
  const ada = worker(wardline, "ada");
  const ids: unknown[] = [
    crate(2),
    randomUUID(),
    crate(1, "south"),
    crate(1).toUpperCase().replace("8001", "8001 "),
    `{${crate(1)}}`,
    `${crate(1)}'`,
    "",
    "\ud800",
    "a\u0000",
    null,
    undefined,
    7,
    [crate(1)],
    { toString: () => crate(1) },
  ];
  for (const id of ids) expect(await ada.get("Crate", id as string), JSON.stringify(id)).toBeNull();
  expect(await worker(wardline, "nobody", []).get("Crate", crate(1))).toBeNull();
  expect(await refusal(ada.get("Worker", "ada"))).toMatchObject({ code: "query/unknown-table" });
  expect(await refusal(ada.get("__proto__", crate(1)))).toMatchObject({ code: "query/unknown-table" });
  ada.end();
  expect(await refusal(ada.get("Crate", "no id"))).toMatchObject({ code: "handle/revoked" });
});

test("is one round trip where the facts are at hand", async () => {
  const asked: string[] = [];
  const { database } = world;
  const counted: Database = {
    ...database,
    kind: database.kind,
    schema: database.schema,
    turn: (run) => (asked.push("turn"), database.turn(run)),
    batch: (statements) => (asked.push("batch"), database.batch(statements)),
    close: () => database.close(),
  };
  const ada = worker(await world.open(policy, { database: counted }), "ada");
  await ada.get("Crate", crate(1));
  asked.length = 0;
  expect(await ada.get("Crate", crate(3))).toMatchObject({ id: crate(3) });
  expect(asked).toEqual(["batch"]);
});

test("draws from a limit by resource for its row alone, however its id is written, and for absent ones too", async () => {
  const wardline = await world.open(
    "permit each: packer to read Crate\n  with limit(1, per: hour, by: resource)\n",
  );
  const ada = worker(wardline, "ada");
  expect(await ada.get("Crate", crate(1))).not.toBeNull();
  const denied = await refusal(ada.get("Crate", crate(1)));
  expect(denied).toMatchObject({ code: "access/limit", action: "read" });
  expect(denied.retryAfter).toBeGreaterThan(3_590_000);
  expect(await refusal(worker(wardline, "bob").get("Crate", crate(1)))).toMatchObject({
    code: "access/limit",
  });
  expect(await ada.get("Crate", crate(2))).not.toBeNull();
  const absent = randomUUID();
  expect(await ada.get("Crate", absent)).toBeNull();
  expect(await refusal(ada.get("Crate", absent))).toMatchObject({ code: "access/limit" });
  expect(await ada.decide("read", { type: "Crate", id: crate(3) })).toMatchObject({ outcome: "permit" });
  expect(await ada.decide("read", { type: "Crate", id: crate(2) })).toMatchObject({ outcome: "deny" });
});

test("system work gets any row of its tenant", async () => {
  const wardline = await world.open(policy);
  const as = { type: "Worker", id: "root" };
  await system(wardline, { tenant: "north", as, reason: "a look", ttl: 60_000 }, async (session) => {
    expect(await session.get("Crate", crate(2))).toMatchObject({ label: "north label 2" });
    expect(await session.get("Crate", crate(2, "south"))).toBeNull();
  });
});
