/**
 * `measure.ts FOLDER TENANTS LOADED`: what many tenants take in a process of its own, as JSON. The repository was written before; the
 * embedded database has the tables, and the memory is what comes on top of it.
 */
import { setImmediate } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileClosures } from "@wardline/backends";
import { localKeys, seenInMemory, Wardline } from "@wardline/sdk";
import { createSchema } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { abacRequest, makeAbac, type Question } from "../b1/abac.ts";
import { at } from "../measure.ts";
import { inUse } from "../weigh.ts";
import { compileVariants, programOf, tenantName } from "./policies.ts";

export interface Measured {
  /** Bytes on the heap and beside it, and of the process. */
  readonly known: { readonly tenants: number; readonly bytes: number; readonly resident: number };
  readonly loaded: { readonly tenants: number; readonly bytes: number; readonly resident: number };
  /** With ten times as many asked for as are kept. */
  readonly turned: { readonly loads: number; readonly bytes: number; readonly resident: number };
  /** Nanoseconds. */
  readonly open: number;
  /** `processor`: of all threads, a load on the average. */
  readonly load: Times & { readonly processor: number };
  readonly decision: { readonly quiet: Times; readonly loading: Times };
  /** From one turn of the event loop to the next, while nothing else is done and while tenants load. */
  readonly turn: { readonly quiet: Times; readonly loading: Times };
}

export interface Times {
  readonly median: number;
  readonly p99: number;
}

const [folder = "", count = "", kept = ""] = process.argv.slice(2);
const tenants = Number(count);
const mostLoaded = Number(kept);

const programs = compileVariants();
const [program] = programs;
if (program === undefined) throw new Error("there is no policy");
const database = pglite();
await createSchema(database, [program]);
const keys = localKeys(join(folder, "keys.json"));
const root = new Uint8Array(readFileSync(join(folder, "root.json")));
const resident = (): number => process.memoryUsage.rss();

const openOne = (): Promise<Wardline> =>
  Wardline.open({
    bundles: folder,
    trust: { root, seen: seenInMemory() },
    watch: false,
    policies: { load: "on-demand", mostLoaded, mostBytes: 2 ** 40 },
    database,
    keys,
  });
// The first brings what a process has once: the grammar of SQL, compiled code.
const first = await openOne();
let before = await memory();
const begun = performance.now();
const wardline = await openOne();
const open = (performance.now() - begun) * 1e6;
const known = { tenants, ...since(before, await memory()) };

before = await memory();
// Some are loaded before they are timed: by code that is not compiled yet.
const warm = Math.min(200, mostLoaded >> 1);
await timeLoads(1, warm);
const load = await timeLoads(1 + warm, mostLoaded - 1 - warm);
const loaded = { tenants: mostLoaded - 1, ...since(before, await memory()) };

const turns = Math.min(tenants - mostLoaded, 9 * mostLoaded);
before = await memory();
for (let n = 0; n < turns; n += 1) await wardline.load(tenantName(mostLoaded + n));
const turned = { loads: turns, ...since(before, await memory()) };

const engine = compileClosures(programOf(programs, 0));
const { questions } = makeAbac();
const requests = questions.map((question: Question) => ({
  ...abacRequest(question),
  tenant: { id: tenantName(0) },
}));
const ask = (start: number, times: number): number => {
  let permitted = 0;
  for (let n = start; n < start + times; n += 1)
    if (engine.allows(requests[n % requests.length])) permitted += 1;
  return permitted;
};
// Until it is compiled as well as it will be.
for (let n = 0; n < 200; n += 1) ask(0, requests.length);
const quiet = await timeDecisions(4_000, async () => false);
let next = 0;
const stop = new AbortController();
const loading = (async () => {
  while (!stop.signal.aborted) await wardline.load(tenantName((next += 1) % tenants));
})();
const busy = await timeDecisions(4_000, async () => stop.signal.aborted);
stop.abort();
await loading;

const measured: Measured = {
  known,
  loaded,
  turned,
  open,
  load,
  decision: { quiet: quiet.decision, loading: busy.decision },
  turn: { quiet: quiet.turn, loading: busy.turn },
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
await first.close();
await wardline.close();
await database.close();

async function memory(): Promise<{ readonly bytes: number; readonly resident: number }> {
  const bytes = await inUse();
  return { bytes, resident: resident() };
}

function since(
  from: { readonly bytes: number; readonly resident: number },
  to: { readonly bytes: number; readonly resident: number },
): { readonly bytes: number; readonly resident: number } {
  return { bytes: to.bytes - from.bytes, resident: to.resident - from.resident };
}

async function timeLoads(from: number, loads: number): Promise<Measured["load"]> {
  const times: number[] = [];
  const used = process.cpuUsage();
  for (let n = from; n < from + loads; n += 1) {
    const start = performance.now();
    await wardline.load(tenantName(n));
    times.push((performance.now() - start) * 1e6);
  }
  const { user, system } = process.cpuUsage(used);
  const processor = ((user + system) * 1000) / loads;
  return { median: at(times, 0.5), p99: at(times, 0.99), processor };
}

/** Blocks of decisions of 20 µs or longer, each in a turn of its own. */
async function timeDecisions(
  blocks: number,
  isOver: () => Promise<boolean>,
): Promise<{ readonly decision: Times; readonly turn: Times }> {
  const size = 128;
  const decisions: number[] = [];
  const waits: number[] = [];
  for (let n = 0; n < blocks && !(await isOver()); n += 1) {
    const asked = performance.now();
    await setImmediate();
    const start = performance.now();
    ask(n * size, size);
    decisions.push(((performance.now() - start) * 1e6) / size);
    waits.push((start - asked) * 1e6);
  }
  return {
    decision: { median: at(decisions, 0.5), p99: at(decisions, 0.99) },
    turn: { median: at(waits, 0.5), p99: at(waits, 0.99) },
  };
}
