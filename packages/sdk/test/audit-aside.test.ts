/** What is put on record while transactions hold every connection: it waits for none of them, and where it cannot be, no row leaves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "@wardline/core";
import { connect } from "@wardline/database-testing";
import { operatorSealers, type Database } from "@wardline/isolation";
import type { Transaction } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Wardline } from "../src/index.ts";
import { exportAudit, openEntry, verifyAudit } from "../src/operator/index.ts";
import { postgres } from "../src/postgres/index.ts";
import type { WindowChildOptions } from "./audit-window-child.ts";
import { bundleFolder } from "./library-bundles.ts";
import {
  books,
  codeOf,
  idOf,
  openServerLibrary,
  serverProgram,
  sessionOf,
  tenants,
  type ServerLibrary,
  type Tables,
  type Tenant,
} from "./server-library.ts";

let library: ServerLibrary;
let database: Database;
let wardline: Wardline;
let bundles: string;
const told: unknown[] = [];
beforeAll(async () => {
  library = await openServerLibrary();
  bundles = await mkdtemp(join(tmpdir(), "wardline-aside-"));
  await bundleFolder(tenants, ({ tenant }) => audited(serverProgram(tenant)), bundles);
});
beforeEach(async () => {
  database = postgres({ ...library.reach, pool: { max: 2 }, limits: { lock: 1_000 } });
  wardline = await library.open(database, { bundles, onOperatorError: (error) => told.push(error) });
  told.length = 0;
});
afterEach(async () => {
  await wardline.close();
  await database.close();
});
afterAll(async () => {
  await library.close();
  await rm(bundles, { recursive: true, force: true });
});

/** Whoever reads a book owes an entry that names it. */
function audited(program: Program): Program {
  const tables = program.tables.map((table) => ({
    ...table,
    passes: table.passes.map((pass) => ({
      ...pass,
      grants: pass.grants.map((grant) =>
        table.action === "read" && table.resource === "Book"
          ? { ...grant, duties: [{ type: "audit", level: "full" } as const] }
          : grant,
      ),
    })),
  }));
  return { ...program, tables };
}

type Step = (trx: Transaction<Tables>) => Promise<unknown>;

/** Runs a step in each of so many transactions, once all of them hold their connections. */
async function withAllHeld(tenant: Tenant, count: number, step: Step): Promise<readonly unknown[]> {
  const held = Promise.withResolvers<void>();
  let holding = 0;
  const run = () =>
    sessionOf(wardline, tenant)
      .db.transaction()
      .execute(async (trx) => {
        // What owes nothing.
        await trx
          .selectFrom("branches" as never)
          .selectAll()
          .execute();
        holding += 1;
        if (holding === count) held.resolve();
        await held.promise;
        return step(trx);
      });
  return Promise.all(Array.from({ length: count }, run));
}

const read: Step = (trx) => trx.selectFrom("books").select("title").execute();
const length = async (tenant: Tenant): Promise<number> => {
  const rows = await library.raw(
    "select count(*)::int as n from wardline.audit where tenant_id = $1 and entry::jsonb->>'kind' = 'read'",
    tenant,
  );
  return Number(rows[0]?.["n"]);
};

test("V91: transactions that hold every connection read what is owed an entry, several times, and more of them wait their turn", async () => {
  const before = await length("north");
  const twice: Step = async (trx) => [await read(trx), await read(trx)];
  const more = Array.from({ length: 4 }, () => sessionOf(wardline, "north").db.transaction().execute(twice));
  const answers = [...(await withAllHeld("north", 2, twice)), ...(await Promise.all(more))];
  expect(answers.flat()).toHaveLength(12);
  for (const rows of answers.flat()) expect(rows).toHaveLength(books);
  expect((await length("north")) - before).toBe(12);
});

test("V91: with a window, rows leave first, within transactions that hold every connection too, and closing puts all of it on record", async () => {
  const open = await library.open(database, {
    bundles,
    auditWindow: { tenants: ["south"], levels: ["full"], milliseconds: 60_000 },
  });
  const entries = async (): Promise<readonly unknown[]> =>
    (
      await library.raw(
        `select entry::jsonb->>'action' as action from wardline.audit where tenant_id = 'south'
          and seq > (select max(seq) from wardline.audit where tenant_id = 'south' and entry::jsonb->>'action' = 'window.open') order by seq`,
      )
    ).map(({ action }) => action);
  const books = () => sessionOf(open, "south").db.selectFrom("books").select("title").execute();
  expect(await books()).not.toEqual([]);
  expect(await entries()).toEqual([]);
  const twice = sessionOf(open, "south")
    .db.transaction()
    .execute(async (trx) => [await read(trx), await read(trx)]);
  expect((await twice).flat()).not.toEqual([]);
  expect(await entries()).toEqual([]);
  await open.close();
  expect(await entries()).toEqual(["read", "read", "read", "window.close"]);
  expect(await codeOf(books())).toBe("IsolationViolation handle/revoked");
});

test("V91: with a window, transactions that hold every connection read on where the tenant's keys have to be looked up again", async () => {
  await wardline.close();
  wardline = await library.open(database, {
    bundles,
    keyBounds: { lease: 1 },
    auditWindow: { tenants: ["south"], levels: ["full"], entries: 2 },
    onOperatorError: (error) => told.push(error),
  });
  const before = await length("south");
  const often: Step = async (trx) => [await read(trx), await read(trx), await read(trx)];
  const answers = await withAllHeld("south", 2, often);
  for (const rows of answers.flat()) expect(rows).toHaveLength(books);
  await wardline.close();
  expect((await length("south")) - before).toBe(6);
  expect(told).toEqual([]);
});

test("a database that was closed opens no connection for the record", async () => {
  const statement = { sql: "select 1 as one", parameters: [] };
  expect(await database.aside?.([statement])).toMatchObject([{ rows: [{ one: 1 }] }]);
  const closed = postgres({ ...library.reach, pool: { max: 2 } });
  for (const one of [closed, database]) {
    await one.close();
    await expect(one.aside?.([statement])).rejects.toMatchObject({ name: "ConnectionLost" });
  }
});

test("V91: an application with a window that is killed has shown no more without an entry than the window says", async () => {
  const auditWindow = { tenants: ["north"], levels: ["full"], milliseconds: 200, entries: 40 } as const;
  const given: WindowChildOptions = {
    reach: library.reach,
    bundles,
    keysFile: library.keysFile,
    contextKey: {
      id: library.contextKey.id,
      secret: Buffer.from(library.contextKey.secret).toString("hex"),
    },
    auditWindow,
    branch: idOf("branch", "north", 1),
  };
  const path = join(import.meta.dirname, "audit-window-child.ts");
  const args = ["--conditions=@wardline/source", path, JSON.stringify(given)];
  const children = Array.from({ length: 3 }, () => spawn(process.execPath, args));
  let lost = 0;
  try {
    for (const [round, child] of children.entries()) {
      let [text, errors] = ["", ""];
      const enough = Promise.withResolvers<void>();
      child.stdout.on("data", (part: Buffer) => {
        text += part.toString();
        if (text.split("\n").length > 5 + round * 15) enough.resolve();
      });
      child.stderr.on("data", (part: Buffer) => (errors += part.toString()));
      const ended = once(child, "close");
      child.stdin.write("go\n");
      await Promise.race([enough.promise, ended]);
      child.kill("SIGKILL");
      expect(((await ended) as [number | null])[0], errors).toBeNull();
      const shown = text.split("\n").filter((line) => line !== "");
      for (const line of shown) expect(line).toBe(String(books));
      const { audit } = await library.operator.turn((session) =>
        operatorSealers(session, library.keys, "north"),
      );
      const entries = (
        await library.raw("select entry from wardline.audit where tenant_id = 'north' order by seq")
      ).map((row) => openEntry(String(row["entry"]), audit));
      const own = entries.filter(({ principal }) => principal.id === `p${child.pid}`);
      expect(shown.length - own.length).toBeLessThanOrEqual(auditWindow.entries);
      lost += Math.max(0, shown.length - own.length);
      // Its window is there though no end of it is.
      const opened = entries.findLast((entry) => entry["action"] === "window.open");
      expect(opened).toMatchObject({ count: auditWindow.entries });
      const ends = entries.filter((entry) => entry["action"] === "window.close");
      expect(ends.map((entry) => entry["of"])).not.toContain(opened?.id);
    }
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
  expect(lost).toBeGreaterThan(0);
  const chain = await library.operator.turn((session) => exportAudit(session, "north"));
  expect(verifyAudit(chain, { tenant: "north" })).toMatchObject({ ok: true });
});

test("V91: where the server has no connection left for the record, no row leaves and nothing hangs", async () => {
  const before = await length("north");
  // Both connections are there before the limit is.
  await withAllHeld("north", 2, async () => undefined);
  await library.raw("alter role wardline_app connection limit 2");
  try {
    const codes: string[] = [];
    const failed: Step = async (trx) => void codes.push(await codeOf(read(trx)));
    // Nothing of a transaction stands whose read could not be recorded.
    expect(await codeOf(withAllHeld("north", 2, failed))).toBe("IsolationViolation transaction/ended");
    await expect.poll(() => codes).toHaveLength(2);
    expect(codes).toEqual(["IsolationViolation audit/failed", "IsolationViolation audit/failed"]);
  } finally {
    await library.raw("alter role wardline_app connection limit -1");
  }
  expect(await length("north")).toBe(before);
  expect(told.length).toBeGreaterThan(0);
  expect(await withAllHeld("north", 2, read)).toHaveLength(2);
  expect(await length("north")).toBe(before + 2);
});

test("V91: where somebody holds the chain, no row leaves, a refusal comes all the same, and other tenants read on", async () => {
  const before = await length("north");
  const other = await connect(library.server);
  try {
    await other.exec("begin");
    await other.exec("select 1 from wardline.audit_head where tenant_id = 'north' for update");
    const codes: string[] = [];
    const refused: Step = async (trx) => {
      const set = { tenant_id: "south" } as never;
      codes.push(await codeOf(trx.updateTable("books").set(set).execute()));
      codes.push(await codeOf(read(trx)));
    };
    const [south, ended] = await Promise.all([
      sessionOf(wardline, "south").db.selectFrom("books").select("title").execute(),
      codeOf(withAllHeld("north", 1, refused)),
    ]);
    expect(codes).toEqual(["UnsupportedQuery write/unknown-column", "IsolationViolation audit/failed"]);
    expect(ended).toBe("IsolationViolation transaction/ended");
    expect(south).toHaveLength(books);
  } finally {
    await other.exec("rollback");
    await other.close();
  }
  expect(await length("north")).toBe(before);
  // What could not be recorded then is counted, and on record when it can be.
  await wardline.close();
  const rows = await library.raw(
    "select entry::jsonb as entry from wardline.audit where tenant_id = 'north' and entry::jsonb->>'kind' = 'violation'",
  );
  expect(rows).toMatchObject([{ entry: { reason: "write/unknown-column", count: 1 } }]);
});
