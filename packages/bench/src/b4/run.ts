/**
 * B4: which of 100,000 rows a user may see, all ids and a page of 50, on a real Postgres and embedded. The floor is the WHERE that a
 * person would write, prepared, in a database that nothing guards.
 */
import { compileViews } from "@wardline/backends";
import { printSelect } from "@wardline/core";
import { createSchema } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { postgres } from "@wardline/sdk/postgres";
import type { Kysely } from "kysely";
import pg from "pg";
import {
  byHand,
  fill,
  programOf,
  startDocuments,
  tenants,
  users,
  type DocumentServer,
  type User,
} from "../documents/documents.ts";
import { openDocuments, type DocTable, type OpenDocuments } from "../documents/open-documents.ts";
import { measureWaiting, type WaitingWay } from "../measure-waiting.ts";
import { timedReport, type Report } from "../report.ts";
import { caslWhere } from "./casl-where.ts";

/** What is asked beside the policy. `like` is no leakproof operator, so there every view stays fenced. */
interface Shape {
  readonly title: string;
  readonly tail: string;
  readonly page: boolean;
  readonly like: boolean;
}

const shapes: readonly Shape[] = [
  { title: "all ids", tail: "", page: false, like: false },
  { title: "a page of 50", tail: " order by id limit 50", page: true, like: false },
  { title: "all ids, the caller asks LIKE", tail: "", page: false, like: true },
  { title: "a page of 50, the caller asks LIKE", tail: " order by id limit 50", page: true, like: true },
];

const likeText = "title like 'Document%'";

export async function runB4(): Promise<readonly Report[]> {
  const documents = await startDocuments();
  try {
    return [...(await onServer(documents)), ...(await embedded())];
  } finally {
    await documents.stop();
  }
}

interface Row {
  readonly id: string;
}

interface ListWay {
  readonly name: string;
  readonly list: (user: User) => Promise<readonly Row[]>;
}

async function onServer(documents: DocumentServer): Promise<readonly Report[]> {
  const plain = new pg.Pool({ ...documents.bare, max: 1 });
  const database = postgres({ ...documents.application, pool: { max: 1 } });
  const guarded = await openDocuments(database, documents.key);
  const query = async (name: string, text: string, values: readonly unknown[]) =>
    (await plain.query<Row>({ name, text, values: [...values] })).rows;
  try {
    const reports: Report[] = [];
    for (const shape of shapes) {
      const { title, tail, like } = shape;
      const ways: readonly ListWay[] = [
        {
          name: "by hand, prepared",
          list: (user) =>
            query(
              `hand ${title}`,
              `select id from public.docs where ${byHand}${like ? ` and ${likeText}` : ""}${tail}`,
              valuesOf(user),
            ),
        },
        {
          name: "CASL, an ability for each user, its conditions as SQL",
          list: (user) => {
            const { text, values } = caslWhere(user);
            return query(
              `casl ${title}`,
              `select id from public.docs where ${text}${like ? ` and ${likeText}` : ""}${tail}`,
              values,
            );
          },
        },
        {
          name: `the guarded view alone, ${like ? "fenced" : "open"}, prepared, without row-level security`,
          list: (user) => {
            const { text, values } = viewOf(user, like);
            return query(
              `view ${title}`,
              `select id from (${text}) as v${like ? ` where ${likeText}` : ""}${tail}`,
              values,
            );
          },
        },
        { name: "Wardline, everything on", list: (user) => guardedList(guarded, user, shape) },
      ];
      reports.push(await report(`B4 · ${title}`, ways, 21));
    }
    return reports;
  } finally {
    await guarded.close();
    await database.close();
    await plain.end();
  }
}

async function embedded(): Promise<readonly Report[]> {
  const database = pglite();
  await createSchema(database, tenants.map(programOf));
  await database.turn(async (session) => {
    for (const statement of fill) await session.query(statement, []);
  });
  const guarded = await openDocuments(database);
  try {
    const reports: Report[] = [];
    for (const shape of shapes.slice(0, 2)) {
      const hand = `select id from public.docs where ${byHand}${shape.tail}`;
      const ways: readonly ListWay[] = [
        {
          name: "by hand",
          list: (user) =>
            database.turn(
              async (session) =>
                (await session.query(hand, valuesOf(user))).rows as unknown as readonly Row[],
            ),
        },
        { name: "Wardline, everything on", list: (user) => guardedList(guarded, user, shape) },
      ];
      reports.push(await report(`B4 · ${shape.title}, PGlite`, ways, 11));
    }
    return reports;
  } finally {
    await guarded.close();
    await database.close();
  }
}

async function report(title: string, ways: readonly ListWay[], rounds: number): Promise<Report> {
  const counts: number[] = [];
  for (const user of users) {
    const found = new Set<string>();
    for (const { list } of ways) {
      const ids = (await list(user)).map(({ id }) => id).toSorted();
      counts.push(ids.length);
      found.add(ids.join());
    }
    if (found.size > 1) throw new Error(`${title}: the ways give different rows`);
  }
  const waiting = ways.map(({ name, list }): WaitingWay => ({
    name,
    ask: (n) => list(users[n % users.length] as User),
  }));
  const measured = await measureWaiting(waiting, { rounds, questions: users.length });
  return timedReport(`${title} (${Math.min(...counts)} to ${Math.max(...counts)} rows)`, measured, [
    { name: "Cerbos", why: "its plan comes from a server of its own, and an adapter for another library" },
    { name: "ZenStack", why: "it needs a schema and a client of its own that are generated" },
  ]);
}

const valuesOf = ({ tenant, level, id, dept }: User): readonly unknown[] => [tenant, level, id, dept];

function guardedList({ handles }: OpenDocuments, user: User, { page, like }: Shape): Promise<readonly Row[]> {
  const db = handles[users.indexOf(user)] as Kysely<DocTable>;
  let query = db.selectFrom("docs").select("id");
  if (like) query = query.where("title", "like", "Document%");
  return (page ? query.orderBy("id").limit(50) : query).execute();
}

const views = new Map(tenants.map((tenant) => [tenant as string, compileViews(programOf(tenant))]));

/** The view that stands in place of the table, with its parameters. */
function viewOf(user: User, fence: boolean): { readonly text: string; readonly values: readonly unknown[] } {
  const { tenant, id, level, dept } = user;
  const facts = {
    tenant: { id: tenant },
    principal: { type: "User", id, tenant, roles: ["staff"], attributes: { level, dept } },
    context: {},
    ancestors: {},
    relations: {},
    now: "2026-01-01T00:00:00.000000Z",
  };
  const view = views.get(tenant)?.bind("Doc", "list", facts, { schema: "public", sealMarker: "m", fence });
  if (view === undefined) throw new Error(`there are no views of ${tenant}`);
  const { fragments, parameters } = printSelect(view.select);
  const text = fragments.reduce((all, part, at) => (at === 0 ? part : `${all}$${at}${part}`), "");
  return { text, values: parameters.map(({ value }) => value) };
}
