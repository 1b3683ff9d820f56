/** A harbour whose writes ask for a second factor, a reason or somebody's approval; on a real server and embedded. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "@wardline/compiler";
import type { Attributes, Program } from "@wardline/core";
import { startPostgres } from "@wardline/database-testing";
import {
  exportAudit,
  installContextKey,
  openEntry,
  operatorSealers,
  type ContextKey,
  type Database,
} from "@wardline/isolation";
import {
  localKeys,
  Wardline,
  type LocalKeys,
  type OpenOptions,
  type Session,
  type SessionInput,
} from "@wardline/sdk";
import { createSchema, createTenantKeys, loadRows } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { postgres, postgresOperator, type PostgresOptions } from "@wardline/sdk/postgres";
import { writeBundle } from "../../src/ours/write-bundle.ts";

const model = `model harbour

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  approved: Bool?
  approved_age: Duration?
}

principal Clerk {
  level: Int(0..5)
}

role clerk, head, trainee for Clerk

evidence mfa from context.mfa, context.mfa_age
evidence reason from context.purpose
evidence second from context.approved, context.approved_age

entity Crate stored in crates {
  name: String
  fee: Decimal(8, 2)
  note: String?
  code: String? #secret
}

action read, list, approve reads Crate
action create creates Crate
action update updates Crate
action remove deletes Crate
`;

const platform = `platform for harbour

ceiling all: anyone to act on anything

require sealed: encrypt(#secret)
`;

/** The policy; \`more\` are further rules. */
export const policyText = (tenant: string, more = ""): string => `policy ${tenant} for harbour

permit work: clerk, head to read, list, create, update, remove Crate
permit training: trainee to read, list Crate
  with mask(note, redact)
permit signing: head to approve Crate
  when resource.fee <= 1_000.00
permit learning: trainee to approve Crate

require factor: step_up(mfa, within: 5m) for anyone to remove Crate
require why: reason for anyone to update Crate
  when resource.fee >= 500.00
require second_pair: approval(second, within: 10m) for anyone to create, update Crate
  when resource.fee >= 100.00
${more}`;

export const tenants = ["north", "south"] as const;
export type Tenant = (typeof tenants)[number];

export function programOf(tenant: string, more = ""): Program {
  const { program, findings } = compile({
    model: { name: "harbour.ward", text: model },
    platform: [{ name: "platform.ward", text: platform }],
    policy: { name: `${tenant}.ward`, text: policyText(tenant, more) },
    tenant,
  });
  if (program === null) throw new Error(findings.map(({ message }) => message).join("; "));
  return program;
}

export async function writeBundles(folder: string, more = "", revision = "1"): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const tenant of tenants) await writeBundle(folder, programOf(tenant, more), revision);
}

export interface Tables {
  crates: { id: string; name: string; fee: string; note: string | null; code: string | null };
}

export interface Harbour {
  readonly kind: "server" | "embedded";
  readonly database: Database;
  readonly operator: Database;
  readonly keys: LocalKeys;
  readonly keysFile: string;
  readonly bundles: string;
  readonly contextKey: ContextKey;
  /** Of a server. */
  readonly reach: PostgresOptions | null;
  open(more?: Partial<OpenOptions>): Promise<Wardline>;
  raw(sql: string, ...parameters: unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Entries of a tenant, opened. */
  record(tenant: Tenant): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A crate that is there, without a challenge. */
  crate(fee: string, note?: string, tenant?: Tenant): Promise<string>;
  close(): Promise<void>;
}

export async function openHarbour(kind: Harbour["kind"]): Promise<Harbour> {
  const folder = await mkdtemp(join(tmpdir(), "wardline-harbour-"));
  const keysFile = join(folder, "keys.json");
  const bundles = join(folder, "bundles");
  const keys = localKeys(keysFile);
  const contextKey: ContextKey = { id: 3, secret: new Uint8Array(randomBytes(32)) };
  const server = kind === "server" ? await startPostgres() : null;
  const password = randomBytes(12).toString("hex");
  const reach =
    server === null
      ? null
      : { host: server.host, port: server.port, database: server.database, user: "wardline_app", password };
  const operator =
    server === null
      ? pglite()
      : postgresOperator({
          host: server.host,
          port: server.port,
          database: server.database,
          user: server.user,
          password: server.password,
        });
  const programs = tenants.map((tenant) => programOf(tenant));
  await createSchema(operator, programs);
  if (server !== null)
    await operator.turn(async (session) => {
      await session.query(`alter role wardline_app password '${password}'`, []);
      await installContextKey(session, contextKey);
    });
  for (const tenant of tenants) await createTenantKeys({ database: operator, keys }, tenant);
  await writeBundles(bundles);
  const database = reach === null ? operator : postgres({ ...reach, pool: { max: 6 } });
  let made = 0;
  const raw: Harbour["raw"] = async (sql, ...parameters) =>
    (await operator.turn((session) => session.query(sql, parameters))).rows;
  return {
    kind,
    database,
    operator,
    keys,
    keysFile,
    bundles,
    contextKey,
    reach,
    open: (more = {}) =>
      Wardline.open({ bundles, trust: "unsigned-development", database, keys, contextKey, ...more }),
    raw,
    record: (tenant) =>
      operator.turn(async (session) => {
        const { entries } = await exportAudit(session, tenant);
        const { audit } = await operatorSealers(session, keys, tenant);
        return entries.map(({ entry }) => openEntry(entry, audit));
      }),
    async crate(fee, note = "plain", tenant = "north") {
      const id = `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
      const program = programs[tenants.indexOf(tenant)] as Program;
      const attributes = { name: `crate ${made}`, fee, note, code: `code ${made}` };
      await loadRows({ database: operator, program, keys }, "Crate", [{ id, attributes }]);
      return id;
    },
    async close() {
      if (database !== operator) await database.close();
      await operator.close();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
}

export function sessionOf(
  wardline: Wardline,
  { id, roles }: Person,
  context: Attributes = {},
  tenant: Tenant = "north",
  session?: SessionInput,
): Session<Tables> {
  return wardline
    .tenant(tenant)
    .as<Tables>({ type: "Clerk", id, roles, attributes: { level: 1 } }, { mfa: false, ...context }, session);
}

/** The code of a rejection; `no error` if there is none. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "no error";
  } catch (error) {
    return String((error as { code?: string }).code ?? error);
  }
}
