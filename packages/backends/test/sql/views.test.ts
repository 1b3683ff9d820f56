/** Promises of the guarded views, each attacked by a case made for it. */
import { PGlite } from "@electric-sql/pglite";
import { compileSql, compileViews, UnsupportedInSql } from "@wardline/backends";
import {
  applyMask,
  type Atom,
  type GuardedView,
  type KnownFacts,
  type Mask,
  printSelect,
  type Program,
} from "@wardline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareRows, rowsOf, statementOf } from "./compare-rows.ts";
import { type Book, bookIds, type LibraryData, memberIds, store, texts } from "./library-data.ts";
import { libraryTables, price, ref, status, text, whole } from "./library-model.ts";
import {
  bookProgram,
  bookSlot,
  contextSlot,
  memberSlot,
  read,
  rowId,
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

const plain: Book["fields"] = {
  title: "t",
  pages: 1,
  fee: "1.00",
  bought: "2026-01-05T12:00:00.000000Z",
  labels: [],
  grades: [],
  fans: [],
  places: [],
};

function dataOf(books: readonly Book["fields"][]): LibraryData {
  return {
    books: books.map((fields, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      tenant: "north",
      fields: { ...plain, ...fields },
    })),
    shelves: [],
    branches: [],
    branchTree: [],
    homes: [],
    lends: [],
  };
}

function factsOf(change: { principal?: object; context?: object; rest?: object } = {}): KnownFacts {
  return {
    tenant: { id: "north" },
    principal: {
      type: "Member",
      id: "ada",
      tenant: "north",
      roles: ["clerk"],
      attributes: { tags: [], branches: [] },
      ...change.principal,
    },
    context: { ...change.context },
    ancestors: { principal: { Branch: [] } },
    now: "2026-01-05T12:00:00.000000Z",
    ...change.rest,
  };
}

const options = { schema: "library", sealMarker: "marker" };
const bind = (policy: TestPolicy, facts = factsOf()) =>
  compileViews(bookProgram(policy)).bind("Book", "list", facts, options);
const compare = (op: "eq" | "lt" | "ge", field: string, value: string | number, type = text): Test => ({
  atom: {
    kind: "compare",
    op,
    left: read(bookSlot(field)),
    right: { kind: "constant", value, type },
  },
});
const whereOf = (view: GuardedView) => /WHERE (.*) OFFSET 0$/s.exec(statementOf(view).sql)?.[1];

describe("negation over what is absent", () => {
  const two = (op: "eq" | "lt", left: string, right: string): Test => ({
    atom: { kind: "compare", op, left: read(bookSlot(left)), right: read(bookSlot(right)) },
  });
  const related: Atom = {
    kind: "related",
    slot: slot({ from: "relation", name: "lends" }, { kind: "set", of: text }, false),
    from: read(bookSlot("owner")),
    to: read(rowId),
  };
  test.each<[string, Test]>([
    ["equal to a constant", compare("eq", "subtitle", "a")],
    ["equal to an absent path", two("eq", "subtitle", "author")],
    ["in order", compare("lt", "copies", 1, whole)],
    ["in order of two paths", two("lt", "price", "fee")],
    ["true", { atom: { kind: "truth", of: read(bookSlot("rare")) } }],
    [
      "one of",
      { atom: { kind: "one_of", of: read(bookSlot("status")), values: ["lost", "open"], type: status } },
    ],
    [
      "in a set of the row",
      { atom: { kind: "contains", set: bookSlot("labels"), of: read(bookSlot("subtitle")), type: text } },
    ],
    [
      "in a set of the principal",
      { atom: { kind: "contains", set: memberSlot("tags"), of: read(bookSlot("subtitle")), type: text } },
    ],
    ["related", { atom: related }],
  ])("a forbid does not fail and a permit does not vanish: %s", async (_, atom) => {
    const data = dataOf([{ labels: ["a"] }]);
    await store(database, data);
    const facts = factsOf({ principal: { attributes: { tags: ["a", "b"], branches: [] } } });
    const count = (policy: TestPolicy) => compareRows(database, bookProgram(policy), data, facts);
    expect(await count({ grants: [{ when: { not: atom } }] })).toBe(1);
    expect(await count({ grants: [{ when: true }], forbids: [{ when: { not: atom } }] })).toBe(0);
    expect(await count({ grants: [{ when: true }], forbids: [{ when: atom }] })).toBe(1);
    expect(await count({ grants: [{ when: { not: { any: [atom, { not: true }] } } }] })).toBe(1);
  });

  test("a row without a fact that is not optional is left out, whichever way the rule asks", async () => {
    const data = dataOf([{ title: null }, { title: "b" }]);
    await store(database, data);
    const asked = compare("eq", "title", "a");
    expect(
      await compareRows(database, bookProgram({ grants: [{ when: { not: asked } }] }), data, factsOf()),
    ).toBe(1);
    const aside: TestPolicy = { grants: [{ when: true }, { when: asked }] };
    expect(await compareRows(database, bookProgram(aside), data, factsOf())).toBe(1);
    expect(await compareRows(database, bookProgram({ grants: [{ when: true }] }), data, factsOf())).toBe(2);
  });
});

describe("values never become SQL", () => {
  const attacks = [
    "'",
    "''; drop table library.books; --",
    "\\'; select 1; --",
    "$1",
    "$tag$",
    "x' or true or 'x' = '",
    '{"a","b"}',
    "a,b",
    "NULL",
    "null",
    "",
  ];

  test.each(attacks)("%j as id, enum value, context fact and set", async (attack) => {
    const hostile = { ...status, values: [attack, "open"] };
    const data = dataOf([
      { owner: attack, status: "open", subtitle: attack, labels: [attack] },
      { owner: "someone", status: "open", subtitle: "else" },
    ]);
    await store(database, data);
    const facts = factsOf({
      principal: { id: attack, attributes: { tags: [attack, "other"], branches: [attack] } },
      context: { reason: attack },
    });
    const atoms: readonly Atom[] = [
      { kind: "compare", op: "eq", left: read(bookSlot("owner")), right: read(scopeSlots[0]) },
      { kind: "compare", op: "eq", left: read(bookSlot("subtitle")), right: read(contextSlot("reason")) },
      { kind: "contains", set: memberSlot("tags"), of: read(bookSlot("subtitle")), type: text },
      { kind: "contains", set: bookSlot("labels"), of: read(contextSlot("reason")), type: text },
      { kind: "contains", set: memberSlot("branches"), of: read(bookSlot("branch")), type: ref("Branch") },
      { kind: "one_of", of: read(bookSlot("status")), values: hostile.values, type: hostile },
    ];
    for (const atom of atoms) {
      const program = bookProgram({ grants: [{ when: { atom } }] });
      const { sql } = statementOf(compileViews(program).bind("Book", "list", facts, options));
      if (attack.length > 4) expect(sql).not.toContain(attack);
      await compareRows(database, program, data, facts);
    }
  });

  test("an id that is no canonical uuid folds to false and is never cast", () => {
    const is: Atom = { kind: "compare", op: "eq", left: read(rowId), right: read(scopeSlots[0]) };
    for (const id of ["x", "", `${bookIds[0]} `, "ABCDEF00-0000-4000-8000-000000000000", `{${bookIds[0]}}`]) {
      const view = bind({ grants: [{ when: { atom: is } }] }, factsOf({ principal: { id } }));
      expect(view.residual).toBe("never");
    }
    expect(
      bind({ grants: [{ when: { atom: is } }] }, factsOf({ principal: { id: bookIds[0] } })).residual,
    ).toBe("conditional");
  });

  test("the tenant and the marker are parameters", () => {
    const attack = "north' or true; --";
    const facts = factsOf({ principal: { tenant: attack }, rest: { tenant: { id: attack } } });
    const view = compileViews(bookProgram({ grants: [{ when: true }] })).bind("Book", "list", facts, {
      ...options,
      sealMarker: attack,
    });
    const { sql, values } = statementOf(view);
    expect(sql).not.toContain(attack);
    expect(values).toEqual([attack, attack]);
  });
});

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
    expect(whereOf(view)).toBe('"t"."tenant_id" = $2::text');
    expect(bind(policy, factsOf({ principal: { roles: ["guest"] } })).residual).toBe("never");
    expect(bind(policy, factsOf({ rest: { now: "2025-01-01T00:00:00.000000Z" } })).residual).toBe("never");
  });

  test("what is left is a parameter with a cast", () => {
    const view = bind({
      grants: [{ when: { all: [clerk, { any: [{ not: late }, compare("lt", "price", "2.00", price)] }] } }],
    });
    expect(view.residual).toBe("conditional");
    expect(whereOf(view)).toBe('"t"."tenant_id" = $2::text AND "t"."price" < $3::numeric');
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
    expect(whereOf(view)).toBe('"t"."tenant_id" = $1::text AND FALSE');
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
      `marker:62:Book.notes:${data.books[0]?.id}:57ff`,
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

describe("the planner", () => {
  const lent: Atom = {
    kind: "related",
    slot: slot({ from: "relation", name: "lends" }, { kind: "set", of: text }, false),
    from: read(scopeSlots[0]),
    to: read(rowId),
  };

  test("the fence keeps a caller's expression from rows that the policy excludes", async () => {
    const data = { ...dataOf([{ pages: 0 }, { pages: 5 }]), lends: [] as LibraryData["lends"] };
    await store(database, {
      ...data,
      lends: [{ tenant: "north", from: "ada", to: data.books[1]?.id as string }],
    });
    const view = bind({ grants: [{ when: { atom: lent } }] });
    const ask = (fenced: boolean) => {
      const { sql, values } = statementOf({ ...view, select: { ...view.select, fence: fenced } });
      return database.query(`select id from (${sql}) v where 10 / pages > 1`, [...values]);
    };
    expect((await ask(true)).rows).toHaveLength(1);
    await expect(ask(false)).rejects.toThrow("division by zero");
  });

  test("equality and membership in the policy use the index", async () => {
    await store(database, dataOf([]));
    await database.exec(`insert into library.books (tenant_id, id, title, pages, fee, bought, status, shelf_id)
      select case when n % 2 = 0 then 'north' else 'south' end, gen_random_uuid(), 't', 1, 1, now(),
        case when n % 500 = 0 then 'lost' else 'open' end, gen_random_uuid() from generate_series(1, 20000) n;
      analyze library.books`);
    const planOf = async (when: Test) => {
      const { sql, values } = statementOf(bind({ grants: [{ when }] }));
      const { rows } = await database.query<Record<string, string>>(`explain select * from (${sql}) v`, [
        ...values,
      ]);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    };
    expect(await planOf(compare("eq", "status", "lost", status))).toMatch(/Index Cond: .*tenant_id.*status/);
    const either: Test = {
      atom: { kind: "one_of", of: read(bookSlot("status")), values: ["Open", "lost"], type: status },
    };
    expect(await planOf(either)).toMatch(/Index Cond: .*tenant_id.*status/);
    expect(await planOf(compare("eq", "shelf", bookIds[0] as string, ref("Shelf")))).toMatch(
      /Index Cond: .*tenant_id.*shelf_id/,
    );
    expect(await planOf(compare("eq", "title", "open"))).not.toMatch(/Index Cond: .*title/);
  });
});

describe("what can't be said is refused before anything runs", () => {
  const refuses = (when: Test, words: string) => {
    const program = bookProgram({ grants: [{ when }] });
    expect(() => compileViews(program)).toThrow(UnsupportedInSql);
    expect(() => compileViews(program)).toThrow(/^permit north\/permit_1 \(north\.ward:1\): /);
    expect(() => compileViews(program)).toThrow(words);
    expect(() => compileSql(program)).toThrow(UnsupportedInSql);
  };

  test("a sealed field that a rule reads", () => refuses(compare("eq", "notes", "a"), "sealed"));
  test("an order of texts", () => refuses(compare("lt", "title", "a"), "order of string"));
  test("a date in an expression", () =>
    refuses(compare("eq", "arrived", "2026-01-05", { kind: "date" }), "date"));
  test("a row of a write", () => {
    const prior = slot({ from: "row_attribute", row: "prior", name: "title" }, text, false);
    refuses({ atom: { kind: "has", slot: prior } }, "prior");
  });
  test("ancestors of a reference with a fallback", () => {
    const ancestors = slot(
      { from: "ancestors", of: { root: "resource", attribute: "shelf" }, entity: "Branch" },
      { kind: "set", of: ref("Branch") },
      true,
    );
    const group = read(bookSlot("branch"));
    refuses(
      {
        atom: { kind: "within", entity: read(bookSlot("shelf"), bookIds[0]), group, same: false, ancestors },
      },
      "fallback",
    );
  });
  test("parents that come with the session, of a row", () => {
    const ancestors = slot(
      { from: "ancestors", of: { root: "resource", attribute: "owner" }, entity: "Branch" },
      { kind: "set", of: ref("Branch") },
      true,
    );
    const group = read(bookSlot("branch"));
    refuses(
      { atom: { kind: "within", entity: read(bookSlot("owner")), group, same: false, ancestors } },
      "session",
    );
  });
  test("a mask in part of what is no text, or of no field", () => {
    const effects = (field: string) =>
      bookProgram({ grants: [{ when: true, effects: [{ field, mask: { kind: "redact" } }] }] });
    expect(() => compileViews(effects("pages"))).toThrow(UnsupportedInSql);
    expect(() => compileViews(effects("titel"))).toThrow(RangeError);
  });
  test("a field of the row that only a session has, and a set in one column", () => {
    const program = bookProgram({
      grants: [{ when: { atom: { kind: "has", slot: bookSlot("subtitle") } } }],
    });
    const withStorage = (name: string, change: object): Program => ({
      ...program,
      model: {
        ...program.model,
        entities: program.model.entities.map((e) =>
          e.name === "Book"
            ? { ...e, fields: e.fields.map((f) => (f.name === name ? { ...f, ...change } : f)) }
            : e,
        ),
      },
    });
    expect(() => compileViews(withStorage("subtitle", { storage: null }))).toThrow(UnsupportedInSql);
    expect(() =>
      compileViews(withStorage("labels", { storage: { kind: "column", column: "labels" } })),
    ).toThrow(UnsupportedInSql);
    expect(() =>
      compileViews(withStorage("title", { storage: { kind: "column", column: "tenant_id" } })),
    ).toThrow(RangeError);
    expect(() =>
      compileViews(withStorage("title", { storage: { kind: "column", column: "pages" } })),
    ).toThrow(RangeError);
  });
  test("a fact that the table does not list", () => {
    const program = bookProgram({ grants: [{ when: compare("eq", "title", "a") }] });
    const tables = program.tables.map((t) => ({
      ...t,
      slots: t.slots.filter((s) => s !== bookSlot("title")),
    }));
    expect(() => compileViews({ ...program, tables })).toThrow(RangeError);
  });
  test("a small program that would be an endless statement", () => {
    const program = bookProgram({
      grants: [{ when: { any: [compare("eq", "title", "a"), compare("eq", "title", "b")] } }],
    });
    const conditions = [...program.conditions];
    for (let level = 0; level < 60; level += 1) {
      const last = conditions.length - 1;
      conditions.push({ kind: "and", of: [last, 0] }, { kind: "or", of: [last, last + 1] });
    }
    const tables = program.tables.map((t) => ({
      ...t,
      passes: t.passes.map((p) => ({
        ...p,
        grants: p.grants.map((g) => ({ ...g, when: conditions.length - 1 })),
      })),
    }));
    expect(() => compileViews({ ...program, conditions, tables })).toThrow(/more than 10000 atoms/);
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
