/**
 * kill −9 at random points of reseals, and connections that are cut at random statements, beside an application: no cell is lost, none is
 * in two states, a search finds each row once, and what was begun is brought to its end by being run again.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomFrom } from "@wardline/core/testing";
import { startPostgres, type PostgresServer } from "@wardline/database-testing";
import { createContextKey, installContextKey, localKeys, type Database } from "@wardline/isolation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revealRow, Wardline } from "../src/index.ts";
import {
  createSchema,
  createTenantKeys,
  exportAudit,
  loadRows,
  registryRows,
  resealTenant,
  verifyAudit,
} from "../src/operator/index.ts";
import { postgres, postgresOperator } from "../src/postgres/index.ts";
import { bundleFolder } from "./library-bundles.ts";
import type { ChildWork } from "./reseal-child.ts";
import { meddled, searchableProgram } from "./reseal-library.ts";
import type { Tables } from "./server-library.ts";

/** Each kill ends the reseals of all tenants, each at a point of its own. */
const tenants = ["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"];
/** Points, and connections that are cut: `WARDLINE_KILLS=200` for a long run. */
const points = Number(process.env["WARDLINE_KILLS"] ?? 48);
const kills = Math.ceil(points / tenants.length);
const seed = Number(process.env["WARDLINE_SEED"] ?? Date.now() % 2 ** 31);
const rows = 14;
/** Milliseconds: longer than the application is ever behind on a busy machine, and no longer. */
const settle = 600;
const programs = tenants.map(searchableProgram);
const idOf = (tenant: string, number: number): string =>
  `00000000-0000-7000-8${tenant.slice(1).padStart(3, "0")}-${String(number).padStart(12, "0")}`;

const random = randomFrom(seed, "kills of reseals");

let server: PostgresServer;
let operator: Database;
let application: Database;
let wardline: Wardline;
const folder = mkdtempSync(join(tmpdir(), "wardline-reseal-"));
const keys = localKeys(join(folder, "keys.json"));
const workFile = join(folder, "work.json");
/** What was acknowledged to the application. */
const written = new Map<string, string>();

beforeAll(async () => {
  server = await startPostgres();
  const { host, port, database, user, password } = server;
  const reach = { host, port, database, user, password };
  operator = postgresOperator(reach);
  await createSchema(operator, programs);
  const contextKey = createContextKey(3);
  await operator.turn(async (session) => {
    await session.query("alter role wardline_app password 'app'", []);
    await installContextKey(session, contextKey);
  });
  for (const program of programs) {
    const { tenant } = program;
    await createTenantKeys({ database: operator, keys }, tenant);
    const options = { database: operator, program, keys };
    await loadRows(options, "Branch", [{ id: idOf(tenant, 900), attributes: {} }]);
    const books = Array.from({ length: rows }, (_, number) => {
      written.set(`${tenant} ${number}`, `${tenant} code ${number}`);
      const texts = { title: `${tenant} ${number}`, note: null, code: `${tenant} code ${number}` };
      const rest = { price: "9.50", branch: idOf(tenant, 900), shelf: "open", tags: [] };
      return { id: idOf(tenant, number), attributes: { ...texts, ...rest } };
    });
    await loadRows(options, "Book", books);
  }
  const bundles = join(folder, "bundles");
  mkdirSync(bundles);
  await bundleFolder(tenants, ({ tenant }) => searchableProgram(tenant), bundles);
  application = postgres({ ...reach, user: "wardline_app", password: "app", pool: { max: 10 } });
  const trust = "unsigned-development";
  const keyBounds = { lease: 20 };
  wardline = await Wardline.open({ bundles, trust, database: application, keys, contextKey, keyBounds });
  const work: ChildWork = { reach, keys: join(folder, "keys.json"), programs, settle };
  writeFileSync(workFile, JSON.stringify(work));
});
afterAll(async () => {
  await wardline.close();
  await application.close();
  await operator.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const dbOf = (tenant: string) =>
  wardline
    .tenant(tenant, { lends: true })
    .as<Tables>({ type: "Member", id: "ada", roles: ["reader"], in: [idOf(tenant, 900)] }).db;

/** Everything opens and is found, and the application writes on. */
async function look(tenant: string): Promise<void> {
  const db = dbOf(tenant);
  const all = await db.selectFrom("books").select(["id", "code"]).orderBy("id").execute();
  expect(all.map((row) => revealRow(row).code)).toEqual(
    Array.from({ length: rows }, (_, number) => written.get(`${tenant} ${number}`)),
  );
  const number = random.below(rows);
  const sought = written.get(`${tenant} ${number}`) ?? "";
  const found = await db.selectFrom("books").select("id").where("code", "=", sought).execute();
  expect(found).toEqual([{ id: idOf(tenant, number) }]);
  const value = `${tenant} ${number} at ${random.below(2 ** 32)}`;
  await db.updateTable("books").set({ code: value }).where("id", "=", idOf(tenant, number)).execute();
  written.set(`${tenant} ${number}`, value);
}

/** How far a tenant's keys have come, and that its record is whole. */
async function versionOf(tenant: string): Promise<number> {
  return operator.turn(async (session) => {
    const found = (await registryRows(session, tenant)).filter(({ purpose }) => purpose === "seal");
    // A version is added only once those before the last one are retired.
    expect(found.filter(({ state }) => state === "readable").length).toBeLessThanOrEqual(1);
    expect(verifyAudit(await exportAudit(session, tenant), { tenant })).toMatchObject({ ok: true });
    return found.length;
  });
}

/** Where the application does nothing meanwhile. */
const shortly = 40;

async function finish(): Promise<void> {
  for (const program of programs) {
    const target = { database: operator, program, keys, operator: "olga" };
    expect(await resealTenant(target, { settle: shortly })).toMatchObject({ outcome: "done" });
    const state = await operator.turn((session) =>
      session.query(
        `select count(*)::text as n from public.books as b, wardline.tenant_key as s, wardline.tenant_key as i
         where b.tenant_id = $1 and s.tenant_id = $1 and i.tenant_id = $1 and s.purpose = 'seal' and i.purpose = 'index'
           and s.state = 'current' and i.state = 'current'
           and get_byte(b.code, 6) * 256 + get_byte(b.code, 7) = s.version
           and get_byte(b.code_bidx, 2) * 256 + get_byte(b.code_bidx, 3) = i.version`,
        [program.tenant],
      ),
    );
    expect(state.rows).toEqual([{ n: String(rows) }]);
    await look(program.tenant);
  }
}

function start(): {
  readonly child: ChildProcess;
  readonly isReady: Promise<void>;
  readonly lines: string[];
} {
  const file = fileURLToPath(new URL("reseal-child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@wardline/source", file, workFile], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), NODE_OPTIONS: "" },
  });
  const lines: string[] = [];
  const isReady = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (part: Buffer) => {
      lines.push(...part.toString().trim().split("\n"));
      if (lines.includes("ready")) resolve();
    });
    child.once("exit", (status, signal) => reject(new Error(`it ended with ${String(status ?? signal)}`)));
  });
  isReady.catch(() => undefined);
  return { child, isReady, lines };
}

test(`${kills} × ${tenants.length} points of a kill −9 (seed ${seed})`, { timeout: 600_000 }, async () => {
  let next = start();
  let unfinished = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const now = next;
    next = start();
    await now.isReady;
    const gone = once(now.child, "exit");
    now.child.stdin?.write("go\n");
    const working = Promise.all(tenants.map(look));
    working.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20 + random.below(400)));
    now.child.kill("SIGKILL");
    await gone;
    await working;
    for (const tenant of tenants) {
      if (!now.lines.includes(`${tenant} done`)) unfinished += 1;
      await versionOf(tenant);
    }
  }
  next.child.kill("SIGKILL");
  // Most were killed before their end, or the delays do not fit any more.
  expect(unfinished).toBeGreaterThan((kills * tenants.length) / 2);
  await finish();
});

test(`${points} points at which the connection is cut (seed ${seed})`, { timeout: 600_000 }, async () => {
  const [program] = programs;
  if (program === undefined) return;
  const before = await versionOf(program.tenant);
  let rotations = 0;
  for (let cut = 0; cut < points; cut += 1) {
    const at = random.between(1, 260);
    // Either before the statement is sent, or while its answer is on the way.
    const isSent = random.chance(0.5);
    const database = meddled(operator, async (session, sql, count) => {
      if (count !== at) return;
      if (isSent)
        void session
          .query(sql.startsWith("SELECT") ? sql.replaceAll(/\$\d+/g, "NULL") : "SELECT 1", [])
          .catch(() => undefined);
      session.abort?.();
    });
    const target = { database, program, keys, operator: "olga" };
    await resealTenant(target, { rotate: ["seal", "index"], settle: shortly, pageRows: 3 }).then(
      ({ outcome }) => {
        expect(outcome).toBe("done");
        rotations += 1;
      },
      () => undefined,
    );
    if (cut % 8 === 0) await look(program.tenant);
  }
  expect(rotations).toBeLessThan(points);
  expect((await versionOf(program.tenant)) - before).toBeLessThanOrEqual(rotations + 1);
  await finish();
});
