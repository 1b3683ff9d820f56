/**
 * 100,000 documents of four tenants on a real Postgres, and a policy over them that reads a row's level, owner, department and
 * status: what guarded reads are timed on, beside the WHERE that a person would write.
 */
import { compile } from "@wardline/compiler";
import type { AuditLevel, Program } from "@wardline/core";
import { createSchema } from "@wardline/sdk/operator";
import {
  applicationRole,
  createContextKey,
  databaseDdl,
  installContextKey,
  type ContextKey,
} from "@wardline/isolation";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { postgresOperator, type PostgresOptions } from "@wardline/sdk/postgres";

export const tenants = ["t1", "t2", "t3", "t4"] as const;
export const rows = 100_000;

const model = `model documents

enum Status { draft, review, published, locked }

principal User {
  dept: String
  level: Int(1..4)
}

role staff for User

entity Doc stored in docs {
  owner: User
  dept: String
  status: Status
  level: Int(1..4)
  title: String
}

action read, list reads Doc
`;

const policy = `permit shown: staff to read, list Doc
  when resource.level <= principal.level and
    (resource.owner == principal or (resource.dept == principal.dept and resource.status == published))
`;

/** The same by hand, over `$1` tenant, `$2` level, `$3` user, `$4` department. */
export const byHand =
  "tenant_id = $1 and level <= $2 and (owner_id = $3 or (dept = $4 and status = 'published'))";

export interface User {
  readonly tenant: string;
  readonly id: string;
  readonly level: number;
  readonly dept: string;
}

const groups = ["eng", "ops", "law", "hr", "fin", "mkt", "rnd", "it"];

/** Users of mixed rights; the same at each run. */
export const users: readonly User[] = Array.from({ length: 32 }, (_, n) => ({
  tenant: tenants[n % tenants.length] as string,
  id: `u${(n * 37) % 1000}`,
  level: 1 + ((n * 7) % 4),
  dept: groups[n % groups.length] as string,
}));

/** The key of a row by its number. */
export const docId = (number: number): string =>
  `00000000-0000-4000-9000-${String(number).padStart(12, "0")}`;

export function programOf(tenant: string): Program {
  return auditedProgramOf(tenant, null);
}

/** The policy, with what it says to put on record of each read. */
export function auditedProgramOf(tenant: string, audit: AuditLevel | null): Program {
  const duty = audit === null ? "" : `  with audit(${audit})\n`;
  const { program, findings } = compile({
    model: { name: "documents.ward", text: model },
    platform: [{ name: "platform.ward", text: "platform for documents\n" }],
    policy: { name: `${tenant}.ward`, text: `policy ${tenant} for documents\n\n${policy}${duty}\n` },
    tenant,
  });
  if (program === null) throw new Error(findings.map((finding) => finding.message).join("; "));
  return program;
}

export const fill = [
  `insert into public.docs (tenant_id, id, owner_id, dept, status, level, title)
   select 't' || (1 + (hashint4(i) & 3)), ('00000000-0000-4000-9000-' || lpad(i::text, 12, '0'))::uuid,
     'u' || (hashint4(i + 1)::bigint & 1023) % 1000,
     (array['eng','ops','law','hr','fin','mkt','rnd','it'])[1 + (hashint4(i + 2) & 7)],
     (array['draft','review','published','locked'])[1 + (hashint4(i + 3) & 3)],
     1 + (hashint4(i + 4) & 3), 'Document number ' || i
   from generate_series(1, ${rows}) as i`,
  "create index docs_dept on public.docs (tenant_id, dept, status)",
  "create index docs_owner_id on public.docs (tenant_id, owner_id)",
  "vacuum analyze public.docs",
];

export interface DocumentServer {
  readonly server: PostgresServer;
  readonly key: ContextKey;
  /** Logs in to the same tables and rows in a database that nothing guards: what the floor is asked of. */
  readonly bare: Login;
  /** Logs in to them under row-level security with a plain setting, as it is usually done. */
  readonly plain: Login;
  /** The application's role, in the guarded database. */
  readonly application: Login;
  /** A superuser in the unguarded database. */
  readonly operator: Connection;
  readonly stop: () => Promise<void>;
}

export type Login = Required<Pick<PostgresOptions, "host" | "port" | "user" | "database">> & {
  readonly password: string;
};

const password = "only-on-this-machine";

/** A policy over a setting that the application writes, which any statement of its could write as well. */
const plainRowSecurity = [
  `create role bare login bypassrls password '${password}'`,
  `create role plain login password '${password}'`,
  "alter table public.docs enable row level security",
  "create policy tenant on public.docs to plain using (tenant_id = (select current_setting('app.tenant', true)))",
  "grant usage on schema public to bare, plain",
  "grant select on public.docs to bare, plain",
];

/** A server with two databases of the same tables and rows, the one guarded, the other not; `durable` for what commits. */
export async function startDocuments(durable = false): Promise<DocumentServer> {
  const server = await startPostgres({ durable, settings: { shared_buffers: "256MB", jit: "off" } });
  const { host, port, database } = server;
  const login = (user: string, word: string, to = database): Login => ({
    host,
    port,
    database: to,
    user,
    password: word,
  });
  const root = postgresOperator(login(server.user, server.password));
  await createSchema(root, tenants.map(programOf));
  const key = createContextKey(1);
  await root.turn((session) => installContextKey(session, key));
  await root.close();
  const guarded = await connect(server);
  await guarded.exec(`alter role "${applicationRole}" password '${password}'`);
  for (const statement of fill) await guarded.exec(statement);
  await guarded.exec("create database bare");
  await guarded.close();
  const operator = await connect({ ...server, database: "bare" });
  const tables = databaseDdl(programOf(tenants[0]), { schema: "public" });
  for (const statement of [...tables, ...fill, ...plainRowSecurity]) await operator.exec(statement);
  return {
    server,
    key,
    bare: login("bare", password, "bare"),
    plain: login("plain", password, "bare"),
    application: login(applicationRole, password),
    operator,
    stop: async () => {
      await operator.close();
      await server.stop();
    },
  };
}
