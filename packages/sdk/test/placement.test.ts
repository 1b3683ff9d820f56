import { addCell, catalogueDdl, createCatalogue, siloName, type Database } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placement, Wardline } from "../src/index.ts";
import {
  applyRowSecurity,
  createSchema,
  loadRows,
  moveTenant,
  openEstate,
  createTenantKeys,
} from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { bundleFolder, programOf, keysOfFile } from "./library-bundles.ts";

const coded = (code: string) => expect.objectContaining({ code });

const database = pglite();
const silo = siloName("schema", "south");
const places = placement({ catalogue: database, cells: { here: () => database }, patience: 200 });

async function put(tenant: string, tier: string, schema: string, cell = "here"): Promise<void> {
  await database.turn(async (session) => {
    await session.query(
      "INSERT INTO wardline_catalogue.spot (cell, database, schema) VALUES ($1, '', $2) ON CONFLICT DO NOTHING",
      [cell, schema],
    );
    await session.query(
      `INSERT INTO wardline_catalogue.placement (tenant, tier, cell, database, schema, epoch, state)
VALUES ($1, $2, $3, '', $4, 0 + 1, 'active')`,
      [tenant, tier, cell, schema],
    );
    await session.query("INSERT INTO wardline.tenant_state (tenant, placement_epoch) VALUES ($1, 1)", [
      tenant,
    ]);
  });
}

beforeAll(async () => {
  await createCatalogue(database);
  await addCell(database, { name: "here", region: "eu" });
  await addCell(database, { name: "there", region: "us" });
  await createSchema(database, ["north", "south"].map(programOf));
  await createSchema({ ...database, schema: silo }, [programOf("south")]);
  await applyRowSecurity(database, ["north", "south"].map(programOf), "guardrails");
  await applyRowSecurity({ ...database, schema: silo }, [programOf("south")], "rows");
  for (const tenant of ["north", "south"]) await createTenantKeys({ database, keys }, tenant);
  await put("north", "pool", "public");
  await put("south", "schema", silo);
  await put("west", "pool", "public", "there");
  await put("bare", "schema", "bare");
});

const keys = keysOfFile();

async function open(): Promise<Wardline> {
  const tenants = ["north", "south", "east", "west", "bare"];
  const bundles = await bundleFolder(tenants);
  return Wardline.open({
    bundles,
    trust: "unsigned-development",
    database: places,
    keys,
    clock: () => new Date("2026-01-01T00:00:00Z"),
  });
}
afterAll(() => places.close());

const room = "00000002-0000-4000-8000-000000000000";
const ada = {
  type: "Member",
  id: "ada",
  roles: ["reader"],
  in: [room],
  attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
};

describe("a placement", () => {
  test("V43: leads each tenant's statements to its own schema", async () => {
    for (const [schema, tenant, id] of [
      ["public", "north", "0000000a-0000-4000-8000-000000000000"],
      ["public", "south", "0000000b-0000-4000-8000-000000000000"],
      [silo, "south", "0000000c-0000-4000-8000-000000000000"],
    ] as const) {
      const load = {
        database: { ...database, schema },
        program: programOf(tenant),
        keys,
      };
      const attributes = { price: "9.50", branch: room, shelf: "open", tags: ["saga"], title: "saga" };
      await loadRows(load, "Branch", [{ id: room, attributes: {} }]);
      await loadRows(load, "Book", [{ id, attributes: { ...attributes, code: "secret" } }]);
    }
    const wardline = await open();
    const seen = async (tenant: string) =>
      (
        await wardline
          .tenant(tenant, { lends: true })
          .as(ada, { purpose: "study" })
          .db.selectFrom("books")
          .select("id")
          .execute()
      ).map((row) => row["id"]);
    expect(await seen("north")).toEqual(["0000000a-0000-4000-8000-000000000000"]);
    expect(await seen("south")).toEqual(["0000000c-0000-4000-8000-000000000000"]);
  });

  test("moves a tenant from an embedded database to another one, with the catalogue in the first", async () => {
    const other = pglite();
    const estate = openEstate({
      catalogue: database,
      cells: { here: (name) => (name === null ? database : other) },
      programs: new Map([["north", programOf("north")]]),
      operator: "olga",
    });
    const rows = (from: Database) =>
      from.turn(
        async (session) =>
          (await session.query("SELECT id FROM public.books WHERE tenant_id = 'north'", [])).rows,
      );
    const before = await rows(database);
    expect(before).toHaveLength(1);
    const receipt = await moveTenant(estate, "north", { tier: "database", cell: "here" });
    expect(await rows(other)).toEqual(before);
    expect(await rows(database)).toEqual([]);
    expect(JSON.parse(receipt.text)).toMatchObject({ epoch: 2 });
    await other.close();
  });

  test.each([
    ["a tenant that the catalogue does not know", "east", "placement/unknown-tenant"],
    ["a tenant in a cell that nobody gave a way to", "west", "placement/unknown-cell"],
    ["V90: a tenant whose tables were never made", "bare", "placement/behind"],
  ])("serves nothing to %s", async (_, tenant, code) => {
    const session = (await open()).tenant(tenant).as(ada);
    await expect(session.db.selectFrom("books").select("id").execute()).rejects.toEqual(coded(code));
    await expect(
      session.db.transaction().execute((trx) => trx.selectFrom("books").selectAll().execute()),
    ).rejects.toEqual(coded(code));
    await expect(session.decide("read", { type: "Book", id: "1" })).rejects.toEqual(coded(code));
  });

  test("the application may ask for one tenant's place and list none", async () => {
    expect(catalogueDdl().length).toBeGreaterThan(0);
    await database.turn(async (session) => {
      await session.query("BEGIN", []);
      await session.query("SET LOCAL ROLE wardline_app", []);
      const { rows } = await session.query("SELECT cell FROM wardline_catalogue.locate($1)", ["north"]);
      expect(rows).toEqual([{ cell: "here" }]);
      await expect(session.query("SELECT * FROM wardline_catalogue.placement", [])).rejects.toMatchObject({
        code: "42501",
      });
    });
  });
});
