/** Drizzle's builders over the tables as an application declares them. */
import { asc, eq, exists, inArray, sql } from "drizzle-orm";
import { alias, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { PgRemoteDatabase } from "drizzle-orm/pg-proxy";
import { drizzleAdapter } from "../../src/drizzle.ts";
import type { Adapter, DataPath } from "./data-path.ts";

export const branches = pgTable("branches", { id: uuid("id").primaryKey() });
export const books = pgTable("books", {
  id: uuid("id").primaryKey().defaultRandom(),
  title: text("title").notNull(),
  note: text("note"),
  code: text("code"),
  branchId: uuid("branch_id").notNull(),
});

export const drizzlePath: Adapter = {
  name: "Drizzle",
  on: (session) => pathOf(drizzleAdapter(session) as PgRemoteDatabase),
  writes: "IsolationViolation query/raw-statement",
  seals: "UnsupportedQuery query/sealed-column",
};

/** The whole of Drizzle, as it is behind the narrower type: what does not compile is asked for too. */
function pathOf(db: PgRemoteDatabase): DataPath {
  const columns = { id: books.id, title: books.title, note: books.note };
  const list = () => db.select(columns).from(books);
  const prepared = list()
    .where(eq(books.title, sql.placeholder("title")))
    .prepare("one");
  return {
    all: () => list().orderBy(asc(books.id)),
    byIds: (ids) =>
      list()
        .where(inArray(books.id, [...ids]))
        .orderBy(asc(books.id)),
    byTitle: (title) => list().where(eq(books.title, title)),
    byNote: (note) => list().where(eq(books.note, note)),
    count: () => db.$count(books),
    async pairs(limit) {
      const [one, two] = [alias(books, "one"), alias(books, "two")];
      // Whole tables: their columns have the same names, and each is to land in its own.
      const rows = await db
        .select({
          one: { id: one.id, title: one.title },
          place: branches,
          two: { id: two.id, title: two.title },
        })
        .from(one)
        .innerJoin(branches, eq(branches.id, one.branchId))
        .innerJoin(two, eq(two.branchId, branches.id))
        .orderBy(one.id, two.id)
        .limit(limit);
      return rows.map((row) => [row.one.title, row.two.title] as const);
    },
    async nested() {
      const mine = db
        .$with("mine")
        .as(db.select({ id: books.id, title: books.title, branchId: books.branchId }).from(books));
      const b = alias(books, "b");
      const rows = await db
        .with(mine)
        .select({ title: mine.title })
        .from(mine)
        .where(
          sql`${exists(db.select({ id: b.id }).from(b).where(eq(b.branchId, mine.branchId)))} and ${inArray(
            mine.branchId,
            db.select({ id: branches.id }).from(branches),
          )}`,
        )
        .orderBy(mine.id);
      return rows.map(({ title }) => title);
    },
    async hidden() {
      const own = db.$with("books").as(db.select({ id: books.id, title: books.title }).from(books));
      const rows = await db.with(own).select({ title: own.title }).from(own).orderBy(own.id);
      return rows.map(({ title }) => title);
    },
    async named(table, column) {
      const given = pgTable(table, { it: text(column) });
      return db.select({ it: given.it }).from(given);
    },
    sealed: (id) => db.select({ code: books.code }).from(books).where(eq(books.id, id)),
    text: async (given) => db.execute(sql.raw(given)),
    prepared: (title) => prepared.execute({ title }),
    insert: async ({ title, note }, branch) => db.insert(books).values({ title, note, branchId: branch }),
    update: async (id, title) => db.update(books).set({ title }).where(eq(books.id, id)),
    remove: async (id) => db.delete(books).where(eq(books.id, id)),
    transaction: null,
  };
}
