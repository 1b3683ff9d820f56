/** Trees whose objects bring methods of their own: what runs is what was judged, and none of their functions is called. */
import { createQueryId, type RootOperationNode } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { snapshot } from "../src/scope/snapshot.ts";
import { ada, ben, codeOf, handle, openLibrary, type Handle, type Library } from "./driver-library.ts";

let library: Library;
let reader: Handle;
beforeAll(async () => {
  library = await openLibrary();
  reader = handle(library, "north", ben);
});
afterAll(() => library.close());

function run(query: unknown): Promise<{ readonly rows: readonly unknown[] }> {
  return reader.db.executeQuery({
    query: query as RootOperationNode,
    queryId: createQueryId(),
    sql: "",
    parameters: [],
  });
}

const select = (changes: object): object => ({
  ...reader.db.selectFrom("books").select(["id", "title"]).compile().query,
  ...changes,
});

const inList = (values: unknown): object => ({
  kind: "WhereNode",
  where: {
    kind: "BinaryOperationNode",
    leftOperand: { kind: "ReferenceNode", column: named("title") },
    operator: { kind: "OperatorNode", operator: "in" },
    rightOperand: { kind: "PrimitiveValueListNode", values },
  },
});

const named = (name: string): object => ({
  kind: "ColumnNode",
  column: { kind: "IdentifierNode", name },
});

/** Text that would show the reader what the policy hides from him. */
const hostile = "null) or true) union all select id, price::text from lib.books where (true or '' in (''";

/** A list whose `map` answers as the caller likes, at the first asking or at a later one. */
function listing(answers: number, items: readonly unknown[] = ["x"]): unknown[] {
  const list = [...items];
  const next = answers <= 0 ? [[hostile]] : listing(answers - 1, items);
  return Object.assign(list, { map: () => next, flatMap: () => next, entries: () => [][Symbol.iterator]() });
}

describe("methods of a caller's own (vectors 16, 21)", () => {
  test.each([0, 1, 2, 3])("a list of values that brings its own map, asked %i times", async (answers) => {
    const honest = await run(select({ where: inList(["x"]) }));
    expect((await run(select({ where: inList(listing(answers)) }))).rows).toEqual(honest.rows);
  });

  test("a list of nodes that brings its own map", async () => {
    const { selections } = select({}) as { selections: readonly unknown[] };
    const honest = await run(select({}));
    for (const answers of [0, 1, 2])
      expect((await run(select({ selections: listing(answers, selections) }))).rows).toEqual(honest.rows);
  });

  test("a list of a class of one's own, and a proxy", async () => {
    class Listing extends Array<unknown> {
      static override get [Symbol.species](): ArrayConstructor {
        return function make() {
          return listing(0);
        } as unknown as ArrayConstructor;
      }
    }
    const proxy = new Proxy(["x"], {
      get: (target, key) => (key === "map" ? () => [[hostile]] : Reflect.get(target, key)),
    });
    const honest = await run(select({ where: inList(["x"]) }));
    for (const values of [Listing.from(["x"]), proxy])
      expect((await run(select({ where: inList(values) }))).rows).toEqual(honest.rows);
  });

  test("a node in place of a list, with a function that a list has", async () => {
    const map = vi.fn<() => unknown>(() => [[", lib.books as b"]]);
    for (const part of ["joins", "selections", "distinctOn", "setOperations"])
      expect(await codeOf(run(select({ [part]: { kind: "JoinNode", length: 0, map } })))).toBe(
        "UnsupportedQuery query/unsupported-node",
      );
    expect(map).not.toHaveBeenCalled();
  });

  test("a function in place of a node", async () => {
    const node = Object.assign(() => undefined, { ...inList(listing(0)) });
    expect(await codeOf(run(select({ where: node })))).toBe("UnsupportedQuery query/unsupported-node");
  });

  test("values with methods of their own are no plain values", async () => {
    const methods = { toString: () => "x", valueOf: () => "x", toJSON: () => "x" };
    const date = Object.assign(new Date(0), { toISOString: () => methods, getTime: () => 1 });
    const fake = Object.setPrototypeOf({ ...methods }, Date.prototype) as unknown;
    for (const value of [methods, fake, Object.assign(() => "x", methods), new String("x"), [methods]])
      expect(await codeOf(run(select({ where: inList([value]) })))).toBe(
        "UnsupportedQuery query/unsupported-value",
      );
    expect((await run(select({ where: inList([date]) }))).rows).toEqual([]);
  });

  test("an inserted row of such values is refused", async () => {
    const staff = handle(library, "north", ada);
    const name = Object.assign(["x"], { toString: () => "x" });
    expect(
      await codeOf(
        staff.db
          .insertInto("branches")
          .values({ name } as never)
          .execute(),
      ),
    ).toBe("UnsupportedQuery write/bad-value");
  });
});

describe("the copy", () => {
  test("holds no object and no function of the original, and nothing that can be changed", () => {
    const seen = new Set<unknown>();
    const walk = (value: unknown, visit: (value: object) => void): void => {
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
      visit(value);
      for (const inner of Object.values(value)) walk(inner, visit);
    };
    const original = select({ where: inList(["x", new Date(0), { a: 1 }, ["y"]]) });
    walk(original, (value) => seen.add(value));
    walk(snapshot(original), (value) => {
      expect(seen.has(value)).toBe(false);
      expect(Object.isFrozen(value)).toBe(true);
      expect([null, Array.prototype, Object.prototype]).toContain(Object.getPrototypeOf(value));
    });
  });

  test("a part that is named often, and a list without an end, are cut off", () => {
    let node: object = { kind: "ValueNode", value: 1 };
    for (let depth = 0; depth < 100; depth += 1) node = { kind: "AndNode", left: node, right: node };
    const endless = new Proxy([], { get: (_, key) => (key === "length" ? Infinity : undefined) });
    for (const tree of [node, { kind: "FromNode", froms: endless }, inList(endless)])
      expect(() => snapshot(tree)).toThrow(expect.objectContaining({ code: "query/unsupported-node" }));
  });
});
