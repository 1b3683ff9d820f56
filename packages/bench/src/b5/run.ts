/**
 * B5: one row by its primary key on a real Postgres. The floor is a prepared statement of the plain driver; beside it Kysely
 * without any guard, row-level security with a plain setting as it is usually done, and the guarded database.
 */
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { startProxy } from "@wardline/database-testing";
import { postgres } from "@wardline/sdk/postgres";
import { startDocuments, users, type DocumentServer, type Login, type User } from "../documents/documents.ts";
import { askable, type Question } from "../documents/askable.ts";
import { openDocuments, type DocTable } from "../documents/open-documents.ts";
import { measureWaiting, type WaitingOptions, type WaitingWay } from "../measure-waiting.ts";
import { timedReport, type Report } from "../report.ts";

const columns = "id, owner_id, dept, status, level, title";

interface Ways {
  readonly ways: readonly WaitingWay[];
  readonly close: () => Promise<void>;
}

export async function runB5(): Promise<readonly Report[]> {
  const documents = await startDocuments();
  try {
    const questions = await askable(documents);
    const near = documents.server;
    const reports = [
      await report(
        documents,
        near,
        questions,
        "B5 · one row by its key, one client",
        { rounds: 41, questions: 50 },
        1,
      ),
      await report(
        documents,
        near,
        questions,
        "B5 · 16 clients: time by the number of rows",
        { rounds: 21, questions: 320, clients: 16 },
        16,
      ),
    ];
    const proxy = await startProxy(documents.server);
    try {
      proxy.delay(0.25);
      reports.push(
        await report(
          documents,
          proxy,
          questions,
          "B5 · one client behind 0.5 ms of network",
          { rounds: 21, questions: 30 },
          1,
        ),
      );
    } finally {
      await proxy.stop();
    }
    return reports;
  } finally {
    await documents.stop();
  }
}

async function report(
  documents: DocumentServer,
  address: { readonly host: string; readonly port: number },
  questions: readonly Question[],
  title: string,
  options: WaitingOptions,
  connections: number,
): Promise<Report> {
  const { ways, close } = await openWays(documents, address, questions, connections);
  try {
    for (const { name, ask } of ways)
      for (let n = 0; n < questions.length; n += 1) {
        const row = (await ask(n)) as { readonly id?: unknown; readonly title?: unknown } | undefined;
        if (row?.id !== questions[n]?.id || typeof row?.title !== "string")
          throw new Error(`${name} gives another row for question ${n}`);
      }
    return timedReport(title, await measureWaiting(ways, options), []);
  } finally {
    await close();
  }
}

async function openWays(
  { bare, plain: plainLogin, application, key }: DocumentServer,
  { host, port }: { readonly host: string; readonly port: number },
  questions: readonly Question[],
  connections: number,
): Promise<Ways> {
  const at = (login: Login): Login => ({ ...login, host, port });
  const pool = (login: Login) => new pg.Pool({ ...at(login), max: connections });
  const plain = pool(bare);
  const forKysely = pool(bare);
  const forRls = pool(plainLogin);
  const kysely = new Kysely<DocTable>({ dialect: new PostgresDialect({ pool: forKysely }) });
  const rls = new Kysely<DocTable>({
    dialect: new PostgresDialect({ pool: forRls }),
  });
  const database = postgres({ ...at(application), pool: { max: connections } });
  const guarded = await openDocuments(database, key);
  const question = (n: number) => questions[n % questions.length] as Question;
  const userOf = (n: number) => users[question(n).user] as User;
  const ways: readonly WaitingWay[] = [
    {
      name: "pg, prepared",
      ask: async (n) => {
        const values = [question(n).id, userOf(n).tenant];
        const text = `select ${columns} from public.docs where id = $1 and tenant_id = $2`;
        return (await plain.query({ name: "one", text, values })).rows[0] as unknown;
      },
    },
    {
      name: "Kysely, no guard",
      ask: (n) =>
        kysely
          .selectFrom("docs")
          .selectAll()
          .where("id", "=", question(n).id)
          .where(sql.ref("tenant_id"), "=", userOf(n).tenant)
          .executeTakeFirst(),
    },
    {
      name: "Kysely in a transaction with a plain setting and row-level security",
      ask: (n) =>
        rls.transaction().execute(async (trx) => {
          await trx.executeQuery(
            CompiledQuery.raw("select set_config('app.tenant', $1, true)", [userOf(n).tenant]),
          );
          return await trx.selectFrom("docs").selectAll().where("id", "=", question(n).id).executeTakeFirst();
        }),
    },
    {
      name: "Wardline: scope, policy, masks, signed context, row-level security, in one trip",
      ask: (n) =>
        (guarded.handles[question(n).user] as Kysely<DocTable>)
          .selectFrom("docs")
          .selectAll()
          .where("id", "=", question(n).id)
          .executeTakeFirst(),
    },
  ];
  return {
    ways,
    close: async () => {
      await guarded.close();
      await Promise.all([plain.end(), kysely.destroy(), rls.destroy(), database.close()]);
    },
  };
}
