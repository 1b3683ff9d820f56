/**
 * Many people of all tenants at two processes of the service over one Postgres, while owners publish new policies all the time. Every answer is
 * looked at: nothing of another tenant may stand in it.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeHospital } from "../../src/data/hospital.ts";
import { randomFrom } from "../../src/data/random.ts";
import { physicians } from "../../src/setup.ts";
import type { Credentials } from "../../src/service/sign-in/accounts.ts";
import { foreignIn, markOf, ownIn, type Canaries } from "./canary.ts";
import type { ChildOptions, ChildReady } from "./service-child.ts";
import { Visitor } from "./visitor.ts";

export interface LoadOptions {
  readonly folder: string;
  readonly databaseUrl: string;
  /** Answers, at least. */
  readonly responses: number;
  /** Requests under way at a time. */
  readonly visitors: number;
  /** Patients of each tenant. */
  readonly size: number;
  readonly seed: number;
}

export interface LoadReport {
  readonly responses: number;
  readonly seconds: number;
  /** What was asked → status → how many answers. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Rows of its own tenant that answers showed, over all. */
  readonly own: number;
  /** Each is a leak. */
  readonly foreign: readonly string[];
  /** Policies that were published meanwhile. */
  readonly published: number;
  /** Milliseconds, of all answers: the middle one and the one that 99 in 100 stay below. */
  readonly p50: number;
  readonly p99: number;
}

const processes = 2;

export async function loadRun(options: LoadOptions): Promise<LoadReport> {
  const { folder, databaseUrl, size, seed, visitors: count } = options;
  const canaries = canariesOf(size);
  const children: ChildProcess[] = [];
  try {
    const ready: ChildReady[] = [];
    // The first makes what the others find.
    for (let number = 0; number < processes; number += 1) {
      const child = fork(fileURLToPath(new URL("service-child.ts", import.meta.url)), { stdio: "inherit" });
      children.push(child);
      child.send({ folder, databaseUrl, size } satisfies ChildOptions);
      ready.push(await answerOf(child));
    }
    const credentials = ready[0]?.credentials ?? [];
    const ports = ready.map(({ port }) => port);
    const visitors = await enter(ports, credentials, canaries, count, seed);
    const owners = [
      ...new Map(
        visitors.flatMap((one) => (/owner/.test(one.person.title) ? [[one.person.id, one] as const] : [])),
      ).values(),
    ];
    return await run(visitors, owners, canaries, options.responses);
  } finally {
    for (const child of children) {
      if (child.exitCode !== null || !child.connected) continue;
      const ended = once(child, "exit");
      child.send("stop");
      await ended;
    }
  }
}

async function answerOf(child: ChildProcess): Promise<ChildReady> {
  const { promise, resolve, reject } = Promise.withResolvers<ChildReady>();
  child.once("message", (message) => resolve(message as ChildReady));
  child.once("exit", (code) => reject(new Error(`a process of the service ended with ${String(code)}`)));
  return promise;
}

async function enter(
  ports: readonly number[],
  credentials: readonly Credentials[],
  { ids }: Canaries,
  count: number,
  seed: number,
): Promise<readonly Visitor[]> {
  const foreignOf = (tenant: string): readonly string[] =>
    [...ids].flatMap(([other, known]) => (other === tenant ? [] : [...known]));
  const visitors: Visitor[] = [];
  for (let number = 0; number < count; number += 1) {
    const person = credentials[number % credentials.length] as Credentials;
    const port = ports[number % ports.length] as number;
    const random = randomFrom(seed + number);
    const first = visitors.find((one) => one.person === person);
    const foreign = foreignOf(person.tenant);
    const visitor =
      first === undefined
        ? new Visitor(port, person, random, foreign)
        : Visitor.like(port, first, random, foreign);
    if (first === undefined) await visitor.signIn();
    visitors.push(visitor);
  }
  return visitors;
}

async function run(
  visitors: readonly Visitor[],
  owners: readonly Visitor[],
  canaries: Canaries,
  wanted: number,
): Promise<LoadReport> {
  const started = performance.now();
  const answers: Record<string, Record<string, number>> = {};
  const foreign: string[] = [];
  const times: number[] = [];
  let own = 0;
  let published = 0;
  const over = new AbortController();
  const look = (tenant: string, what: string, status: number, text: string): void => {
    const of = (answers[what] ??= {});
    of[status] = (of[status] ?? 0) + 1;
    for (const found of foreignIn(text, tenant, canaries)) foreign.push(`${tenant}: ${what}: ${found}`);
    own += ownIn(text, tenant, canaries);
  };
  const visit = async (visitor: Visitor): Promise<void> => {
    const { tenant } = visitor.person;
    while (times.length < wanted) {
      const begun = performance.now();
      const { what, answer, isForeign } = await visitor.ask();
      times.push(performance.now() - begun);
      look(tenant, what, answer.status, answer.text);
      if (isForeign && answer.status < 400) foreign.push(`${tenant}: ${what}: ${answer.status}`);
    }
  };
  const publish = async (owner: Visitor): Promise<void> => {
    const text = readFileSync(new URL(`../../policy/${owner.person.tenant}.ward`, import.meta.url), "utf8");
    for (let number = 0; !over.signal.aborted; number += 1) {
      const answer = await owner.publish(
        number % 2 === 0 ? `${text}\n// version ${number}\n` : text.replace("hide(notes), ", ""),
      );
      look(owner.person.tenant, "publish", answer.status, answer.text);
      if (answer.text.includes("is in force")) published += 1;
    }
  };
  const publishing = owners.map(publish);
  await Promise.all(visitors.map(visit));
  over.abort();
  await Promise.all(publishing);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  const seconds = (performance.now() - started) / 1000;
  return { responses: times.length, seconds, answers, own, foreign, published, p50: at(0.5), p99: at(0.99) };
}

/** The same rows that the service generates. */
function canariesOf(size: number): Canaries {
  const marks = new Map<string, string>();
  const ids = new Map<string, ReadonlySet<string>>();
  let seed = 20_261_101;
  for (const [tenant, names] of physicians) {
    const { departmentRows, patients, visits } = makeHospital((seed += 1), names, size);
    marks.set(tenant, markOf(tenant));
    ids.set(tenant, new Set([...departmentRows, ...patients, ...visits].map(({ id }) => id)));
  }
  return { marks, ids };
}
