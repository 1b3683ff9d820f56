/** What a view is: folded, empty where nothing may be seen, masked, named. */
import { PGlite } from "@electric-sql/pglite";
import { compileSql, compileViews } from "@wardline/backends";
import { applyMask, type Atom, type KnownFacts, type Mask, printSelect } from "@wardline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rowsOf, statementOf } from "./compare-rows.ts";
import { bind, compare, dataOf, factsOf, options, whereOf } from "./fixture.ts";
import { memberIds, store, texts } from "./library-data.ts";
import { libraryTables, price, status } from "./library-model.ts";
import {
  bookProgram,
  bookSlot,
  read,
  scopeSlots,
  slot,
  type Test,
  type TestPolicy,
} from "./program-builder.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(libraryTables);
});
afterAll(() => database.close());

describe("what is known is folded", () => {
  const clerk: Test = { atom: { kind: "role", slot: scopeSlots[2], roles: ["clerk", "chief"] } };
  const late: Test = {
    atom: {
      kind: "compare",
      op: "lt",
      left: { kind: "constant", value: "2026-01-01T00:00:00.000000Z", type: { kind: "instant" } },
      right: read(slot({ from: "now" }, { kind: "instant" }, false)),
    },
  };

  test("a policy over facts of the request alone is always or never", () => {
    const policy: TestPolicy = { grants: [{ when: { all: [clerk, late] } }] };
    const view = bind(policy);
    expect(view.residual).toBe("always");
    expect(whereOf(view)).toBe('"t"."tenant_id" = $2');
    expect(bind(policy, factsOf({ principal: { roles: ["guest"] } })).residual).toBe("never");
    expect(bind(policy, factsOf({ rest: { now: "2025-01-01T00:00:00.000000Z" } })).residual).toBe("never");
  });

  test("it names the grants that count for who asks, and no others", () => {
    const guest: Test = { atom: { kind: "role", slot: scopeSlots[2], roles: ["guest"] } };
    const policy: TestPolicy = {
      grants: [{ when: guest }, { when: clerk }, { when: compare("lt", "price", "2.00", price) }],
      forbids: [{ when: compare("lt", "price", "1.00", price) }],
      requires: [{ when: true, effects: [] }],
    };
    const ids = bookProgram(policy).rules.flatMap(({ id, kind }) => (kind === "permit" ? [id] : []));
    expect(ids).toHaveLength(3);
    expect(bind(policy).rules).toEqual(ids.slice(1));
    expect(bind(policy, factsOf({ principal: { roles: ["guest"] } })).rules).toEqual([ids[0], ids[2]]);
    expect(bind(policy, factsOf({ principal: { tenant: "south" } })).rules).toEqual([]);
  });

  test("what is left is a parameter with a cast", () => {
    const view = bind({
      grants: [{ when: { all: [clerk, { any: [{ not: late }, compare("lt", "price", "2.00", price)] }] } }],
    });
    expect(view.residual).toBe("conditional");
    expect(whereOf(view)).toBe('"t"."tenant_id" = $2 AND "t"."price" < $3::numeric');
    expect(printSelect(view.select).parameters.at(-1)).toEqual({ value: "2.00", type: "numeric" });
  });

  test("masks that are the same for every row need no CASE", () => {
    const hide: TestPolicy = {
      grants: [{ when: clerk, effects: [{ field: "title", mask: { kind: "hide" } }] }],
    };
    expect(statementOf(bind(hide)).sql).toContain('NULL::text AS "title"');
    const once: TestPolicy = {
      grants: [{ when: true, effects: [{ field: "title", mask: { kind: "redact" } }] }],
      requires: [{ when: { not: clerk }, effects: [{ field: "pages", mask: { kind: "hide" } }] }],
    };
    const { sql } = statementOf(bind(once));
    expect(sql).toContain('"t"."pages" AS "pages"');
    expect(sql).toContain(`CASE WHEN "t"."title" IS NULL THEN NULL::text ELSE '***' END AS "title"`);
  });
});

describe("nothing where nothing may be seen", () => {
  const open = bookProgram({ grants: [{ when: true }] });
  const views = compileViews(open);
  const bound = (facts: unknown, action = "list") => views.bind("Book", action, facts as KnownFacts, options);

  test.each<[string, unknown]>([
    ["an unknown principal type", factsOf({ principal: { type: "Robot" } })],
    ["no principal", { ...factsOf(), principal: undefined }],
    ["a principal of another tenant", factsOf({ principal: { tenant: "south" } })],
    ["roles that are no array", factsOf({ principal: { roles: "clerk" } })],
    ["an id that is no text", factsOf({ principal: { id: 7 } })],
    ["a tenant that is no text", { ...factsOf(), tenant: { id: ["north"] } }],
    ["a tenant with a broken id", { ...factsOf(), tenant: { id: "\uD800" } }],
    ["no tenant", { ...factsOf(), tenant: undefined }],
    ["nothing at all", null],
  ])("%s", async (_, facts) => {
    await store(database, dataOf([{}]));
    const view = bound(facts);
    expect(view.residual).toBe("never");
    expect(whereOf(view)).toBe('"t"."tenant_id" = $1 AND FALSE');
    expect(await rowsOf(database, view)).toEqual(new Map());
    // Not even the columns are named: what is never seen is never read.
    expect(view.select.columns.every(({ expression }) => expression.kind === "null")).toBe(true);
  });

  test("an unknown action, and a fact of the prototype", () => {
    expect(bound(factsOf(), "burn").residual).toBe("never");
    expect(bound(factsOf(), "constructor").residual).toBe("never");
    const inherited = Object.create(factsOf()) as KnownFacts;
    expect(bound(inherited).residual).toBe("never");
    expect(bound(factsOf()).residual).toBe("always");
  });

  test("an entity without a table, an action that writes and an empty marker are mistakes of the caller", () => {
    expect(() => views.bind("Member", "list", factsOf(), options)).toThrow(RangeError);
    expect(() => views.bind("Nothing", "list", factsOf(), options)).toThrow(RangeError);
    expect(() => bound(factsOf(), "update")).toThrow(RangeError);
    expect(() => views.bind("Book", "list", factsOf(), { ...options, sealMarker: "" })).toThrow(RangeError);
    expect(() =>
      printSelect(views.bind("Book", "list", factsOf(), { ...options, schema: "" }).select),
    ).toThrow(RangeError);
  });
});

describe("cells", () => {
  const masks: readonly Mask[] = [
    { kind: "show" },
    { kind: "initials" },
    ...[1, 2, 3, 4, 64].map((last) => ({ kind: "partial", last }) as const),
    ...[1, 2, 3, 4, 64].map((first) => ({ kind: "partial_first", first }) as const),
    { kind: "redact" },
    { kind: "hide" },
  ];
  test.each(masks)("%j of hostile texts", async (mask) => {
    const all = [
      ...texts,
      "\u{1F600}".repeat(8),
      "a\tb \u00A0c",
      "x".repeat(200),
      " ".repeat(5),
      "\r\n a\nb",
    ];
    const data = dataOf(all.map((title) => ({ title })));
    await store(database, data);
    const rows = await rowsOf(
      database,
      bind({ grants: [{ when: true, effects: [{ field: "title", mask }] }] }),
    );
    expect(data.books.map(({ id }) => rows.get(id)?.["title"])).toEqual(
      all.map((title) => applyMask(mask, title)),
    );
  });

  test("a caller's WHERE sees the mask and not the value", async () => {
    await store(database, dataOf([{ title: "secret words" }]));
    const view = bind({
      grants: [{ when: true, effects: [{ field: "title", mask: { kind: "initials" } }] }],
    });
    const { sql, values } = statementOf(view);
    const where = async (title: string) =>
      (
        await database.query(`select 1 from (${sql}) v where title = $${values.length + 1}`, [
          ...values,
          title,
        ])
      ).rows.length;
    expect(await where("secret words")).toBe(0);
    expect(await where("s. w.")).toBe(1);
  });

  test("a sealed column leaves as marked text with its place, or not at all", async () => {
    const data = dataOf([{ notes: "57ff", rare: true }, { notes: "57ff", rare: false }, { notes: null }]);
    await store(database, data);
    const rare: Test = { atom: { kind: "truth", of: read(bookSlot("rare")) } };
    const view = bind({
      grants: [
        { when: true, effects: [{ field: "notes", mask: { kind: "hide" } }] },
        { when: rare, effects: [{ field: "notes", mask: { kind: "partial", last: 4 } }] },
      ],
    });
    expect(view.sealedColumns).toEqual(["notes"]);
    const rows = await rowsOf(database, view);
    expect(data.books.map(({ id }) => rows.get(id)?.["notes"])).toEqual([
      `marker:sealed:partial.4:Book.notes:${data.books[0]?.id}:57ff`,
      null,
      null,
    ]);
  });

  test("the view has the key and the stored columns under their names, and not the tenant", () => {
    expect(bind({ grants: [{ when: true }] }).select.columns.map((column) => column.as)).toEqual([
      "id",
      "title",
      "subtitle",
      'the "author"',
      "pages",
      "copies",
      "price",
      "fee",
      "printed",
      "bought",
      "lent_for",
      "status",
      "rare",
      "isbn",
      "owner_id",
      "second_owner_id",
      "shelf_id",
      "branch_id",
      "notes",
      "arrived",
    ]);
  });
});

test("policy.sql names rules and lines, and every fact by its place in the request", () => {
  const own: Atom = { kind: "compare", op: "eq", left: read(bookSlot("owner")), right: read(scopeSlots[0]) };
  const program = bookProgram({
    forbids: [{ when: compare("eq", "status", "lost", status) }],
    grants: [
      { when: { atom: { kind: "role", slot: scopeSlots[2], roles: ["clerk"] } } },
      { when: { atom: own }, effects: [{ field: "title", mask: { kind: "initials" } }] },
    ],
  });
  const sql = compileSql(program);
  expect(sql).toContain("-- Member · list Book\nSELECT\n");
  expect(sql).toContain("-- Member · read Book\nSELECT\n");
  expect(sql.slice(sql.indexOf("FROM"), sql.indexOf(";", sql.indexOf("FROM")))).toBe(
    [
      "FROM books AS t",
      "WHERE t.tenant_id = :tenant.id::text",
      "  AND :tenant.id::text = 'north'",
      "  AND :principal.tenant::text = :tenant.id::text",
      "  -- forbid north/forbid_1 (north.ward:1)",
      "  AND t.status IS DISTINCT FROM 'lost'",
      "  AND (",
      "    -- permit north/permit_2 (north.ward:2)",
      "    'clerk' = ANY (:principal.roles::text[])",
      "    -- permit north/permit_3 (north.ward:3)",
      "    OR t.owner_id = :principal.id::text",
      "  )",
      "OFFSET 0",
    ].join("\n"),
  );
  expect(sql).toContain("WHEN 'clerk' = ANY (:principal.roles::text[]) THEN t.title");
  expect(memberIds.some((id) => id.length > 3 && sql.includes(id))).toBe(false);
});
