import { describe, expect, test } from "vitest";
import type { Mask, Pass, Program } from "../../src/index.ts";
import { decide, isRequest, reading } from "./deciding.ts";
import { Draft, request } from "./small-program.ts";

const partial = (last: number): Mask => ({ kind: "partial", last });
const hide: Mask = { kind: "hide" };

describe("the outcome", () => {
  test("the sample request satisfies the request schema", () => {
    expect(isRequest(request()), JSON.stringify(isRequest.errors)).toBe(true);
  });

  test("no grant denies as not granted", () => {
    expect(
      decide(
        reading(() => ({})),
        request(),
      ),
    ).toEqual({ outcome: "deny", rules: [], obligations: [], reason: "not_granted" });
  });

  test("all grants that match are named, once, in the order of the program", () => {
    const program = reading((d) => ({
      grants: [
        { rule: 1, when: d.always(), effects: [] },
        { rule: 0, when: d.always(), effects: [] },
        { rule: 2, when: d.condition({ kind: "constant", value: false }), effects: [] },
      ],
    }));
    expect(decide(program, request())).toEqual({
      outcome: "permit",
      rules: ["north/a", "north/b"],
      obligations: [],
      reason: null,
    });
  });

  test("a forbid overrides every grant and is named", () => {
    const program = reading((d) => ({
      grants: [{ rule: 0, when: d.always(), effects: [] }],
      forbids: [{ rule: 2, when: d.always() }],
    }));
    expect(decide(program, request())).toEqual({
      outcome: "deny",
      rules: ["north/c"],
      obligations: [],
      reason: "forbidden",
    });
  });

  test("nothing is granted above the ceiling", () => {
    const program = reading((d) => ({
      ceiling: d.condition({ kind: "constant", value: false }),
      grants: [{ rule: 0, when: d.always(), effects: [] }],
    }));
    expect(decide(program, request()).reason).toBe("not_granted");
  });

  test("a principal of another tenant is granted nothing", () => {
    const program = reading((d) => ({ grants: [{ rule: 0, when: d.always(), effects: [] }] }));
    const abroad = request({ principal: { type: "Member", id: "ada", tenant: "south", roles: [] } });
    expect(decide(program, abroad).reason).toBe("not_granted");
  });

  test("a row of another tenant is out of scope, whatever the rules say", () => {
    const program = reading((d) => ({ grants: [{ rule: 0, when: d.always(), effects: [] }] }));
    const foreign = request({ resource: { type: "Loan", id: "1", tenant: "south", attributes: {} } });
    expect(decide(program, foreign)).toEqual({
      outcome: "deny",
      rules: [],
      obligations: [],
      reason: "out_of_scope",
    });
  });

  test("a request of another tenant is out of scope, even one that agrees with itself in all", () => {
    const program = reading((d) => ({ grants: [{ rule: 0, when: d.always(), effects: [] }] }));
    const elsewhere = request({
      tenant: { id: "south" },
      principal: { type: "Member", id: "ada", tenant: "south", roles: [] },
      resource: { type: "Loan", id: "1", tenant: "south" },
    });
    expect(decide(program, elsewhere)).toEqual({
      outcome: "deny",
      rules: [],
      obligations: [],
      reason: "out_of_scope",
    });
  });

  test("an unmet precondition challenges, a met one does not", () => {
    const program = (met: boolean) =>
      reading((d) => ({
        grants: [{ rule: 0, when: d.always(), effects: [] }],
        requires: [
          {
            rule: 1,
            when: d.always(),
            effects: [],
            preconditions: [
              { obligation: { type: "reason" }, met: d.condition({ kind: "constant", value: met }) },
            ],
          },
        ],
      }));
    expect(decide(program(false), request())).toEqual({
      outcome: "challenge",
      rules: ["north/b"],
      obligations: [{ type: "reason" }],
      reason: null,
    });
    expect(decide(program(true), request()).outcome).toBe("permit");
  });
});

describe("field effects", () => {
  const effects = (
    grants: readonly (readonly [string, Mask])[][],
    requires: readonly (readonly [string, Mask])[][],
  ) =>
    decide(
      reading((d) => ({
        grants: grants.map((list) => ({
          rule: 0,
          when: d.always(),
          effects: list.map(([field, mask]) => ({ field, mask })),
        })),
        requires: requires.map((list) => ({
          rule: 1,
          when: d.always(),
          effects: list.map(([field, mask]) => ({ field, mask })),
          preconditions: [],
        })),
      })),
      request(),
    ).obligations;

  test("the mildest of the grants counts, and a grant that names no field shows it", () => {
    expect(effects([[["card", hide]], [["card", partial(4)]]], [])).toEqual([
      { type: "mask", field: "card", mask: partial(4) },
    ]);
    expect(effects([[["card", hide]], []], [])).toEqual([]);
  });

  test("the strictest of the requires counts, over what the grants show", () => {
    expect(effects([[]], [[["card", partial(4)]], [["card", partial(2)]]])).toEqual([
      { type: "mask", field: "card", mask: partial(2) },
    ]);
    expect(effects([[["card", hide]]], [[["card", partial(4)]]])).toEqual([{ type: "hide", field: "card" }]);
  });

  test("fields come in the order of the model", () => {
    expect(
      effects(
        [
          [
            ["card", hide],
            ["title", hide],
          ],
        ],
        [],
      ),
    ).toEqual([
      { type: "hide", field: "title" },
      { type: "hide", field: "card" },
    ]);
  });
});

describe("an update is asked of both rows", () => {
  /** Permits rows whose title is Emma; the forbid is on the card of either row. */
  function updating(): Program {
    const draft = new Draft();
    draft.base(["prior", "next"]);
    const always = draft.always();
    const passes = (["prior", "next"] as const).map((row, index): Pass => {
      const title = draft.slot({ from: "row_attribute", row, name: "title" });
      const card = draft.slot({ from: "row_attribute", row, name: "card" });
      const is = (slot: number, value: string) =>
        draft.atom({
          kind: "compare",
          op: "eq",
          left: { kind: "slot", slot, fallback: null },
          right: { kind: "constant", value, type: { kind: "string" } },
        });
      return {
        row,
        ceiling: always,
        forbids: [{ rule: 2, when: is(card, "blocked") }],
        grants: [
          {
            rule: index,
            when: is(title, "Emma"),
            effects:
              index === 0 ? [{ field: "card", mask: partial(4) }] : [{ field: "card", mask: partial(2) }],
          },
        ],
        requires: [],
      };
    });
    return draft.program("update", ["north/a", "north/b", "north/c"], passes);
  }
  const rows = (prior: object, next: object) =>
    request({
      action: { name: "update" },
      resource: { type: "Loan" },
      prior: { id: "1", tenant: "north", attributes: { title: "Emma", card: "1", ...prior } },
      next: { id: "1", tenant: "north", attributes: { title: "Emma", card: "1", ...next } },
    });

  test("both permit: rules and stricter masks of both", () => {
    expect(decide(updating(), rows({}, {}))).toEqual({
      outcome: "permit",
      rules: ["north/a", "north/b"],
      obligations: [{ type: "mask", field: "card", mask: partial(2) }],
      reason: null,
    });
  });

  test("one row not granted denies; one row forbidden denies as forbidden", () => {
    expect(decide(updating(), rows({}, { title: "Persuasion" })).reason).toBe("not_granted");
    expect(decide(updating(), rows({ title: "Persuasion" }, {})).reason).toBe("not_granted");
    expect(decide(updating(), rows({ title: "Persuasion" }, { card: "blocked" }))).toEqual({
      outcome: "deny",
      rules: ["north/c"],
      obligations: [],
      reason: "forbidden",
    });
  });

  test("either row of another tenant is out of scope", () => {
    const moved = {
      ...rows({}, {}),
      next: { id: "1", tenant: "south", attributes: { title: "Emma", card: "1" } },
    };
    expect(decide(updating(), moved).reason).toBe("out_of_scope");
  });
});

describe("input that is not a proper request is denied as invalid input", () => {
  const program = reading((d) => {
    const title = d.slot({ from: "row_attribute", row: "resource", name: "title" });
    const borrower = d.slot(
      { from: "row_attribute", row: "resource", name: "borrower" },
      { kind: "string" },
      true,
    );
    const either = d.condition({
      kind: "or",
      of: [d.atom({ kind: "has", slot: title }), d.atom({ kind: "has", slot: borrower })],
    });
    return { grants: [{ rule: 0, when: either, effects: [] }] };
  });
  const loan = (attributes: unknown) => ({
    ...request(),
    resource: { type: "Loan", id: "1", tenant: "north", attributes },
  });

  test("a proper one is permitted, with an optional fact absent", () => {
    expect(decide(program, request()).outcome).toBe("permit");
    expect(decide(program, loan({ title: "Emma", borrower: null })).outcome).toBe("permit");
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a list", []],
    ["a text", "read"],
    ["no action", { ...request(), action: undefined }],
    ["an unknown action", { ...request(), action: { name: "burn" } }],
    ["an unknown type", { ...request(), resource: { type: "Nothing", id: "1", tenant: "north" } }],
    ["a number for the tenant", { ...request(), tenant: { id: 1 } }],
    ["roles that are no list", { ...request(), principal: { ...request().principal, roles: "reader" } }],
    ["a needed fact missing", loan({})],
    ["a needed fact null", loan({ title: null })],
    ["attributes that are a list", loan(["title"])],
    ["a fact of another type", loan({ title: 5 })],
    ["an optional fact of another type", loan({ title: "Emma", borrower: 5 })],
    ["a lone surrogate", loan({ title: "\ud800" })],
    ["U+0000", loan({ title: "a\0b" })],
    ["a fact that is only inherited", loan(Object.create({ title: "Emma" }))],
    ["a fact under __proto__", loan(JSON.parse('{"__proto__": {"title": "Emma"}}'))],
  ])("%s", (_, asked) => {
    expect(decide(program, asked)).toEqual({
      outcome: "deny",
      rules: [],
      obligations: [],
      reason: "invalid_input",
    });
  });
});
