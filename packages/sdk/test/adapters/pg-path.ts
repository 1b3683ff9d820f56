/** Texts and values, as code that was written for `pg` has them. */
import { pgAdapter, type GuardedClient, type GuardedPool } from "../../src/pg/index.ts";
import type { Adapter, Book, DataPath } from "./data-path.ts";

export const rawPgAdapter: Adapter = {
  name: "pg",
  on(session) {
    const pool = pgAdapter(session);
    return pathOf(pool, async (act) => {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const result = await act(pathOf(client, null));
        await client.query("COMMIT");
        return result;
      } finally {
        await client.release();
      }
    });
  },
  writes: "IsolationViolation query/raw-statement",
  seals: "UnsupportedQuery query/sealed-column",
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function pathOf(client: GuardedPool | GuardedClient, transaction: DataPath["transaction"]): DataPath {
  const rows = async (text: string, values: unknown[] = []): Promise<Book[]> =>
    (await client.query<Book>(text, values)).rows;
  const titles = async (text: string): Promise<string[]> => (await rows(text)).map(({ title }) => title);
  const columns = "select id, title, note from books";
  return {
    all: () => rows(`${columns} order by id`),
    byIds: (ids) => rows(`${columns} where id = any($1::uuid[]) order by id`, [[...ids]]),
    byTitle: (title) => rows(`${columns} where title = $1 order by id`, [title]),
    byNote: (note) => rows(`${columns} where note = $1`, [note]),
    count: async () =>
      (await client.query<{ n: number }>("select count(*) as n from books")).rows[0]?.n ?? -1,
    pairs: async (limit) =>
      (
        await client.query<readonly [string, string]>({
          text: `select one.title, two.title from books one join branches place on place.id = one.branch_id
            join books as two on two.branch_id = place.id order by one.id, two.id limit $1`,
          values: [limit],
          rowMode: "array",
        })
      ).rows,
    nested: () =>
      titles(`with mine as (select id, title, branch_id from books) select title from mine
        where exists (select 1 from books b where b.branch_id = mine.branch_id) and branch_id in (select id from branches) order by id`),
    hidden: () => titles("with books as (select id, title from books) select title from books order by id"),
    named: (table, column) => rows(`select ${quoted(column)} from ${quoted(table)}`),
    sealed: (id) => rows("select id, code from books where id = $1", [id]),
    text: (text) => rows(text),
    prepared: async (title) =>
      // One name for all: what is executed is the text.
      (await client.query<Book>({ name: "one", text: `${columns} where title = $1`, values: [title] })).rows,
    insert: ({ title, note }, branch) =>
      rows("insert into books (title, note, branch_id) values ($1, $2, $3) returning id", [
        title,
        note,
        branch,
      ]),
    update: (id, title) => rows("update books set title = $1 where id = $2", [title, id]),
    remove: (id) => rows("delete from books where id = $1", [id]),
    transaction,
  };
}
