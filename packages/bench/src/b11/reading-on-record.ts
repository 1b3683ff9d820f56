/** B11: what it costs that a read is on record: one row by its key through the whole guarded way, on a server that survives a crash. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localKeys } from "@wardline/sdk";
import { createTenantKeys } from "@wardline/sdk/operator";
import { postgres, postgresOperator } from "@wardline/sdk/postgres";
import { askable, type Question } from "../documents/askable.ts";
import { startDocuments, tenants, type DocumentServer } from "../documents/documents.ts";
import { openDocuments, type OpenDocuments, type OpenOptions } from "../documents/open-documents.ts";
import { measureWaiting, type WaitingWay } from "../measure-waiting.ts";
import { timedReport, type Report } from "../report.ts";

const clients = 16;

const ways: readonly (readonly [name: string, options: OpenOptions])[] = [
  ["no duty", {}],
  ["audit(decision)", { audit: "decision" }],
  ["audit(fields)", { audit: "fields" }],
  ["audit(full)", { audit: "full" }],
  ["audit(fields), in a window of 500 ms", { audit: "fields", auditWindow: { tenants: "all" } }],
];

export async function readingOnRecord(): Promise<readonly Report[]> {
  const documents = await startDocuments(true);
  const folder = mkdtempSync(join(tmpdir(), "wardline-b11-"));
  try {
    const keys = localKeys(join(folder, "keys.json"));
    const { host, port, user, password, database } = documents.server;
    const operator = postgresOperator({ host, port, user, password, database });
    for (const tenant of tenants) await createTenantKeys({ database: operator, keys }, tenant);
    await operator.close();
    const given = { documents, questions: await askable(documents), keys };
    return [
      await report(given, "B11 · a read of one row by its key, one client", 1),
      await report(given, `B11 · a read of one row by its key, ${clients} clients, 4 tenants`, clients),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await documents.stop();
  }
}

interface Given extends Pick<OpenOptions, "keys"> {
  readonly documents: DocumentServer;
  readonly questions: readonly Question[];
}

async function report(
  { documents, questions, ...shared }: Given,
  title: string,
  connections: number,
): Promise<Report> {
  const database = postgres({ ...documents.application, pool: { max: connections } });
  const open: OpenDocuments[] = [];
  try {
    const asked: WaitingWay[] = [];
    for (const [name, options] of ways) {
      const one = await openDocuments(database, documents.key, { ...shared, ...options });
      open.push(one);
      asked.push({
        name,
        ask: async (n) => {
          const { user, id } = questions[n % questions.length] as Question;
          const row = await one.handles[user]
            ?.selectFrom("docs")
            .selectAll()
            .where("id", "=", id)
            .executeTakeFirst();
          if (row?.id !== id) throw new Error(`${name} gives another row`);
        },
      });
    }
    const rounds =
      connections === 1 ? { rounds: 21, questions: 40 } : { rounds: 15, questions: 320, clients };
    return timedReport(title, await measureWaiting(asked, rounds));
  } finally {
    for (const one of open) await one.close();
    await database.close();
  }
}
