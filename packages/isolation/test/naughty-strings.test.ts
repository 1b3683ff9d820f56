/**
 * Every hostile string of a public list as a tenant's id, as a user's and as a value: what goes in comes back exactly, or is
 * refused with a code; and nobody sees what is another's.
 */
import { revealRow } from "../src/seal/sealed.ts";
import { auditSealerFrom } from "./seal-library.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isText } from "@wardline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSealer } from "../src/seal/sealer.ts";
import { conformance } from "./conformance.ts";
import { libraryGuard } from "./driver-guard.ts";
import {
  ada,
  canary,
  codeOf,
  handle,
  idOf,
  openLibrary,
  sealersWith,
  type Library,
  type Tenant,
} from "./driver-library.ts";
import { libraryProgram } from "./driver-program.ts";
import { openServerLibrary } from "./server-library.ts";

const folder = conformance("naughty-strings");
const strings =
  folder === null
    ? []
    : [...new Set(JSON.parse(readFileSync(join(folder, "blns.json"), "utf8")) as string[])];
// What no text of the list has: a NUL, half a character, nothing at all.
const refused = ["\0", "a\0b", "\ud800", "\udc00x"];

/** The id of a row for the place of a string in the list. */
const at = (kind: "branch" | "book" | "loan", index: number): string => idOf(kind, "north", 1000 + index);

describe.skipIf(folder === null).each([
  // Its own decoder drops a U+FEFF at the start of a text that is shown; what decides reads texts as bytes.
  ["PGlite", () => openLibrary(), (text: string) => text.replace(/^\uFEFF/, "")],
  ["a real Postgres", () => openServerLibrary(), (text: string) => text],
] as const)("on %s", (_, open, shown) => {
  let library: Library;
  beforeAll(async () => {
    library = await open();
  });
  afterAll(() => library.close());

  test("V30: as a tenant's id, each sees its own row and no other's, whatever the ids have in common", async () => {
    expect(strings.length).toBeGreaterThan(400);
    const ids = strings.filter((id) => id !== "");
    for (const [index, id] of ids.entries())
      await library.raw("insert into lib.branches (tenant_id, id, name) values ($1, $2, $3)", [
        id,
        at("branch", index),
        id,
      ]);
    for (const [index, id] of ids.entries()) {
      const rows = await asTenant(id).db.selectFrom("branches").select(["id", "name"]).execute();
      expect(rows).toEqual([{ id: at("branch", index), name: shown(id) }]);
    }
  }, 300_000);

  test("V30: what is no text names no tenant and no user", async () => {
    for (const id of ["", ...refused]) {
      const reading = asTenant(id).db.selectFrom("branches").selectAll().execute();
      expect(await codeOf(reading)).toMatch(/^IsolationViolation (handle|context)\//);
      const who = { id, roles: ["librarian"] };
      const asked = handle(library, "north", who).db.selectFrom("branches").selectAll().execute();
      expect(await codeOf(asked)).toMatch(/^IsolationViolation (handle|context)\//);
    }
  });

  test("as a user's id, each sees its own loans and no other's", async () => {
    const ids = strings.filter((id) => id !== "");
    for (const [index, id] of ids.entries())
      await library.raw(
        "insert into lib.loans (tenant_id, id, book_id, member_id, fee) values ('north', $1, $2, $3, 1)",
        [at("loan", index), idOf("book", "north", 1), id],
      );
    for (const [index, id] of ids.entries()) {
      const { db } = handle(library, "north", { id, roles: [] });
      const rows = await db.selectFrom("loans").select(["id", "member_id"]).execute();
      expect(rows).toEqual([{ id: at("loan", index), member_id: shown(id) }]);
    }
  }, 300_000);

  test("as a value, plain and sealed, each comes back as it went in, and is found by itself alone", async () => {
    const { db } = handle(library, "north", ada);
    const book = {
      branch_id: idOf("branch", "north", 1),
      copies: 1,
      genre: "prose",
      rare: false,
    };
    const rows = strings.map((text, index) => ({ ...book, id: at("book", index), title: text, note: text }));
    for (let start = 0; start < rows.length; start += 50)
      await db
        .insertInto("books")
        .values(rows.slice(start, start + 50))
        .execute();
    const stored = await db
      .selectFrom("books")
      .select(["id", "title", "note"])
      .where("genre", "=", "prose")
      .execute();
    const byId = new Map(stored.map((row) => [row.id, row]));
    for (const { id, title, note } of rows)
      expect(revealRow(byId.get(id) ?? {})).toEqual({ id, title: shown(title), note });
    for (const text of strings.filter((_, index) => index % 9 === 0)) {
      const found = await db.selectFrom("books").select("title").where("title", "=", text).execute();
      expect(found).toEqual([{ title: shown(text) }]);
    }
    // South has none of them, and what it has is as it was.
    const south = handle(library, "south", ada).db;
    const theirs = await south.selectFrom("books").select("title").execute();
    expect(theirs.every(({ title }) => title.startsWith(canary("south", "")))).toBe(true);
  }, 300_000);

  test("as a value, what is no text is refused with a code, and nothing is stored", async () => {
    const { db } = handle(library, "north", ada);
    for (const text of refused) {
      expect(isText(text)).toBe(false);
      const written = db
        .updateTable("books")
        .set({ title: text })
        .where("id", "=", idOf("book", "north", 1))
        .execute();
      expect(await codeOf(written)).toMatch(/^UnsupportedQuery (write|query)\//);
      const found = db.selectFrom("books").select("id").where("title", "=", text).execute();
      expect(await codeOf(found)).toBe("UnsupportedQuery query/unsupported-value");
    }
  });

  function asTenant(id: string) {
    const who = { id: "ada", roles: ["librarian"] };
    return handle(library, id as Tenant, who, {
      guard: libraryGuard(libraryProgram(id)),
      sealers: sealersWith(noSealer, auditSealerFrom(id, 1)),
    });
  }
});

/** Branches have nothing sealed. */
const noSealer = createSealer("", () => {
  throw new Error("nothing is sealed here");
});
