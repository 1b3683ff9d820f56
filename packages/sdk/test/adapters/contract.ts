/** The contract of the data path: what every library that is said to work on Wardline keeps. Each test attacks one promise. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Program, Slot } from "@wardline/core";
import type { Database } from "@wardline/isolation";
import { revealRow, type Session, type Wardline } from "../../src/index.ts";
import { postgres } from "../../src/postgres/index.ts";
import {
  books,
  codeOf,
  idOf,
  openServerLibrary,
  sessionOf,
  tenants,
  titleOf,
  type ServerLibrary,
  type Tables,
  type Tenant,
} from "../server-library.ts";
import type { Adapter, Book, DataPath } from "./data-path.ts";

/** Books on closed shelves are not listed, and notes are masked. */
export function shelvedProgram(program: Program): Program {
  const type = { kind: "enum", name: "Shelf", values: ["open", "closed"] } as const;
  const shelf: Slot = {
    id: program.slots.length,
    source: { from: "row_attribute", row: "resource", name: "shelf" },
    type,
    optional: false,
  };
  return {
    ...program,
    slots: [...program.slots, shelf],
    atoms: [{ kind: "one_of", of: { kind: "slot", slot: shelf.id, fallback: null }, values: ["open"], type }],
    conditions: [...program.conditions, { kind: "atom", atom: 0, negated: false }],
    tables: program.tables.map((table) =>
      table.action !== "read" || table.resource !== "Book"
        ? table
        : {
            ...table,
            slots: [...table.slots, shelf.id],
            passes: table.passes.map((pass) => ({
              ...pass,
              grants: [{ rule: 0, when: 1, effects: [{ field: "note", mask: { kind: "redact" } }] }],
            })),
          },
    ),
  };
}

/** Numbers of the books that are not listed. */
const closed = [books - 1, books - 2];
const listed = Array.from({ length: books - closed.length }, (_, n) => n);
const other = (tenant: Tenant): Tenant => (tenant === "north" ? "south" : "north");

/** The contract, once for each adapter, on one server. `more` adds what only one of them promises. */
export function contract(adapters: readonly Adapter[], more?: (parts: ContractParts) => void): void {
  let library: ServerLibrary;
  let database: Database;
  let wardline: Wardline;
  beforeAll(async () => {
    library = await openServerLibrary({}, undefined, shelvedProgram);
    await reset();
    database = postgres({ ...library.reach, pool: { max: 2 } });
    wardline = await library.open(database);
  });
  afterAll(async () => {
    await wardline.close();
    await database.close();
    await library.close();
  });
  const reset = async (): Promise<void> => {
    await library.reset();
    const ids = tenants.flatMap((tenant) => closed.map((number) => idOf("book", tenant, number)));
    await library.raw("update public.books set shelf = 'closed' where id = any($1::uuid[])", ids);
  };
  const parts: ContractParts = {
    library: () => library,
    reset,
    as: (tenant, id) => sessionOf(wardline, tenant, id),
  };
  describe.each(adapters)("$name", (adapter) => suite(adapter, parts));
  more?.(parts);
}

export interface ContractParts {
  readonly library: () => ServerLibrary;
  /** The rows as they were at first, after what wrote. */
  readonly reset: () => Promise<void>;
  readonly as: (tenant: Tenant, id?: string) => Session<Tables>;
}

function suite(adapter: Adapter, { library, reset, as }: ContractParts): void {
  const on = (tenant: Tenant, id?: string): DataPath => adapter.on(as(tenant, id));
  const titlesOf = (tenant: Tenant): string[] => listed.map((number) => titleOf(tenant, number));
  const titles = (rows: readonly Book[]): string[] => rows.map(({ title }) => title);
  const stored = async (tenant: Tenant): Promise<unknown[]> =>
    library().raw(
      "select id, title, note, shelf from public.books where tenant_id = $1 order by id",
      tenant,
    ) as never;
  const storedAll = (): Promise<unknown[]> => Promise.all(tenants.map(stored));

  test.each(tenants)("%s reads its own rows, filtered and masked, in the order asked for", async (tenant) => {
    const rows = await on(tenant).all();
    expect(titles(rows)).toEqual(titlesOf(tenant));
    // A note is masked wherever it is shown, and its text is nowhere.
    expect(new Set(rows.map(({ note }) => note)).size).toBe(1);
    expect(JSON.stringify(rows)).not.toContain(`${tenant} note`);
    expect(rows[3]?.id).toBe(idOf("book", tenant, 3));
    expect(await on(tenant).count()).toBe(listed.length);
  });

  test("a mask is what conditions see too", async () => {
    expect(await on("north").byNote("north note 1")).toEqual([]);
    const [{ note } = { note: null }] = await on("north").all();
    expect(await on("north").byNote(String(note))).toHaveLength(listed.length);
  });

  test.each(tenants)(
    "ids of the other tenant, and of rows that are not listed, find nothing for %s",
    async (tenant) => {
      const path = on(tenant);
      const foreign = listed.map((number) => idOf("book", other(tenant), number));
      const unlisted = closed.map((number) => idOf("book", tenant, number));
      expect(await path.byIds([...foreign, ...unlisted])).toEqual([]);
      expect(titles(await path.byIds([...foreign, idOf("book", tenant, 5)]))).toEqual([titleOf(tenant, 5)]);
      expect(await path.byTitle(titleOf(other(tenant), 5))).toEqual([]);
    },
  );

  test.each(tenants)(
    "joins, sub-selects and common table expressions of %s stay in its rows",
    async (tenant) => {
      const path = on(tenant);
      const [first] = titlesOf(tenant);
      expect(await path.pairs(3)).toEqual(
        titlesOf(tenant)
          .slice(0, 3)
          .map((title) => [first, title]),
      );
      expect(await path.nested()).toEqual(titlesOf(tenant));
      expect(await path.hidden()).toEqual(titlesOf(tenant));
    },
  );

  test("V16: a value is a value, whatever stands in it", async () => {
    for (const title of [
      "' or true --",
      "x'; delete from books; --",
      "$1",
      "\\' or 1=1 --",
      `${titleOf("north", 0)}' or tenant_id = 'south`,
    ])
      expect(await on("north").byTitle(title)).toEqual([]);
    expect(await on("north").all()).toHaveLength(listed.length);
  });

  test("V19: a name that was made of input is a name of the model or an error", async () => {
    expect(await on("north").named("books", "title")).toHaveLength(listed.length);
    for (const [table, column] of [
      ['books" b, public."books', "title"],
      ["public.books", "title"],
      ["pg_class", "relname"],
      ["wardline.audit", "entry"],
      ["books", 'title" from public.books --'],
      ["books", "tenant_id"],
      ["books", "ctid"],
      ["books", "tableoid"],
    ] as const) {
      const code = await codeOf(on("north").named(table, column));
      expect(code, `${table} ${column}`).toMatch(
        /^(?:UnsupportedQuery query|IsolationViolation (?:query|check))\//,
      );
    }
  });

  test("V16 V17 V18: text that asks for more than the handle has is refused with a code", async () => {
    for (const [text, code] of [
      ["select title from public.books", "IsolationViolation query/schema-qualified"],
      ["select 1; select title from books", "IsolationViolation query/raw-statement"],
      ["set local row_security = off", "IsolationViolation query/raw-statement"],
      ["delete from books", "IsolationViolation query/raw-statement"],
      [
        "with gone as (delete from books returning id) select id from gone",
        "IsolationViolation query/raw-statement",
      ],
      ["copy books to stdout", "IsolationViolation query/raw-statement"],
      ["prepare p as select 1", "IsolationViolation query/raw-statement"],
      ["commit", "IsolationViolation query/raw-statement"],
      ["select set_config('search_path', 'public', false)", "IsolationViolation check/function"],
      ["select query_to_xml('select 1', true, true, '')", "IsolationViolation check/function"],
    ] as const)
      expect([text, await codeOf(on("north").text(text))]).toEqual([text, code]);
    expect(titles(await on("south").all())).toEqual(titlesOf("south"));
  });

  test("a sealed column is opened for whoever may see it, or refused, and never shown as it is stored", async () => {
    const wanted = idOf("book", "north", 4);
    const asking = on("north").sealed(wanted);
    if (adapter.seals !== "opened") return expect(await codeOf(asking)).toBe(adapter.seals);
    const [row] = await asking;
    expect(JSON.stringify(row)).not.toContain("north code 4");
    expect(revealRow(row as Record<string, unknown>)).toMatchObject({ code: "north code 4" });
    return expect(await on("south").sealed(wanted)).toEqual([]);
  });

  test("V22 V23: a statement that is prepared belongs to no tenant", async () => {
    const [north, south] = [on("north"), on("south")];
    for (let turn = 0; turn < 8; turn++)
      for (const [path, tenant] of [
        [north, "north"],
        [south, "south"],
      ] as const) {
        expect(titles(await path.prepared(titleOf(tenant, turn)))).toEqual([titleOf(tenant, turn)]);
        expect(await path.prepared(titleOf(other(tenant), turn))).toEqual([]);
      }
  });

  test("V45: handles of both tenants, at once on two connections, each see their own", async () => {
    const asked = Array.from({ length: 24 }, (_, n) => tenants[n % 2] as Tenant);
    const answers = await Promise.all(asked.map((tenant, n) => on(tenant, `member ${n}`).all()));
    for (const [n, rows] of answers.entries()) expect(titles(rows)).toEqual(titlesOf(asked[n] as Tenant));
  });

  test("V47: a handle that has ended answers nothing, to what was made of it before too", async () => {
    const session = as("north");
    const path = adapter.on(session);
    await path.all();
    session.end();
    for (const asking of [path.all(), path.count(), path.prepared("x"), path.text("select title from books")])
      expect(await codeOf(asking)).toBe("IsolationViolation handle/revoked");
    expect(await codeOf(adapter.on(session).all())).toBe("IsolationViolation handle/revoked");
  });

  test("a write is done as the policy says, or refused with a code; never past the guard", async () => {
    if (adapter.writes === "guarded") onTestFinished(reset);
    const before = await storedAll();
    const path = on("north");
    const writes = [
      () => path.update(idOf("book", "south", 0), "stolen"),
      () => path.remove(idOf("book", "south", 1)),
      () => path.update(idOf("book", "north", closed[0] as number), "unseen"),
      () => path.insert({ title: "planted", note: null }, idOf("branch", "south", 1)),
    ];
    const codes = [];
    for (const write of writes) codes.push(await codeOf(write()));
    expect(await storedAll()).toEqual(before);
    if (adapter.writes !== "guarded") {
      expect(codes).toEqual(writes.map(() => adapter.writes));
      for (const write of [
        path.update(idOf("book", "north", 0), "new"),
        path.remove(idOf("book", "north", 1)),
        path.insert({ title: "made", note: null }, idOf("branch", "north", 1)),
      ])
        expect(await codeOf(write)).toBe(adapter.writes);
      expect(await storedAll()).toEqual(before);
      return;
    }
    expect(codes[3]).not.toBe("no error");
    await path.update(idOf("book", "north", 0), "new");
    await path.remove(idOf("book", "north", 1));
    await path.insert({ title: "made", note: null }, idOf("branch", "north", 1));
    expect((await path.all()).map(({ title }) => title)).toEqual([
      "new",
      ...titlesOf("north").slice(2),
      "made",
    ]);
    expect(await stored("south")).toEqual(before[1]);
    const entries = await library().raw(
      "select count(*)::int as n from wardline.audit where tenant_id = 'north'",
    );
    expect(entries[0]?.["n"]).toBeGreaterThanOrEqual(3);
  });

  test("V46: what a transaction asks is asked of its own tenant, and after its end nothing is", async () => {
    const path = on("north");
    if (path.transaction === null) {
      expect(await codeOf(path.text("begin"))).toBe("IsolationViolation query/raw-statement");
      return;
    }
    let late: DataPath | undefined;
    const seen = await path.transaction(async (within) => {
      late = within;
      const first = titles(await within.all());
      expect(titles(await on("south").all())).toEqual(titlesOf("south"));
      expect(await within.byTitle(titleOf("south", 0))).toEqual([]);
      return first;
    });
    expect(seen).toEqual(titlesOf("north"));
    expect(await codeOf(late?.all() ?? Promise.resolve())).not.toBe("no error");
    const before = await storedAll();
    const failing = path.transaction(async (within) => {
      await within.update(idOf("book", "north", 0), "lost").catch(() => undefined);
      throw new Error("mine");
    });
    await expect(failing).rejects.toThrow();
    expect(await storedAll()).toEqual(before);
  });

  test("errors say a code and no value, whoever wraps them", async () => {
    const secret = "5f0c-secret-value";
    const path = on("north");
    const failing = [
      () => path.byIds([secret]),
      () => path.text(`select nothing from books where title = '${secret}'`),
      () => path.text(`select '${secret}'::integer from books`),
      () => path.update(secret, secret),
    ];
    for (const [at, fail] of failing.entries()) {
      const error: unknown = await fail().then(
        () => null,
        (given: unknown) => given,
      );
      expect(error, String(at)).toBeInstanceOf(Error);
      expect((error as { code?: string }).code, String(at)).toMatch(/^[a-z]+\/[a-z-]+$/);
      const { message, stack = "", ...rest } = error as Error;
      expect(`${message} ${stack} ${JSON.stringify(rest)}`, String(at)).not.toContain(secret);
      for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause)
        expect(cause.message, String(at)).not.toContain(secret);
    }
  });
}
