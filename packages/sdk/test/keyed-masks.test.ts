/** The masks that need a key: stand-ins that say which values are equal, within one field of one tenant, and nothing else. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "@wardline/core";
import { localKeys, operatorSealers, type KeyProvider, type Sealer } from "@wardline/isolation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Wardline, type Session } from "../src/index.ts";
import { createSchema, loadRows, createTenantKeys } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { bundleFolder, programOf } from "./library-bundles.ts";

interface Tables {
  books: { id: string; title: string; note: string | null; code: string | null };
}

const tenants = ["north", "south"] as const;
const database = pglite();
const branch = "00000000-0000-7000-8000-00000000000a";
const bookId = (number: number) => `00000000-0000-7000-8000-00000000000${number}`;
let keys: KeyProvider;
const sealerOf = async (tenant: string): Promise<Sealer> =>
  (await database.turn((session) => operatorSealers(session, keys, tenant))).cells;
let folder: string;

/** Every effect of a rule on a field becomes this mask. */
const masking =
  (masks: Readonly<Record<string, "token" | "hash">>) =>
  (program: Program): Program => ({
    ...program,
    tables: program.tables.map((table) => ({
      ...table,
      passes: table.passes.map((pass) => ({
        ...pass,
        grants: pass.grants.map((grant) => ({
          ...grant,
          effects: table.resource === "Book" ? effects(masks) : grant.effects,
        })),
        requires: pass.requires.map((rule) => ({ ...rule, effects: [] })),
      })) as typeof table.passes,
    })),
  });

const effects = (masks: Readonly<Record<string, "token" | "hash">>) =>
  Object.entries(masks).map(([field, kind]) => ({ field, mask: { kind } }));

async function sessionOf(
  tenant: string,
  masks: Readonly<Record<string, "token" | "hash">>,
): Promise<Session<Tables>> {
  const bundles = await bundleFolder(tenants, masking(masks));
  const wardline = await Wardline.open({ bundles, trust: "unsigned-development", database, keys });
  return wardline.tenant(tenant, { lends: true }).as<Tables>(
    {
      type: "Member",
      id: "ada",
      roles: ["reader"],
      in: [branch],
      attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
    },
    { purpose: "study" },
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wardline-masks-"));
  keys = localKeys(join(folder, "keys.json"));
  await createSchema(database, tenants.map(programOf));
  for (const tenant of tenants) {
    await createTenantKeys({ database, keys }, tenant);
    const load = { database, program: programOf(tenant), keys };
    await loadRows(load, "Branch", [{ id: branch, attributes: {} }]);
    await loadRows(
      load,
      "Book",
      ["Saga", "Saga", "Other"].map((title, number) => ({
        id: bookId(number),
        attributes: { title, note: title, code: title, price: "9.50", branch, shelf: "open", tags: [] },
      })),
    );
  }
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

describe("a mask that needs a key", () => {
  test.each(["token", "hash"] as const)("%s stands for equal values of one field alike", async (kind) => {
    const seen = async (tenant: string) => {
      const { db } = await sessionOf(tenant, { title: kind, note: kind, code: kind });
      return db.selectFrom("books").select(["title", "note", "code"]).orderBy("id").execute();
    };
    const north = await seen("north");
    expect(north).toHaveLength(3);
    const [first, second, third] = north;
    expect(second).toEqual(first);
    for (const column of ["title", "note", "code"] as const) {
      expect(first?.[column]).toMatch(kind === "token" ? /^t1\.[\w-]{43}$/ : /^h1\.[0-9a-f]{32}$/);
      expect(third?.[column]).not.toBe(first?.[column]);
    }
    // Nothing across fields or tenants.
    const all = [...north, ...(await seen("south"))].flatMap((row) => Object.values(row));
    expect(new Set(all).size).toBe(2 * 2 * 3);
    expect(await seen("north")).toEqual(north);
    expect(JSON.stringify(all)).not.toMatch(/saga|other/i);
  });

  test("a token is turned back by who holds the keys, at its own field and tenant alone", async () => {
    const { db } = await sessionOf("north", { title: "token", code: "hash" });
    const row = await db
      .selectFrom("books")
      .select(["title", "code"])
      .where("id", "=", bookId(0))
      .executeTakeFirstOrThrow();
    const sealer = await sealerOf("north");
    const south = await sealerOf("south");
    const title = { table: "books", column: "title" };
    expect(sealer.revealToken(title, row.title)).toBe("Saga");
    expect(() => sealer.revealToken({ ...title, column: "note" }, row.title)).toThrow("does not open");
    expect(() => south.revealToken(title, row.title)).toThrow("does not open");
    expect(() => sealer.revealToken({ ...title, column: "code" }, String(row.code))).toThrow("does not open");
  });

  test("nothing can be asked of it but to be shown", async () => {
    const { db } = await sessionOf("north", { title: "token" });
    const select = db.selectFrom("books").select("id");
    for (const query of [
      select.where("title", "=", "Saga"),
      select.orderBy("title"),
      db.selectFrom("books").select((eb) => eb.fn.max("title").as("x")),
    ])
      await expect(query.execute()).rejects.toMatchObject({ code: "query/sealed-column" });
  });
});
