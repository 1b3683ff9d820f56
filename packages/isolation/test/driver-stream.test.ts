/** Streams: pages of one select in one context, which end with their handle, their transaction and their time. */
import { revealRow } from "../src/seal/sealed.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  ada,
  canary,
  codeOf,
  handle,
  idOf,
  openLibrary,
  type Handle,
  type Library,
} from "./driver-library.ts";

let library: Library;
let north: Handle;
beforeAll(async () => {
  library = await openLibrary();
});
beforeEach(() => {
  north = handle(library, "north", ada);
});
afterAll(() => library.close());

const expected = [1, 2, 3, 6].map((number) => canary("north", `title ${number}`));
const query = (who: Handle = north) => who.db.selectFrom("books").select("title").orderBy("id");
async function all(rows: AsyncIterable<{ title: string }>): Promise<string[]> {
  const titles: string[] = [];
  for await (const { title } of rows) titles.push(title);
  return titles;
}

describe("V24 a stream", () => {
  test.each([1, 2, 3, 4, 5, 100])("gives what the query gives, in pages of %i", async (size) => {
    expect(await all(query().stream(size))).toEqual(expected);
    expect(await query().execute()).toHaveLength(4);
  });

  test("opens sealed cells, and a query that is refused gives nothing", async () => {
    const notes: unknown[] = [];
    for await (const row of north.db.selectFrom("books").select(["title", "note"]).orderBy("id").stream(2))
      notes.push(revealRow(row).note);
    expect(notes[0]).toBe(canary("north", "note 1"));
    expect(notes[1]).toBeNull();
    expect(
      await codeOf(
        all(
          north.db
            .selectFrom("secrets" as never)
            .selectAll()
            .stream() as never,
        ),
      ),
    ).toBe("UnsupportedQuery query/unknown-table");
  });

  test.each([0, -1, 1.5, Number.NaN, 10_001])("has no pages of %d", async (size) => {
    expect(await codeOf(all(query().stream(size)))).toBe("UnsupportedQuery query/streaming");
    expect(await query().execute()).toHaveLength(4);
  });

  test("is a select and nothing else", async () => {
    const write = north.db.deleteFrom("books").returning("title");
    expect(await codeOf(all(write.stream() as never))).toBe("UnsupportedQuery query/streaming");
    expect(await query().execute()).toHaveLength(4);
  });

  test("that is left holds nobody up", async () => {
    for await (const { title } of query().stream(1)) {
      expect(title).toBe(expected[0]);
      break;
    }
    expect(await query().execute()).toHaveLength(4);
  });

  test("ends at the page at which its handle is found revoked", async () => {
    let revoked = false;
    const short = handle(library, "north", ada, { revoked: () => revoked });
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { title } of query(short).stream(1)) {
        seen.push(title);
        revoked = seen.length === 2;
      }
    };
    expect(await codeOf(read())).toBe("IsolationViolation handle/revoked");
    expect(seen).toHaveLength(2);
    expect(await query().execute()).toHaveLength(4);
  });

  test("ends when somebody else asks", async () => {
    let who = "ada";
    const { options } = north;
    const changing = handle(library, "north", ada, {
      facts: (guard) => ({
        ...options.facts(guard),
        principal: { ...options.facts(guard).principal, id: who },
      }),
    });
    const read = async (): Promise<void> => {
      for await (const { title } of query(changing).stream(1)) {
        expect(title).toBe(expected[0]);
        who = "ben";
      }
    };
    expect(await codeOf(read())).toBe("IsolationViolation handle/no-context");
  });

  test("V104: one that is forgotten ends by its limit, and a late page is refused", async () => {
    const short = handle(library, "north", ada, { transactionLimit: 500 });
    const rows = query(short).stream(1)[Symbol.asyncIterator]();
    expect((await rows.next()).value).toEqual({ title: expected[0] });
    // On one session: it comes when the stream has ended.
    expect(await query().execute()).toHaveLength(4);
    expect(await codeOf(rows.next())).toBe("IsolationViolation handle/revoked");
  });

  test("V46: in a transaction it is left without ending it, and is dead with it", async () => {
    let kept: AsyncIterator<{ title: string }> | undefined;
    await north.db.transaction().execute(async (trx) => {
      const ids: string[] = [];
      for await (const { id } of trx.selectFrom("books").select("id").orderBy("id").stream(1)) {
        ids.push(id);
        if (ids.length === 2) break;
      }
      expect(ids).toEqual([1, 2].map((number) => idOf("book", "north", number)));
      expect(await all(trx.selectFrom("books").select("title").orderBy("id").stream(3))).toEqual(expected);
      expect(await trx.selectFrom("branches").select("id").execute()).not.toHaveLength(0);
      kept = trx.selectFrom("books").select("title").stream(1)[Symbol.asyncIterator]();
      await kept.next();
    });
    expect(await codeOf(kept?.next() as Promise<unknown>)).toBe("IsolationViolation handle/revoked");
    expect(await library.raw("select count(*)::int n from pg_cursors where name like 'wardline%'")).toEqual([
      { n: 0 },
    ]);
  });
});
