/**
 * B11: the audit log. Appending an entry to a chain on a server that survives a crash, beside a plain INSERT of the same text into a table
 * with the same key, each in a transaction that has entered its tenant; and verifying an export offline.
 */
import { createReadStream, closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, startPostgres, type Connection } from "@wardline/database-testing";
import {
  applicationRole,
  createContextKey,
  createContextSigner,
  entryHash,
  exportChains,
  formatExportHeader,
  formatExportRow,
  genesisHash,
  installContextKey,
  readCluster,
  sessionSettings,
  verifyExport,
  type AuditRow,
  type ContextClaims,
  type SqlSession,
} from "@wardline/isolation";
import { createSchema } from "@wardline/sdk/operator";
import { postgresOperator } from "@wardline/sdk/postgres";
import { programOf, tenants as documentTenants } from "../documents/documents.ts";
import { measureWaiting, type WaitingWay } from "../measure-waiting.ts";
import { timedReport, type Report } from "../report.ts";

const password = "only-on-this-machine";
const clients = 16;
/** As long as an entry of one row with its sealed part. */
const entryOf = (tenant: string, n: number): string =>
  `{"action":"update","entity":"Doc","format":"wardline/audit/2","id":"${String(n).padStart(36, "0")}","kind":"write","rules":["platform/keepers","own"],"sealed":"${"5a".repeat(160)}","tenant":"${tenant}"}`;

export async function runB11(): Promise<readonly Report[]> {
  return [...(await appending()), await verifying()];
}

async function appending(): Promise<readonly Report[]> {
  const server = await startPostgres({ durable: true, settings: { shared_buffers: "256MB" } });
  const open: Connection[] = [];
  try {
    const { host, port, user, database } = server;
    const root = postgresOperator({ host, port, user, database, password: server.password });
    await createSchema(root, documentTenants.map(programOf));
    const key = createContextKey(1);
    const cluster = await root.turn(async (session) => {
      await installContextKey(session, key);
      return (await readCluster(session)) as Uint8Array;
    });
    await root.close();
    const admin = await connect(server);
    open.push(admin);
    await admin.exec(`alter role "${applicationRole}" password '${password}'`);
    await admin.exec("create schema plain");
    await admin.exec(
      "create table plain.entries (tenant_id text not null, seq bigint generated always as identity, at bigint not null, entry text not null, primary key (tenant_id, seq))",
    );
    await admin.exec(`grant usage on schema plain to "${applicationRole}"`);
    await admin.exec(`grant insert on plain.entries to "${applicationRole}"`);
    const signer = createContextSigner({ key, cluster });
    const idle: Connection[] = [];
    for (let n = 0; n < clients; n += 1) {
      const connection = await connect(
        { ...server, user: applicationRole, password },
        { settings: sessionSettings() },
      );
      open.push(connection);
      idle.push(connection);
    }
    const claims = (tenant: string): ContextClaims => ({
      tenant,
      principal: { type: "User", id: "u1" },
      placementEpoch: 0,
      factsEpoch: null,
      revision: "1",
      intent: "gate",
      facts: {},
    });
    const inTransaction = async (tenant: string, sql: string, parameters: unknown[]): Promise<void> => {
      const connection = idle.pop() as Connection;
      try {
        await connection.exec("begin");
        await connection.query("select wardline.enter($1)", [signer.sign(claims(tenant), 0)]);
        await connection.query(sql, parameters);
        await connection.exec("commit");
      } finally {
        idle.push(connection);
      }
    };
    const ways = (count: number, entries: number): readonly WaitingWay[] => {
      const tenantOf = (n: number): string => `b${count}_${n % count}`;
      const texts = (n: number): readonly string[] =>
        Array.from({ length: entries }, (_, at) => entryOf(tenantOf(n), n * entries + at));
      return [
        {
          name: "plain INSERT",
          ask: (n) =>
            inTransaction(
              tenantOf(n),
              "insert into plain.entries (tenant_id, at, entry) select $1, $2::bigint, e from unnest($3::text[]) as e",
              [tenantOf(n), String(Date.now() * 1000), texts(n)],
            ),
        },
        {
          name: "the chain",
          ask: (n) => inTransaction(tenantOf(n), "select wardline.audit_append($1::text[])", [texts(n)]),
        },
      ];
    };
    const reports: Report[] = [];
    for (const [title, count, entries, options] of [
      ["one tenant, one client, 1 entry a transaction", 1, 1, { rounds: 9, questions: 40 }],
      ["one tenant, 16 clients, 1 entry a transaction", 1, 1, { rounds: 9, questions: 160, clients }],
      ["100 tenants, 16 clients, 1 entry a transaction", 100, 1, { rounds: 9, questions: 320, clients }],
      ["100 tenants, 16 clients, 10 entries a transaction", 100, 10, { rounds: 7, questions: 160, clients }],
      ["one tenant, one client, 1,000 entries a transaction", 1, 1_000, { rounds: 7, questions: 20 }],
    ] as const) {
      const measured = await measureWaiting(ways(count, entries), options);
      const report = timedReport(`B11 · append: ${title}`, measured);
      reports.push({
        ...report,
        heads: [...report.heads, "entries a second"],
        rows: report.rows.map((row, at) => [
          ...row,
          Math.round((1e9 / (measured[at]?.median ?? Number.NaN)) * entries).toLocaleString("en-US"),
        ]),
      });
    }
    await holdsTogether(admin);
    return reports;
  } finally {
    for (const connection of open) await connection.close().catch(() => undefined);
    await server.stop();
  }
}

/** What was appended under load verifies. */
async function holdsTogether(admin: Connection): Promise<void> {
  const session: SqlSession = {
    query: async (sql, parameters) => ({ rows: (await admin.query(sql, [...parameters])).rows, affected: 0 }),
  };
  const open = async function* () {
    for await (const text of exportChains(session, { format: "jsonl", tenants: null }))
      yield Buffer.from(text);
  };
  for await (const { tenant, broken } of verifyExport({ open }))
    if (broken !== null) throw new Error(`the chain of ${tenant} is broken`);
}

const many = 1_000_000;

async function verifying(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "wardline-b11-"));
  try {
    const path = join(folder, "export.jsonl");
    writeExport(path);
    const speeds: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const from = performance.now();
      for await (const { head, broken } of verifyExport({
        open: () => createReadStream(path, { highWaterMark: 1 << 18 }),
      }))
        if (broken !== null || head.seq !== many) throw new Error("the export does not verify");
      speeds.push(many / ((performance.now() - from) / 1000));
    }
    const sorted = speeds.toSorted((a, b) => a - b);
    const text = (speed: number | undefined) => Math.round(speed ?? 0).toLocaleString("en-US");
    return {
      title: "B11 · verify an export of 1,000,000 entries, hashes and tree",
      heads: ["", "entries a second"],
      rows: [
        ["median of 3", text(sorted[1])],
        ["slowest", text(sorted[0])],
        ["fastest", text(sorted[2])],
      ],
      leftOut: [],
      figures: speeds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The chain of one tenant, as an export has it. */
function writeExport(path: string): void {
  const tenant = "t1";
  const file = openSync(path, "wx");
  try {
    const rows = chainRows(tenant, many);
    // The head stands first, so the chain is made twice: it does not fit into memory beside itself.
    let head = { seq: 0, hash: "" };
    for (const { seq, hash } of rows()) head = { seq, hash };
    let text = `${formatExportHeader({ tenant, head })}\n`;
    for (const row of rows()) {
      text += `${formatExportRow(row)}\n`;
      if (text.length < 1 << 20) continue;
      writeSync(file, text);
      text = "";
    }
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

function chainRows(tenant: string, count: number): () => Generator<AuditRow> {
  return function* () {
    let prevHash = genesisHash(tenant);
    for (let seq = 1; seq <= count; seq += 1) {
      const [at, entry] = [1_769_428_117_000_000 + seq * 1000, entryOf(tenant, seq)];
      const hash = entryHash(prevHash, at, entry);
      yield { tenant, seq, at, prevHash, entry, hash };
      prevHash = hash;
    }
  };
}
