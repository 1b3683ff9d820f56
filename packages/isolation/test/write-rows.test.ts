/** Writes: stamped, sealed, decided on stored rows, all or nothing, with one entry in the audit log. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AccessDenied, ChallengeRequired } from "../src/errors.ts";
import { bothLibraries } from "./both-libraries.ts";
import {
  ada,
  auditOf,
  ben,
  canary,
  codeOf,
  failingAudit,
  handle,
  idOf,
  nobody,
  sealerOf,
  type Handle,
  type Library,
  type Tables,
} from "./driver-library.ts";
import { revealRow } from "../src/seal/sealed.ts";

describe.each(bothLibraries)("%s", (_, open) => {
  let library: Library;
  let north: Handle;
  let reader: Handle;

  beforeAll(async () => {
    library = await open();
  });
  beforeEach(async () => {
    await library.reset();
    north = handle(library, "north", ada);
    reader = handle(library, "north", ben);
  });
  afterAll(() => library.close());

  const book = (number: number): string => idOf("book", "north", number);
  const branch = (number: number): string => idOf("branch", "north", number);
  const denied = "AccessDenied access/denied";

  const newBook = {
    branch_id: branch(1),
    title: "new",
    note: "kept quiet",
    copies: 2,
    price: "3.5",
    genre: "prose",
    rare: false,
  };

  function insert(
    who: Handle,
    changes: Partial<Record<keyof Tables["books"] | "tenant_id", unknown>> = {},
  ): Promise<unknown> {
    return who.db
      .insertInto("books")
      .values({ ...newBook, ...changes } as never)
      .returning(["id", "title", "note", "price"])
      .executeTakeFirstOrThrow();
  }

  async function count(table: string): Promise<number> {
    const [row] = await library.raw(`select count(*)::int as n from lib.${table}`);
    return row?.["n"] as number;
  }

  describe("insert", () => {
    test("V54, V70: makes the id, stamps the tenant, seals, answers through the view, and is audited", async () => {
      const row = (await insert(north)) as { id: string };
      expect(revealRow(row)).toEqual({
        id: expect.stringMatching(/^019[0-9a-f]{5}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/),
        title: "new",
        note: "kept quiet",
        price: "3.50",
      });
      const [stored] = await library.raw(
        "select tenant_id, encode(note, 'hex') as note from lib.books where id = $1",
        [row.id],
      );
      expect(stored?.["tenant_id"]).toBe("north");
      expect(Buffer.from(stored?.["note"] as string, "hex").toString("latin1")).not.toContain("quiet");
      expect(
        sealerOf("north").open({ table: "books", column: "note", row: row.id }, stored?.["note"] as string),
      ).toBe("kept quiet");
      expect(() =>
        sealerOf("south").open({ table: "books", column: "note", row: row.id }, stored?.["note"] as string),
      ).toThrow();
      expect(await auditOf(library, "north")).toMatchObject([
        {
          kind: "write",
          principal: { type: "Member", id: "ada" },
          action: "create",
          entity: "Book",
          rows: [row.id],
          rules: ["tenant/staff-create"],
          outcome: "permit",
          count: 1,
          fields: expect.arrayContaining(["title", "note"]),
          obligations: [{ type: "encrypt", fields: ["note"] }],
          policy: { revision: "1", bundle: null },
          predicate: expect.stringMatching(/^1:[0-9a-f]{64}$/),
        },
      ]);
      expect(await auditOf(library, "south")).toEqual([]);
    });

    test("several rows at once, with values left out", async () => {
      const rows = await north.db
        .insertInto("books")
        .values([
          newBook,
          {
            ...newBook,
            id: "00000000-0000-7000-8000-0000000000aa",
            title: "second",
            note: null,
            bought: "2026-02-01T00:00:00Z",
          },
        ] as never)
        .returning(["title", "note", "bought"])
        .execute();
      expect(rows.map(revealRow).map((row) => [row.title, row.note])).toEqual([
        ["new", "kept quiet"],
        ["second", null],
      ]);
      expect(await auditOf(library, "north")).toHaveLength(1);
    });

    test("V8: one row that is not permitted undoes all of them", async () => {
      const before = await count("books");
      const failure = north.db
        .insertInto("books")
        .values([newBook, { ...newBook, branch_id: branch(4) }] as never)
        .execute();
      expect(await codeOf(failure)).toBe(denied);
      expect(await count("books")).toBe(before);
      expect(await auditOf(library, "north")).toMatchObject([
        { kind: "refusal", action: "create", reason: "not_granted", rules: [] },
      ]);
    });

    test("V8, V11: a tenant is nobody's to give", async () => {
      for (const tenant_id of ["south", "north"])
        expect(await codeOf(insert(north, { tenant_id }))).toBe("UnsupportedQuery write/unknown-column");
      expect(
        await codeOf(
          north.db
            .updateTable("books")
            .set({ tenant_id: "south" } as never)
            .execute(),
        ),
      ).toBe("UnsupportedQuery write/unknown-column");
    });

    test("V51, V53: a taken id, a row one may not refer to and a row that is not there are refused alike", async () => {
      const hidden = { id: book(5) };
      const errors = await Promise.all(
        [
          insert(north, hidden),
          insert(north, { branch_id: idOf("branch", "south", 1) }),
          insert(north, { branch_id: idOf("branch", "north", 77) }),
        ].map((failure) => failure.catch((error: unknown) => error as AccessDenied)),
      );
      for (const error of errors as AccessDenied[]) {
        expect(error).toBeInstanceOf(AccessDenied);
        expect({ ...error, stack: "" }).toEqual({ ...(errors[0] as AccessDenied), stack: "" });
        expect(error.message).toBe("create on Book is denied");
      }
      // The other tenant's id is free here: no collision tells of it.
      expect(await codeOf(insert(north, { id: idOf("book", "south", 1) }))).toBe("no error");
    });

    test("V53: who may not create a row cannot learn from the refusal whether its id is taken", async () => {
      const ids = [book(5), book(1), book(77), idOf("book", "south", 1)];
      const errors: unknown[] = [];
      for (const id of ids) errors.push(await insert(reader, { id }).catch((error: unknown) => error));
      for (const error of errors as AccessDenied[]) {
        expect(error).toMatchObject({ decision: { outcome: "deny", reason: "not_granted" } });
        expect({ ...error, stack: "" }).toEqual({ ...(errors[0] as AccessDenied), stack: "" });
      }
      const entries = (await auditOf(library, "north")).map(({ kind, reason, rows }) => [kind, reason, rows]);
      // They were asked for at one time, and a server has several connections.
      const expected = ids.map((id) => ["refusal", "not_granted", [id]]);
      expect(new Set(entries.map((entry) => JSON.stringify(entry)))).toEqual(
        new Set(expected.map((entry) => JSON.stringify(entry))),
      );
      expect(entries).toHaveLength(expected.length);
    });

    test("who may create it learns no more than that it is refused, and nothing of it stays", async () => {
      const before = await library.raw("select b::text as row from lib.books b order by id");
      const twice = [newBook, { ...newBook, id: book(78) }, { ...newBook, id: book(78) }];
      for (const rows of [[{ ...newBook, id: book(5) }], [newBook, { ...newBook, id: book(5) }], twice]) {
        const failure = north.db
          .insertInto("books")
          .values(rows as never)
          .execute();
        const error = await failure.catch((e: unknown) => e as AccessDenied);
        expect(error).toMatchObject({ code: "access/denied", decision: null, rules: [] });
      }
      expect(await library.raw("select b::text as row from lib.books b order by id")).toEqual(before);
      const [entry] = await auditOf(library, "north");
      expect(entry).toMatchObject({ kind: "refusal", reason: "boundary", rows: [book(5)] });
      // Also where the caller goes on in the same transaction.
      await north.db.transaction().execute(async (transaction) => {
        const statement = transaction.insertInto("books").values({ ...newBook, id: book(5) });
        expect(await codeOf(statement.execute())).toBe(denied);
      });
      expect(await library.raw("select b::text as row from lib.books b order by id")).toEqual(before);
    });

    test("a reference inside the tenant must be to a row that can be read", async () => {
      const loan = (book_id: string): Promise<unknown> =>
        reader.db
          .insertInto("loans")
          .values({ book_id, member_id: "ben", fee: 1 } as never)
          .execute();
      expect(await codeOf(loan(book(5)))).toBe(denied);
      expect(await codeOf(loan(book(4)))).toBe("no error");
    });

    test.each([
      ["copies", 1001],
      ["copies", -1],
      ["copies", 1.5],
      ["copies", "2"],
      ["copies", null],
      ["title", 5],
      ["title", "a\ud800"],
      ["price", "1.234"],
      ["price", "1.2.3"],
      ["price", "1.2."],
      ["price", "99999.00"],
      ["price", "1e3"],
      ["price", "abc"],
      ["bought", "yesterday"],
      ["bought", "2026-02-30T00:00:00Z"],
      ["genre", "verse"],
      ["rare", "true"],
      ["rare", 1],
      ["branch_id", "1"],
      ["branch_id", null],
      ["id", "1"],
      ["note", 7],
    ] as const)(
      "%s = %j is refused by its type, naming the field and not the value",
      async (column, value) => {
        const error: unknown = await insert(north, { [column]: value }).catch((e: unknown) => e);
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(write\/bad-value|query\/unsupported-value)$/),
        });
        expect(String(error)).not.toContain("1001");
        expect(await auditOf(library, "north")).toEqual([]);
      },
    );

    test("a field that must be there is asked for", async () => {
      const { title: _, ...rest } = newBook;
      const error: unknown = await north.db
        .insertInto("books")
        .values(rest as never)
        .execute()
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "write/bad-value", message: expect.stringContaining("title") });
    });
  });

  describe("update", () => {
    test("rows that the condition and the policy pick, sealed anew for each", async () => {
      const rows = await north.db
        .updateTable("books as b")
        .set({ title: "renamed", note: "again" })
        .where("b.copies", "<", 3)
        .where("b.id", "in", (eb) => eb.selectFrom("books").select("books.id"))
        .returning(["b.id", "b.title", "note"])
        .execute();
      expect(rows.map(revealRow)).toEqual(
        [1, 2].map((number) => ({ id: book(number), title: "renamed", note: "again" })),
      );
      const stored = await library.raw(
        "select id::text as id, encode(note, 'hex') as note from lib.books where title = 'renamed' order by id",
      );
      expect(stored).toHaveLength(2);
      expect(stored[0]?.["note"]).not.toBe(stored[1]?.["note"]);
      for (const row of stored)
        expect(
          sealerOf("north").open(
            { table: "books", column: "note", row: row["id"] as string },
            row["note"] as string,
          ),
        ).toBe("again");
      expect(await auditOf(library, "north")).toMatchObject([
        { kind: "write", action: "update", rows: [book(1), book(2)], rules: ["tenant/staff-update"] },
      ]);
    });

    test("without a condition: every row that can be read, none of the other tenant", async () => {
      const result = await handle(library, "north", ada)
        .db.updateTable("books")
        .set({ copies: 7 })
        .executeTakeFirstOrThrow();
      expect(result.numUpdatedRows).toBe(4n);
      const left = await library.raw(
        "select tenant_id, count(*)::int as n from lib.books where copies = 7 group by tenant_id",
      );
      expect(left).toEqual([{ tenant_id: "north", n: 4 }]);
    });

    test("what cannot be read is not there to be written, and nothing says so", async () => {
      const result = await north.db
        .updateTable("books")
        .set({ copies: 1 })
        .where("id", "in", [book(4), idOf("book", "south", 1)])
        .executeTakeFirstOrThrow();
      expect(result.numUpdatedRows).toBe(0n);
      expect(await auditOf(library, "north")).toEqual([]);
    });

    test("the row after is judged as well as the row before", async () => {
      const moved = north.db
        .updateTable("books")
        .set({ branch_id: branch(4) })
        .where("id", "=", book(1))
        .execute();
      expect(await codeOf(moved)).toBe(denied);
      const hoard = await north.db
        .updateTable("books")
        .set({ copies: 60 })
        .where("id", "=", book(1))
        .execute()
        .catch((error: unknown) => error);
      expect(hoard).toMatchObject({
        code: "access/denied",
        decision: { outcome: "deny", reason: "forbidden" },
        rules: [{ id: "tenant/no-hoarding", file: "library.ward", line: expect.any(Number) }],
      });
      const [stored] = await library.raw(
        "select copies, branch_id::text as branch from lib.books where tenant_id = 'north' and id = $1",
        [book(1)],
      );
      expect(stored).toEqual({ copies: 1, branch: branch(1) });
      expect((await auditOf(library, "north")).map((entry) => [entry["kind"], entry["reason"]])).toEqual([
        ["refusal", "not_granted"],
        ["refusal", "forbidden"],
      ]);
    });

    test("one row that is not permitted undoes the others", async () => {
      await library.raw("update lib.books set copies = 51 where id = $1", [book(2)]);
      expect(await codeOf(north.db.updateTable("books").set({ title: "x" }).execute())).toBe(denied);
      expect(await library.raw("select id from lib.books where title = 'x'")).toEqual([]);
    });

    test("a reference that is assigned must be to a row that can be read", async () => {
      const move = (to: string): Promise<string> =>
        codeOf(north.db.updateTable("loans").set({ book_id: to }).where("fee", "=", 10).execute());
      expect(await move(book(5))).toBe(denied);
      expect(await move(idOf("book", "south", 2))).toBe(denied);
      expect(await move(book(2))).toBe("no error");
    });

    test("a relation in the database permits (ben keeps book 4 and not book 1)", async () => {
      const rename = (number: number): Promise<string> =>
        codeOf(
          reader.db.updateTable("books").set({ title: "mine" }).where("id", "=", book(number)).execute(),
        );
      expect([await rename(4), await rename(1)]).toEqual(["no error", denied]);
    });

    test("a field that is hidden or masked cannot be set, whatever the row", async () => {
      for (const change of [{ price: "1.00" }, { note: "n. n. 4." }])
        expect(
          await codeOf(reader.db.updateTable("books").set(change).where("id", "=", book(4)).execute()),
        ).toBe("UnsupportedQuery write/hidden-field");
    });

    test("V14: returning shows no more than reading does", async () => {
      const rows = await reader.db
        .updateTable("books")
        .set({ copies: 9 })
        .where("id", "=", book(4))
        .returningAll()
        .execute();
      expect(rows).toMatchObject([{ id: book(4), copies: 9, price: null, note: "n. n. 4." }]);
      expect(Object.keys(rows[0] as object)).not.toContain("tenant_id");
      const gone = await reader.db
        .updateTable("books")
        .set({ rare: true })
        .where("id", "=", book(4))
        .returning("id")
        .execute();
      expect(gone).toEqual([]);
    });

    test("the key never changes, a column is written once, a set is not a column", async () => {
      const set = (change: object): Promise<string> =>
        codeOf(
          north.db
            .updateTable("books")
            .set(change as never)
            .execute(),
        );
      expect(await set({ id: book(9) })).toBe("UnsupportedQuery write/key-column");
      expect(await set({ tags: [] })).toMatch(
        /UnsupportedQuery (write\/unknown-column|write\/unsupported-shape)/,
      );
      expect(await set({ xmin: 1 })).toBe("UnsupportedQuery write/unknown-column");
    });

    test("a thousand rows at most", async () => {
      await library.raw(
        `insert into lib.branches (tenant_id, id, name)
       select 'north', ('00000000-0000-7000-8009-' || lpad(n::text, 12, '0'))::uuid, 'b' from generate_series(1, 1001) n`,
      );
      const rename = (where: string): Promise<string> =>
        codeOf(north.db.updateTable("branches").set({ name: "c" }).where("name", "=", where).execute());
      expect(await rename("b")).toBe("UnsupportedQuery write/too-many-rows");
      expect(await library.raw("select id from lib.branches where name = 'c'")).toEqual([]);
      const many = Array.from({ length: 1001 }, () => ({ name: "d" }));
      expect(
        await codeOf(
          north.db
            .insertInto("branches")
            .values(many as never)
            .execute(),
        ),
      ).toBe("UnsupportedQuery write/too-many-rows");
      expect(
        await codeOf(
          north.db
            .insertInto("branches")
            .values(many.slice(1) as never)
            .execute(),
        ),
      ).toBe("no error");
    });
  });

  describe("delete", () => {
    test("answers before the row goes, and is audited", async () => {
      const rows = await north.db
        .deleteFrom("books")
        .where("id", "=", book(2))
        .returning(["id", "title"])
        .execute();
      expect(rows).toEqual([{ id: book(2), title: canary("north", "title 2") }]);
      expect(await library.raw("select 1 from lib.books where id = $1", [book(2)])).toEqual([]);
      expect(await auditOf(library, "north")).toMatchObject([
        { kind: "write", action: "delete", rows: [book(2)] },
      ]);
    });

    test("the other tenant's rows stay, whatever the condition", async () => {
      await library.raw("delete from lib.loans");
      const south = handle(library, "south", ada);
      await south.db.deleteFrom("books").where("rare", "=", false).where("copies", "<", 3).execute();
      const left = await library.raw(
        "select tenant_id, count(*)::int as n from lib.books group by tenant_id order by tenant_id",
      );
      expect(left).toEqual([
        { tenant_id: "north", n: 6 },
        { tenant_id: "south", n: 4 },
      ]);
    });

    test("a fact in a side table forbids", async () => {
      const error: unknown = await north.db
        .deleteFrom("books")
        .where("id", "=", book(6))
        .execute()
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(AccessDenied);
      expect((error as AccessDenied).rules.map((rule) => rule.id)).toEqual(["tenant/heritage"]);
    });

    test("a challenge says what is asked for, writes nothing, and is audited as one", async () => {
      const error: unknown = await north.db
        .deleteFrom("books")
        .where("id", "=", book(3))
        .execute()
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ChallengeRequired);
      expect((error as ChallengeRequired).decision.obligations).toEqual([
        { type: "step_up", factor: "mfa", within: null },
      ]);
      expect(await auditOf(library, "north")).toMatchObject([
        {
          kind: "challenge",
          action: "delete",
          rows: [book(3)],
          rules: ["tenant/rare-needs-factor"],
          reason: "step_up",
        },
      ]);
      const met = handle(library, "north", { ...ada, mfa: true });
      expect(
        (await met.db.deleteFrom("books").where("id", "=", book(3)).executeTakeFirst()).numDeletedRows,
      ).toBe(1n);
    });

    test("a row that others refer to is refused without a constraint's name", async () => {
      const error: unknown = await north.db
        .deleteFrom("books")
        .where("id", "=", book(1))
        .execute()
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "access/denied", decision: null, rules: [] });
      expect(JSON.stringify(error) + String(error)).not.toMatch(/fkey|loans|violates/);
      expect(north.operatorErrors).toHaveLength(1);
      expect(await auditOf(library, "north")).toMatchObject([
        { kind: "refusal", action: "delete", entity: "Book", reason: "boundary" },
      ]);
    });
  });

  test("if the log cannot be written, nothing is", async () => {
    const silent = handle(library, "north", ada, { audit: failingAudit });
    expect(await codeOf(insert(silent))).toBe("IsolationViolation audit/failed");
    expect(
      await codeOf(
        silent.db.transaction().execute((trx) => trx.updateTable("books").set({ title: "x" }).execute()),
      ),
    ).toBe("IsolationViolation audit/failed");
    expect(await codeOf(silent.db.updateTable("books").set({ copies: 60 }).execute())).toBe(
      "IsolationViolation audit/failed",
    );
    expect(await library.raw("select 1 from lib.books where title in ('new', 'x') or copies = 60")).toEqual(
      [],
    );
    expect(await insert(silent).catch((error: unknown) => error)).not.toHaveProperty("cause");
  });

  test("who may do nothing writes nothing", async () => {
    const stranger = handle(library, "north", nobody);
    expect(await codeOf(insert(stranger))).toBe(denied);
    expect((await stranger.db.deleteFrom("books").executeTakeFirst()).numDeletedRows).toBe(0n);
  });
});
