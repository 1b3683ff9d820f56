/** System work: more than any principal may do in one tenant, never a word of another, and none of it unrecorded. */
import { operatorSealers } from "@wardline/isolation";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as sdk from "../src/index.ts";
import { revealRow, Wardline } from "../src/index.ts";
import {
  createSchema,
  createTenantKeys,
  exportAudit,
  loadRows,
  openEntry,
  verifyAudit,
} from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { system, type SystemOptions } from "../src/system/index.ts";
import { bundleFolder, programOf, keysOfFile } from "./library-bundles.ts";

const coded = (code: string) => expect.objectContaining({ code });
const tenants = ["north", "south"] as const;
const database = pglite();
const keys = keysOfFile();
beforeAll(async () => {
  await createSchema(database, tenants.map(programOf));
  for (const tenant of tenants) await createTenantKeys({ database, keys }, tenant);
});
afterAll(() => database.close());

interface Tables {
  books: { id: string; title: string; code: string };
}

const id = (tenant: string) => `00000000-0000-7000-8000-00000000000${tenant === "north" ? 1 : 2}`;
let wardline: Wardline;
beforeEach(async () => {
  await database.turn((session) => session.query("truncate public.books, public.branches cascade", []));
  for (const tenant of tenants) {
    const options = { database, program: programOf(tenant), keys };
    await loadRows(options, "Branch", [{ id: id(tenant), attributes: {} }]);
    const attributes = {
      title: `${tenant} title`,
      code: `${tenant} code`,
      price: "9.50",
      branch: id(tenant),
      shelf: "closed",
      tags: [],
    };
    await loadRows(options, "Book", [{ id: id(tenant), attributes }]);
  }
  const bundles = await bundleFolder(tenants);
  wardline = await Wardline.open({ bundles, trust: "unsigned-development", database, keys });
});

const options: SystemOptions = {
  tenant: "north",
  as: { type: "Member", id: "operator" },
  reason: "ticket 4711: wrong titles",
  ttl: 5_000,
};

async function recorded(since: number): Promise<readonly Record<string, unknown>[]> {
  const chain = await database.turn((session) => exportAudit(session, "north"));
  expect(verifyAudit(chain, { tenant: "north" })).toMatchObject({ ok: true });
  const rows = await database.turn((session) =>
    session.query("select entry from wardline.audit where tenant_id = 'north' and seq > $1 order by seq", [
      since,
    ]),
  );
  const { audit } = await database.turn((session) => operatorSealers(session, keys, "north"));
  return rows.rows.map(({ entry }) => openEntry(String(entry), audit));
}

const length = async (): Promise<number> =>
  (await database.turn((session) => exportAudit(session, "north"))).head.seq;

test("V35: is not among what an application imports", () => {
  expect(Object.keys(sdk)).not.toContain("system");
});

describe("V35 system work", () => {
  test("reads and writes what no policy permits, and is on record before, while and after", async () => {
    const before = await length();
    const ada = wardline.tenant("north").as<Tables>({ type: "Member", id: "ada", attributes: { level: 1 } });
    expect(await ada.db.selectFrom("books").selectAll().execute()).toEqual([]);
    await system<void, Tables>(wardline, options, async ({ db }) => {
      expect((await recorded(before)).map(({ action }) => action)).toEqual(["system.begin"]);
      expect((await db.selectFrom("books").select(["id", "title", "code"]).execute()).map(revealRow)).toEqual(
        [{ id: id("north"), title: "north title", code: "north code" }],
      );
      await db.updateTable("books").set({ title: "mended", code: "new code" }).execute();
      expect((await db.selectFrom("books").select(["title", "code"]).execute()).map(revealRow)).toEqual([
        { title: "mended", code: "new code" },
      ]);
    });
    const entries = await recorded(before);
    expect(entries).toMatchObject([
      { kind: "operation", action: "system.begin", words: options.reason, principal: { id: "operator" } },
      { kind: "write", action: "update", rules: ["platform/system"], rows: [id("north")] },
      { kind: "operation", action: "system.end", reason: "done" },
    ]);
    expect(entries[2]?.["of"]).toBe(entries[0]?.["id"]);
    // What is sealed was sealed.
    const stored = await database.turn((session) =>
      session.query("select tenant_id, title, code from public.books", []),
    );
    expect(stored.rows.find((row) => row["tenant_id"] === "south")).toMatchObject({ title: "south title" });
    expect(Buffer.from(stored.rows[0]?.["code"] as Uint8Array).toString("latin1")).not.toContain("code");
  });

  test("ends by its time: what is open is undone, and its end is on record", async () => {
    const before = await length();
    const late = system<void, Tables>(wardline, { ...options, ttl: 800 }, async ({ db }) => {
      await db.transaction().execute(async (trx) => {
        await trx.updateTable("books").set({ title: "late" }).execute();
        await new Promise((done) => setTimeout(done, 1_000));
      });
    });
    await expect(late).rejects.toMatchObject({ name: "IsolationViolation" });
    const titles = await database.turn((session) => session.query("select title from public.books", []));
    expect(titles.rows).not.toContainEqual({ title: "late" });
    expect((await recorded(before)).map(({ action, reason, words }) => [action, words ?? reason])).toEqual([
      ["system.begin", options.reason],
      ["system.end", "failed"],
    ]);
  });

  test("leaves no handle behind", async () => {
    const kept = await system<sdk.Session<Tables>, Tables>(wardline, options, async (session) => session);
    await expect(kept.db.selectFrom("books").selectAll().execute()).rejects.toEqual(coded("handle/revoked"));
  });

  test("is not done where it cannot be put on record", async () => {
    const rename = (from: string, to: string) =>
      database.turn((session) => session.query(`alter table wardline.${from} rename to ${to}`, []));
    await rename("audit_head", "audit_gone");
    let done = false;
    try {
      await expect(
        system(wardline, options, async () => {
          done = true;
        }),
      ).rejects.toEqual(coded("audit/failed"));
    } finally {
      await rename("audit_gone", "audit_head");
    }
    expect(done).toBe(false);
  });

  test.each<[string, Partial<Record<keyof SystemOptions, unknown>>, string]>([
    ["no reason", { reason: "" }, "handle/no-reason"],
    ["a blank reason", { reason: "  \n" }, "handle/no-reason"],
    ["a reason that is no text", { reason: ["x"] }, "handle/no-reason"],
    ["a reason without an end", { reason: "x".repeat(501) }, "handle/no-reason"],
    ["no time", { ttl: 0 }, "handle/no-reason"],
    ["no end", { ttl: Number.POSITIVE_INFINITY }, "handle/no-reason"],
    ["an hour", { ttl: 3_600_000 }, "handle/no-reason"],
    ["no tenant", { tenant: undefined }, "handle/bad-tenant"],
    ["every tenant", { tenant: "*" }, "handle/bad-tenant"],
  ])("%s is refused, and nothing is recorded", async (_, change, code) => {
    const before = await length();
    await expect(system(wardline, { ...options, ...change } as SystemOptions, async () => 1)).rejects.toEqual(
      coded(code),
    );
    expect(await length()).toBe(before);
  });
});
