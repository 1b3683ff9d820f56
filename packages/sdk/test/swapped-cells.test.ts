/**
 * Sealed cells and blind indexes that the owner of the tables moves by SQL over tenants, tables, columns and rows, on a real server: nothing
 * opens where it was not sealed, and no row is shown for a value that its cell does not hold.
 */
import type { Database } from "@wardline/isolation";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { revealRow, SealBroken, type Wardline } from "../src/index.ts";
import { loadRows } from "../src/operator/index.ts";
import { postgres } from "../src/postgres/index.ts";
import {
  codeOf,
  idOf,
  openServerLibrary,
  searchableProgram,
  sessionOf,
  tenants,
  type ServerLibrary,
  type Tenant,
} from "./server-library.ts";

interface Row {
  id: string;
  code: string;
  note: string;
  title: string;
}
/** Every table is asked in the same ways. */
type Swapped = Record<string, Row>;
interface Cell {
  readonly tenant: Tenant;
  readonly table: "books" | "branches";
  readonly column: "code" | "note";
  readonly id: string;
  readonly text: string;
}

const broken = "SealBroken not_authentic";
const numbers = [1, 2];
const cells = tenants.flatMap((tenant) =>
  (["books", "branches"] as const).flatMap((table) =>
    (["code", "note"] as const).flatMap((column) =>
      numbers.map((number): Cell => {
        const id = idOf(table === "books" ? "book" : "branch", tenant, number);
        return { tenant, table, column, id, text: [tenant, table, column, number].join(" ") };
      }),
    ),
  ),
);

let library: ServerLibrary;
let database: Database;
let wardline: Wardline;
let heard: unknown[] = [];

beforeAll(async () => {
  library = await openServerLibrary({}, undefined, searchableProgram);
  await library.raw("truncate public.books, public.branches cascade");
  for (const tenant of tenants) {
    const options = { database: library.operator, program: library.programs[tenant], keys: library.keys };
    const attributes = (table: string, number: number) => ({
      code: `${tenant} ${table} code ${number}`,
      note: `${tenant} ${table} note ${number}`,
    });
    const branches = numbers.map((number) => ({
      id: idOf("branch", tenant, number),
      attributes: attributes("branches", number),
    }));
    await loadRows(options, "Branch", branches);
    const rows = numbers.map((number) => {
      const more = {
        title: "a title",
        price: "9.50",
        branch: idOf("branch", tenant, 1),
        shelf: "open",
        tags: [],
      };
      return { id: idOf("book", tenant, number), attributes: { ...more, ...attributes("books", number) } };
    });
    await loadRows(options, "Book", rows);
  }
  // What was stored, to be put back before each test.
  await library.raw("create table public.kept_books as table public.books");
  await library.raw("create table public.kept_branches as table public.branches");
  database = postgres({ ...library.reach, pool: { max: 2 } });
  wardline = await library.open(database, { onOperatorError: (error) => heard.push(error) });
});
afterAll(async () => {
  await wardline.close();
  await database.close();
  await library.close();
});
beforeEach(restore);

async function restore(): Promise<void> {
  heard = [];
  for (const table of ["books", "branches"])
    await library.raw(
      `update public.${table} t set code = k.code, note = k.note, code_bidx = k.code_bidx, note_bidx = k.note_bidx
       from public.kept_${table} k where k.id = t.id and k.tenant_id = t.tenant_id`,
    );
}

/** Puts into each cell what stands in the cell so many places further on: of the cells, of the indexes, or of both. */
async function shift(by: number, what: readonly ("" | "_bidx")[]): Promise<void> {
  for (const [at, { tenant, table, column, id }] of cells.entries()) {
    const from = cells[(at + by) % cells.length] as Cell;
    for (const part of what)
      await library.raw(
        `update public.${table} set ${column}${part} =
           (select ${from.column}${part} from public.kept_${from.table} where tenant_id = $1 and id = $2)
         where tenant_id = $3 and id = $4`,
        from.tenant,
        from.id,
        tenant,
        id,
      );
  }
}

const dbOf = (tenant: Tenant) => sessionOf(wardline, tenant).db as unknown as Kysely<Swapped>;
const sameField = (a: Cell, b: Cell): boolean =>
  a.tenant === b.tenant && a.table === b.table && a.column === b.column;

/** Ways in which a cell leaves the database. */
const ways: Readonly<Record<string, (cell: Cell) => Promise<unknown>>> = {
  select: ({ tenant, table, column, id }) =>
    dbOf(tenant).selectFrom(table).select(column).where("id", "=", id).execute(),
  "a join, under another name": ({ tenant, table, column, id }) =>
    dbOf(tenant)
      .selectFrom(`${table} as a`)
      .innerJoin(`${table} as b`, "a.id", "b.id")
      .select([`b.${column} as shown`])
      .where("a.id", "=", id)
      .execute(),
  "a common table expression": ({ tenant, table, column, id }) =>
    dbOf(tenant)
      .with("c", (db) => db.selectFrom(table).select(["id", column]))
      .selectFrom("c")
      .selectAll()
      .where("c.id", "=", id)
      .execute(),
  "a sub-select": ({ tenant, table, column, id }) =>
    dbOf(tenant)
      .selectFrom((eb) => eb.selectFrom(table).select(["id", column]).as("s"))
      .select(`s.${column} as shown`)
      .where("s.id", "=", id)
      .execute(),
  returning: ({ tenant, table, column, id }) =>
    table === "books"
      ? dbOf(tenant)
          .updateTable("books")
          .set({ title: "new" })
          .where("id", "=", id)
          .returning(column)
          .execute()
      : dbOf(tenant)
          .transaction()
          .execute((trx) => trx.selectFrom(table).select(column).where("id", "=", id).execute()),
  "a stream": async ({ tenant, table, column, id }) => {
    const rows: unknown[] = [];
    for await (const row of dbOf(tenant).selectFrom(table).select(column).where("id", "=", id).stream(1))
      rows.push(row);
    return rows;
  },
};

describe("cells that were moved", () => {
  test("open before, by every way", async () => {
    for (const cell of cells)
      for (const [name, way] of Object.entries(ways)) {
        const rows = (await way(cell)) as object[];
        expect(rows, name).toHaveLength(1);
        expect(Object.values(revealRow(rows[0] as object)), name).toContain(cell.text);
      }
  });

  test("V71: each to each place of another open nowhere, by no way", async () => {
    const others = Object.entries(ways);
    for (let by = 1; by < cells.length; by += 1) {
      await shift(by, ["", "_bidx"]);
      for (const [at, cell] of cells.entries()) {
        const [name, way] = others[(at + by) % others.length] as (typeof others)[number];
        for (const [how, read] of [
          ["select", ways["select"]],
          [name, way],
        ] as const)
          expect(await codeOf((read as typeof way)(cell)), `${by} ${cell.text} ${how}`).toBe(broken);
      }
    }
    // The operator hears the class of each, the caller's error says no more than that something does not open.
    const error = await ways["select"]?.(cells[0] as Cell).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SealBroken);
    expect((error as Error).message).toBe("a sealed value does not open");
    // Of each way of each place.
    expect(heard).toHaveLength(2 * 15 * 16 + 1);
    expect(String(heard.at(-1))).toMatch(/not_authentic: books\.code of row 00000000-/);
    expect((heard.at(-1) as Error).cause).toBe(error);
  });

  test("V71: a list with one of them among others is not shown at all", async () => {
    const [first, second] = cells as [Cell, Cell];
    await library.raw(
      `update public.${first.table} t set ${first.column} = (select ${first.column} from public.kept_${first.table} where id = $2)
       where id = $1`,
      first.id,
      second.id,
    );
    expect(
      await codeOf(dbOf(first.tenant).selectFrom(first.table).select(["id", first.column]).execute()),
    ).toBe(broken);
    // Who does not ask for the cell is not in its way.
    expect(await dbOf(first.tenant).selectFrom(first.table).select("id").execute()).toHaveLength(2);
  });
});

describe("blind indexes that were moved", () => {
  const find = ({ tenant, table, column }: Cell, text: string) =>
    dbOf(tenant).selectFrom(table).select("id").where(column, "=", text);

  test("V71, V78: without their cells find no row whose cell does not hold what is sought", async () => {
    for (let by = 1; by < cells.length; by += 1) {
      await shift(by, ["_bidx"]);
      for (const [at, cell] of cells.entries()) {
        const from = cells[(at + by) % cells.length] as Cell;
        const where = `${by} ${cell.text}`;
        // Its own row, or none.
        const own = find(cell, cell.text).execute();
        const elsewhere = cells[(at - by + cells.length) % cells.length] as Cell;
        if (sameField(elsewhere, cell)) expect(await codeOf(own), where).toBe(broken);
        else expect(await own, where).toEqual([]);
        const sought = find(cell, from.text).execute();
        if (sameField(from, cell)) expect(await codeOf(sought), where).toBe(broken);
        else expect(await sought, where).toEqual([]);
      }
    }
  });

  test("V71, V78: with their cells do no better", async () => {
    for (let by = 1; by < cells.length; by += 1) {
      await shift(by, ["", "_bidx"]);
      for (const [at, cell] of cells.entries()) {
        const from = cells[(at + by) % cells.length] as Cell;
        const sought = find(cell, from.text).execute();
        if (sameField(from, cell)) expect(await codeOf(sought), cell.text).toBe(broken);
        else expect(await sought, cell.text).toEqual([]);
      }
    }
  });

  test("V78: are looked at in every shape in which rows are shown, and in a cell that is NULL", async () => {
    const [first, second] = cells.filter((cell) => cell.column === "note") as [Cell, Cell];
    const { table, column, tenant } = first;
    const swap = (value: string) =>
      library.raw(
        `update public.${table} t set ${column}_bidx = k.${column}_bidx, ${column} = ${value} from public.kept_${table} k
         where k.id = $2 and t.id = $1`,
        first.id,
        second.id,
      );
    const db = dbOf(tenant);
    const shapes = [
      () => db.selectFrom(table).selectAll().where(column, "=", second.text),
      () => db.selectFrom(table).select("id").where(column, "in", ["other", second.text]),
      () =>
        db
          .selectFrom(table)
          .select("id")
          .where((eb) => eb(column, "=", eb.fn.any(eb.val([second.text])))),
      () =>
        db
          .selectFrom(table)
          .select("id")
          .where((eb) =>
            eb.parens(eb.and([eb("id", "=", first.id), eb(eb.val(second.text), "=", eb.ref(column))])),
          ),
      () =>
        db
          .selectFrom(`${table} as b`)
          .select("b.id")
          .where(`b.${column}`, "=", second.text)
          .limit(1)
          .orderBy("b.id"),
      () =>
        db
          .selectFrom((eb) => eb.selectFrom(table).select(["id", column]).as("s"))
          .select("s.id")
          .where(`s.${column}`, "=", second.text),
    ];
    for (const value of [`t.${column}`, "null"]) {
      await swap(value);
      for (const [at, shape] of shapes.entries())
        expect(await codeOf(shape().execute()), `${at}`).toBe(broken);
      const streamed = async (): Promise<void> => {
        for await (const row of db.selectFrom(table).select("id").where(column, "=", second.text).stream(1))
          expect(row).toEqual({ id: second.id });
      };
      expect(await codeOf(streamed())).toBe(broken);
    }
    await restore();
    for (const shape of shapes) {
      const rows = await shape().execute();
      expect(rows.map(({ id }) => id)).toEqual(rows.length === 0 ? [] : [second.id]);
      // What was looked at is not shown.
      for (const row of rows) expect(Object.keys(row).join()).not.toContain("wardline");
    }
  });

  test("V78: where rows are merged only the index is asked", async () => {
    const [first, second] = cells as [Cell, Cell];
    const { table, column, tenant } = first;
    await library.raw(
      `update public.${table} t set ${column}_bidx = k.${column}_bidx from public.kept_${table} k where k.id = $2 and t.id = $1`,
      first.id,
      second.id,
    );
    const count = await dbOf(tenant)
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where(column, "=", second.text)
      .executeTakeFirstOrThrow();
    expect(count.n).toBe(2);
  });
});
