/**
 * Writes under the main oracle: rows that are not the caller's to see change nothing of what he gets, and nothing that he
 * does changes them. Once for the rows of another tenant, once for rows of the same tenant.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { idOf, openLibrary, type Library } from "./driver-library.ts";
import { challenged, drawWrites, observe, type DrawnWrite } from "./write-draw.ts";

let both: Library;
let alone: Library;

beforeAll(async () => {
  both = await openLibrary(["north", "south"]);
  alone = await openLibrary(["north"]);
});
afterAll(async () => {
  await both.close();
  await alone.close();
});

/** Every row that the condition leaves, except sealed cells and made ids, which differ each time. */
async function state(library: Library, condition: string): Promise<string> {
  const made = "case when id::text like '00000000-%' then id::text else 'made' end as id";
  const books = await library.raw(
    `select ${made}, branch_id, holder_id, title, note is null as empty, copies, price, rare from lib.books
     where ${condition} order by 1, 4, 6, 7`,
  );
  const loans = await library.raw(
    `select ${made}, book_id, member_id, fee from lib.loans where ${condition} order by 1, 2, 3, 4`,
  );
  return JSON.stringify([books, loans]);
}

async function compare(
  here: Library,
  there: Library,
  writes: readonly DrawnWrite[],
  outcomes: { done: number; refused: number },
): Promise<void> {
  for (const drawn of writes) {
    const seen = await observe(here, drawn);
    expect(seen).toBe(await observe(there, drawn));
    outcomes[seen.includes('"failed"') ? "refused" : "done"]++;
  }
}

function report(what: string, outcomes: { done: number; refused: number }): void {
  console.log(`non-interference of writes, ${what}: ${outcomes.done} done, ${outcomes.refused} refused`);
  expect(outcomes.done).toBeGreaterThan(8);
  expect(outcomes.refused).toBeGreaterThan(8);
}

const taken = [1, 4, 5].flatMap((number) => [idOf("book", "north", number), idOf("book", "south", number)]);

test("random writes of north neither show nor touch anything of south", async () => {
  const outcomes = { done: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(drawWrites(taken), async (writes) => {
      await both.reset();
      await alone.reset();
      const south = await state(both, "tenant_id = 'south'");
      await compare(both, alone, writes, outcomes);
      const north = "tenant_id = 'north'";
      expect(await state(both, north)).toBe(await state(alone, north));
      expect(await state(both, "tenant_id = 'south'")).toBe(south);
    }),
    { numRuns: 15, examples: [[[challenged]]] },
  );
  report("other tenant", outcomes);
});

/** Rare books of a branch apart: neither ada nor ben may read them. Their titles are no numbers, unlike all others. */
const hide = `insert into lib.books (tenant_id, id, branch_id, title, copies, genre, rare)
  select 'north', id::uuid, '${idOf("branch", "north", 4)}', title, copies, 'prose', true
  from (values ('${idOf("book", "north", 71)}', 'secret', 0), ('${idOf("book", "north", 72)}', '1', 1000)) as v (id, title, copies)`;

test("V93: rows of the same tenant that the principal may not read or write are not there for his writes", async () => {
  const outcomes = { done: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(drawWrites([idOf("book", "north", 1)]), async (writes) => {
      for (const library of [both, alone]) {
        await library.reset();
        for (const table of ["loans", "book_tags", "book_keepers", "books", "branches"])
          await library.raw(`delete from lib.${table} where tenant_id = 'south'`);
        await library.raw("update lib.books set title = copies::text");
      }
      await both.raw(hide);
      const hidden = async (): Promise<unknown> =>
        both.raw(`select b::text as row from lib.books b where id::text like '%0000007_' order by id`);
      const before = await hidden();
      expect(before).toHaveLength(2);
      await compare(both, alone, writes, outcomes);
      expect(await hidden()).toEqual(before);
      const rest = "id::text not like '%0000007_' and tenant_id = 'north'";
      const loans = (library: Library): Promise<unknown> =>
        library.raw(
          "select book_id, member_id, fee from lib.loans where tenant_id = 'north' order by 1, 2, 3",
        );
      const seen = (library: Library): Promise<unknown> =>
        library.raw(`select title, copies, rare, branch_id from lib.books where ${rest} order by 1, 2, 3, 4`);
      expect(await seen(both)).toEqual(await seen(alone));
      expect(await loans(both)).toEqual(await loans(alone));
    }),
    { numRuns: 15, examples: [[[challenged]]] },
  );
  report("same tenant", outcomes);
});
