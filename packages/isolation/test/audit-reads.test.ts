/** Reads that a duty says to audit: nothing is shown before it is on record, and nothing at all where it cannot be. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AuditLevel } from "@wardline/core";
import type { Database, PolicyGuard } from "../src/contracts.ts";
import { decideRow } from "../src/driver/decide-row.ts";
import type { GuardedDialectOptions } from "../src/driver/options.ts";
import { bothLibraries } from "./both-libraries.ts";
import {
  ada,
  auditOf,
  codeOf,
  failingAudit,
  handle,
  idOf,
  type Handle,
  type Library,
} from "./driver-library.ts";
import { owing, owingDecisions } from "./owing-guard.ts";

describe.each(bothLibraries)("%s", (name, open) => {
  let library: Library;
  const isServer = name !== "embedded";
  beforeAll(async () => {
    library = await open();
  });
  beforeEach(() => library.reset());
  afterAll(() => library.close());

  const book = (number: number): string => idOf("book", "north", number);
  const audited = (
    levels: Readonly<Record<string, AuditLevel>>,
    changes: Partial<GuardedDialectOptions> = {},
  ): Handle => handle(library, "north", ada, { guard: owing(library.guards.north, levels), ...changes });
  const recorded = () => auditOf(library, "north");

  test.each([
    ["decision", { fields: null, rows: [], facts: null }],
    ["fields", { fields: ["title"], rows: [], facts: null }],
    ["full", { fields: ["title"], facts: { principal: { id: "ada" }, values: expect.any(String) } }],
  ] as const)("at %s one entry says what its level says", async (level, said) => {
    const rows = await audited({ Book: level })
      .db.selectFrom("books")
      .select("title")
      .orderBy("title")
      .execute();
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(Object.keys(row)).toEqual(["title"]);
    const entries = await recorded();
    expect(entries).toMatchObject([
      {
        kind: "read",
        stage: "completion",
        outcome: "permit",
        entity: "Book",
        rules: ["tenant/desk"],
        count: rows.length,
        obligations: [{ type: "audit", level }],
        principal: { type: "Member", id: "ada" },
        ...said,
      },
    ]);
    expect(entries[0]?.["rows"]).toHaveLength(level === "full" ? rows.length : 0);
  });

  test("at full the rows that are shown are named, through joins and sub-selects and without being asked for, and once each", async () => {
    const { db } = audited({ Book: "full" });
    const one = await db
      .selectFrom("loans as l")
      .innerJoin("books as b", "b.id", "l.book_id")
      .select(["l.fee", "b.title"])
      .where("b.id", "=", book(1))
      .execute();
    expect(one.length).toBeGreaterThan(0);
    await db
      .with("x", (of) => of.selectFrom("books").select(["id", "title"]))
      .selectFrom("x as y")
      .select("y.title")
      .where("y.id", "in", [book(1), book(2)])
      .execute();
    await db
      .selectFrom("books")
      .select((of) => of.fn.countAll().as("n"))
      .execute();
    const entries = await recorded();
    expect(entries.map(({ rows, count }) => [[...(rows as string[])].toSorted(), count])).toEqual([
      [[book(1)], one.length],
      [[book(1), book(2)].toSorted(), 2],
      [[], 1],
    ]);
    expect(entries[2]).toMatchObject({ facts: { statement: expect.stringContaining("count") } });
  });

  test("the same question has the same digest, another value another one, and none is in clear", async () => {
    const { db } = audited({ Book: "decision" });
    for (const title of ["x1y2z3", "x1y2z3", "other"])
      await db.selectFrom("books").selectAll().where("title", "=", title).execute();
    const [first, again, other] = (await recorded()).map(({ predicate }) => predicate);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    const stored = await library.raw("select string_agg(entry, '') as all from wardline.audit");
    expect(String(stored[0]?.["all"])).not.toMatch(/x1y2z3|"ada"/);
  });

  test("two views that owe something are two entries; a view that owes nothing is none", async () => {
    const join = (db: Handle["db"]) =>
      db
        .selectFrom("books as b")
        .innerJoin("loans as l", "l.book_id", "b.id")
        .select(["b.id", "l.fee"])
        .execute();
    await join(audited({ Book: "fields", Loan: "decision" }).db);
    expect((await recorded()).map(({ entity }) => entity)).toEqual(expect.arrayContaining(["Book", "Loan"]));
    expect(await recorded()).toHaveLength(2);
    await join(audited({}).db);
    expect(await recorded()).toHaveLength(2);
  });

  test("V91: where the log cannot be written no row comes, from a list, a join, a stream or returning", async () => {
    const { db } = audited({ Book: "decision" }, { audit: failingAudit });
    const failed = "IsolationViolation audit/failed";
    expect(await codeOf(db.selectFrom("books").selectAll().execute())).toBe(failed);
    expect(
      await codeOf(
        db.updateTable("books").set({ copies: 77 }).where("id", "=", book(1)).returning("id").execute(),
      ),
    ).toBe(failed);
    expect(await library.raw("select 1 from lib.books where copies = 77")).toEqual([]);
    const shown: unknown[] = [];
    const stream = async (): Promise<void> => {
      for await (const row of db.selectFrom("books").selectAll().stream(2)) shown.push(row);
    };
    expect(await codeOf(stream())).toMatch(/audit\/(failed|one-session)$/);
    expect(shown).toEqual([]);
  });

  test("V91: with the function revoked no row comes", async () => {
    const { db } = audited({ Book: "decision" });
    await library.raw("revoke execute on function wardline.audit_append(text[]) from wardline_app");
    try {
      expect(await codeOf(db.selectFrom("books").selectAll().execute())).toBe(
        "IsolationViolation audit/failed",
      );
    } finally {
      await library.raw("grant execute on function wardline.audit_append(text[]) to wardline_app");
    }
    expect(await db.selectFrom("books").selectAll().execute()).not.toEqual([]);
  });

  test("V91: while a tenant is closed for writing no row comes of what owes an entry, and others do", async () => {
    const list = ({ db }: Handle) => codeOf(db.selectFrom("books").select("title").execute());
    const become = (state: string) =>
      library.raw("update wardline.tenant_state set state = $1 where tenant = 'north'", [state]);
    await become("read_only");
    try {
      expect(await list(audited({ Book: "decision" }))).toBe("IsolationViolation audit/failed");
      expect(await list(audited({}))).toBe("no error");
    } finally {
      await become("active");
    }
    expect(await list(audited({ Book: "decision" }))).toBe("no error");
  });

  test("V91: with the connection cut between the answer and the record no row comes", async () => {
    let asked = 0;
    const { database } = library;
    const cut: Database = {
      ...database,
      batch: (statements) => (++asked === 2 ? Promise.reject(new Error("cut")) : database.batch(statements)),
    };
    // Its facts are at hand: one message asks, the next one records.
    const { db } = audited({ Book: "decision" }, { database: cut, sessionParents: {} });
    expect(await codeOf(db.selectFrom("books").selectAll().execute())).toBe(
      "IsolationViolation audit/failed",
    );
    expect(asked).toBe(2);
  });

  test("a decision that owes it is on record before anybody learns it, and is not learnt where it cannot be", async () => {
    const guard = owingDecisions(library.guards.north, { type: "audit", level: "full" });
    const { options } = handle(library, "north", ada, { guard });
    expect(await decideRow(options, "read", "Book", book(1))).toMatchObject({ outcome: "permit" });
    expect(await decideRow(options, "read", "Book", idOf("book", "south", 1))).toMatchObject({
      outcome: "deny",
    });
    expect(await recorded()).toMatchObject([
      { kind: "decision", outcome: "permit", rows: [book(1)], facts: { principal: { id: "ada" } } },
    ]);
    expect(await codeOf(decideRow({ ...options, audit: failingAudit }, "read", "Book", book(1)))).toBe(
      "IsolationViolation audit/failed",
    );
  });

  test("a statement that fails is on record too", async () => {
    const { db } = audited({ Book: "decision" });
    const divided = db
      .selectFrom("books")
      .select((of) => of(of("copies", "/", 0 as never) as never, "=", 1 as never).as("x"))
      .execute();
    expect(await codeOf(divided)).not.toBe("no error");
    expect(await recorded()).toMatchObject([
      { kind: "read", stage: "completion", reason: "failed", count: 0 },
    ]);
  });

  test("what is not carried out is refused, by a code of its own, in lists and in writes", async () => {
    for (const duty of [
      { type: "notify", whom: "x" },
      { type: "limit", rule: "r", count: 1, per: "hour", by: "principal" },
      // Of no kind that is known.
      { type: "polish", grade: 3 } as never,
      { type: "constructor" } as never,
    ] as const) {
      const { north } = library.guards;
      const view: PolicyGuard["view"] = (...of) => ({ ...north.view(...of), duties: [duty] });
      const { db } = handle(library, "north", ada, { guard: { ...north, view } });
      expect(await codeOf(db.selectFrom("books").selectAll().execute())).toBe(
        "AccessDenied access/not-carried-out",
      );
      const writes = handle(library, "north", ada, { guard: owingDecisions(north, duty) });
      const write = writes.db.updateTable("books").set({ copies: 7 }).where("id", "=", book(1)).execute();
      expect(await codeOf(write)).toBe("AccessDenied access/not-carried-out");
      await expect(write).rejects.toThrow(`update on Book asks for ${duty.type}`);
      expect((await recorded()).at(-1)).toMatchObject({
        kind: "refusal",
        reason: duty.type,
        rows: [book(1)],
      });
    }
    expect(await library.raw("select 1 from lib.books where copies = 7")).toEqual([]);
  });

  test("within a transaction a read is on record whether it is committed or not; an embedded database refuses it", async () => {
    const { db } = audited({ Book: "decision" });
    const read = db.transaction().execute(async (trx) => {
      await trx.selectFrom("books").selectAll().execute();
      throw new RangeError("left");
    });
    expect(await codeOf(read)).toBe(
      isServer ? "RangeError undefined" : "IsolationViolation audit/one-session",
    );
    expect((await recorded()).map(({ kind }) => kind)).toEqual(isServer ? ["read"] : []);
  });

  test.runIf(isServer)(
    "a stream is on record before its first row, at full with each page, and when it ends or is left",
    async () => {
      const { db } = audited({ Book: "full" });
      const seen: unknown[] = [];
      let before = 0;
      for await (const row of db.selectFrom("books").select("title").stream(2)) {
        if (seen.length === 0) before = (await recorded()).length;
        seen.push(row);
      }
      expect(before).toBe(2);
      const entries = await recorded();
      expect(entries[0]).toMatchObject({ stage: "intent" });
      expect(entries.at(-1)).toMatchObject({
        stage: "completion",
        count: seen.length,
        of: entries[0]?.["id"],
      });
      expect(entries.flatMap(({ stage, rows }) => (stage === "rows" ? (rows as string[]) : []))).toHaveLength(
        seen.length,
      );
      for await (const _ of db.selectFrom("books").select("title").stream(2)) break;
      expect((await recorded()).slice(entries.length).map(({ stage }) => stage)).toEqual([
        "intent",
        "rows",
        "completion",
      ]);
    },
  );

  test("V91: no value of a row stands in an entry, neither in clear nor for who opens it", async () => {
    const { db } = handle(library, "north", ada);
    const secret = "canary-of-a-sealed-field";
    const title = "canary-of-a-plain-field";
    await db.updateTable("books").set({ note: secret, title }).where("id", "=", book(1)).execute();
    await codeOf(
      db.updateTable("books").set({ note: secret, copies: 60 }).where("id", "=", book(1)).execute(),
    );
    await audited({ Book: "full" }).db.selectFrom("books").selectAll().where("id", "=", book(1)).execute();
    const entries = await recorded();
    expect(entries.map(({ kind }) => kind)).toEqual(["write", "refusal", "read"]);
    const stored = await library.raw("select string_agg(entry, '') as all from wardline.audit");
    for (const text of [JSON.stringify(entries), String(stored[0]?.["all"])]) {
      expect(text).not.toContain("canary-of");
      expect(text).not.toContain(Buffer.from(secret).toString("hex"));
    }
  });

  test("returning is on record with its write", async () => {
    const { db } = audited({ Book: "full" });
    const change = db.updateTable("books").set({ copies: 3 }).where("id", "=", book(1)).returning("title");
    expect(await change.execute()).toHaveLength(1);
    expect((await recorded()).map(({ kind, rows }) => [kind, (rows as string[]).length])).toContainEqual([
      "write",
      1,
    ]);
    expect((await recorded()).map(({ kind }) => kind)).toContain("read");
  });
});
