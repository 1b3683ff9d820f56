/** Blind indexes on a real server: what it writes down of a search, what a raw text may say, and which way it looks. */
import { CompiledQuery } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { revealRow } from "../src/seal/sealed.ts";
import { ada, ben, canary, codeOf, handle, idOf, sealerOf } from "./driver-library.ts";
import { openServerLibrary, type ServerLibrary } from "./server-library.ts";

let library: ServerLibrary;
let text = "";
beforeAll(async () => {
  // Every statement with all of its parameters, whole.
  library = await openServerLibrary(["north", "south"], {
    settings: {
      log_statement: "all",
      log_min_duration_statement: "0",
      log_parameter_max_length: "-1",
      log_parameter_max_length_on_error: "-1",
    },
    onLog: (part) => void (text += part),
  });
});
afterAll(() => library.close());
beforeEach(() => library.reset());

const field = { table: "books", column: "note" };
const noteOf = (number: number): string => `${canary("north", "note")} ${number}`;
const book = (number: number): string => idOf("book", "north", number);
/** What the server wrote until now: what comes after it is there too. */
async function log(): Promise<string> {
  await library.raw("select 'the end of the log'");
  for (let tries = 0; tries < 500 && !text.includes("the end of the log"); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(text).toContain("the end of the log");
  return text;
}

describe("on a server", () => {
  test("V78: neither a value that is looked for nor one that is written is in the server's log", async () => {
    const { db } = handle(library, "north", ada);
    const words = ["sought-canary", "listed-canary", "stored-canary", "failed-canary"] as const;
    await db.selectFrom("books").select("id").where("note", "=", words[0]).execute();
    await db
      .selectFrom((eb) => eb.selectFrom("books").select(["id", "note as n"]).as("x"))
      .select("x.id")
      .where("x.n", "in", [words[1], noteOf(1)])
      .execute();
    await db.updateTable("books").set({ note: words[2] }).where("note", "=", noteOf(3)).execute();
    // The database refuses the other value of this one.
    await db
      .updateTable("books")
      .set({ branch_id: idOf("branch", "south", 1), note: words[3] })
      .where("note", "=", words[2])
      .execute()
      .then(
        () => expect.fail("it was carried out"),
        () => undefined,
      );
    const found = await db.selectFrom("books").select(["id", "note"]).where("note", "=", words[2]).execute();
    expect(found.map(revealRow)).toEqual([{ id: book(3), note: words[2] }]);
    // What was opened is looked for as it is.
    const [again] = found;
    const same = await db
      .selectFrom("books")
      .select("id")
      .where("note", "=", again?.note ?? null)
      .execute();
    expect(same).toEqual([{ id: book(3) }]);
    const written = await log();
    // The log does have what is sent: the indexes.
    expect(written).toContain(sealerOf("north").blindIndex(field, words[0]));
    expect(written).toContain(sealerOf("north").blindIndex(field, words[1]));
    expect(written).toContain(sealerOf("north").blindIndex(field, words[2]));
    expect(words.filter((word) => written.includes(word))).toEqual([]);
    expect(written).not.toContain(noteOf(1));
  });

  test("V79: an index follows its cell, and none stands beside no cell", async () => {
    const { db } = handle(library, "north", ada);
    const indexes = async (): Promise<unknown[]> =>
      (
        await library.raw(
          "select id, note is null as none, encode(note_bidx, 'hex') as index from lib.books where id = any($1) order by id",
          [[book(1), book(3)]],
        )
      ).map(({ none, index }) => [none, index]);
    const of = (text: string): string => sealerOf("north").blindIndex(field, text);
    expect(await indexes()).toEqual([
      [false, of(noteOf(1))],
      [false, of(noteOf(3))],
    ]);
    await db
      .updateTable("books")
      .set({ note: "again" })
      .where("note", "in", [noteOf(1), noteOf(3)])
      .execute();
    expect(await indexes()).toEqual([
      [false, of("again")],
      [false, of("again")],
    ]);
    await db.updateTable("books").set({ note: null }).where("id", "=", book(3)).execute();
    expect(await indexes()).toEqual([
      [false, of("again")],
      [true, null],
    ]);
  });

  test("V78: two who write the same value at once both keep it, and each row is found", async () => {
    const [one, two] = [handle(library, "north", ada).db, handle(library, "north", ada).db];
    await Promise.all([
      one.updateTable("books").set({ note: "shared" }).where("note", "=", noteOf(1)).execute(),
      two.updateTable("books").set({ note: "shared" }).where("note", "=", noteOf(3)).execute(),
    ]);
    const found = await one
      .selectFrom("books")
      .select("id")
      .where("note", "=", "shared")
      .orderBy("id")
      .execute();
    expect(found.map(({ id }) => id)).toEqual([book(1), book(3)]);
  });

  test("V78: a raw text names no blind index", async () => {
    for (const who of [ada, ben]) {
      const { db } = handle(library, "north", who);
      const ask = (text: string): Promise<unknown> => db.executeQuery(CompiledQuery.raw(text));
      expect(await codeOf(ask("select note_bidx from books"))).toBe("IsolationViolation check/column");
      expect(await codeOf(ask("select b.note_bidx as x from books b"))).toBe(
        "IsolationViolation check/column",
      );
      expect(await codeOf(ask("select id from books where note_bidx is null"))).toBe(
        "IsolationViolation check/column",
      );
      expect(await codeOf(ask("select id from books where note = 'x'"))).toBe(
        "UnsupportedQuery query/sealed-column",
      );
      const { rows } = await db.executeQuery(CompiledQuery.raw("select * from books"));
      expect(Object.keys(rows[0] as object)).not.toContain("note_bidx");
      const whole = await db.executeQuery(CompiledQuery.raw("select to_jsonb(b) as b from books b"));
      expect(JSON.stringify(whole.rows)).not.toContain("bidx");
    }
  });
});
