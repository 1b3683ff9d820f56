/**
 * B5 with everything on: one row by its primary key with a cell that is sealed under its tenant's key, put on record, counted by a limit, in a
 * session whose length the policy bounds, in its tenant's share of the database. Each is added to the one before.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "@wardline/compiler";
import type { Program } from "@wardline/core";
import { connect, startPostgres, type PostgresServer } from "@wardline/database-testing";
import { createContextKey, localKeys, Sealed, type ContextKey, type KeyProvider } from "@wardline/isolation";
import { Wardline, type OpenOptions, type Session } from "@wardline/sdk";
import { createSchema, createTenantKeys, installContextKey, loadRows } from "@wardline/sdk/operator";
import { postgres, postgresOperator } from "@wardline/sdk/postgres";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { measureWaiting, type WaitingWay } from "../measure-waiting.ts";
import { writeBundle } from "../ours/write-bundle.ts";
import { timedReport, type Report } from "../report.ts";

const tenants = ["t1", "t2", "t3", "t4"] as const;
/** Of each tenant. */
const rows = 5000;
const asked = 64;
const password = "only-on-this-machine";

const model = `model documents

principal User {
  level: Int(1..4)
}

role staff for User

entity Doc stored in docs {
  owner: User
  level: Int(1..4)
  title: String
  note: String #secret
}

action read, list reads Doc
`;
const platform = `platform for documents

require secrets: encrypt(#secret)
`;
const shown = `permit shown: staff to read, list Doc
  when resource.level <= principal.level`;

interface Tables {
  readonly docs: { readonly id: string; readonly title: string; readonly note: Sealed | string };
}

interface Given {
  readonly server: PostgresServer;
  readonly key: ContextKey;
  readonly keys: KeyProvider;
  readonly folder: string;
}

/** What a way adds: to the policy, and to how Wardline is opened. */
interface Added {
  readonly name: string;
  readonly duties?: string;
  readonly settings?: string;
  readonly options?: Partial<OpenOptions>;
  readonly note: boolean;
}

const audit = "audit(fields)";
const limit = "limit(100_000_000, per: hour)";
const session = "settings {\n  session: { idle: 15m, longest: 8h }\n}\n";
const window = { auditWindow: { tenants: "all" } } as const;

const ways: readonly Added[] = [
  { name: "Wardline: scope, policy, signed context, row-level security", note: false },
  { name: "and a sealed cell, opened", note: true },
  { name: "and a limit, in memory", duties: limit, note: true },
  { name: "and on record, in a window of 500 ms", duties: `${limit}, ${audit}`, options: window, note: true },
  {
    name: "everything: and bounded sessions, shares of the database",
    duties: `${limit}, ${audit}`,
    settings: session,
    options: { ...window, fairness: { perTenant: 16 } },
    note: true,
  },
];

export async function everythingOn(): Promise<readonly Report[]> {
  const server = await startPostgres({ durable: true, settings: { shared_buffers: "256MB", jit: "off" } });
  const folder = mkdtempSync(join(tmpdir(), "wardline-b5-"));
  const keys = localKeys(join(folder, "keys.json"));
  const key = createContextKey(1);
  const given = { server, key, keys, folder };
  try {
    await fill(given);
    return [
      await report(given, "B5 · everything on, one client", { rounds: 41, questions: 50 }, 1),
      await report(
        given,
        "B5 · everything on, 16 clients: time by the number of rows",
        { rounds: 21, questions: 320, clients: 16 },
        16,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

const idOf = (tenant: number, number: number): string =>
  `00000000-0000-4000-9${String(tenant).padStart(3, "0")}-${String(number).padStart(12, "0")}`;
const noteOf = (tenant: number, number: number): string => `what nobody else may read, ${tenant} ${number}`;
const levelOf = (number: number): number => 1 + (number % 4);

/** The guarded tables, and the same rows in the clear in a database that nothing guards. */
async function fill({ server, key, keys }: Given): Promise<void> {
  const { host, port, user, password: word, database } = server;
  const operator = postgresOperator({ host, port, user, password: word, database });
  const programs = tenants.map((tenant) => programOf(tenant, { name: "", note: true }));
  await createSchema(operator, programs);
  await operator.turn(async (of) => {
    await of.query(`ALTER ROLE wardline_app PASSWORD '${password}'`, []);
    await installContextKey(of, key);
  });
  for (const [at, tenant] of tenants.entries()) {
    await createTenantKeys({ database: operator, keys }, tenant);
    const docs = Array.from({ length: rows }, (_, number) => ({
      id: idOf(at, number),
      attributes: {
        owner: `u${number % 50}`,
        level: levelOf(number),
        title: `Document number ${number}`,
        note: noteOf(at, number),
      },
    }));
    await loadRows({ database: operator, program: programs[at] as Program, keys }, "Doc", docs);
  }
  await operator.close();
  const admin = await connect(server);
  await admin.query("vacuum analyze public.docs");
  await admin.query("create database floor");
  await admin.close();
  const floor = await connect({ ...server, database: "floor" });
  await floor.query(
    "create table docs (id uuid, tenant_id text, owner_id text, level bigint, title text, note text, primary key (tenant_id, id))",
  );
  for (const [at, tenant] of tenants.entries())
    await floor.query(
      `insert into docs select ('00000000-0000-4000-9${String(at).padStart(3, "0")}-' || lpad(i::text, 12, '0'))::uuid, $1, 'u' || i % 50, 1 + i % 4, 'Document number ' || i, 'what nobody else may read, ${at} ' || i from generate_series(0, ${rows - 1}) as i`,
      [tenant],
    );
  await floor.query("vacuum analyze docs");
  await floor.close();
}

function programOf(tenant: string, { duties, settings = "" }: Added): Program {
  const duty = duties === undefined ? "" : `\n  with ${duties}`;
  const { program, findings } = compile({
    model: { name: "documents.ward", text: model },
    platform: [{ name: "platform.ward", text: platform }],
    policy: {
      name: `${tenant}.ward`,
      text: `policy ${tenant} for documents\n\n${settings}\n${shown}${duty}\n`,
    },
    tenant,
  });
  if (program === null) throw new Error(findings.map(({ message }) => message).join("; "));
  return program;
}

async function report(
  given: Given,
  title: string,
  options: Parameters<typeof measureWaiting>[1],
  connections: number,
): Promise<Report> {
  const { host, port, user, password: word } = given.server;
  const pool = new pg.Pool({ host, port, user, password: word, database: "floor", max: connections });
  const forKysely = new pg.Pool({ host, port, user, password: word, database: "floor", max: connections });
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: forKysely }) });
  const login = { host, port, user: "wardline_app", password, database: given.server.database };
  const database = postgres({ ...login, pool: { max: connections } });
  const open: Wardline[] = [];
  const question = (n: number) => ({ at: n % tenants.length, number: 4 * ((n * 37) % asked) });
  const all: WaitingWay[] = [
    {
      name: "pg, prepared",
      ask: async (n) => {
        const { at, number } = question(n);
        const values = [idOf(at, number), tenants[at]];
        const text = "select id, title, note from docs where id = $1 and tenant_id = $2";
        return (await pool.query({ name: "one", text, values })).rows[0] as unknown;
      },
    },
    {
      name: "Kysely, no guard",
      ask: (n) => {
        const { at, number } = question(n);
        return kysely
          .selectFrom("docs")
          .select(["id", "title", "note"])
          .where("id", "=", idOf(at, number))
          .where("tenant_id" as never, "=", tenants[at] as never)
          .executeTakeFirst();
      },
    },
  ];
  try {
    for (const way of ways) {
      const { wardline, sessions } = await openWay(given, database, way);
      open.push(wardline);
      all.push({
        name: way.name,
        ask: async (n) => {
          const { at, number } = question(n);
          const row = await (sessions[at] as Session<Tables>).db
            .selectFrom("docs")
            .select(way.note ? ["id", "title", "note"] : ["id", "title"])
            .where("id", "=", idOf(at, number))
            .executeTakeFirst();
          const note = (row as { readonly note?: unknown } | undefined)?.note;
          return { ...row, note: note instanceof Sealed ? note.reveal() : note };
        },
      });
    }
    for (const { name, ask } of all)
      for (let n = 0; n < asked; n += 1) {
        const { at, number } = question(n);
        const row = (await ask(n)) as { readonly id?: unknown; readonly note?: unknown } | undefined;
        if (row?.id !== idOf(at, number) || (row.note !== undefined && row.note !== noteOf(at, number)))
          throw new Error(`${name} gives another row for question ${n}`);
      }
    return timedReport(title, await measureWaiting(all, options), []);
  } finally {
    for (const one of open) await one.close();
    await Promise.all([pool.end(), kysely.destroy(), database.close()]);
  }
}

async function openWay({ key, keys, folder }: Given, database: ReturnType<typeof postgres>, way: Added) {
  const bundles = mkdtempSync(join(folder, "bundles-"));
  for (const tenant of tenants) await writeBundle(bundles, programOf(tenant, way));
  const wardline = await Wardline.open({
    bundles,
    trust: "unsigned-development",
    database,
    keys,
    contextKey: key,
    ...way.options,
    onOperatorError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const times = { begunAt: new Date(), usedAt: new Date() };
  const sessions = tenants.map((tenant) =>
    wardline
      .tenant(tenant)
      .as<Tables>({ type: "User", id: "u1", roles: ["staff"], attributes: { level: 4 } }, {}, times),
  );
  return { wardline, sessions };
}
