/** Two processes' worth of Wardlines over one database: what one has published and used, the other takes up, and nobody's request is lost in between. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RepositorySource } from "@wardline/backends";
import type { Database } from "@wardline/isolation";
import { CompiledQuery } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Wardline, type Session } from "../src/index.ts";
import { createSchema, createTenantKeys, exportAudit } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { keysOfFile, programOf } from "./library-bundles.ts";
import { present, Town } from "./signed-town.ts";

const member = {
  type: "Member",
  id: "m1",
  roles: ["reader"],
  attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
};
const folder = mkdtempSync(join(tmpdir(), "wardline-renewed-"));
const keys = keysOfFile();
const database: Database = pglite();
let town: Town;
let revision = 1;
let first: Wardline;
let second: Wardline;

const open = (bundles: string | RepositorySource): Promise<Wardline> =>
  Wardline.open({
    bundles,
    trust: { root: town.root },
    database,
    keys,
    clock: () => present,
    watch: false,
    onAlarm: () => undefined,
  });
const session = (wardline: Wardline): Session => wardline.tenant("north").as(member);
const books = (wardline: Wardline) => session(wardline).db.selectFrom("books").select("id");

beforeAll(async () => {
  await createSchema(database, [programOf("north")]);
  await createTenantKeys({ database, keys }, "north");
  town = await Town.make(folder);
  await town.publish([{ tenant: "north", revision }]);
  first = await open(town.folder);
  second = await open(town.folder);
});
afterAll(async () => {
  await first.close();
  await second.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first has a later policy, and the database has seen it; nobody has told the second. */
async function goOn(): Promise<void> {
  revision += 1;
  await town.publish([{ tenant: "north", revision }]);
  expect(await first.reload()).toMatchObject({ loaded: ["north"] });
  await books(first).execute();
}

const uses: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["a select", () => books(second).execute()],
  [
    "a transaction",
    () =>
      session(second)
        .db.transaction()
        .execute((trx) => trx.selectFrom("books").select("id").execute()),
  ],
  [
    "a write",
    () =>
      session(second)
        .db.updateTable("books")
        .set({ title: "x" })
        .where("id", "=", "01990000-0000-7000-8000-000000000000")
        .execute(),
  ],
  [
    "a decision",
    () => session(second).decide("read", { type: "Book", id: "01990000-0000-7000-8000-000000000000" }),
  ],
  ["a filter", () => session(second).filter("read", "Book")],
  [
    "a stream",
    async () => {
      for await (const row of books(second).stream(10)) expect(row).toBeDefined();
    },
  ],
];

test.each(uses)("%s goes on under the policy that another process has already", async (_, use) => {
  const handle = session(second);
  await goOn();
  await use();
  // A handle from before goes on too.
  await handle.db.selectFrom("books").select("id").execute();
});

test("many at once look for it once", async () => {
  await goOn();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => books(second).execute()));
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
});

test("what leaves the guarded way meanwhile is on record", async () => {
  await goOn();
  const refused = session(second).db.executeQuery(CompiledQuery.raw("select set_config('a.b', 'c', true)"));
  await expect(refused).rejects.toMatchObject({ code: "query/raw-statement" });
  await second.close();
  const { entries } = await database.turn((of) => exportAudit(of, "north"));
  expect(entries.at(-1)?.entry).toContain("query/raw-statement");
  second = await open(town.folder);
});

test("where there is none to be had the older one decides nothing, and it is not looked for at every statement", async () => {
  const kept = new Map<string, Uint8Array>();
  let reads = 0;
  const source: RepositorySource = {
    read: async (path) => {
      reads += 1;
      const known = kept.get(path) ?? readFileOrNull(join(town.folder, path));
      if (known === null) return "missing";
      kept.set(path, known);
      return known;
    },
  };
  const third = await open(source);
  await books(third).execute();
  await goOn();
  const opened = reads;
  for (let times = 0; times < 30; times += 1)
    await expect(books(third).execute()).rejects.toMatchObject({ code: "policy/rolled-back" });
  // Each look reads the timestamp at least.
  expect(reads - opened).toBeLessThan(30);
  expect(reads - opened).toBeGreaterThan(0);
  await third.close();
});

function readFileOrNull(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
