/** A store that is asked for what it cannot answer denies; and it is of one tenant and one model. */
import { describe, expect, it } from "vitest";
import { evaluate, type Decision } from "@wardline/core";
import { libraryProgram, libraryRequest } from "@wardline/core/testing";
import { compileStore, World, type Entity, type Given } from "../../src/index.ts";

const { model } = libraryProgram;
const { principal, resource, context, now } = libraryRequest;
const given: Given = { context, now };
const invalid = { outcome: "deny", rules: [], obligations: [], reason: "invalid_input" };

function makeLibrary(tenant = "north") {
  const world = new World(model, tenant, { attributes: { lends: true } });
  const branch = world.put({ type: "Branch", id: "br1" });
  const member = world.put({
    type: "Member",
    id: principal.id,
    roles: principal.roles,
    attributes: principal.attributes,
    parents: [branch],
  });
  const put = (attributes: object) =>
    world.put({ type: "Book", id: resource.id, attributes: { ...resource.attributes, ...attributes } });
  return { world, branch, member, put };
}

describe("a store of the library", () => {
  const { world, member, put } = makeLibrary();
  const { decide, allows } = compileStore(libraryProgram, world);
  const book = put({});
  const ask = (who: Entity, what: Entity, action = "read", with_: Given = given): Decision => {
    const decision = decide(who, action, what, with_);
    expect(allows(who, action, what, with_)).toBe(decision.outcome === "permit");
    return decision;
  };

  it("answers as the oracle does, whether or not what no rule reads is there", () => {
    expect(book.isWhole).toBe(false);
    expect(ask(member, book)).toEqual(evaluate(libraryProgram, libraryRequest));
    expect(ask(member, book)).toMatchObject({ outcome: "permit" });
    put({ code: "secret" });
    expect(book.isWhole).toBe(true);
    expect(ask(member, book)).toMatchObject({ outcome: "permit" });
  });

  it("denies what lacks a fact that a rule reads, and what is given wrongly", () => {
    put({ shelf: null });
    expect(ask(member, book)).toEqual(invalid);
    put({});
    expect(ask(member, book)).toMatchObject({ outcome: "permit" });
    for (const wrong of [{ context, now: "today" }, { context: { purpose: 3 }, now }, { context }, {}])
      expect(ask(member, book, "read", wrong as Given)).toEqual(invalid);
  });

  it("denies what the model does not have", () => {
    expect(ask(member, book, "toString")).toEqual(invalid);
    expect(ask(book, member)).toEqual(invalid);
    expect(ask(book, book)).toEqual(invalid);
  });

  it("denies who or what was removed, and knows who came instead", () => {
    const other = makeLibrary();
    const engine = compileStore(libraryProgram, other.world);
    const row = other.put({});
    expect(engine.decide(other.member, "read", row, given)).toMatchObject({ outcome: "permit" });
    other.world.remove(row);
    expect(engine.decide(other.member, "read", row, given)).toEqual(invalid);
    const again = other.put({});
    expect(engine.decide(other.member, "read", again, given)).toMatchObject({ outcome: "permit" });
    other.world.remove(other.member);
    expect(engine.decide(other.member, "read", again, given)).toEqual(invalid);
  });

  it("denies a draft below what was removed, whoever came in its place", () => {
    const other = makeLibrary();
    const engine = compileStore(libraryProgram, other.world);
    const row = other.put({});
    const session = () => {
      const parent = other.world.entity("Branch", "br1") as Entity;
      const { roles, attributes } = principal;
      return other.world.draft({ type: "Member", id: principal.id, roles, attributes, parents: [parent] });
    };
    const before = session();
    expect(engine.decide(before, "read", row, given)).toMatchObject({ outcome: "permit" });
    other.world.remove(other.branch);
    expect(engine.decide(before, "read", row, given)).toEqual(invalid);
    other.world.put({ type: "Branch", id: "br1" });
    expect(engine.decide(before, "read", row, given)).toEqual(invalid);
    expect(engine.allows(before, "read", row, given)).toBe(false);
    expect(engine.decide(session(), "read", row, given)).toMatchObject({ outcome: "permit" });
  });

  it("takes the rows of another tenant's world for out of scope", () => {
    const south = makeLibrary("south");
    expect(ask(member, south.put({}))).toMatchObject({ reason: "out_of_scope" });
  });

  it("has nothing to do with worlds of another tenant or model", () => {
    expect(() => compileStore(libraryProgram, makeLibrary("south").world)).toThrow(TypeError);
    const another = { ...model, name: "another" };
    const foreign = new World(another, "north", { attributes: { lends: true } });
    expect(() => compileStore(libraryProgram, foreign)).toThrow(TypeError);
    const stranger = foreign.put({
      type: "Member",
      id: "m1",
      roles: ["reader"],
      attributes: principal.attributes,
    });
    expect(ask(stranger, book)).toEqual(invalid);
  });

  it("is asked again while it reads what is given, and neither question disturbs the other", () => {
    const inner: unknown[] = [];
    const asking = {
      now,
      get context() {
        inner.push(decide(member, "read", book, given), decide(member, "read", book, {}));
        return context;
      },
    };
    expect(ask(member, book, "read", asking)).toMatchObject({ outcome: "permit" });
    expect(inner.slice(0, 2)).toMatchObject([{ outcome: "permit" }, invalid]);
  });
});
