/** What an attacker or NULL would have to get through: negation, values, the planner, hierarchies. */
import { PGlite } from "@electric-sql/pglite";
import { compileViews } from "@wardline/backends";
import type { Atom } from "@wardline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareRows, statementOf } from "./compare-rows.ts";
import { bind, compare, dataOf, factsOf, options } from "./fixture.ts";
import { bookIds, branchIds, type LibraryData, shelfIds, store } from "./library-data.ts";
import { libraryTables, ref, status, text, whole } from "./library-model.ts";
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
    const program = { ...bookProgram({ grants: [{ when: true }] }), tenant: attack };
    const view = compileViews(program).bind("Book", "list", facts, {
      ...options,
      sealMarker: attack,
    });
    const { sql, values } = statementOf(view);
    expect(sql).not.toContain(attack);
    expect(values).toEqual([attack, attack]);
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

describe("hierarchies", () => {
  const [east, west] = branchIds as [string, string];
  const [low, middle, high] = shelfIds as [string, string, string];
  const walk = (attribute: string | null, entity: string, group: string): Test => ({
    atom: {
      kind: "within",
      entity: attribute === null ? read(rowId) : read(bookSlot(attribute)),
      group: { kind: "constant", value: group, type: ref(entity) },
      same: false,
      ancestors: slot(
        { from: "ancestors", of: { root: "resource", attribute }, entity },
        { kind: "set", of: ref(entity) },
        attribute !== null,
      ),
    },
  });
  const count = async (data: LibraryData, when: Test) => {
    await store(database, data);
    const seen = await compareRows(database, bookProgram({ grants: [{ when }] }), data, factsOf());
    expect(
      await compareRows(database, bookProgram({ grants: [{ when: { not: when } }] }), data, factsOf()),
    ).toBe(1 - seen);
    return seen;
  };
  const shelf = (id: string, above: string | null, branch: string | null, tenant = "north") => ({
    id,
    tenant,
    above,
    branch,
  });
  const under = (parent: string, id: string, tenant = "north") => ({ id, tenant, parent });

  test("up several types, through tables and columns, to the top", async () => {
    const data: LibraryData = {
      ...dataOf([{ shelf: low }]),
      shelves: [shelf(low, middle, null), shelf(middle, high, null), shelf(high, null, east)],
      branches: [{ id: west, tenant: "north", region: "a:b" }],
      branchTree: [under(west, east)],
    };
    expect(await count(data, walk(null, "Region", "a:b"))).toBe(1);
    expect(await count(data, walk("shelf", "Branch", west))).toBe(1);
    expect(await count(data, walk("shelf", "Shelf", low))).toBe(0);
    expect(await count(data, walk(null, "Shelf", low))).toBe(1);
  });

  test("a cycle and a shelf above itself end", async () => {
    const data: LibraryData = {
      ...dataOf([{ shelf: low }]),
      shelves: [shelf(low, middle, null), shelf(middle, low, null), shelf(high, high, east)],
      branchTree: [under(east, west), under(west, east), under(east, east)],
    };
    expect(await count(data, walk("shelf", "Shelf", low))).toBe(1);
    expect(await count(data, walk("shelf", "Shelf", high))).toBe(0);
    expect(await count(data, walk(null, "Region", "east"))).toBe(0);
  });

  test("equal ids of other types lead nowhere", async () => {
    // The shelf, a branch that the book is not in, and that branch's parent.
    const data: LibraryData = {
      ...dataOf([{ shelf: low }]),
      shelves: [shelf(low, middle, null), shelf(middle, null, null)],
      branches: [{ id: middle, tenant: "north", region: "east" }],
      branchTree: [under(west, middle)],
    };
    expect(await count(data, walk(null, "Branch", west))).toBe(0);
    expect(await count(data, walk(null, "Branch", middle))).toBe(0);
    expect(await count(data, walk(null, "Region", "east"))).toBe(0);
  });

  test("no step leads through another tenant", async () => {
    const data: LibraryData = {
      ...dataOf([{ shelf: low }]),
      shelves: [shelf(low, middle, null), shelf(middle, null, east, "south")],
      branches: [{ id: east, tenant: "south", region: "east" }],
      branchTree: [under(west, east, "south")],
      homes: [{ id: dataOf([{}]).books[0]?.id as string, tenant: "south", branch: west }],
    };
    expect(await count(data, walk(null, "Branch", east))).toBe(0);
    expect(await count(data, walk(null, "Branch", west))).toBe(0);
    expect(await count(data, walk(null, "Region", "east"))).toBe(0);
  });
});
