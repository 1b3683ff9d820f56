/** Statements that are refused for what they are: on record without their text, within bounds, and refused all the same. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ViolationLog, type ViolationBounds } from "../src/audit/violation-log.ts";
import { decideRow } from "../src/driver/decide-row.ts";
import type { GuardedDialectOptions } from "../src/driver/options.ts";
import { bothLibraries } from "./both-libraries.ts";
import {
  ada,
  auditOf,
  ben,
  codeOf,
  failingAudit,
  finalCheck as checkOf,
  handle,
  idOf,
  type Handle,
  type Library,
} from "./driver-library.ts";

const secret = "x1y2z3";

describe.each(bothLibraries)("%s", (_, open) => {
  let library: Library;
  let violations: ViolationLog;
  let now = 0;
  beforeAll(async () => {
    library = await open();
  });
  beforeEach(async () => {
    await library.reset();
    now = 0;
    violations = new ViolationLog({}, () => now);
  });
  afterAll(() => library.close());

  const watched = (
    changes: Partial<GuardedDialectOptions> = {},
    who = ada,
    tenant: "north" | "south" = "north",
  ): Handle => handle(library, tenant, who, { violations, ...changes });
  const bounded = (bounds: ViolationBounds): void => {
    violations = new ViolationLog(bounds, () => now);
  };
  const recorded = async (tenant: "north" | "south" = "north") => {
    await violations.flush();
    return auditOf(library, tenant);
  };
  const untyped = ({ db }: Handle) => db as unknown as import("kysely").Kysely<Record<string, never>>;

  test.each<[string, string, string, string, (one: Handle) => Promise<unknown>]>([
    [
      "an undeclared relation",
      "query/unknown-table",
      "select",
      "",
      (one) =>
        untyped(one)
          .selectFrom("pg_authid" as never)
          .selectAll()
          .execute(),
    ],
    [
      "the tenant's column read",
      "query/unknown-column",
      "select",
      "Book",
      (one) =>
        untyped(one)
          .selectFrom("books" as never)
          .select("tenant_id" as never)
          .where("title" as never, "=", secret as never)
          .execute(),
    ],
    [
      "the tenant's column written",
      "write/unknown-column",
      "update",
      "Book",
      ({ db }) =>
        db
          .updateTable("books")
          .set({ tenant_id: secret } as never)
          .execute(),
    ],
    [
      "a key written",
      "write/key-column",
      "update",
      "Book",
      ({ db }) =>
        db
          .updateTable("books")
          .set({ id: idOf("book", "north", 9) })
          .execute(),
    ],
    [
      "a function that is not on the list",
      "query/unsupported-function",
      "select",
      "Book",
      ({ db }) =>
        db
          .selectFrom("books")
          .select((of) => of.fn("pg_sleep", [of.val(9)]).as("x"))
          .execute(),
    ],
    [
      "a sealed column compared",
      "query/sealed-column",
      "select",
      "Book",
      ({ db }) => db.selectFrom("books").select("id").orderBy("note").execute(),
    ],
    [
      "a schema before a table",
      "query/schema-qualified",
      "select",
      "Book",
      ({ db }) => db.withSchema("lib").selectFrom("books").selectAll().execute(),
    ],
    [
      "a statement that changes the schema",
      "query/schema-statement",
      "schema",
      "Book",
      ({ db }) => db.schema.dropTable("books").execute(),
    ],
    [
      "raw SQL that writes",
      "query/raw-statement",
      "raw",
      "Book",
      ({ db }) => sql`delete from books where title = ${secret}`.execute(db),
    ],
    [
      "a level of isolation",
      "query/transaction-setting",
      "begin",
      "",
      ({ db }) =>
        db
          .transaction()
          .setIsolationLevel("read uncommitted")
          .execute(async () => undefined),
    ],
    [
      "a decision about what is no entity",
      "query/unknown-table",
      "decide",
      "",
      ({ options }) => decideRow(options, "read", secret, idOf("book", "north", 1)),
    ],
    [
      "a stream over another's table",
      "query/unknown-table",
      "select",
      "",
      async (one) => {
        for await (const _ of untyped(one)
          .selectFrom("nowhere" as never)
          .selectAll()
          .stream(1));
      },
    ],
  ])("V91: %s is refused and on record, without its text", async (_, code, action, entity, attempt) => {
    const one = watched();
    expect(await codeOf(attempt(one))).toMatch(new RegExp(` ${code}$`));
    const entries = await recorded();
    expect(entries).toMatchObject([
      { kind: "violation", outcome: "deny", reason: code, action, entity, count: 1, rules: [], rows: [] },
    ]);
    expect(entries[0]).toMatchObject({ principal: { type: "Member", id: "ada" } });
    const isStatement = !["begin", "decide"].includes(action);
    expect(entries[0]?.["predicate"] ?? null).toEqual(isStatement ? expect.stringMatching(/^1:/) : null);
    const stored = await library.raw("select string_agg(entry, '') as all from wardline.audit");
    expect(String(stored[0]?.["all"])).not.toMatch(/x1y2z3|"ada"|pg_authid|tenant_id"|pg_sleep/);
    expect(one.operatorErrors).toEqual([]);
  });

  test("V91: a text that is too long for the grammar does not go there for the record either", async () => {
    const parsed: string[] = [];
    const finalCheck: GuardedDialectOptions["finalCheck"] = (...of) => {
      const check = checkOf(...of);
      return { ...check, parse: (text) => (parsed.push(text), check.parse(text)) };
    };
    const { db } = watched({ finalCheck });
    const long = `select title from books where title in (${"'x', ".repeat(3_000)}'x')`;
    expect(await codeOf(sql.raw(long).execute(db))).toBe("IsolationViolation query/raw-statement");
    expect(await recorded()).toMatchObject([{ reason: "query/raw-statement", action: "raw", entity: "" }]);
    expect(parsed).toEqual([]);
  });

  test("a mistake of shape, type or value is none, and neither is what fails", async () => {
    const { db } = watched();
    expect(
      await codeOf(
        db
          .selectFrom("books")
          .select("id")
          .where("copies", "=", "many" as never)
          .execute(),
      ),
    ).toMatch(/query\//);
    expect(await codeOf(db.selectFrom("books").selectAll().forUpdate().execute())).toMatch(
      /query\/unsupported-node/,
    );
    expect(await recorded()).toEqual([]);
  });

  test("within a transaction it is on record, be that committed or undone, and the transaction goes as it would", async () => {
    const { db } = watched();
    const end = new Error("undone");
    const attempt = (isUndone: boolean) =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable("books")
          .set({ copies: 7 })
          .where("id", "=", idOf("book", "north", 1))
          .execute();
        expect(
          await codeOf(
            trx
              .updateTable("books")
              .set({ tenant_id: secret } as never)
              .execute(),
          ),
        ).toMatch(/write\/unknown-column/);
        if (isUndone) throw end;
      });
    await expect(attempt(true)).rejects.toBe(end);
    await attempt(false);
    const kinds = (await recorded()).map(({ kind }) => kind);
    expect(kinds).toHaveLength(3);
    expect(kinds).toEqual(expect.arrayContaining(["violation", "violation", "write"]));
  });

  test("where the log cannot be written the refusal is the same, operators are told, and it is on record later", async () => {
    const one = watched({ audit: failingAudit });
    const attempt = ({ db }: Handle) => codeOf(db.schema.dropTable("books").execute());
    expect(await attempt(one)).toBe("IsolationViolation query/schema-statement");
    await violations.flush();
    expect(one.operatorErrors.map(String)).toContain("Error: the log is full");
    expect(await auditOf(library, "north")).toEqual([]);
    // The next one of the tenant knows how entries are written now.
    now += 60_000;
    bounded({ principal: { burst: 0, perMinute: 0 } });
    const loud = watched({
      audit: failingAudit,
      onOperatorError: () => {
        throw new Error("told");
      },
    });
    expect(await attempt(loud)).toBe("IsolationViolation query/schema-statement");
    await violations.flush();
    expect(await attempt(watched())).toBe("IsolationViolation query/schema-statement");
    expect(await recorded()).toMatchObject([{ reason: "query/schema-statement", count: 2 }]);
  });

  test("where nothing answers the refusal comes all the same", async () => {
    bounded({ patience: 20 });
    const held = Promise.withResolvers<void>();
    const { db } = watched({ audit: { append: () => held.promise } });
    expect(await codeOf(db.schema.dropTable("books").execute())).toBe(
      "IsolationViolation query/schema-statement",
    );
    held.resolve();
    await violations.flush();
  });

  test("V91: a flood of one principal is a few entries and one with a count; another's are told apart, and other tenants' untouched", async () => {
    bounded({ principal: { burst: 3, perMinute: 1 } });
    const attempt = ({ db }: Handle) => codeOf(db.schema.dropTable("books").execute());
    const [flooding, other] = [watched(), watched({}, ben)];
    for (let n = 0; n < 200; n += 1) await attempt(flooding);
    await attempt(other);
    await attempt(watched({}, ada, "south"));
    const entries = await recorded();
    const seen = entries.map(
      ({ principal, count }) => `${(principal as { id: string }).id} ${String(count)}`,
    );
    expect(seen).toEqual(["ada 1", "ada 1", "ada 1", "ben 1", "ada 197"]);
    expect(await recorded("south")).toHaveLength(1);
    now += 60_000;
    await attempt(flooding);
    expect(await recorded()).toHaveLength(6);
  });

  test("V91: many principals and codes at once fill no chain: what is beyond the tenant's rate is told apart up to a hundred, then counted", async () => {
    bounded({ tenant: { burst: 5, perMinute: 0 } });
    const many = 150;
    for (let n = 0; n < many; n += 1)
      await codeOf(
        watched({}, { id: `m${n}`, roles: [] })
          .db.schema.dropTable("books")
          .execute(),
      );
    const entries = await recorded();
    expect(entries).toHaveLength(5 + 100 + 1);
    expect(entries.reduce((sum, { count }) => sum + Number(count), 0)).toBe(many);
    expect(entries.at(-1)).toMatchObject({ principal: { type: "", id: "" }, count: many - 105 });
  });

  test("counts are on record after their time by themselves, though the handle has ended", async () => {
    bounded({ principal: { burst: 0, perMinute: 0 }, countFor: 30 });
    let isOver = false;
    const { db } = watched({ revoked: () => isOver });
    await codeOf(db.schema.dropTable("books").execute());
    isOver = true;
    await expect
      .poll(() => auditOf(library, "north"))
      .toMatchObject([{ count: 1, reason: "query/schema-statement" }]);
  });

  test("V91: a context that names another tenant than the policy's stands in no chain; operators are told", async () => {
    const one = watched();
    const facts = one.options.facts(one.options.guard);
    const stray = watched({ facts: () => ({ ...facts, tenant: { id: "south" } }) });
    expect(await codeOf(stray.db.selectFrom("books").selectAll().execute())).toBe(
      "IsolationViolation handle/no-context",
    );
    expect([...(await recorded()), ...(await recorded("south"))]).toEqual([]);
    expect(stray.operatorErrors).toHaveLength(1);
  });
});
