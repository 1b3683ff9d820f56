/** The facts that a decision is made of, as the database says them: in wire form, closed over hierarchies, of one tenant. */
import { isWireValue, type RowDocument } from "@wardline/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SqlSession } from "../src/contracts.ts";
import { decideRow } from "../src/driver/decide-row.ts";
import { ancestorsOf } from "../src/gate/ancestors.ts";
import { actionOf, entityOfTable, listActionOf } from "../src/gate/catalogue.ts";
import { decideAll } from "../src/gate/decide.ts";
import { closePrincipal, collectFacts } from "../src/gate/facts.ts";
import { loadRows, type RowSource } from "../src/gate/load-rows.ts";
import { ada, ben, codeOf, handle, idOf, nobody, openLibrary, type Library } from "./driver-library.ts";
import { libraryModel } from "./driver-program.ts";
import { claimsFor } from "./context-gate.ts";

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
beforeEach(() => library.reset());
afterAll(() => library.close());

const book = (number: number): string => idOf("book", "north", number);
const branch = (number: number): string => idOf("branch", "north", number);
const books = entityOfTable(libraryModel, "books");

function sourceOf(tenant: "north" | "south"): RowSource {
  return { program: library.guards[tenant].program, schema: "lib", tenant };
}

function inNorth<T>(run: (session: SqlSession) => Promise<T>): Promise<T> {
  return library.database.turn(async (session) => {
    await session.query("begin", []);
    await library.gate.enter(session, claimsFor("north"));
    return run(session);
  });
}

describe("rows", () => {
  test("a text that begins with U+FEFF is decided as it is stored", async () => {
    await library.raw("update lib.books set title = $2, holder_id = $3 where id = $1", [
      book(6),
      "\uFEFFtitle",
      "\uFEFFben",
    ]);
    const rows = await inNorth((session) => loadRows(session, sourceOf("north"), books, [book(6)]));
    expect(rows.get(book(6))?.attributes).toMatchObject({ title: "\uFEFFtitle", holder: "\uFEFFben" });
  });

  test("every type in its wire form, sets from their table, nothing that is sealed", async () => {
    await library.raw(
      "update lib.books set price = -0.5, bought = '0999-12-31T23:59:59.000001Z', holder_id = 'ben' where id = $1",
      [book(6)],
    );
    const rows = await inNorth((session) =>
      loadRows(session, sourceOf("north"), books, [book(6), book(2), book(6)]),
    );
    expect(rows.get(book(6))).toEqual({
      id: book(6),
      tenant: "north",
      attributes: {
        branch: branch(3),
        holder: "ben",
        title: "north title 6",
        copies: 6,
        price: "-0.50",
        bought: "0999-12-31T23:59:59.000001Z",
        genre: "prose",
        rare: false,
        tags: ["heritage"],
      },
    });
    expect(rows.get(book(2))?.attributes).toMatchObject({ tags: [] });
    for (const field of books.fields) {
      const value = rows.get(book(6))?.attributes?.[field.name];
      if (field.name !== "note") expect(isWireValue(value, field.type)).toBe(true);
    }
  });

  test("only of the tenant, and only what is there", async () => {
    const rows = await inNorth((session) =>
      loadRows(session, sourceOf("north"), books, [
        idOf("book", "south", 1),
        idOf("book", "north", 99),
        "no id",
      ]),
    );
    expect(rows.size).toBe(0);
    // Without the row-level security underneath, the statement's own condition holds.
    const bare = await library.database.turn((session) =>
      loadRows(session, sourceOf("north"), books, [idOf("book", "south", 1), book(1)]),
    );
    expect([...bare.keys()]).toEqual([book(1)]);
  });
});

describe("hierarchies", () => {
  const climb = (id: string, parents: Record<string, string[]> = {}): Promise<readonly unknown[]> =>
    inNorth((session) =>
      ancestorsOf(
        session,
        sourceOf("north"),
        [
          { entity: "Branch", id },
          { entity: "Member", id: "ada" },
        ],
        {
          member: { entity: "Member", id: "ada" },
          parents,
        },
      ),
    );

  test("proper ancestors, through any number of levels, from the session's parents on", async () => {
    const [own, mine] = await climb(branch(1), { Branch: [branch(2)] });
    expect(own).toEqual({ Branch: [branch(2), branch(3)] });
    expect(mine).toEqual({ Branch: [branch(2), branch(3)] });
  });

  test("a cycle ends", async () => {
    await library.raw("update lib.branches set parent_id = $1 where id = $2", [branch(1), branch(3)]);
    const [own] = await climb(branch(1));
    expect(own).toEqual({ Branch: [branch(2), branch(3), branch(1)] });
  });

  test("parents that the model does not let come with the session are not believed", async () => {
    const [, mine] = await climb(branch(1), { Book: [book(1)] });
    expect(mine).toEqual({});
  });

  test("another tenant's branch has no ancestors here", async () => {
    const [own] = await climb(idOf("branch", "south", 1));
    expect(own).toEqual({});
  });
});

describe("decisions", () => {
  test("the principal's ancestors and the relation's pairs are read in the transaction", async () => {
    const { options } = handle(library, "north", ben);
    const ask = (number: number): Promise<string | undefined> =>
      inNorth(async (session) => {
        const source = sourceOf("north");
        const facts = await closePrincipal(session, source, options.facts(options.guard), {});
        const rows = await loadRows(session, source, books, [book(number)]);
        const [row] = await collectFacts(session, source, books, [...rows.values()] as RowDocument[]);
        if (row === undefined) throw new Error("no row");
        const [decision] = await decideAll(session, source, options.guard, facts, "update", books, [
          { prior: row, next: row },
        ]);
        return decision?.outcome;
      });
    expect(await ask(4)).toBe("permit");
    expect(await ask(1)).toBe("deny");
    await library.raw("delete from lib.book_keepers");
    expect(await ask(4)).toBe("deny");
  });

  test("about one row, before acting", async () => {
    const { options } = handle(library, "north", ada);
    expect(await decideRow(options, "read", "Book", book(1))).toMatchObject({
      outcome: "permit",
      rules: ["tenant/staff-read"],
    });
    expect(await decideRow(options, "update", "Book", book(1))).toMatchObject({ outcome: "permit" });
    expect(await decideRow(options, "delete", "Book", book(6))).toMatchObject({
      outcome: "deny",
      reason: "forbidden",
      rules: ["tenant/heritage"],
    });
    expect(await decideRow(options, "delete", "Book", book(3))).toMatchObject({ outcome: "challenge" });
    expect(await codeOf(decideRow(options, "create", "Book", book(1)))).toBe(
      "UnsupportedQuery write/no-action",
    );
  });

  test("absent, of another tenant, and not to be read look the same", async () => {
    const { options } = handle(library, "north", nobody);
    const answers = await Promise.all(
      [book(1), book(6), idOf("book", "south", 1), idOf("book", "north", 99), "no id"].map((id) =>
        decideRow(options, "delete", "Book", id),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual({ outcome: "deny", rules: [], obligations: [], reason: "not_granted" });
  });

  test("an id that is no text is no row's, whatever text it becomes, and is not asked for it", async () => {
    const { options } = handle(library, "north", ada);
    let asked = 0;
    const shifting = { toString: () => (asked++ === 0 ? book(1) : book(6)) };
    for (const id of [shifting, [book(1)], new String(book(1)), null, undefined, 1, `${book(1)}\ud800`, "\0"])
      expect(await decideRow(options, "read", "Book", id as string)).toMatchObject({ outcome: "deny" });
    expect(asked).toBe(0);
    expect(await codeOf(decideRow(options, "read", "Nothing", book(1)))).toBe(
      "UnsupportedQuery query/unknown-table",
    );
    expect(await codeOf(decideRow(options, "read", "Member", "ada"))).toBe(
      "UnsupportedQuery query/unknown-table",
    );
  });
});

describe("the action that a statement asks for", () => {
  const model = (...names: readonly string[]): typeof libraryModel => ({
    ...libraryModel,
    actions: names.map((name) => ({ name, kind: "updates", entities: ["Book"] })),
  });

  test("a query asks to list, where the model has that for the entity", () => {
    const reading = (...actions: readonly (readonly [string, string])[]): typeof libraryModel => ({
      ...libraryModel,
      actions: actions.map(([name, entity]) => ({ name, kind: "reads", entities: [entity] })),
    });
    expect(listActionOf(reading(["read", "Book"], ["list", "Book"]), "Book")).toBe("list");
    expect(listActionOf(reading(["read", "Book"], ["list", "Loan"]), "Book")).toBe("read");
    expect(listActionOf(reading(["browse", "Book"]), "Book")).toBe("browse");
    expect(() => listActionOf(model("list", "read"), "Book")).toThrow(
      expect.objectContaining({ code: "write/no-action" }),
    );
  });

  test("the usual name, else the only one, else none", async () => {
    expect(actionOf(model("rename", "update"), "Book", "updates")).toBe("update");
    expect(actionOf(model("rename"), "Book", "updates")).toBe("rename");
    expect(
      await codeOf(Promise.resolve().then(() => actionOf(model("rename", "move"), "Book", "updates"))),
    ).toBe("UnsupportedQuery write/ambiguous-action");
    expect(await codeOf(Promise.resolve().then(() => actionOf(model(), "Book", "updates")))).toBe(
      "UnsupportedQuery write/no-action",
    );
    expect(await codeOf(Promise.resolve().then(() => actionOf(model("update"), "Loan", "updates")))).toBe(
      "UnsupportedQuery write/no-action",
    );
  });
});
