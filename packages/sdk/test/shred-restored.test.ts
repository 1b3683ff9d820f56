/**
 * A backup of the whole server, catalogue, registries and wrapped keys in it, restored into another one after a tenant was shredded: for every
 * provider it stays dead, and the others live.
 */
import {
  backUpPostgres,
  startKms,
  startPostgres,
  startVault,
  type Kms,
  type PostgresServer,
} from "@wardline/database-testing";
import { awsKms, localKeys, vaultTransit, type Database, type KeyProvider } from "@wardline/isolation";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import {
  createTenant,
  createTenantKeys,
  exportTenant,
  fileLedger,
  keysStatus,
  moveTenant,
  operatorSealers,
  restoreTenant,
  shredTenant,
} from "../src/operator/index.ts";
import { temporaryFolder } from "./library-bundles.ts";
import {
  bookId,
  codesOf,
  openShredWorld,
  receiptOf,
  remains,
  sessionOf,
  signer,
  type ShredWorld,
} from "./shred-world.ts";

const coded = (code: string) => expect.objectContaining({ code });
const day = 86_400_000;
const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

/** Opens the same store anew, as another process does after a restart. */
interface Outside {
  readonly open: () => KeyProvider;
  readonly kms?: Kms;
}

const login = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "only-for-tests" };

const providers: Readonly<Record<string, () => Promise<Outside>>> = {
  local: async () => {
    const file = join(temporaryFolder(), "keys.json");
    return { open: () => localKeys(file) };
  },
  "aws-kms": async () => {
    const kms = await startKms({ logins: [login], region: "eu-central-1" });
    stops.push(() => kms.stop());
    const options = { region: "eu-central-1", credentials: login, endpoint: kms.url, waitingDays: 7 };
    return { open: () => awsKms(options), kms };
  },
  "vault-transit": async () => {
    const vault = await startVault();
    stops.push(() => vault.stop());
    vault.tokens.set("token", undefined);
    return { open: () => vaultTransit({ address: vault.url, token: async () => "token" }) };
  },
};

/** KMS knows nothing any more of a tenant whose both keys are gone; the operator's ledger does. */
async function forgotten(
  world: ShredWorld,
  restored: ShredWorld,
  keys: KeyProvider,
  kms: Kms,
): Promise<void> {
  const path = join(temporaryFolder(), "ledger");
  const here = world.estateWith(keys, fileLedger(path));
  const both = { sign: signer, audit: true };
  expect(await shredTenant(here, "north", both)).toMatchObject({ kind: "waiting", step: "destroy" });
  kms.advance(8 * day);
  // That it is gone counts only when its time is over: before, it is another store than the one that was asked.
  await expect(shredTenant(here, "north", both)).rejects.toEqual(coded("keys/missing"));
  const real = Date.now;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => real() + 30 * day);
  onTestFinished(() => clock.mockRestore());
  expect(receiptOf(await shredTenant(here, "north", both)).outside).toMatchObject({
    data: { state: "destroyed" },
    audit: { state: "missing" },
  });
  expect(await keys.state("north", "data")).toEqual({ kind: "missing" });
  const known = await fileLedger(path).find("north");
  expect(known.map(({ state, audit }) => [state, audit])).toEqual([
    ["begun", true],
    ["destroyed", true],
  ]);
  // In the older database the audit's key is wrapped as it was, and nobody but the ledger knows that it is gone.
  await expect(shredTenant(restored.estate, "north", both)).rejects.toEqual(coded("shred/other-provider"));
  const there = restored.estateWith(keys, fileLedger(path));
  expect(receiptOf(await shredTenant(there, "north", both)).outside.audit).toMatchObject({
    state: "missing",
  });
  expect(await remains(restored, "left", "north")).toMatchObject({ keys: 0, audit: 0 });
  // A catalogue that never heard of it makes no keys for its id.
  for (const table of ["tombstone", "placement"])
    await restored.raw("catalogue", `DELETE FROM wardline_catalogue.${table} WHERE tenant = 'north'`);
  await expect(createTenant(there, "north", { tier: "pool", cell: "right" })).rejects.toEqual(
    coded("placement/tombstone"),
  );
  expect(await keys.state("north", "data")).toEqual({ kind: "missing" });
}

test("V87: the ledger forgets nothing, whatever became of a process that wrote it, and is refused where it is spoilt", async () => {
  const path = join(temporaryFolder(), "ledger");
  const entry = {
    tenant: "north",
    operation: "1",
    state: "begun",
    audit: false,
    at: "2026-01-05T12:00:00Z",
  } as const;
  await fileLedger(path).add(entry);
  const whole = readFileSync(path, "utf8");
  for (const cut of [1, 40, whole.length - 1]) {
    writeFileSync(path, whole + whole.slice(0, cut));
    expect(await fileLedger(path).find("north")).toEqual([entry]);
    await fileLedger(path).add({ ...entry, tenant: "south" });
    await fileLedger(path).add({ ...entry, tenant: "south" });
    expect(await fileLedger(path).find("south")).toHaveLength(1);
    expect(await fileLedger(path).find("north")).toEqual([entry]);
    // Nothing is taken back: another process may have written behind it.
    expect(readFileSync(path, "utf8").startsWith(whole + whole.slice(0, cut))).toBe(true);
  }
  // Two that begin at once where a third left a half line lose nothing of each other.
  const half = whole.slice(0, 40);
  const [east, west] = ["east", "west"].map((tenant) => JSON.stringify({ ...JSON.parse(whole), tenant }));
  writeFileSync(path, `${whole}${half}\u0018\n${east}\n\u0018\n${west}\n`);
  await fileLedger(path).add({ ...entry, tenant: "south" });
  for (const tenant of ["north", "east", "west", "south"])
    expect(await fileLedger(path).find(tenant)).toEqual([{ ...entry, tenant }]);
  for (const spoilt of [
    "\n",
    "{}\n",
    whole.replace("begun", "never"),
    whole.replace("ledger/1", "ledger/2"),
  ]) {
    writeFileSync(path, whole + spoilt);
    await expect(fileLedger(path).find("north")).rejects.toEqual(coded("shred/bad-ledger"));
    await expect(fileLedger(path).add(entry)).rejects.toEqual(coded("shred/bad-ledger"));
  }
});

test.each(Object.keys(providers))(
  "V87, V106: with keys of %s a restored server does not bring a shredded tenant back",
  async (name) => {
    const outside = await (providers[name] as () => Promise<Outside>)();
    const tenants = ["north", "south"];
    const world = await openShredWorld(outside.open(), tenants);
    for (const tenant of tenants) await world.make(tenant);
    const archive = join(temporaryFolder(), "archive");
    await exportTenant(world.estate, "north", archive);
    const backup = await backUpPostgres(world.server);
    stops.push(() => rmSync(backup.folder, { recursive: true, force: true }));

    let shredding = await shredTenant(world.estate, "north", { sign: signer });
    if (outside.kms !== undefined) {
      expect(shredding).toMatchObject({ kind: "waiting", step: "destroy" });
      // Not yet destroyed, and nothing is cleared; and yet the restored server opens nothing.
      expect(await remains(world, "left", "north")).toMatchObject({ keys: 3, indexes: 3, state: "disabled" });
    }
    const server: PostgresServer = await startPostgres({
      restore: backup,
      settings: { max_connections: "200" },
    });
    stops.push(() => server.stop());
    const told: unknown[] = [];
    const keys = outside.open();
    const restored = await openShredWorld(keys, tenants, server);
    // All of it is there again as it was.
    expect(await remains(restored, "left", "north")).toMatchObject({ keys: 3, indexes: 3, state: null });
    const wardline = await restored.open(tenants, { keys, onOperatorError: (error) => told.push(error) });
    await expect(codesOf(wardline, "north")).rejects.toThrow(/./);
    expect(told).toContainEqual(coded("keys/destroyed"));
    expect(told).toContainEqual(coded("keys/restored"));
    expect(await codesOf(wardline, "south")).toEqual(["secret 0", "secret 1", "secret 2"]);
    // Neither sealed nor searched: what stands in clear alone is read.
    const { db } = sessionOf(wardline, "north");
    await expect(
      db.updateTable("books").set({ code: "new" }).where("id", "=", bookId(1)).execute(),
    ).rejects.toThrow(/./);
    expect(await db.selectFrom("books").select("shelf").execute()).toHaveLength(3);

    const database = restored.estate.cells.database("left", null) as Database;
    await database.turn(async (session) => {
      const [row] = (
        await session.query(
          "SELECT encode(code, 'hex') AS cell FROM public.books WHERE tenant_id = 'north' LIMIT 1",
          [],
        )
      ).rows;
      const { cells, audit } = await operatorSealers(session, keys, "north");
      const place = { table: "books", column: "code", row: bookId(0) };
      expect(() => cells.open(place, String(row?.["cell"]))).toThrow(coded("keys/destroyed"));
      expect(() => cells.seal(place, "a")).toThrow(coded("keys/destroyed"));
      expect(audit.open("1", audit.seal("1", "who"))).toBe("who");
      const [status] = await keysStatus(session, keys, ["north"]);
      expect(status).toMatchObject({ state: "active" });
      expect(["destroyed", "pending"]).toContain(status?.outside.data.kind);
    });
    for (const [what, code] of [
      [() => createTenantKeys({ database, keys }, "north"), "keys/destroyed"],
      [() => moveTenant(restored.estate, "north", { tier: "pool", cell: "right" }), "placement/tombstone"],
      [() => moveTenant(restored.estate, "north", { tier: "schema", cell: "left" }), "placement/tombstone"],
      [() => createTenant(restored.estate, "north", { tier: "pool", cell: "right" }), "placement/tombstone"],
      [() => restoreTenant(restored.estate, "north", archive), "placement/tombstone"],
    ] as const)
      await expect(what()).rejects.toEqual(coded(code));
    await moveTenant(restored.estate, "south", { tier: "pool", cell: "right" });

    // It is shredded there again, and where it was begun.
    for (const one of [restored, world]) {
      shredding = await shredTenant(one.estate, "north", { sign: signer });
      if (outside.kms !== undefined && shredding.kind === "waiting") {
        const { until } = shredding;
        expect(until.getTime()).toBeGreaterThan(Date.now() + 6 * day);
        outside.kms.advance(8 * day);
        shredding = await shredTenant(one.estate, "north", { sign: signer });
      }
      expect(receiptOf(shredding).outside.data).toMatchObject({ state: "destroyed" });
      expect(await remains(one, "left", "north")).toMatchObject({ keys: 0, indexes: 0, state: "destroyed" });
    }
    if (outside.kms !== undefined) await forgotten(world, restored, keys, outside.kms);
    await restored.close();
    await world.close();
  },
  60_000,
);
