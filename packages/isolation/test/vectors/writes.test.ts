/** Ways to change what is another tenant's, each in the three settings and on both databases. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mine, openGround, settings, stateOf, theirs, type Attack, type Ground } from "./settings.ts";

const book = {
  branch_id: mine("branch", 1),
  title: "new",
  copies: 1,
  genre: "prose",
  rare: false,
};
const fresh = mine("book", 91);

const attacks: readonly (readonly [title: string, attack: Attack])[] = [
  [
    "V6: a write in a common table expression",
    (db) =>
      db
        .with("gone", (q) => q.deleteFrom("loans").returning("id"))
        .selectFrom("gone")
        .selectAll(),
  ],
  [
    "V8: a row that names another tenant, among rows that do not",
    (db) =>
      db.insertInto("books").values([
        { ...book, id: fresh },
        { ...book, id: mine("book", 92), tenant_id: "south" },
      ]),
  ],
  [
    "V9: on conflict do update with the key of another tenant's row",
    (db) =>
      db
        .insertInto("books")
        .values({ ...book, id: theirs("book", 1) })
        .onConflict((on) => on.columns(["tenant_id", "id"]).doUpdateSet({ title: "taken" })),
  ],
  [
    "V10: on conflict do nothing with the key of another tenant's row",
    (db) =>
      db
        .insertInto("books")
        .values({ ...book, id: theirs("book", 1) })
        .onConflict((on) => on.doNothing()),
  ],
  [
    "V11: a row that is moved to another tenant",
    (db) => db.updateTable("books").set({ tenant_id: "south" }).where("id", "=", mine("book", 1)) as never,
  ],
  [
    "V12: an update of another tenant's row by its key",
    (db) => db.updateTable("books").set({ title: "taken" }).where("id", "=", theirs("book", 1)) as never,
  ],
  [
    "V12: a delete using a table, whose condition is always true",
    (db) =>
      db.deleteFrom("loans").using("books as b").whereRef("b.id", "=", "b.id").returning("loans.id") as never,
  ],
  [
    "V13: a merge",
    (db) =>
      db
        .mergeInto("books as t")
        .using("branches as s", (on) => on.onTrue())
        .whenMatched()
        .thenDelete(),
  ],
  [
    "V14: returning of what was written",
    (db) =>
      db
        .updateTable("books")
        .set({ copies: 2 })
        .where("id", "=", mine("book", 1))
        .returning(["id", "title", "copies"]) as never,
  ],
  [
    "V51: a reference to another tenant's row",
    (db) =>
      db
        .updateTable("books")
        .set({ branch_id: theirs("branch", 1) })
        .where("id", "=", mine("book", 1)) as never,
  ],
  [
    "V52: a delete of a row to which another tenant's refers by the same key",
    (db) => db.deleteFrom("branches").where("id", "=", theirs("branch", 4)) as never,
  ],
  [
    "V53: a key that another tenant has",
    (db) => db.insertInto("books").values({ ...book, id: theirs("book", 2) }),
  ],
  ["V70: a row without a tenant", (db) => db.insertInto("books").values({ ...book, id: fresh })],
];

describe.each(settings)("%s", (_, setting, database) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround(setting, database);
  });
  afterAll(() => ground.close());

  test.each(attacks)("%s", async (_title, attack) => {
    const { library } = ground;
    await library.reset();
    const south = await stateOf(library, "south");
    const answer = await ground.ask("north", attack);
    expect(await stateOf(library, "south")).toBe(south);
    expect(answer).not.toMatch(/south (title|branch|note)/);
    // Without south the answer is the same: what it has is no matter.
    await library.reset();
    for (const table of ["loans", "book_keepers", "book_tags", "books", "branches"])
      await library.raw(`delete from lib.${table} where tenant_id = 'south'`);
    expect(await ground.ask("north", attack)).toBe(answer);
  });
});
