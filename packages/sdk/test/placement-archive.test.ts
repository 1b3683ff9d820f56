/** V87: archives of one tenant, and what is refused of them. V90: migrations of all places. Residency. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { siloName, type Estate, type KeyProvider } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addCell,
  cancelRestore,
  createTenant,
  exportTenant,
  listPlacements,
  migratePlacements,
  moveTenant,
  putTombstone,
  resealPlaced,
  restoreTenant,
  resumeRestore,
} from "../src/operator/index.ts";
import { placement } from "../src/index.ts";
import { temporaryFolder } from "./library-bundles.ts";
import {
  bookId,
  fill,
  openWardline,
  openWorld,
  sessionOf,
  type Tenant,
  type World,
  keys,
} from "./placement-world.ts";

const coded = (code: string) => expect.objectContaining({ code });

let world: World;
let estate: Estate;
beforeAll(async () => {
  world = await openWorld();
  estate = world.estate;
  for (const tenant of ["north", "south"] as const) {
    await createTenant(estate, tenant, { tier: "pool", cell: "left" });
    await fill(await databaseOf(tenant), tenant);
  }
});
afterAll(() => world.close());

async function databaseOf(tenant: string) {
  const all = await estate.catalogue.turn(listPlacements);
  const found = all.find((it) => it.tenant === tenant);
  const database = found && estate.cells.at(found);
  if (database === undefined) throw new Error("no way");
  return database;
}

async function rowsOf(tenant: Tenant): Promise<unknown> {
  const database = await databaseOf(tenant);
  const { schema } = database;
  return database.turn(async (session) => {
    const found: unknown[] = [];
    for (const [table, key] of [
      ["branches", "id"],
      ["books", "id"],
      ["book_tags", "book_id, tag"],
      ["recommendations", "member_id"],
    ] as const)
      found.push(
        (
          await session.query(
            `SELECT r::text AS row FROM "${schema}"."${table}" r WHERE tenant_id = $1 ORDER BY ${key}`,
            [tenant],
          )
        ).rows,
      );
    return found;
  });
}

const raw = (sql: string, parameters?: unknown[]) => world.raw("left", sql, parameters);

/** Writes a line into a file of an archive, and the manifest anew so that it speaks of it. */
function forge(folder: string, change: (files: Map<string, string>, manifest: Manifest) => void): void {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const manifest = JSON.parse(read("manifest.json")) as Manifest;
  const files = new Map(readdirSync(folder).map((name) => [name, read(name)]));
  change(files, manifest);
  for (const table of manifest.tables) {
    const text = files.get(table.file) ?? "";
    table.rows = text.split("\n").length - 1;
    table.sha256 = createHash("sha256").update(text).digest("hex");
    writeFileSync(join(folder, table.file), text);
  }
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, item]) => [key, sorted(item)]),
          )
        : value;
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(sorted(manifest))}\n`);
}

interface Manifest {
  tenant: string;
  model: string;
  tables: { table: string; file: string; rows: number; sha256: string; columns: string[] }[];
}

const fileOf = (manifest: Manifest, table: string): string =>
  manifest.tables.find((it) => it.table === table)?.file ?? "";

describe("an archive", () => {
  test("holds one tenant at one moment, sealed cells sealed, and brings all of it back", async () => {
    const folder = join(temporaryFolder(), "north");
    const before = await rowsOf("north");
    const others = await rowsOf("south");
    const { manifest, receipt } = await exportTenant(estate, "north", folder);
    expect(manifest).toMatchObject({ tenant: "north", epoch: 1, keyVersions: [1] });
    expect(manifest.tables.map(({ table, rows }) => [table, rows])).toEqual([
      ["branches", 2],
      ["books", 3],
      ["book_tags", 6],
      ["recommendations", 1],
    ]);
    expect(JSON.parse(receipt.text)).toMatchObject({ kind: "export" });
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
      expect(readFileSync(join(folder, name), "utf8")).not.toMatch(/south|"secret"/);
    }
    await raw("UPDATE public.books SET title = 'spoilt' WHERE tenant_id = 'north'");
    await raw("DELETE FROM public.book_tags WHERE tenant_id = 'north' AND book_id = $1", [bookId(0)]);
    await raw("INSERT INTO public.branches (tenant_id, id) VALUES ('north', $1)", [bookId(77)]);
    const rehearsed = await restoreTenant(estate, "north", folder, { rehearseOnly: true });
    expect(rehearsed.differences).toEqual([
      { table: "branches", living: 3, archived: 2, same: false },
      { table: "books", living: 3, archived: 3, same: false },
      { table: "book_tags", living: 4, archived: 6, same: false },
      { table: "recommendations", living: 1, archived: 1, same: true },
    ]);
    expect(await rowsOf("north")).not.toEqual(before);
    const restored = await restoreTenant(estate, "north", folder);
    expect(await rowsOf("north")).toEqual(before);
    expect(await rowsOf("south")).toEqual(others);
    expect(restored.receipt?.kind).toBe("restore");
    expect(
      await raw("SELECT FROM pg_namespace WHERE nspname = $1", [siloName("rehearsal", "north")]),
    ).toEqual([]);
    // What happened stays on record: the export and the restore were entered after the archive was made.
    const entries = await raw(
      "SELECT entry::jsonb ->> 'action' AS action FROM wardline.audit WHERE tenant_id = 'north' ORDER BY seq",
    );
    expect(entries.map((row) => row["action"])).toEqual(["tenant.create", "tenant.export", "tenant.restore"]);
    await expect(exportTenant(estate, "north", folder)).rejects.toEqual(coded("archive/exists"));
  });

  test("comes back into another tier, and facts that were read before are stale", async () => {
    const folder = join(temporaryFolder(), "south");
    await exportTenant(estate, "south", folder);
    const before = await rowsOf("south");
    const epochOf = async () =>
      (await raw("SELECT facts_epoch FROM wardline.tenant_state WHERE tenant = 'south'"))[0]?.["facts_epoch"];
    const epoch = await epochOf();
    await moveTenant(estate, "south", { tier: "schema", cell: "left" });
    await restoreTenant(estate, "south", folder);
    expect(await rowsOf("south")).toEqual(before);
    expect(Number(await epochOf())).toBeGreaterThan(Number(epoch));
    await moveTenant(estate, "south", { tier: "pool", cell: "left" });
  });

  const forgeries: readonly (readonly [string, string, (folder: string) => void])[] = [
    ["another tenant's", "archive/other-tenant", (folder) => forge(folder, (_, it) => (it.tenant = "south"))],
    [
      "one of another model",
      "archive/other-model",
      (folder) => forge(folder, (_, it) => (it.model = "0".repeat(64))),
    ],
    [
      "one with other columns",
      "archive/other-model",
      (folder) => forge(folder, (_, it) => it.tables[0]?.columns.unshift("x")),
    ],
    [
      "one whose bytes were changed",
      "archive/changed",
      (folder) => {
        const name = join(folder, "table-001.jsonl");
        writeFileSync(name, readFileSync(name, "utf8").replace("saga of north", "saga of nobody"));
      },
    ],
    [
      "one that lost a row",
      "archive/changed",
      (folder) => {
        const name = join(folder, "table-001.jsonl");
        const text = readFileSync(name, "utf8");
        writeFileSync(name, text.slice(text.indexOf("\n") + 1));
      },
    ],
    ["one without a file", "archive/unreadable", (folder) => rmSync(join(folder, "table-002.jsonl"))],
    ["one without a manifest", "archive/unreadable", (folder) => rmSync(join(folder, "manifest.json"))],
    [
      "one whose manifest has two readings",
      "archive/bad-manifest",
      (folder) => {
        const name = join(folder, "manifest.json");
        writeFileSync(name, readFileSync(name, "utf8").replace("{", '{"tenant":"south",'));
      },
    ],
    [
      "one whose file leads out of the folder",
      "archive/bad-manifest",
      (folder) => {
        const name = join(folder, "manifest.json");
        writeFileSync(name, readFileSync(name, "utf8").replaceAll("table-001.jsonl", "../../etc/x.jsonl"));
      },
    ],
    [
      "ids that collide",
      "archive/duplicate-row",
      (folder) =>
        forge(folder, (files, it) => {
          const name = fileOf(it, "branches");
          files.set(name, `${files.get(name) ?? ""}${files.get(name)?.split("\n")[0] ?? ""}\n`);
        }),
    ],
    [
      "a row that refers to nothing",
      "archive/bad-row",
      (folder) =>
        forge(folder, (files, it) => {
          const name = fileOf(it, "book_tags");
          files.set(name, `["${bookId(500)}","b"]\n${files.get(name) ?? ""}`);
        }),
    ],
    [
      "a value that does not fit",
      "archive/bad-row",
      (folder) =>
        forge(folder, (files, it) => {
          const name = fileOf(it, "books");
          files.set(name, (files.get(name) ?? "").replaceAll('"9.50"', '"dear"'));
        }),
    ],
    [
      "plain text where a sealed cell stood",
      "archive/bad-row",
      (folder) =>
        forge(folder, (files, it) => {
          const name = fileOf(it, "books");
          files.set(name, (files.get(name) ?? "").replaceAll("574c5302", "00000000"));
        }),
    ],
  ];
  test.each(forgeries)("V87: %s is refused, and nothing living is touched", async (_, code, spoil) => {
    const folder = join(temporaryFolder(), "north");
    await exportTenant(estate, "north", folder);
    const before = await rowsOf("north");
    spoil(folder);
    const refused = await restoreTenant(estate, "north", folder).catch((error: unknown) => error);
    expect(refused).toEqual(coded(code));
    expect((refused as Error).message).not.toMatch(/saga|dear|9\.50/);
    expect(await rowsOf("north")).toEqual(before);
    expect(await raw("SELECT FROM pg_namespace WHERE nspname LIKE 'wr\\_%'")).toEqual([]);
  });

  test("V87: one that is signed is taken only with the signature of the key that is trusted", async () => {
    const [ours, theirs] = [1, 2].map(() => generateKeyPairSync("ed25519"));
    if (ours === undefined || theirs === undefined) throw new Error("no keys");
    const folder = join(temporaryFolder(), "north");
    await exportTenant(estate, "north", folder, { sign: ours.privateKey });
    const restore = (at: string, trust = ours.publicKey) =>
      restoreTenant(estate, "north", at, { trust, rehearseOnly: true });
    await expect(restore(folder)).resolves.toMatchObject({ receipt: null });
    await expect(restore(folder, theirs.publicKey)).rejects.toEqual(coded("archive/bad-signature"));
    const forged = `${folder}-forged`;
    cpSync(folder, forged, { recursive: true });
    forge(forged, (files, it) => {
      const name = fileOf(it, "books");
      files.set(name, (files.get(name) ?? "").replaceAll('"9.50"', '"1.50"'));
    });
    await expect(restore(forged)).rejects.toEqual(coded("archive/bad-signature"));
    rmSync(join(forged, "manifest.sig"));
    await expect(restore(forged)).rejects.toEqual(coded("archive/unsigned"));
  });

  test("a restore that was cut off goes on, with the archive that it began with alone", async () => {
    const folder = join(temporaryFolder(), "north");
    await exportTenant(estate, "north", folder);
    const before = await rowsOf("north");
    await raw("UPDATE public.books SET title = 'spoilt' WHERE tenant_id = 'north'");
    for (const step of ["rehearse", "compare", "swap"]) {
      const cut = restoreTenant(estate, "north", folder, {
        onProgress: (progress) => {
          if (progress.step === step) throw new Error("killed");
        },
      });
      await expect(cut).rejects.toThrow("killed");
      const other = `${folder}-kept`;
      cpSync(folder, other, { recursive: true });
      forge(folder, (files, it) => {
        const name = fileOf(it, "books");
        files.set(name, (files.get(name) ?? "").replaceAll('"9.50"', '"1.50"'));
      });
      await expect(resumeRestore(estate, "north")).rejects.toEqual(coded("archive/changed"));
      rmSync(folder, { recursive: true });
      cpSync(other, folder, { recursive: true });
      rmSync(other, { recursive: true });
      await world.raw(
        "catalogue",
        "UPDATE wardline_catalogue.operation SET held_until = now() - interval '1 s' WHERE holder IS NOT NULL",
      );
      await resumeRestore(estate, "north");
      expect(await rowsOf("north")).toEqual(before);
      await raw("UPDATE public.books SET title = 'spoilt' WHERE tenant_id = 'north'");
    }
    await restoreTenant(estate, "north", folder);
  });

  test("V87: a tenant with a tombstone does not come back, and is not placed anew", async () => {
    await createTenant(estate, "east", { tier: "schema", cell: "left" });
    const folder = join(temporaryFolder(), "east");
    await exportTenant(estate, "east", folder);
    await putTombstone(estate.catalogue, "east", "shredded");
    for (const refused of [
      () => restoreTenant(estate, "east", folder),
      () => moveTenant(estate, "east", { tier: "pool", cell: "left" }),
      () => createTenant(estate, "east", { tier: "pool", cell: "left" }),
    ])
      await expect(refused()).rejects.toEqual(coded("placement/tombstone"));
  });

  test("an audit chain that is another one than the tenant's is refused", async () => {
    const folder = join(temporaryFolder(), "north");
    await exportTenant(estate, "north", folder);
    await raw("ALTER TABLE wardline.audit DISABLE TRIGGER USER");
    await raw("UPDATE wardline.audit SET hash = sha256('x') WHERE tenant_id = 'north' AND seq = 1");
    await expect(restoreTenant(estate, "north", folder)).rejects.toEqual(coded("placement/audit-forked"));
  });
});

describe("a policy's settings", () => {
  test.each([
    ["residency", { residency: "us" }, { tier: "pool", cell: "left" }],
    ["isolation", { isolation: "schema" }, { tier: "pool", cell: "right" }],
    ["isolation", { isolation: "database" }, { tier: "schema", cell: "right" }],
  ] as const)("%s is asked before a tenant is placed or moved", async (code, settings, destination) => {
    const strict = world.estateWith({ settings });
    await expect(createTenant(strict, "west", destination)).rejects.toEqual(coded(`placement/${code}`));
    await expect(moveTenant(strict, "south", destination)).rejects.toEqual(coded(`placement/${code}`));
    expect((await estate.catalogue.turn(listPlacements)).map((it) => it.tenant)).not.toContain("west");
  });

  test("a cell does not change its region, and one that nobody knows takes no tenant", async () => {
    await expect(addCell(estate.catalogue, { name: "left", region: "us" })).rejects.toEqual(
      coded("placement/exists"),
    );
    await expect(createTenant(estate, "west", { tier: "pool", cell: "nowhere" })).rejects.toEqual(
      coded("placement/unknown-cell"),
    );
    const blind = world.estateWith({ cells: ["left"] });
    await expect(createTenant(blind, "west", { tier: "pool", cell: "right" })).rejects.toEqual(
      coded("placement/unknown-cell"),
    );
  });

  test("V89: places of one's own have names of one length, and no two tenants have one place", async () => {
    const long = "x".repeat(63);
    const names = ["a", "A", "ä", `${long}1`, `${long}2`, "a b", 'a"; drop schema public cascade; --'].map(
      (tenant) => siloName("schema", tenant, "left"),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^ws_[0-9a-f]{40}$/);
    await world.raw(
      "catalogue",
      "INSERT INTO wardline_catalogue.spot (cell, database, schema) VALUES ('left', '', $1)",
      [siloName("schema", "west", "left")],
    );
    await world.raw(
      "catalogue",
      "INSERT INTO wardline_catalogue.placement (tenant, tier, cell, database, schema, epoch, state) VALUES ('squatter', 'schema', 'left', '', $1, 1, 'active')",
      [siloName("schema", "west", "left")],
    );
    await expect(createTenant(estate, "west", { tier: "schema", cell: "left" })).rejects.toEqual(
      coded("placement/exists"),
    );
    await world.raw("catalogue", "DELETE FROM wardline_catalogue.placement WHERE tenant = 'squatter'");
    await expect(createTenant(estate, "nobody", { tier: "pool", cell: "left" })).rejects.toEqual(
      coded("placement/no-policy"),
    );
    await expect(createTenant(estate, "\ud800", { tier: "pool", cell: "left" })).rejects.toEqual(
      coded("placement/bad-name"),
    );
  });
});

test("V90: a migration that stops at one place leaves the tenants there unserved until it goes on", async () => {
  await moveTenant(estate, "south", { tier: "schema", cell: "right" });
  const place = (await estate.catalogue.turn(listPlacements)).find((it) => it.tenant === "south");
  if (place === undefined) throw new Error("not placed");
  const statements = (schema: string) => [
    `ALTER TABLE "${schema}".branches ADD COLUMN IF NOT EXISTS extra text`,
  ];
  // An object of this name stands in the way at one place.
  await world.raw("right", `ALTER TABLE "${place.schema}".branches RENAME TO elsewhere`);
  const run = () => migratePlacements(estate.catalogue, estate.cells, { version: 1, statements });
  const first = await run();
  expect(first.complete).toBe(false);
  expect(first.spots.filter(({ problem }) => problem !== null)).toEqual([
    { cell: "right", database: null, schema: place.schema, problem: "42P01" },
  ]);
  const { catalogue, cells } = world.openPlaces().options;
  const wardline = await openWardline({
    kind: "placed",
    options: { catalogue, cells, version: 1, remember: 0 },
    close: async () => undefined,
  } satisfies ReturnType<typeof placement>);
  const read = (tenant: Tenant) => sessionOf(wardline, tenant).db.selectFrom("books").select("id").execute();
  expect(await read("north")).toHaveLength(3);
  await expect(read("south")).rejects.toEqual(coded("placement/behind"));
  await expect(
    migratePlacements(estate.catalogue, estate.cells, { version: 1, statements: () => ["SELECT 1"] }),
  ).rejects.toEqual(coded("placement/other-migration"));
  await expect(migratePlacements(estate.catalogue, estate.cells, { version: 3, statements })).rejects.toEqual(
    coded("placement/other-migration"),
  );
  await world.raw("right", `ALTER TABLE "${place.schema}".elsewhere RENAME TO branches`);
  const second = await run();
  expect(second).toMatchObject({ complete: true, spots: [{ schema: place.schema, problem: null }] });
  expect(await read("south")).toHaveLength(3);
  expect((await run()).spots).toEqual([]);
});

test("a provider of keys that does not answer holds no transaction of a place open", async () => {
  let answer = (): void => undefined;
  const gate = new Promise<void>((resolve) => void (answer = resolve));
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => void (asked = resolve));
  const slow: KeyProvider = {
    ...keys,
    async generate(context) {
      asked();
      await gate;
      return keys.generate(context);
    },
  };
  const made = createTenant(world.estateWith({ keys: slow }), "west", { tier: "schema", cell: "right" });
  await isAsked;
  const open = `SELECT datname, query FROM pg_stat_activity
    WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
  expect(await world.raw("right", open)).toEqual([]);
  // Nor does anybody wait for a lock of it.
  expect(await world.raw("right", "SELECT FROM pg_locks WHERE locktype = 'advisory'")).toEqual([]);
  answer();
  await made;
  const stored = await world.raw(
    "right",
    "SELECT purpose, state FROM wardline.tenant_key WHERE tenant_id = 'west'",
  );
  expect(stored).toHaveLength(4);
});

test("V73: an archive whose cells are under keys that were retired since takes nothing away, and one from after that comes back", async () => {
  await fill(await databaseOf("west"), "west");
  const folder = temporaryFolder();
  await exportTenant(estate, "west", join(folder, "before"));
  const rotated = await resealPlaced(world.estateWith({ keys }), "west", {
    rotate: ["seal", "index"],
    settle: 20,
  });
  expect(rotated).toMatchObject({ outcome: "done", retired: { seal: [1], index: [1] } });
  expect(rotated.tables.reduce((sum, { done }) => sum + done, 0)).toBeGreaterThan(0);
  const living = await rowsOf("west");
  await expect(restoreTenant(estate, "west", join(folder, "before"))).rejects.toEqual(
    coded("placement/keys-retired"),
  );
  await cancelRestore(estate, "west");
  expect(await rowsOf("west")).toEqual(living);
  await exportTenant(estate, "west", join(folder, "after"));
  await restoreTenant(estate, "west", join(folder, "after"));
  expect(await rowsOf("west")).toEqual(living);
});
