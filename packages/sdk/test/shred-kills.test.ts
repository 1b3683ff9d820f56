/**
 * kill −9 at random points of shreddings: run again they end in the same state, with one receipt that is true, and on the way no key that was
 * disabled is active again and nothing says of a key that it is destroyed before it is.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomFrom } from "@wardline/core/testing";
import { startVault, type Vault } from "@wardline/database-testing";
import { formatNoteSigner, vaultTransit, type Database, type KeyProvider } from "@wardline/isolation";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  exportAudit,
  listOperations,
  operatorSealers,
  setKeyBound,
  verifyAudit,
} from "../src/operator/index.ts";
import { programOf } from "./library-bundles.ts";
import type { ChildWork } from "./shred-child.ts";
import { openShredWorld, receiptOf, searchable, signer, type ShredWorld } from "./shred-world.ts";

/** `WARDLINE_KILLS=200` for a long run. */
const points = Number(process.env["WARDLINE_KILLS"] ?? 24);
const seed = Number(process.env["WARDLINE_SEED"] ?? Date.now() % 2 ** 31);
const wave = 6;
const rows = 3;
const tenants = Array.from({ length: wave * Math.ceil(points / wave) }, (_, number) => `t${number}`);

const random = randomFrom(seed, "kills of shreddings");

let vault: Vault;
let world: ShredWorld;
let keys: KeyProvider;
let left: Database;
const folder = mkdtempSync(join(tmpdir(), "wardline-shred-"));
const workFile = join(folder, "work.json");

beforeAll(async () => {
  vault = await startVault();
  vault.tokens.set("token", undefined);
  keys = vaultTransit({ address: vault.url, token: async () => "token" });
  const all = [...tenants, "alive"];
  world = await openShredWorld(keys, all, undefined, 30);
  left = world.estate.cells.database("left", null) as Database;
  await world.make("alive");
  const { host, port, user, password } = world.server;
  const work: ChildWork = {
    reach: { host, port, user, password },
    vault: vault.url,
    signer: formatNoteSigner(signer),
    programs: all.map((tenant) => searchable(programOf(tenant))),
  };
  writeFileSync(workFile, JSON.stringify(work));
});
afterAll(async () => {
  await world.close();
  await vault.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Does something when the provider has carried out this request, counted from now, and before its answer arrives. */
function atRequest(number: number, act: () => void): void {
  let count = 0;
  vault.requests.push = (...lines) => {
    if (count++ === number) act();
    return Array.prototype.push.apply(vault.requests, lines);
  };
}

interface Child {
  readonly child: ChildProcess;
  readonly isReady: Promise<void>;
  readonly lines: Set<string>;
}

function start(of: readonly string[]): Child {
  const file = fileURLToPath(new URL("shred-child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@wardline/source", file, workFile, of.join(",")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), NODE_OPTIONS: "" },
  });
  const lines = new Set<string>();
  const isReady = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (part: Buffer) => {
      for (const line of part.toString().trim().split("\n")) lines.add(line);
      if (lines.has("ready")) resolve();
    });
    child.once("exit", (status, signal) => reject(new Error(`it ended with ${String(status ?? signal)}`)));
  });
  isReady.catch(() => undefined);
  return { child, isReady, lines };
}

const order = [null, "disabled", "destroyed"];
const seen = new Map<string, { rank: number; receipt: string | null }>();
const steps = new Map<string, number>();

/** Nothing goes back, and nothing is said before it is so. */
async function look(tenant: string): Promise<boolean> {
  const [row] = await world.raw(
    "left",
    `SELECT (SELECT state FROM wardline.tenant_key_state WHERE tenant_id = $1) AS state,
  (SELECT count(*)::text FROM wardline.tenant_key WHERE tenant_id = $1 AND purpose <> 'audit' AND wrapped IS NOT NULL) AS keys,
  (SELECT count(*)::text FROM public.books WHERE tenant_id = $1 AND code_bidx IS NOT NULL) AS indexes,
  (SELECT count(*)::text FROM wardline.audit WHERE tenant_id = $1 AND entry LIKE '%tenant.shred%') AS entries`,
    [tenant],
  );
  const shreddings = (await listOperations(world.estate.catalogue, tenant)).filter(
    ({ kind }) => kind === "shred",
  );
  expect(shreddings.length).toBeLessThanOrEqual(1);
  const [it] = shreddings;
  const before = seen.get(tenant) ?? { rank: 0, receipt: null };
  const rank = order.indexOf((row?.["state"] ?? null) as string | null);
  expect(rank, "no state goes back").toBeGreaterThanOrEqual(before.rank);
  const receipt = it?.receipt ?? null;
  if (before.receipt !== null) expect(receipt).toBe(before.receipt);
  seen.set(tenant, { rank, receipt });
  const { kind } = await keys.state(tenant, "data");
  if (kind === "destroyed") expect(rank, "only what is disabled is destroyed").toBeGreaterThanOrEqual(1);
  if (rank === 2 || row?.["indexes"] !== String(rows)) expect(kind).toBe("destroyed");
  expect(row?.["keys"]).toBe(rank === 2 ? "0" : "3");
  expect(Number(row?.["entries"])).toBeLessThanOrEqual(receipt === null ? 0 : 1);
  if (receipt !== null) expect([kind, rank, row?.["indexes"]]).toEqual(["destroyed", 2, "0"]);
  if (it !== undefined) steps.set(`${it.done} ${it.state}`, (steps.get(`${it.done} ${it.state}`) ?? 0) + 1);
  return it?.state === "done";
}

async function check(tenant: string): Promise<void> {
  const [it] = await listOperations(world.estate.catalogue, tenant);
  const receipt = receiptOf({ kind: "done", operation: "", receipt: it?.receipt ?? "", sha256: "" });
  const home = receipt.databases.find(({ isHome }) => isHome);
  // However often a page was done again, what it emptied was counted once.
  expect(home?.cleared).toEqual({ "public.books.code_bidx": rows });
  expect(home?.keys.map(({ sha256 }) => sha256?.length)).toEqual([64, 64, 64]);
  const chain = await left.turn((session) => exportAudit(session, tenant));
  expect(verifyAudit(chain, { tenant })).toMatchObject({ ok: true });
  const named = chain.entries.filter(({ entry }) => entry.includes("tenant.shred"));
  expect(named).toHaveLength(1);
  expect(chain.entries.some(({ hash }) => hash === receipt.chain.hash)).toBe(true);
}

test(`V77: ${points} points of a kill −9 (seed ${seed})`, { timeout: 600_000 }, async () => {
  let killed = 0;
  for (let first = 0; killed < points && first < tenants.length; first += wave) {
    let rest: readonly string[] = tenants.slice(first, first + wave);
    for (const tenant of rest) await world.make(tenant, undefined, rows);
    let next = start(rest);
    // Longer each time, so that whatever the machine does besides, all come to their end.
    for (let round = 1; rest.length > 0; round++) {
      const now = next;
      next = start(rest);
      await now.isReady;
      const gone = once(now.child, "exit");
      now.child.stdin?.write("go\n");
      // Every second time while the provider answers, of which a destruction is made up.
      const kill = () => now.child.kill("SIGKILL");
      const timer = setTimeout(kill, 30 + random.below(250 * round) + (round % 2 === 0 ? 2000 : 0));
      if (round % 2 === 0) atRequest(random.below(10 * rest.length), kill);
      await gone;
      clearTimeout(timer);
      const left: string[] = [];
      for (const tenant of rest) if (!(await look(tenant))) left.push(tenant);
      killed += left.length;
      rest = left;
    }
    next.child.kill("SIGKILL");
    for (const tenant of tenants.slice(first, first + wave)) await check(tenant);
  }
  console.info(`${killed} points, seed ${seed}: ${JSON.stringify(Object.fromEntries(steps))}`);
  expect(killed).toBeGreaterThanOrEqual(points);
  // By the bound of the shreddings a busy machine has no key any more when it comes to use it.
  await left.turn((session) => setKeyBound(session, 60_000));
  await left.turn(async (session) => {
    const { cells } = await operatorSealers(session, keys, "alive");
    const found = await session.query(
      "SELECT id::text AS id, encode(code, 'hex') AS cell FROM public.books WHERE tenant_id = 'alive' ORDER BY id",
      [],
    );
    expect(
      found.rows.map(({ id, cell }) =>
        cells.open({ table: "books", column: "code", row: String(id) }, String(cell)),
      ),
    ).toEqual(["secret 0", "secret 1", "secret 2"]);
  });
});
