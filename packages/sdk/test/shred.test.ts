/** Shredding on a real server: what is destroyed and when, what its receipt says, and what stands in its way. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adoptionNames, createNoteSigner } from "@wardline/isolation";
import {
  createTenant,
  createTenantKeys,
  exportAudit,
  exportTenant,
  moveTenant,
  openEntry,
  operatorSealers,
  planShred,
  readShredReceipt,
  registryRows,
  reinstateTenant,
  restoreTenant,
  shredTenant,
} from "../src/operator/index.ts";
import { keysOfFile, temporaryFolder } from "./library-bundles.ts";
import {
  codesOf,
  held,
  openShredWorld,
  placeOf,
  receiptOf,
  remains,
  signer,
  type ShredWorld,
} from "./shred-world.ts";

const coded = (code: string) => expect.objectContaining({ code });
const options = { sign: signer } as const;
const gone = { keys: 0, indexes: 0, state: "destroyed", fence: "moved" };

let world: ShredWorld;
const keys = keysOfFile();
beforeAll(async () => {
  world = await openShredWorld(keys, [
    "north",
    "south",
    "east",
    "west",
    "far",
    "half",
    "held",
    "late",
    "aside",
  ]);
  await world.make("north");
  await world.make("south");
});
afterAll(() => world.close());

describe("a shredding", () => {
  test("V80: takes with it what an adoption put aside in plaintext, of this tenant alone", async () => {
    await world.make("aside");
    const { aside } = adoptionNames("books", "code");
    await world.raw("left", `ALTER TABLE public.books ADD COLUMN ${aside} text DEFAULT 'plain'`);
    const left = async (tenant: string) =>
      Number(
        (
          await world.raw(
            "left",
            `SELECT count(*)::int AS n FROM public.books WHERE ${aside} IS NOT NULL AND tenant_id = $1`,
            [tenant],
          )
        )[0]?.["n"],
      );
    expect([await left("aside"), await left("south")]).toEqual([3, 3]);
    const receipt = receiptOf(await shredTenant(world.estate, "aside", options));
    expect(receipt.databases.find(({ isHome }) => isHome)?.cleared).toEqual({
      "public.books.code_bidx": 3,
      [`public.books.${aside}`]: 3,
    });
    expect([await left("aside"), await left("south")]).toEqual([0, 3]);
    await world.raw("left", `ALTER TABLE public.books DROP COLUMN ${aside}`);
  });

  test("V77: destroys keys, blind indexes and wrapped bytes, and says so in a receipt that its chain names", async () => {
    const wardline = await world.open(["north", "south"]);
    expect(await codesOf(wardline, "north")).toEqual(["secret 0", "secret 1", "secret 2"]);
    const folder = join(temporaryFolder(), "archive");
    await exportTenant(world.estate, "north", folder);
    const planned = await planShred(world.estate, "north");
    expect(planned).toMatchObject({
      provider: "local",
      sealedColumns: ["books.code"],
      blindIndexes: ["books.code_bidx"],
      outside: { data: { kind: "usable" } },
    });
    expect(planned.keys.map(({ purpose }) => purpose)).toEqual(["index", "mask", "seal"]);
    const before = await world.estate.cells
      .database("left", null)
      ?.turn((session) => registryRows(session, "north"));

    const steps: string[] = [];
    const shredding = await shredTenant(world.estate, "north", {
      ...options,
      onProgress: ({ step, what }) => what === null && steps.push(step),
    });
    expect(steps).toEqual(["disable", "leases out", "destroy", "clear"]);
    const receipt = receiptOf(shredding);
    expect(receipt).toMatchObject({
      tenant: "north",
      operator: "olga",
      audit: "kept",
      provider: "local",
      outside: { data: { state: "destroyed", pendingUntil: null }, audit: null },
    });
    const home = receipt.databases.find(({ isHome }) => isHome);
    expect(home).toMatchObject({ cell: "left", cleared: { "public.books.code_bidx": 3 } });
    for (const key of home?.keys ?? []) {
      const row = before?.find(({ purpose }) => purpose === key.purpose);
      expect(key.sha256).toBe(
        createHash("sha256")
          .update(row?.wrapped as Uint8Array)
          .digest("hex"),
      );
    }
    expect(home?.keys.map(({ purpose, version }) => `${purpose} ${version}`)).toEqual([
      "index 1",
      "mask 1",
      "seal 1",
    ]);
    const times = [home?.disabledAt, home?.leftAt, home?.outAt, home?.destroyedAt].map((time) =>
      new Date(String(time)).getTime(),
    );
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect((times[2] as number) - (times[1] as number)).toBeGreaterThanOrEqual(held - 2);
    expect(new Date(receipt.outside.data?.confirmedAt as string).getTime()).toBeGreaterThanOrEqual(
      times[2] as number,
    );
    const uncovered = new Map(receipt.notCovered.map(({ what, names }) => [what, names]));
    expect(uncovered.get("unsealed-columns")).toContain("books.title");
    expect(uncovered.get("unsealed-columns")).not.toContain("books.code");
    expect(uncovered.get("archives")?.[0]).toContain(folder);

    expect(await remains(world, "left", "north")).toMatchObject({ ...gone, audit: 1 });
    expect(await remains(world, "left", "south")).toMatchObject({ keys: 3, indexes: 3, state: null });
    expect(await keys.state("north", "data")).toEqual({ kind: "destroyed" });
    expect(await keys.state("north", "audit")).toEqual({ kind: "usable" });

    // The chain goes on from what the receipt saw, and names it.
    const chain = await world.estate.cells
      .database("left", null)
      ?.turn((session) => exportAudit(session, "north"));
    const entry = chain?.entries.at(-1);
    expect(entry?.prevHash).toBe(receipt.chain.hash);
    if (shredding.kind !== "done") throw new Error("not done");
    expect(JSON.parse(entry?.entry ?? "")).toMatchObject({
      action: "tenant.shred",
      reason: `sha256:${shredding.sha256}`,
    });

    // Nobody is served, and everybody else is.
    await expect(codesOf(wardline, "north")).rejects.toEqual(coded("placement/suspended"));
    expect(await codesOf(wardline, "south")).toHaveLength(3);
    // Nothing brings it back.
    for (const back of [
      () => createTenantKeys({ database: world.estate.cells.database("left", null) as never, keys }, "north"),
      () => createTenant(world.estate, "north", { tier: "pool", cell: "right" }),
      () => moveTenant(world.estate, "north", { tier: "pool", cell: "right" }),
      () => restoreTenant(world.estate, "north", folder),
      () => reinstateTenant(world.estate, "north"),
    ])
      await expect(back()).rejects.toThrow(/tombstone|destroyed|does not come back/);
    // What the audit log says of persons is still read.
    await world.estate.cells.database("left", null)?.turn(async (session) => {
      const { cells, audit } = await operatorSealers(session, keys, "north");
      expect(() => cells.open({ table: "books", column: "code", row: "1" }, "00".repeat(100))).toThrow();
      expect(audit.open("1", audit.seal("1", "who"))).toBe("who");
    });
    // Again: the same receipt, and no second entry.
    expect(await shredTenant(world.estate, "north", options)).toEqual(shredding);
  });

  test("V77: with the audit's key named takes that too, later as well as at once", async () => {
    const shredding = await shredTenant(world.estate, "north", { ...options, audit: true });
    const receipt = receiptOf(shredding);
    expect(receipt.outside.audit).toMatchObject({ state: "destroyed" });
    expect(await remains(world, "left", "north")).toMatchObject({ ...gone, audit: 0 });
    await world.make("late");
    const both = receiptOf(await shredTenant(world.estate, "late", { ...options, audit: true }));
    expect(both.databases.find(({ isHome }) => isHome)?.keys.map(({ purpose }) => purpose)).toContain(
      "audit",
    );
    await world.estate.cells.database("left", null)?.turn(async (session) => {
      const { audit } = await operatorSealers(session, keys, "late");
      expect(() => audit.seal("1", "who")).toThrow();
      const { entries } = await exportAudit(session, "late");
      expect(entries.map(({ entry }) => (JSON.parse(entry) as { action: string }).action)).toContain(
        "tenant.shred",
      );
      expect(() => openEntry(entries[0]?.entry ?? "", audit)).not.toThrow();
    });
  });

  test("V77: reaches a schema of the tenant's own, what stands half sealed there, and tells of what it does not reach", async () => {
    await world.make("far", { tier: "schema", cell: "left" });
    const { schema } = await placeOf(world, "far");
    const [plain, index] = ["wardline_plain_0123456789abcdef", "wardline_bidx_0123456789abcdef"];
    await world.raw(
      "left",
      `ALTER TABLE "${schema}".books ADD COLUMN ${plain} text, ADD COLUMN ${index} bytea, ADD COLUMN extra text`,
    );
    await world.raw("left", `UPDATE "${schema}".books SET ${plain} = 'a', ${index} = '\\x01'`);
    const receipt = receiptOf(await shredTenant(world.estate, "far", options));
    const home = receipt.databases.find(({ isHome }) => isHome);
    expect(home?.schemas).toContain(schema);
    expect(home?.cleared).toEqual({
      [`${schema}.books.code_bidx`]: 3,
      [`${schema}.books.${index}`]: 3,
      [`${schema}.books.${plain}`]: 3,
    });
    expect(await remains(world, "left", "far", schema)).toMatchObject(gone);
    const columns = receipt.notCovered.find(({ what }) => what === "unsealed-columns")?.names;
    expect(columns).toEqual(expect.arrayContaining(["books.extra", "books.title"]));
    for (const covered of ["books.code", "books.code_bidx", `books.${index}`, `books.${plain}`])
      expect(columns).not.toContain(covered);
  });

  test("V77: its receipt is believed of its own key alone, and in one form", async () => {
    const shredding = await shredTenant(world.estate, "north", options);
    if (shredding.kind !== "done") throw new Error("not done");
    const { receipt } = shredding;
    const fault = (note: string, by = signer) => {
      const read = readShredReceipt(note, [by]);
      return read.ok ? "believed" : read.fault;
    };
    expect(fault(receipt)).toBe("believed");
    expect(fault(receipt, createNoteSigner("shred.example.com"))).toBe("unknown_key");
    expect(fault(receipt.replace('"audit":"destroyed"', '"audit":"kept"'))).toBe("bad_signature");
    expect(fault(receipt.replace('"tenant":"north"', '"tenant":"south"'))).toBe("bad_signature");
    expect(fault(receipt.slice(0, -3))).toBe("malformed");
  });
});
