/** Kysely as the session gives it. */
import { sql, type CompiledQuery, type Kysely } from "kysely";
import type { Tables } from "../server-library.ts";
import type { Adapter, Book, DataPath } from "./data-path.ts";

interface All extends Tables {
  branches: { id: string };
}

export const kyselyAdapter: Adapter = {
  name: "Kysely",
  on: (session) => pathOf(session.db),
  writes: "guarded",
  seals: "opened",
};

function pathOf(db: Kysely<All>): DataPath {
  const books = () => db.selectFrom("books").select(["id", "title", "note"]).orderBy("id");
  return {
    all: () => books().execute(),
    byIds: (ids) =>
      books()
        .where("id", "in", [...ids])
        .execute(),
    byTitle: (title) => books().where("title", "=", title).execute(),
    byNote: (note) => books().where("note", "=", note).execute(),
    count: async () =>
      (
        await db
          .selectFrom("books")
          .select(({ fn }) => fn.countAll<number>().as("n"))
          .executeTakeFirstOrThrow()
      ).n,
    async pairs(limit) {
      const rows = await db
        .selectFrom("books as one")
        .innerJoin("branches as place", "place.id", "one.branch_id")
        .innerJoin("books as two", "two.branch_id", "place.id")
        .select(["one.title as first", "two.title as second"])
        .orderBy("one.id")
        .orderBy("two.id")
        .limit(limit)
        .execute();
      return rows.map(({ first, second }) => [first, second] as const);
    },
    async nested() {
      const rows = await db
        .with("mine", (given) => given.selectFrom("books").select(["id", "title", "branch_id"]))
        .selectFrom("mine")
        .select("title")
        .where((eb) =>
          eb.exists(
            eb.selectFrom("books as b").select("b.id").whereRef("b.branch_id", "=", "mine.branch_id"),
          ),
        )
        .where("branch_id", "in", (eb) => eb.selectFrom("branches").select("branches.id"))
        .orderBy("id")
        .execute();
      return rows.map(({ title }) => title);
    },
    async hidden() {
      const rows = await db
        .with("books", (given) => given.selectFrom("books").select(["id", "title"]))
        .selectFrom("books")
        .select("title")
        .orderBy("id")
        .execute();
      return rows.map(({ title }) => title);
    },
    named: (table, column) =>
      db
        .selectFrom(db.dynamic.table(table as "books").as("given"))
        .select(db.dynamic.ref<string>(column) as never)
        .execute(),
    sealed: (id) => db.selectFrom("books").select(["id", "code"]).where("id", "=", id).execute(),
    text: async (text) => (await sql.raw(text).execute(db)).rows,
    async prepared(title) {
      const query = compiled.get(title) ?? books().where("title", "=", title).compile();
      compiled.set(title, query);
      return (await db.executeQuery(query)).rows;
    },
    insert: ({ title, note }, branch) =>
      db
        .insertInto("books")
        .values({
          title,
          note,
          code: "c",
          price: "1.00",
          branch_id: branch,
          holder_id: null,
          shelf: "open",
        } as never)
        .execute(),
    update: (id, title) => db.updateTable("books").set({ title }).where("id", "=", id).execute(),
    remove: (id) => db.deleteFrom("books").where("id", "=", id).execute(),
    transaction: (act) => db.transaction().execute((trx) => act(pathOf(trx as never))),
  };
}

/** Whichever handle compiled it first. */
const compiled = new Map<string, CompiledQuery<Book>>();
