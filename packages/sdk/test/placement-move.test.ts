/** Moves between all tiers on a real server: what is moved, what stays closed, and what a kill leaves. */
import { moveStepNames, type Destination } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  cancelMove,
  createTenant,
  exportTenant,
  listOperations,
  listPlacements,
  moveTenant,
  reinstateTenant,
  resumeCreate,
  resumeMove,
  suspendTenant,
} from "../src/operator/index.ts";
import {
  bookId,
  fill,
  openWardline,
  openWorld,
  sessionOf,
  type Tenant,
  type World,
} from "./placement-world.ts";

const coded = (code: string) => expect.objectContaining({ code });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  for (const tenant of ["north", "south", "east"] as const) {
    await createTenant(world.estate, tenant, { tier: "pool", cell: "left" });
    await fill(await databaseOf(tenant), tenant, tenant === "east" ? 1200 : 3);
  }
});
afterAll(() => world.close());

async function placeOf(tenant: string) {
  const all = await world.estate.catalogue.turn(listPlacements);
  const found = all.find((placement) => placement.tenant === tenant);
  if (found === undefined) throw new Error("not placed");
  return found;
}

async function databaseOf(tenant: string) {
  const database = world.estate.cells.at(await placeOf(tenant));
  if (database === undefined) throw new Error("no way");
  return database;
}

/** All rows of a tenant wherever they are, by database and schema: where it has any, and how many books. */
async function whereabouts(tenant: Tenant): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const databases = await world.raw("postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate");
  for (const { datname } of databases as { datname: string }[]) {
    const schemas = await world.raw(
      datname,
      "SELECT schemaname AS s FROM pg_tables WHERE tablename = 'books'",
    );
    for (const { s } of schemas as { s: string }[]) {
      const [row] = await world.raw(datname, `SELECT count(*) AS n FROM "${s}".books WHERE tenant_id = $1`, [
        tenant,
      ]);
      if (row?.["n"] !== "0") found[`${datname}.${s}`] = Number(row?.["n"]);
    }
  }
  return found;
}

const there: readonly (readonly [string, Destination])[] = [
  ["a pool of another cell", { tier: "pool", cell: "right" }],
  ["a schema of the same database", { tier: "schema", cell: "right" }],
  ["a schema of another cell", { tier: "schema", cell: "left" }],
  ["a database of its own", { tier: "database", cell: "left" }],
  ["a database in another cell", { tier: "database", cell: "right" }],
  ["a schema, from a database", { tier: "schema", cell: "left" }],
  ["the pool of the same database", { tier: "pool", cell: "left" }],
  ["a database, from a pool", { tier: "database", cell: "right" }],
  ["a pool, from a database", { tier: "pool", cell: "left" }],
];

describe("a move", () => {
  test("takes everything along, between any two tiers, and leaves nothing behind", async () => {
    const places = world.openPlaces();
    const session = sessionOf(await openWardline(places), "north");
    const read = () => session.db.selectFrom("books").select(["id", "note", "shelf"]).orderBy("id").execute();
    const write = (shelf: string) =>
      session.db.updateTable("books").set({ shelf }).where("id", "=", bookId(1)).executeTakeFirst();
    const before = await read();
    expect(before).toHaveLength(3);
    for (const [what, destination] of there) {
      const receipt = await moveTenant(world.estate, "north", destination);
      expect(await read(), what).toEqual(before);
      await write("open");
      const place = await placeOf("north");
      expect(place).toMatchObject({ tier: destination.tier, cell: destination.cell, state: "active" });
      const database = place.database ?? destination.cell;
      expect(await whereabouts("north"), what).toEqual({ [`${database}.${place.schema}`]: 3 });
      expect(JSON.parse(receipt.text)).toMatchObject({ kind: "move", epoch: place.epoch, operator: "olga" });
      const [entry] = await world.raw(
        database,
        "SELECT entry FROM wardline.audit WHERE tenant_id = 'north' AND entry LIKE '%tenant.move%' ORDER BY seq DESC LIMIT 1",
      );
      expect(JSON.parse(String(entry?.["entry"]))).toMatchObject({ reason: `sha256:${receipt.sha256}` });
    }
    expect(await whereabouts("south")).toEqual({ "left.public": 3 });
    expect((await placeOf("north")).epoch).toBe(1 + there.length);
  });

  test("V88: a router that did not hear of it is refused by the source, looks anew, and repeats what was not executed", async () => {
    const stale = sessionOf(await openWardline(world.openPlaces()), "south");
    const count = () => stale.db.selectFrom("books").select("id").execute();
    expect(await count()).toHaveLength(3);
    await moveTenant(world.estate, "south", { tier: "schema", cell: "right" });
    // What the old place still had would be found by whoever is not refused there.
    await world.raw("left", "INSERT INTO public.branches (tenant_id, id) VALUES ('south', $1)", [
      bookId(900),
    ]);
    await world.raw(
      "left",
      `INSERT INTO public.books (tenant_id, id, title, note, code, price, branch_id, shelf)
SELECT 'south', $1, 'left behind', NULL, decode(rpad('574c530200000001', 200, '0'), 'hex'), 1, $1, 'open'`,
      [bookId(900)],
    );
    expect(await count()).toHaveLength(3);
    await world.raw("left", "DELETE FROM public.books WHERE tenant_id = 'south'");
    await world.raw("left", "DELETE FROM public.branches WHERE tenant_id = 'south'");
    await moveTenant(world.estate, "south", { tier: "pool", cell: "left" });
    await stale.db.transaction().execute(async (trx) => {
      expect(await trx.selectFrom("books").select("id").execute()).toHaveLength(3);
    });
  });

  test("V34: waits for a transaction that entered before, and its write comes along", async () => {
    const session = sessionOf(await openWardline(world.openPlaces()), "south");
    const entered = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const writing = session.db.transaction().execute(async (trx) => {
      await trx.updateTable("books").set({ holder_id: "late" }).where("id", "=", bookId(2)).execute();
      entered.resolve();
      await goOn.promise;
    });
    await entered.promise;
    let copied = false;
    const moving = moveTenant(
      world.estate,
      "south",
      { tier: "schema", cell: "left" },
      { onProgress: ({ step }) => (copied ||= step === "copy") },
    );
    await expect.poll(async () => (await placeOf("south")).state).toBe("moving");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(copied).toBe(false);
    // Nobody else writes meanwhile, and everybody reads.
    const update = session.db.updateTable("books").set({ holder_id: "refused" }).where("id", "=", bookId(1));
    await expect(update.execute()).rejects.toEqual(coded("placement/read-only"));
    expect(await session.db.selectFrom("books").select("id").execute()).toHaveLength(3);
    goOn.resolve();
    await Promise.all([writing, moving]);
    const place = await placeOf("south");
    const rows = await world.raw(
      "left",
      `SELECT holder_id FROM "${place.schema}".books WHERE holder_id IN ('late', 'refused')`,
    );
    expect(rows).toEqual([{ holder_id: "late" }]);
    await moveTenant(world.estate, "south", { tier: "pool", cell: "left" });
  });

  test("V105: loses no acknowledged write of those who write all the time", async () => {
    const wardline = await openWardline(world.openPlaces());
    const stop = new AbortController();
    const acknowledged = new Map<number, string>();
    let refusals = 0;
    const writers = [0, 1, 2, 3].map(async (number) => {
      const session = sessionOf(wardline, "east");
      for (let turn = 0; !stop.signal.aborted; turn++) {
        const note = `${number}/${turn}`;
        try {
          const { numUpdatedRows } = await session.db
            .updateTable("books")
            .set({ holder_id: note })
            .where("id", "=", bookId(number))
            .executeTakeFirstOrThrow();
          expect(numUpdatedRows).toBe(1n);
          acknowledged.set(number, note);
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^placement\/(read-only|stale)$/);
          refusals++;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    for (const destination of [
      { tier: "schema", cell: "left" },
      { tier: "pool", cell: "right" },
      { tier: "database", cell: "right" },
      { tier: "pool", cell: "left" },
    ] as const) {
      const seen = [...acknowledged.values()];
      await expect.poll(() => [...acknowledged.values()].every((note) => !seen.includes(note))).toBe(true);
      await moveTenant(world.estate, "east", destination);
    }
    stop.abort();
    await Promise.all(writers);
    expect(refusals).toBeGreaterThan(0);
    expect(acknowledged.size).toBe(4);
    for (const [number, note] of acknowledged)
      expect(
        await world.raw("left", "SELECT holder_id FROM public.books WHERE tenant_id = 'east' AND id = $1", [
          bookId(number),
        ]),
      ).toEqual([{ holder_id: note }]);
    expect(await whereabouts("east")).toEqual({ "left.public": 1200 });
  });

  test.each([
    ["another cell", { tier: "pool", cell: "right" }],
    ["the same database", { tier: "schema", cell: "left" }],
  ] as const)(
    "cut off at any step goes on from there, to %s and back",
    async (_, away) => {
      for (const [index, name] of moveStepNames.entries()) {
        const destination = index % 2 === 0 ? away : ({ tier: "pool", cell: "left" } as const);
        const within = away.cell === "left";
        const cut = new Error("killed");
        const onProgress = ({ step, what }: { step: string; what: string | null }): void => {
          // In the midst of a copy, not at its beginning.
          if (step === name && (name !== "copy" || what !== null || within)) throw cut;
        };
        await expect(
          moveTenant(world.estate, "south", destination, { onProgress, leaveOnFailure: true }),
        ).rejects.toBe(cut);
        await expect(moveTenant(world.estate, "south", destination)).rejects.toEqual(
          expect.objectContaining({ name: "PlacementError" }),
        );
        await resumeMove(world.estate, "south");
        const place = await placeOf("south");
        expect(place, name).toMatchObject({ ...destination, state: "active" });
        expect(await whereabouts("south"), name).toEqual({ [`${destination.cell}.${place.schema}`]: 3 });
      }
    },
    60_000,
  );

  test("does no harm when a step that had been done is done again", async () => {
    for (const [index, name] of moveStepNames.entries()) {
      const destination: Destination =
        index % 2 === 0 ? { tier: "schema", cell: "right" } : { tier: "pool", cell: "left" };
      const next = moveStepNames[index + 1];
      await moveTenant(world.estate, "south", destination, {
        leaveOnFailure: true,
        onProgress: ({ step, what }) => {
          if (what === null && step === next) throw new Error("killed");
        },
      }).catch(() => undefined);
      // As if it had been killed before it was written down that the step was done.
      await world.raw(
        "catalogue",
        "UPDATE wardline_catalogue.operation SET done = $1 WHERE tenant = 'south' AND state = 'running'",
        [index],
      );
      if (next !== undefined) await resumeMove(world.estate, "south");
      const place = await placeOf("south");
      expect(await whereabouts("south"), name).toEqual({ [`${destination.cell}.${place.schema}`]: 3 });
    }
  });

  test("whose connections are cut all the time ends at one place, with everything", async () => {
    const stop = new AbortController();
    const cutting = (async () => {
      while (!stop.signal.aborted) {
        await world.raw(
          "postgres",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wardline' AND datname IN ('left', 'right')",
        );
        await new Promise((resolve) => setTimeout(resolve, 40 + 160 * Math.random()));
      }
    })();
    let failures = 0;
    const attempt = (work: () => Promise<unknown>): Promise<unknown> => work().catch(() => failures++);
    for (const destination of [
      { tier: "schema", cell: "right" },
      { tier: "pool", cell: "left" },
    ] as const) {
      await attempt(() => moveTenant(world.estate, "east", destination));
      await attempt(() => resumeMove(world.estate, "east"));
    }
    stop.abort();
    await cutting;
    await resumeMove(world.estate, "east").catch((error: unknown) => {
      expect(error).toEqual(coded("placement/no-operation"));
    });
    expect(failures).toBeGreaterThan(0);
    const place = await placeOf("east");
    expect(place.state).toBe("active");
    expect(await whereabouts("east")).toEqual({ [`${place.cell}.${place.schema}`]: 1200 });
    const session = sessionOf(await openWardline(world.openPlaces()), "east");
    const update = session.db.updateTable("books").set({ holder_id: "after" }).where("id", "=", bookId(0));
    expect((await update.executeTakeFirst()).numUpdatedRows).toBe(1n);
  });

  test("is one process's at a time, and nobody goes on with another kind of operation", async () => {
    const reached = Promise.withResolvers<void>();
    const first = moveTenant(
      world.estate,
      "south",
      { tier: "schema", cell: "right" },
      { onProgress: ({ step }) => step === "copy" && reached.resolve() },
    );
    await reached.promise;
    await expect(resumeMove(world.estate, "south")).rejects.toEqual(coded("placement/busy"));
    await expect(cancelMove(world.estate, "south")).rejects.toEqual(coded("placement/busy"));
    await expect(resumeCreate(world.estate, "south")).rejects.toEqual(coded("placement/no-operation"));
    await expect(exportTenant(world.estate, "south", "/nowhere/south")).rejects.toEqual(
      coded("placement/busy"),
    );
    await first;
    // Whoever lost the lease stops at the next step, and the other one goes on.
    const taken: Promise<unknown>[] = [];
    const lost = moveTenant(
      world.estate,
      "south",
      { tier: "pool", cell: "left" },
      {
        onProgress: ({ step, what }) => {
          if (step !== "compare" || what === null || taken.length > 0) return;
          taken.push(
            world
              .raw(
                "catalogue",
                "UPDATE wardline_catalogue.operation SET holder = NULL, held_until = NULL WHERE tenant = 'south' AND state = 'running'",
              )
              .then(() => resumeMove(world.estate, "south")),
          );
        },
      },
    );
    await Promise.allSettled([lost]);
    await Promise.all(taken);
    const place = await placeOf("south");
    expect(place).toMatchObject({ cell: "left", tier: "pool", state: "active" });
    expect(await whereabouts("south")).toEqual({ "left.public": 3 });
  });

  test("is refused to a suspended tenant, whom nobody enters until it is reinstated", async () => {
    const session = sessionOf(await openWardline(world.openPlaces()), "north");
    const read = () => session.db.selectFrom("books").select("id").execute();
    expect(await read()).toHaveLength(3);
    await suspendTenant(world.estate, "north");
    await expect(read()).rejects.toEqual(coded("placement/suspended"));
    await expect(moveTenant(world.estate, "north", { tier: "pool", cell: "right" })).rejects.toEqual(
      coded("placement/wrong-state"),
    );
    await reinstateTenant(world.estate, "north");
    expect(await read()).toHaveLength(3);
    await expect(reinstateTenant(world.estate, "north")).rejects.toEqual(coded("placement/wrong-state"));
  });

  test("that fails before it leaves is taken back, and the source writes again", async () => {
    const session = sessionOf(await openWardline(world.openPlaces()), "south");
    const failing = moveTenant(
      world.estate,
      "south",
      { tier: "pool", cell: "right" },
      {
        onProgress: ({ step, what }) => {
          if (step === "compare" && what === null) throw new Error("no");
        },
      },
    );
    await expect(failing).rejects.toThrow("no");
    expect(await placeOf("south")).toMatchObject({ cell: "left", state: "active" });
    expect(await whereabouts("south")).toEqual({ "left.public": 3 });
    await session.db.updateTable("books").set({ holder_id: "again" }).where("id", "=", bookId(0)).execute();
    const [last] = await listOperations(world.estate.catalogue, "south");
    expect(last).toMatchObject({ state: "failed", kind: "move" });
    await expect(cancelMove(world.estate, "south")).rejects.toEqual(coded("placement/no-operation"));
  });

  test("is found out where what was copied was changed meanwhile", async () => {
    const cut = moveTenant(
      world.estate,
      "south",
      { tier: "pool", cell: "right" },
      {
        leaveOnFailure: true,
        onProgress: ({ step }) => {
          if (step === "compare") throw new Error("wait");
        },
      },
    );
    await expect(cut).rejects.toThrow("wait");
    await world.raw(
      "right",
      "UPDATE public.books SET note = 'changed' WHERE tenant_id = 'south' AND id = $1",
      [bookId(1)],
    );
    await expect(resumeMove(world.estate, "south")).rejects.toEqual(coded("placement/copy-differs"));
    expect(await placeOf("south")).toMatchObject({ cell: "left", state: "active" });
    expect(await whereabouts("south")).toEqual({ "left.public": 3 });
  });
});
