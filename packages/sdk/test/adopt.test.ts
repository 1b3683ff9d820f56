/** Columns whose plaintext becomes sealed while an application writes them, on a real server. */
import { randomInt, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@wardline/isolation";
import {
  beginAdoption,
  clearEntry,
  endAdoption,
  exportAudit,
  planAdoption,
  planSchema,
  switchAdoption,
  verifyAudit,
  type AdoptionOptions,
} from "../src/operator/index.ts";
import {
  branchOf,
  newRevision,
  code,
  note,
  openAdoptServer,
  programs,
  type AdoptServer,
  type AdoptWorld,
  type Application,
} from "./adopt-world.ts";
import { codeOf, idOf, tenants, type Tenant } from "./server-library.ts";

let server: AdoptServer;
let world: AdoptWorld;
const opened: Application[] = [];

beforeAll(async () => {
  server = await openAdoptServer();
});
afterAll(() => server.close());
afterEach(async () => {
  for (const application of opened.splice(0)) await application.close();
  await world.close();
});

const options = (): AdoptionOptions => ({
  database: world.operator,
  programs: programs("new"),
  keys: server.keys,
  operator: "olga",
});
async function open(model: "old" | "new"): Promise<Application> {
  const application = await world.open(model);
  opened.push(application);
  return application;
}
const shown = (value: unknown): unknown => (value instanceof Sealed ? value.reveal() : value);

/** What the application reads of a tenant's books, by id. */
async function readAll(application: Application, tenant: Tenant): Promise<ReadonlyMap<string, unknown>> {
  const rows = await application.session(tenant).db.selectFrom("books").select(["id", code, note]).execute();
  return new Map(rows.map((row) => [row.id, [shown(row[code]), shown(row[note])]]));
}

const texts = ["", " ", "ünï 😀", "'quote\"", "\\x574c5302", "null", "[sealed]", "a".repeat(300_000)];

describe("a column whose plaintext is to be sealed", () => {
  test(
    "is sealed while the old application writes it; no write is lost, and the new one finds each",
    { timeout: 300_000 },
    async () => {
      world = await server.world();
      const known = new Map(tenants.map((tenant) => [tenant, new Map<string, [string, string | null]>()]));
      for (const tenant of tenants) {
        const rows = Array.from({ length: 120 }, (_, n) => ({
          id: idOf("book", tenant, n),
          code: texts[n] ?? `${tenant} code ${n}`,
          note: n % 3 === 0 ? null : (texts[n] ?? `${tenant} note ${n}`),
        }));
        await world.load(tenant, rows);
        for (const row of rows) known.get(tenant)?.set(row.id, [row.code, row.note]);
      }
      const old = await open("old");
      // What the switch is to make is known before anybody writes, so that the writers do not fill the table meanwhile.
      expect((await planSchema(world.operator, programs("new"))).refusals).toHaveLength(2);
      const run = { stopped: false, switched: false, writes: 0 };
      const refusals: unknown[] = [];
      const writers = [0, 1, 2, 3].map(async (which) => {
        const tenant = tenants[which % 2] as Tenant;
        const mine = known.get(tenant) as Map<string, [string, string | null]>;
        const { db } = old.session(tenant);
        for (let n = 0; !run.stopped; n += 1) {
          // Each writer has rows of its own, so that the last value that was acknowledged is known.
          const id =
            which < 2
              ? idOf("book", tenant, 10 + 2 * randomInt(40) + 0)
              : idOf("book", tenant, 11 + 2 * randomInt(40));
          const before = mine.get(id);
          const row: [string, string | null] = [
            `${tenant} ${which} ${n}`,
            n % 4 === 0 ? null : `found ${which} ${n}`,
          ];
          try {
            if (before === undefined || n % 7 === 6) {
              const made = randomUUID().replace(/^(.{14})./, "$17");
              await db
                .insertInto("books")
                .values({
                  id: made,
                  title: "new",
                  [code]: row[0],
                  [note]: row[1],
                  price: "1.00",
                  branch_id: branchOf(tenant),
                  holder_id: null,
                  shelf: "open",
                })
                .execute();
              mine.set(made, row);
            } else if (n % 11 === 10) {
              await db.deleteFrom("books").where("id", "=", id).execute();
              mine.delete(id);
            } else {
              await db
                .updateTable("books")
                .set({ [code]: row[0], [note]: row[1] })
                .where("id", "=", id)
                .execute();
              mine.set(id, row);
            }
            run.writes += 1;
            await new Promise((resolve) => setTimeout(resolve, 2));
            if (run.switched) throw new Error("a write of the old model was taken after the switch");
          } catch (error) {
            refusals.push(error);
            if (!run.switched) {
              // The switch stands at the moment that the database says so, which is before its call returns here.
              const [column] = await world.raw(
                `select format_type(atttypid, null) as type from pg_attribute where attrelid = 'public.books'::regclass and attname = $1`,
                code,
              );
              if (column?.["type"] !== "bytea") throw error;
            }
            return;
          }
        }
      });
      const report = await beginAdoption(options());
      expect(report.columns).toEqual([`public.books.${note}`, `public.books.${code}`]);
      expect(
        (await planAdoption(options())).columns.map(({ state, left }) => [state, (left ?? 99) < 20]),
      ).toEqual([
        ["beside", true],
        ["beside", true],
      ]);
      const midway = run.writes;
      await switchAdoption({ ...options(), revision: newRevision });
      run.switched = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
      run.stopped = true;
      await Promise.all(writers);
      expect(midway).toBeGreaterThan(0);
      expect(refusals).toHaveLength(4);
      const fresh = await open("new");
      for (const tenant of tenants) expect(await readAll(fresh, tenant)).toEqual(known.get(tenant));
      const [plain] = await world.raw(
        `select count(*)::int as n from public.books where substr("${code}", 1, 4) <> '\\x574c5302' or octet_length("${code}") < 88`,
      );
      expect(plain?.["n"]).toBe(0);
      // Each value is found by what it is, right away.
      for (const tenant of tenants)
        for (const [id, [, text]] of [...(known.get(tenant) as Map<string, [string, string | null]>)].slice(
          0,
          25,
        )) {
          if (text === null) continue;
          const found = await fresh
            .session(tenant)
            .db.selectFrom("books")
            .select("id")
            .where(note, "=", text)
            .execute();
          expect(found.map((row) => row.id)).toContain(id);
        }
      expect(await codeOf(readAll(old, "north"))).toMatch(/policy\/rolled-back/);
      expect((await planSchema(world.operator, programs("new"))).steps).toEqual([]);
      const end = await endAdoption({ ...options(), rewrite: true });
      expect(end.dropped).toHaveLength(2);
      const columns = `public.books.${note}, public.books.${code}`;
      for (const tenant of tenants) {
        const chain = await world.operator.turn((session) => exportAudit(session, tenant));
        expect(verifyAudit(chain)).toMatchObject({ ok: true });
        const said = chain.entries
          .map(({ entry }) => clearEntry(entry))
          .filter(({ kind }) => kind === "operation");
        expect(said.map(({ action, reason }) => [action, reason])).toEqual([
          ["keys.adopt.switch", columns],
          ["keys.adopt.drop", columns],
        ]);
        for (const entry of said)
          expect(entry).toMatchObject({ principal: { type: "operator", id: "olga" } });
      }
      for (const tenant of tenants) expect(await readAll(fresh, tenant)).toEqual(known.get(tenant));
      expect(await planSchema(world.operator, programs("new"))).toEqual({
        steps: [],
        refusals: [],
        forSuperuser: [],
      });
      expect((await planAdoption(options())).columns).toEqual([]);
    },
  );
});
