/** What stands in the way of a shredding: processes that live on, half moves, providers that fail or lie, clocks, holds, and others at the same tenant. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Cells,
  KeyProviderError,
  KeyRing,
  localKeys,
  moveStepNames,
  type Database,
  type KeyProvider,
  type RegistrySource,
} from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  cancelShred,
  createTenant,
  fileLedger,
  holdTenant,
  listOperations,
  listPlacements,
  moveTenant,
  reinstateTenant,
  releaseTenant,
  resealPlaced,
  setTenantKeyState,
  shredTenant,
  suspendTenant,
  type ShredOptions,
} from "../src/operator/index.ts";
import { temporaryFolder } from "./library-bundles.ts";
import {
  codesOf,
  held,
  openShredWorld,
  receiptOf,
  remains,
  sessionOf,
  signer,
  type ShredWorld,
} from "./shred-world.ts";

const coded = (code: string) => expect.objectContaining({ code });
const options = { sign: signer } as const;
const gone = { keys: 0, indexes: 0, state: "destroyed", fence: "moved" };

let world: ShredWorld;
let left: Database;
const folder = mkdtempSync(join(tmpdir(), "wardline-shred-"));
const keysFile = join(folder, "keys.json");
const keys = localKeys(keysFile);
let count = 0;
const names = Array.from({ length: 40 }, (_, number) => `tenant_${number}`);
/** A tenant of its own for each test. */
async function next(): Promise<string> {
  const name = names[(count += 1)] as string;
  await world.make(name);
  return name;
}
beforeAll(async () => {
  world = await openShredWorld(keys, names);
  left = world.estate.cells.database("left", null) as Database;
  await world.make("tenant_0");
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const clean = async (tenant: string, ...databases: readonly string[]) => {
  for (const database of databases)
    expect(await remains(world, database, tenant), database).toMatchObject(gone);
};

/** What a process reads of the registry, without a context: as the operator. */
function registryOf(tenant: string): RegistrySource {
  return {
    inTransaction: false,
    read: async () => {
      const [row] = await world.raw(
        "left",
        `SELECT jsonb_build_object('tenant', $1::text, 'state', COALESCE((SELECT state FROM wardline.tenant_key_state WHERE tenant_id = $1), 'active'),
  'holdFor', (SELECT hold_for FROM wardline.key_bound),
  'keys', (SELECT jsonb_agg(jsonb_build_object('purpose', purpose, 'version', version, 'state', state, 'provider', provider, 'writes', true, 'check', encode(check_value, 'hex'),
    'wrapped', CASE WHEN state IN ('current', 'readable') THEN encode(wrapped, 'hex') END)) FROM wardline.tenant_key WHERE tenant_id = $1))::text AS registry`,
        [tenant],
      );
      return String(row?.["registry"]);
    },
  };
}

describe("processes that live on", () => {
  test("V77: none opens anything once leases are out, whatever it held, and other tenants go on", async () => {
    const tenant = await next();
    const cell = { table: "books", column: "code", row: "1" };
    const rings = [new KeyRing({ provider: keys }), new KeyRing({ provider: keys })];
    onTestFinished(() => rings.forEach((ring) => ring.close()));
    const mine = await Promise.all(rings.map(async (ring) => ring.of(tenant, registryOf(tenant))));
    const theirs = await Promise.all(rings.map(async (ring) => ring.of("tenant_0", registryOf("tenant_0"))));
    const hex = mine[0]?.cells.seal(cell, "a remark") as string;
    const opened: number[] = [];
    let leases = 0;
    let destroying = 0;
    await shredTenant(world.estate, tenant, {
      ...options,
      onProgress: ({ step, what }) => {
        if (step === "leases out" && what === null) leases = performance.now();
        if (step === "leases out" && what !== null)
          for (const { cells } of mine)
            try {
              expect(cells.open(cell, hex)).toBe("a remark");
              opened.push(performance.now());
            } catch (error) {
              expect(error).toEqual(coded("keys/unavailable"));
            }
        if (step !== "destroy" || what !== null) return;
        destroying = performance.now();
        for (const { cells, audit } of mine) {
          expect(() => cells.open(cell, hex)).toThrow(coded("keys/unavailable"));
          expect(() => cells.seal(cell, "a")).toThrow(coded("keys/unavailable"));
          expect(() => audit.seal("1", "who")).toThrow(coded("keys/unavailable"));
        }
      },
    });
    expect(destroying - leases).toBeGreaterThanOrEqual(held - 50);
    for (const ring of rings) {
      const { cells } = await ring.of(tenant, registryOf(tenant));
      expect(() => cells.open(cell, hex)).toThrow(coded("destroyed"));
    }
    for (const [index, ring] of rings.entries()) {
      const { cells } = await ring.of("tenant_0", registryOf("tenant_0"));
      expect(cells.open(cell, cells.seal(cell, "theirs"))).toBe("theirs");
      expect(theirs[index]).toBeDefined();
    }
  });

  test("V77: a transaction that was inside is waited for, and nobody comes in after it", async () => {
    const tenant = await next();
    const wardline = await world.open([tenant, "tenant_0"]);
    const entered = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const inside = sessionOf(wardline, tenant)
      .db.transaction()
      .execute(async (trx) => {
        expect(await trx.selectFrom("books").select("shelf").execute()).toHaveLength(3);
        entered.resolve();
        await goOn.promise;
        return trx.selectFrom("books").select("id").execute();
      });
    await entered.promise;
    const steps: string[] = [];
    const shredding = shredTenant(world.estate, tenant, {
      ...options,
      onProgress: ({ step, what }) => what === null && steps.push(step),
    });
    await expect.poll(async () => (await remains(world, "left", tenant)).fence).toBe("moved");
    await expect(codesOf(wardline, tenant)).rejects.toEqual(coded("placement/suspended"));
    expect(await codesOf(wardline, "tenant_0")).toHaveLength(3);
    expect(steps).toEqual(["disable"]);
    goOn.resolve();
    expect(await inside).toHaveLength(3);
    receiptOf(await shredding);
    await clean(tenant, "left");
    expect(await codesOf(wardline, "tenant_0")).toHaveLength(3);
  });
});

describe("a tenant that is being moved", () => {
  test("V77: is nobody's to shred while another process is at it", async () => {
    const tenant = await next();
    const begun = Promise.withResolvers<void>();
    // It does not come to its end meanwhile.
    await world.raw("right", "BEGIN");
    await world.raw("right", "LOCK TABLE public.books IN ACCESS EXCLUSIVE MODE");
    const moving = moveTenant(
      world.estate,
      tenant,
      { tier: "pool", cell: "right" },
      { onProgress: () => begun.resolve() },
    );
    await begun.promise;
    await expect(shredTenant(world.estate, tenant, options)).rejects.toEqual(coded("placement/busy"));
    await world.raw("right", "ROLLBACK");
    await moving;
    // It lived at two places by now, and wrapped keys are at both.
    const receipt = receiptOf(await shredTenant(world.estate, tenant, options));
    await clean(tenant, "left", "right");
    const places = receipt.databases.filter(({ keys: all }) => all.some(({ sha256 }) => sha256 !== null));
    expect(places.map(({ cell, isHome }) => [cell, isHome])).toEqual([
      ["right", true],
      ["left", false],
    ]);
  });

  test.each(moveStepNames)(
    "V77: and was left off at `%s` is shredded at both places",
    async (name) => {
      const tenant = await next();
      const cut = new Error("killed");
      await expect(
        moveTenant(
          world.estate,
          tenant,
          { tier: "pool", cell: "right" },
          {
            leaveOnFailure: true,
            onProgress: ({ step, what }) => {
              if (step === name && (name !== "copy" || what !== null)) throw cut;
            },
          },
        ),
      ).rejects.toBe(cut);
      const receipt = receiptOf(await shredTenant(world.estate, tenant, options));
      await clean(tenant, "left");
      expect(await remains(world, "right", tenant)).toMatchObject({
        keys: 0,
        indexes: 0,
        state: "destroyed",
      });
      expect(receipt.databases.map(({ cell }) => cell).toSorted()).toEqual(["left", "right"]);
      const running = (await listOperations(world.estate.catalogue, tenant)).filter(
        ({ state }) => state === "running",
      );
      expect(running).toEqual([]);
    },
    20_000,
  );
});

/** Gives a tenant a database of its own, moves it back to the pool, and drops the database, whose name it gives. */
async function droppedHome(tenant: string): Promise<string> {
  await moveTenant(world.estate, tenant, { tier: "database", cell: "right" });
  const [own] = await world.raw(
    "catalogue",
    "SELECT database FROM wardline_catalogue.placement WHERE tenant = $1",
    [tenant],
  );
  const name = String(own?.["database"]);
  await moveTenant(world.estate, tenant, { tier: "pool", cell: "left" });
  await world.raw("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
  return name;
}

describe("a database in which the tenant was", () => {
  test("V77: stops the shredding where there is no way to it, before anything is done", async () => {
    const tenant = await next();
    await moveTenant(world.estate, tenant, { tier: "pool", cell: "right" });
    await moveTenant(world.estate, tenant, { tier: "pool", cell: "left" });
    const half = { ...world.estate, cells: new Cells({ left: () => left }) };
    await expect(shredTenant(half, tenant, options)).rejects.toEqual(coded("placement/unknown-cell"));
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, state: null, fence: "active" });
    receiptOf(await shredTenant(world.estate, tenant, options));
    await clean(tenant, "left", "right");
  });

  test("V77: and that was dropped since is told in the receipt", async () => {
    const tenant = await next();
    const name = await droppedHome(tenant);
    const receipt = receiptOf(await shredTenant(world.estateWith(keys), tenant, options));
    expect(receipt.databases.map(({ database, isGone, isHome }) => [database, isGone, isHome])).toEqual(
      expect.arrayContaining([
        [null, false, true],
        [name, true, false],
      ]),
    );
    await clean(tenant, "left");
  });

  test("V77: and that has no registry of keys is told in the receipt as what it is", async () => {
    const tenant = await next();
    const name = await droppedHome(tenant);
    await world.raw("postgres", `CREATE DATABASE "${name}" TEMPLATE template0`);
    const receipt = receiptOf(await shredTenant(world.estateWith(keys), tenant, options));
    const { isGone, isKeyless, destroyedAt } =
      receipt.databases.find(({ database }) => database === name) ?? {};
    expect({ isGone, isKeyless, destroyedAt }).toEqual({ isGone: false, isKeyless: true, destroyedAt: null });
    const named = (of: string) => receipt.notCovered.find(({ what }) => what === of)?.names;
    expect(named("keyless-places")).toEqual([`right, database ${name}`]);
    expect(named("left-places")).not.toContain(`right, database ${name}`);
    await clean(tenant, "left");
  });
});

/** The provider of the world with another answer to some questions. */
const providerWith = (change: Partial<KeyProvider>): KeyProvider => ({ ...keys, ...change });
const failing = (code: "keys/refused" | "keys/unavailable") => async () => {
  throw new KeyProviderError(code, "as the test says");
};

describe("a provider", () => {
  test.each(["keys/refused", "keys/unavailable"] as const)(
    "V77: that answers %s leaves it disabled, without a receipt, to be gone on with",
    async (code) => {
      const tenant = await next();
      const estate = world.estateWith(providerWith({ destroy: failing(code) }));
      await expect(shredTenant(estate, tenant, options)).rejects.toEqual(coded(code));
      expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: "disabled" });
      const [operation] = await listOperations(world.estate.catalogue, tenant);
      expect(operation).toMatchObject({ kind: "shred", state: "running", receipt: null });
      expect(operation?.problem).toContain(code);
      receiptOf(await shredTenant(world.estate, tenant, options));
      await clean(tenant, "left");
    },
  );

  test("V77: whose answer is lost is asked again", async () => {
    const tenant = await next();
    const lost: KeyProvider["destroy"] = async (...of) => {
      await keys.destroy(...of);
      throw new KeyProviderError("keys/unavailable", "cut off");
    };
    await expect(
      shredTenant(world.estateWith(providerWith({ destroy: lost })), tenant, options),
    ).rejects.toEqual(coded("keys/unavailable"));
    receiptOf(await shredTenant(world.estate, tenant, options));
    await clean(tenant, "left");
  });

  test("V77: that says destroyed of what is there gets no receipt, and nothing is cleared", async () => {
    const tenant = await next();
    const liar = world.estateWith(providerWith({ destroy: async () => ({ kind: "destroyed" }) }));
    await expect(shredTenant(liar, tenant, options)).rejects.toEqual(coded("shred/not-destroyed"));
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: "disabled" });
    // Nor where a restored store has the key again by the time that it is cleared.
    let asked = 0;
    const back = world.estateWith(
      providerWith({
        state: async (...of) => ((asked += 1) > 2 ? { kind: "usable" } : keys.state(...of)),
      }),
    );
    await expect(shredTenant(back, tenant, options)).rejects.toEqual(coded("shred/not-destroyed"));
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: "disabled" });
    receiptOf(await shredTenant(world.estate, tenant, options));
  });

  test("V77: whose store was put back to an older state before all was cleared destroys the key again", async () => {
    const tenant = await next();
    const before = readFileSync(keysFile);
    const cut = new Error("killed");
    const onProgress: ShredOptions["onProgress"] = ({ step }) => {
      if (step === "clear") throw cut;
    };
    await expect(shredTenant(world.estate, tenant, { ...options, onProgress })).rejects.toBe(cut);
    expect(await keys.state(tenant, "data")).toEqual({ kind: "destroyed" });
    writeFileSync(keysFile, before);
    await expect(shredTenant(world.estate, tenant, options)).rejects.toEqual(coded("shred/not-destroyed"));
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: "disabled" });
    // Not by another store that knows the tenant.
    const other = localKeys(join(temporaryFolder(), "other.json"));
    await other.create(tenant);
    await expect(shredTenant(world.estateWith(other), tenant, options)).rejects.toEqual(
      coded("shred/other-provider"),
    );
    receiptOf(await shredTenant(world.estate, tenant, options));
    expect(await keys.state(tenant, "data")).toEqual({ kind: "destroyed" });
    await clean(tenant, "left");
  });

  test("V77: of other keys, or of none, destroys nothing", async () => {
    const tenant = await next();
    const other = localKeys(join(temporaryFolder(), "other.json"));
    for (const [estate, code] of [
      [world.estateWith(other), "shred/other-provider"],
      [world.estateWith({ ...keys, name: "vault-transit" }), "shred/other-provider"],
      [world.estateWith(undefined), "shred/no-provider"],
    ] as const)
      await expect(shredTenant(estate, tenant, options)).rejects.toEqual(coded(code));
    const keyless = names[(count += 1)] as string;
    await createTenant(world.estateWith(undefined), keyless, { tier: "pool", cell: "left" });
    await expect(shredTenant(world.estate, keyless, options)).rejects.toEqual(coded("shred/no-keys"));
    await expect(shredTenant(world.estate, "nobody", options)).rejects.toEqual(
      coded("placement/unknown-tenant"),
    );
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: null });
  });
});

describe("another store of the same kind that knows the tenant too", () => {
  const stranger = async (tenant: string): Promise<KeyProvider> => {
    const other = localKeys(join(temporaryFolder(), "other.json"));
    await other.create(tenant);
    return other;
  };

  test("V77: is not taken for the one that wrapped its keys, so no receipt tells of a key that lives on", async () => {
    const tenant = await next();
    const other = await stranger(tenant);
    for (const audit of [false, true])
      await expect(shredTenant(world.estateWith(other), tenant, { ...options, audit })).rejects.toEqual(
        coded("shred/other-provider"),
      );
    expect(await other.state(tenant, "data")).toEqual({ kind: "usable" });
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: null });
    const wardline = await world.open([tenant]);
    expect(await codesOf(wardline, tenant)).toEqual(["secret 0", "secret 1", "secret 2"]);
  });

  test("V77: nor by whoever goes on with what was begun with the right one; a damaged row keeps nothing from its end", async () => {
    const tenant = await next();
    await shredTenant(world.estate, tenant, { ...options, wait: false });
    const other = await stranger(tenant);
    await expect(shredTenant(world.estateWith(other), tenant, options)).rejects.toEqual(
      coded("shred/other-provider"),
    );
    expect(await other.state(tenant, "data")).toEqual({ kind: "usable" });
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, indexes: 3, state: "disabled" });
    await world.raw(
      "left",
      "UPDATE wardline.tenant_key SET wrapped = '\\x00', wraps = wraps + 1 WHERE tenant_id = $1 AND purpose IN ('seal', 'mask')",
      [tenant],
    );
    receiptOf(await shredTenant(world.estate, tenant, options));
    await clean(tenant, "left");
  });
});

describe("others at the same tenant", () => {
  test("V77: five shreddings at once are one", async () => {
    const tenant = await next();
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => shredTenant(world.estate, tenant, options)),
    );
    const receipts = new Set(
      all.flatMap((one) =>
        one.status === "fulfilled" && one.value.kind === "done" ? [one.value.sha256] : [],
      ),
    );
    expect(receipts.size).toBe(1);
    for (const one of all) if (one.status === "rejected") expect(one.reason).toEqual(coded("placement/busy"));
    const entries = await world.raw(
      "left",
      "SELECT FROM wardline.audit WHERE tenant_id = $1 AND entry LIKE '%tenant.shred%'",
      [tenant],
    );
    expect(entries).toHaveLength(1);
    await clean(tenant, "left");
  });

  test("V77: a reseal that goes on all the time is stopped, and seals nothing after", async () => {
    const tenant = await next();
    let stopped: unknown = null;
    const resealing = (async () => {
      for (;;) await resealPlaced(world.estate, tenant, { rotate: ["seal", "index"], settle: 0 });
    })().catch((error: unknown) => (stopped = error));
    await shredTenant(world.estate, tenant, options);
    await resealing;
    expect((stopped as { code: string }).code).toMatch(
      /^(keys\/(not-here|disabled|destroyed|job-taken)|destroyed)$/,
    );
    await clean(tenant, "left");
  });

  test("V77: an operator does not make the keys active again", async () => {
    const tenant = await next();
    const waiting = await shredTenant(world.estate, tenant, { ...options, wait: false });
    expect(waiting).toMatchObject({ kind: "waiting", step: "leases out" });
    await expect(left.turn((session) => setTenantKeyState(session, tenant, "active"))).rejects.toThrow(
      /shredded/,
    );
    await expect(
      world.raw("left", "UPDATE wardline.tenant_key_state SET state = 'active' WHERE tenant_id = $1", [
        tenant,
      ]),
    ).rejects.toThrow(/shredded/);
    await expect(
      world.raw("left", "DELETE FROM wardline.tenant_shred WHERE tenant_id = $1", [tenant]),
    ).rejects.toThrow(/not forgotten/);
    receiptOf(await shredTenant(world.estate, tenant, options));
  });

  test("V77: is taken back before anything is destroyed, and not after", async () => {
    const tenant = await next();
    await shredTenant(world.estate, tenant, { ...options, wait: false });
    await holdTenant(world.estate, tenant, "case 7");
    await expect(reinstateTenant(world.estate, tenant)).rejects.toEqual(coded("placement/busy"));
    await cancelShred(world.estate, tenant);
    expect(await remains(world, "left", tenant)).toEqual({
      keys: 3,
      audit: 1,
      indexes: 3,
      state: "active",
      fence: "active",
    });
    const wardline = await world.open([tenant]);
    expect(await codesOf(wardline, tenant)).toEqual(["secret 0", "secret 1", "secret 2"]);
    await expect(cancelShred(world.estate, tenant)).rejects.toEqual(coded("placement/no-operation"));
    await moveTenant(world.estate, tenant, { tier: "pool", cell: "right" });
    await releaseTenant(world.estate, tenant);
    const stuck = world.estateWith(providerWith({ destroy: failing("keys/unavailable") }));
    await expect(shredTenant(stuck, tenant, options)).rejects.toEqual(coded("keys/unavailable"));
    await expect(cancelShred(world.estate, tenant)).rejects.toEqual(coded("shred/begun"));
    receiptOf(await shredTenant(world.estate, tenant, options));
    await clean(tenant, "left", "right");
    await expect(cancelShred(world.estate, tenant)).rejects.toEqual(coded("placement/no-operation"));
  });

  test("V77: one who was suspended before is so after it is taken back, however far it came", async () => {
    const tenant = await next();
    await suspendTenant(world.estate, tenant);
    const stateOf = async () =>
      (await world.estate.catalogue.turn((session) => listPlacements(session))).find(
        (placed) => placed.tenant === tenant,
      )?.state;
    // Cut off before its first step, and later.
    await expect(
      shredTenant(world.estate, tenant, {
        ...options,
        onProgress: () => {
          throw new Error("cut off");
        },
      }),
    ).rejects.toThrow("cut off");
    await cancelShred(world.estate, tenant);
    expect(await stateOf()).toBe("suspended");
    expect(await remains(world, "left", tenant)).toMatchObject({ fence: "moved" });
    await shredTenant(world.estate, tenant, { ...options, wait: false });
    await cancelShred(world.estate, tenant);
    expect(await stateOf()).toBe("suspended");
    expect(await remains(world, "left", tenant)).toMatchObject({ state: "active", fence: "moved" });
    await reinstateTenant(world.estate, tenant);
    const wardline = await world.open([tenant]);
    expect(await codesOf(wardline, tenant)).toEqual(["secret 0", "secret 1", "secret 2"]);
  });

  test("V77: a legal hold stops it, until its destruction has begun", async () => {
    const tenant = await next();
    const { id } = await holdTenant(world.estate, tenant, "case 7");
    await expect(shredTenant(world.estate, tenant, options)).rejects.toEqual(coded("shred/held"));
    await expect(shredTenant(world.estate, tenant, { ...options, audit: true })).rejects.toEqual(
      coded("shred/held"),
    );
    expect(await remains(world, "left", tenant)).toMatchObject({ keys: 3, state: null, fence: "active" });
    // Not where its record cannot say so.
    const apart = { ...world.estate, cells: new Cells({}) };
    await expect(releaseTenant(apart, tenant)).rejects.toEqual(coded("placement/unknown-cell"));
    await expect(shredTenant(world.estate, tenant, options)).rejects.toEqual(coded("shred/held"));
    await releaseTenant(world.estate, tenant, id);
    await expect(releaseTenant(world.estate, tenant)).rejects.toEqual(coded("shred/no-hold"));
    // One that comes while it waits.
    await shredTenant(world.estate, tenant, { ...options, wait: false });
    await holdTenant(world.estate, tenant, "case 8");
    await expect(shredTenant(world.estate, tenant, options)).rejects.toEqual(coded("shred/held"));
    expect(await keys.state(tenant, "data")).toEqual({ kind: "usable" });
    await releaseTenant(world.estate, tenant);
    const stuck = world.estateWith(providerWith({ destroy: failing("keys/unavailable") }));
    await expect(shredTenant(stuck, tenant, options)).rejects.toEqual(coded("keys/unavailable"));
    await expect(holdTenant(world.estate, tenant, "too late")).rejects.toEqual(coded("shred/begun"));
    receiptOf(await shredTenant(world.estate, tenant, options));
    const actions = await world.raw(
      "left",
      "SELECT entry::jsonb ->> 'action' AS action FROM wardline.audit WHERE tenant_id = $1 ORDER BY seq",
      [tenant],
    );
    expect(actions.map(({ action }) => action)).toEqual([
      "tenant.create",
      "tenant.hold",
      "tenant.release",
      "tenant.hold",
      "tenant.release",
      "tenant.shred",
    ]);
    expect(JSON.stringify(actions)).not.toContain("case");
    // A hold on what is left: the audit's key.
    await holdTenant(world.estate, tenant, "case 9");
    await expect(shredTenant(world.estate, tenant, { ...options, audit: true })).rejects.toEqual(
      coded("shred/held"),
    );
    expect(await keys.state(tenant, "audit")).toEqual({ kind: "usable" });
  });
});

describe("a shredding that is taken back", () => {
  const begun = async (): Promise<string> => {
    const tenant = await next();
    await shredTenant(world.estate, tenant, { ...options, wait: false });
    return tenant;
  };

  test("V77: lets nobody in whom the provider, or the ledger, knows to be shredded, and the shredding goes on", async () => {
    const [known, listed] = [await begun(), await begun()];
    // As in a database that was restored from a moment before its destruction.
    await keys.destroy(known, "data");
    const ledger = fileLedger(join(temporaryFolder(), "ledger"));
    await ledger.add({
      tenant: listed,
      operation: "1",
      state: "begun",
      audit: false,
      at: "2026-01-05T12:00:00Z",
    });
    const estate = world.estateWith(keys, ledger);
    for (const tenant of [known, listed]) {
      await expect(cancelShred(estate, tenant)).rejects.toEqual(coded("placement/tombstone"));
      expect(await remains(world, "left", tenant)).toMatchObject({ state: "disabled", fence: "moved" });
      receiptOf(await shredTenant(estate, tenant, options));
      await clean(tenant, "left");
      // Of the audit's key alone: nobody is let in by that.
      await shredTenant(estate, tenant, { ...options, audit: true, wait: false });
      await cancelShred(estate, tenant);
      expect(await remains(world, "left", tenant)).toMatchObject({ ...gone, audit: 1 });
    }
  });
});

describe("a clock that is wrong", () => {
  test.each([
    ["a year fast", 365 * 86_400_000],
    ["a year slow", -365 * 86_400_000],
  ])("V77: %s on the operator's machine shortens nothing and does not hold it up for ever", async (_, by) => {
    const tenant = await next();
    await shredTenant(world.estate, tenant, { ...options, wait: false });
    const real = Date.now;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => real() + by);
    onTestFinished(() => clock.mockRestore());
    const began = performance.now();
    const receipt = receiptOf(await shredTenant(world.estate, tenant, options));
    expect(performance.now() - began).toBeLessThan(15_000);
    const home = receipt.databases.find(({ isHome }) => isHome);
    expect(Date.parse(home?.destroyedAt ?? "") - Date.parse(home?.leftAt ?? "")).toBeGreaterThanOrEqual(
      held - 2,
    );
    await clean(tenant, "left");
  });
});
