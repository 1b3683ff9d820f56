/** Shredding in one embedded database that is catalogue, cell and registry at once, as a development machine has it. */
import type { Database } from "@wardline/isolation";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addCell,
  createCatalogue,
  createTenant,
  loadRows,
  openEstate,
  setKeyBound,
  shredTenant,
} from "../src/operator/index.ts";
import { placement, Wardline } from "../src/index.ts";
import { pglite } from "../src/pglite.ts";
import { bundleFolder, keysOfFile, programOf } from "./library-bundles.ts";
import { bookId, codesOf, receiptOf, searchable, signer } from "./shred-world.ts";

const room = "00000002-0000-4000-8000-000000000000";
const tenants = ["north", "south"];
const keys = keysOfFile();
let database: Database;
beforeAll(() => {
  database = pglite();
});
afterAll(() => database.close());

test("V77: in an embedded database a tenant is shredded beside another one that lives on", async () => {
  const programs = new Map(tenants.map((tenant) => [tenant, searchable(programOf(tenant))]));
  const cells = { here: () => database };
  const estate = openEstate({ catalogue: database, cells, programs, operator: "olga", keys });
  await createCatalogue(database);
  await addCell(database, { name: "here", region: "eu" });
  await estate.prepare(database);
  await database.turn((session) => setKeyBound(session, 2000));
  for (const [tenant, program] of programs) {
    await createTenant(estate, tenant, { tier: "pool", cell: "here" });
    const load = { database, program, keys };
    await loadRows(load, "Branch", [{ id: room, attributes: {}, parents: { parent_id: null } }]);
    const rest = { title: "saga", note: null, price: "9.50", branch: room, shelf: "open", tags: [] };
    await loadRows(load, "Book", [{ id: bookId(0), attributes: { ...rest, code: "secret" } }]);
  }
  const wardline = await Wardline.open({
    bundles: await bundleFolder(tenants, searchable),
    trust: "unsigned-development",
    database: placement({ catalogue: database, cells }),
    keys,
  });
  for (const tenant of tenants) expect(await codesOf(wardline, tenant)).toEqual(["secret"]);
  const receipt = receiptOf(await shredTenant(estate, "north", { sign: signer }));
  expect(receipt.databases).toMatchObject([{ cell: "here", cleared: { "public.books.code_bidx": 1 } }]);
  await expect(codesOf(wardline, "north")).rejects.toMatchObject({
    code: expect.stringMatching(/^placement\/(?:suspended|stale)$/) as string,
  });
  expect(await codesOf(wardline, "south")).toEqual(["secret"]);
  expect(await keys.state("north", "data")).toEqual({ kind: "destroyed" });
});
