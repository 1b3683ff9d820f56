/**
 * Sealed cells and their blind indexes in the three settings and on both databases: what the owner of the tables, or whoever has SQL of his
 * own as the application's role, moves and puts in, and what comes out. Row-level security alone has no key: cells come out sealed.
 */
import { sql, type ExpressionBuilder } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSealer } from "../../src/seal/sealer.ts";
import { canary, sealerOf, type Tenant } from "../driver-library.ts";
import { keysOf } from "../seal-library.ts";
import { mine, openGround, settings, theirs, type Attack, type Ground } from "./settings.ts";

const field = { table: "books", column: "note" };
const noteOf = (tenant: Tenant, number: number): string => `${canary(tenant, "note")} ${number}`;
type Builder = ExpressionBuilder<Record<string, Record<string, unknown>>, "books">;
const bytes = (column: string) => sql<string>`encode(${sql.ref(column)}, 'hex')`;
const hex = (text: string): string => Buffer.from(text, "utf8").toString("hex");

describe.each(settings)("%s", (_, setting, database) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround(setting, database);
  });
  afterAll(() => ground.close());
  beforeEach(() => ground.library.reset());

  const isBare = setting === "row-level security alone";
  /** As the owner, past every guard. */
  const put = (id: string, value: string, column = "note") =>
    ground.library.raw(`update lib.books set ${column} = ${value} where id = $1`, [id]);
  const stored = async (id: string, column = "note"): Promise<string> => {
    const [row] = await ground.library.raw(
      `select encode(${column}, 'hex') as it from lib.books where id = $1`,
      [id],
    );
    return String(row?.["it"]);
  };
  const note: (id: string) => Attack = (id) => (db) =>
    db
      .selectFrom("books")
      .select(isBare ? bytes("note").as("note") : "note")
      .where("id", "=", id);
  /** No text of either tenant's cells, written in any way. */
  const hasNoText = (told: string): void => {
    for (const tenant of ["north", "south"] as const)
      for (const text of [canary(tenant, "note"), hex(canary(tenant, "note"))])
        expect(told).not.toContain(text);
  };
  const broken = (code: string) =>
    JSON.stringify({ error: { name: "SealBroken", code, message: "a sealed value does not open" } });
  const same = (told: string, wanted: string): void => expect(JSON.parse(told)).toEqual(JSON.parse(wanted));

  test("a cell is shown at its place, or comes out sealed", async () => {
    const told = await ground.ask("north", note(mine("book", 1)));
    same(told, JSON.stringify({ note: isBare ? await stored(mine("book", 1)) : noteOf("north", 1) }));
    if (isBare) hasNoText(told);
  });

  test("V71: a cell of another row, or of another tenant, opens at no other place", async () => {
    for (const from of [mine("book", 3), theirs("book", 1), theirs("book", 3)]) {
      const cell = await stored(from);
      await put(mine("book", 1), `decode('${cell}', 'hex')`);
      const told = await ground.ask("north", note(mine("book", 1)));
      hasNoText(told);
      same(told, isBare ? JSON.stringify({ note: cell }) : broken("not_authentic"));
    }
  });

  test("V71: whoever writes as the application's role moves cells within his tenant, and opens none by it", async () => {
    const moved: Attack = (db) =>
      db
        .updateTable("books")
        .set({
          note: (eb: Builder) =>
            eb.selectFrom("books as b").select("b.note").where("b.id", "=", mine("book", 3)),
        } as never)
        .where("id", "=", mine("book", 1)) as never;
    const before = await stored(mine("book", 1));
    const told = await ground.ask("north", moved);
    hasNoText(told);
    // What scopes takes no expression for a sealed field.
    expect((await stored(mine("book", 1))) === before).toBe(!isBare);
    if (!isBare) expect(told).toContain("write/unsupported-shape");
    const foreign: Attack = (db) =>
      db
        .updateTable("books")
        .set({
          note: (eb: Builder) =>
            eb.selectFrom("books as b").select("b.note").where("b.id", "=", theirs("book", 3)),
        } as never)
        .where("id", "=", mine("book", 1)) as never;
    await ground.library.reset();
    await ground.ask("north", foreign);
    const after = await stored(mine("book", 1));
    expect(after).not.toBe(await stored(theirs("book", 3)));
  });

  test("V74: what is no envelope is not passed on as a text", async () => {
    const plain = `a plain text: ${canary("north", "note")} `.padEnd(88);
    for (const [cell, code] of [
      [`574c5302${hex(plain)}`, "wrong_key_version"],
      [`574c530200000001${hex(plain)}`, "not_authentic"],
      [`574c530300000001${hex(plain)}`, "not_authentic"],
    ] as const) {
      await put(mine("book", 1), `decode('${cell}', 'hex')`);
      const told = await ground.ask("north", note(mine("book", 1)));
      if (isBare) same(told, JSON.stringify({ note: cell }));
      else same(told, broken(code));
    }
    // The table itself takes nothing that does not look like one.
    await expect(put(mine("book", 1), `decode('${hex(plain)}', 'hex')`)).rejects.toThrow(/books_note_check/);
  });

  test("V78: an index of another tenant's is neither found nor shown, and equal texts have none in common", async () => {
    const text = noteOf("north", 1);
    expect(sealerOf("north").blindIndex(field, text)).not.toBe(sealerOf("south").blindIndex(field, text));
    const indexes: Attack = (db) => db.selectFrom("books").select(bytes("note_bidx").as("index"));
    const told = await ground.ask("north", indexes);
    for (const number of [1, 3]) {
      expect(told).not.toContain(await stored(theirs("book", number), "note_bidx"));
      // Within his tenant whoever writes SQL of his own reads them, as whoever reads the table.
      expect(told.includes(await stored(mine("book", number), "note_bidx"))).toBe(isBare);
    }
  });

  test("V79: a row is found by its value alone, and by no index that was put there", async () => {
    const search: (text: string) => Attack = (text) => (db) => {
      const index = Buffer.from(sealerOf("north").blindIndex(field, text), "hex");
      const books = db.selectFrom("books").select("id").orderBy("id");
      return isBare ? books.where("note_bidx", "=", index as never) : books.where("note", "=", text);
    };
    expect(await ground.ask("north", search(noteOf("north", 1)))).toBe(
      JSON.stringify({ id: mine("book", 1) }),
    );
    expect(await ground.ask("north", search(noteOf("south", 1)))).toBe("");
    await put(
      mine("book", 1),
      `decode('${await stored(theirs("book", 1), "note_bidx")}', 'hex')`,
      "note_bidx",
    );
    expect(await ground.ask("north", search(noteOf("south", 1)))).toBe("");
    await put(mine("book", 1), `decode('${await stored(mine("book", 3), "note_bidx")}', 'hex')`, "note_bidx");
    const told = await ground.ask("north", search(noteOf("north", 3)));
    hasNoText(told);
    // Without a key nobody can tell that the index is another row's.
    if (isBare) expect(told.split("\n")).toHaveLength(2);
    else same(told, broken("not_authentic"));
  });

  test("V80: no error tells a text, neither of a value that is sought or written nor of one that stands there", async () => {
    const sought = "sought-and-never-told";
    const attempts: readonly Attack[] = [
      (db) => db.selectFrom("books").select("id").where("note", "like", `${sought}%`),
      (db) => db.selectFrom("books").select("id").where("note", ">", sought),
      (db) => db.selectFrom("books").select(sql`note::int`.as("x")),
      (db) =>
        db
          .updateTable("books")
          .set({ note: sought, branch_id: theirs("branch", 1) })
          .where("id", "=", mine("book", 1)) as never,
      (db) =>
        db.updateTable("books").set({ note: sought, copies: -1 }).where("id", "=", mine("book", 1)) as never,
    ];
    for (const attempt of attempts) {
      const told = await ground.ask("north", attempt);
      hasNoText(told);
      // A server compares bytes with what it is given, and tells whoever writes SQL of his own of his own values.
      if (isBare) continue;
      expect(told).toContain("error");
      expect(told).not.toContain(sought);
    }
  });

  test("V82: padded cells of short texts are of one length", async () => {
    const hiding = createSealer("north", () => keysOf(1), "padme");
    for (const [number, text] of [
      [1, ""],
      [3, "a longer text than the other"],
    ] as const) {
      const place = { ...field, row: mine("book", number) };
      await put(mine("book", number), `decode('${hiding.seal(place, text)}', 'hex')`);
    }
    const lengths: Attack = (db) =>
      db
        .selectFrom("books")
        .select(sql<number>`octet_length(note)`.as("n"))
        .where("id", "in", [mine("book", 1), mine("book", 3)]);
    const told = await ground.ask("north", lengths);
    if (isBare) expect(told.split("\n")).toEqual([`{"n":${88 + 64}}`, `{"n":${88 + 64}}`]);
    else expect(told).toContain("error");
    if (!isBare)
      same(
        await ground.ask("north", note(mine("book", 3))),
        JSON.stringify({ note: "a longer text than the other" }),
      );
  });
});
