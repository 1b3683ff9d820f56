/** Counterexamples of asserts, over a library whose only permit is for its own members. */
import { describe, expect, test } from "vitest";
import {
  assertViolated,
  type AssertCase,
  type AssertClaim,
  type FieldEffect,
  type LoweredAssert,
  type Program,
  type RuleKind,
} from "../../src/index.ts";
import { Draft, request } from "../evaluate/small-program.ts";

interface Made {
  readonly analysis: Program;
  /** The condition that `borrower` is there. */
  readonly lent: number;
  readonly always: number;
}

/** Members may read what is not lent, asked `read`; a card is shown as its effect says. */
function library(effects: readonly FieldEffect[] = []): Made {
  const draft = new Draft();
  draft.base(["resource"]);
  const borrower = draft.slot(
    { from: "row_attribute", row: "resource", name: "borrower" },
    { kind: "string" },
    true,
  );
  const lent = draft.atom({ kind: "has", slot: borrower });
  const free = draft.condition({ kind: "atom", atom: 0, negated: true });
  const always = draft.always();
  const analysis = draft.program(
    "read",
    ["north/free"],
    [
      {
        row: "resource",
        ceiling: always,
        forbids: [],
        grants: [{ rule: 0, when: free, effects }],
        requires: [],
      },
    ],
  );
  return { analysis, lent, always };
}

const lentLoan = {
  resource: { type: "Loan", id: "1", tenant: "north", attributes: { title: "Emma", borrower: "bo" } },
};

function made(claim: AssertClaim, passes: readonly number[], over: Partial<AssertCase> = {}): LoweredAssert {
  const rows = passes.length === 1 ? (["resource"] as const) : (["prior", "next"] as const);
  return {
    id: "north/a",
    layer: "tenant",
    file: "north.ward",
    line: 1,
    span: { file: "north.ward", start: 0, end: 1 },
    claim,
    because: null,
    doc: null,
    cases: [
      {
        principal: "Member",
        action: passes.length === 1 ? "read" : "update",
        resource: "Loan",
        passes: rows.map((row, i) => ({ row, when: passes[i] ?? 0 })),
        except: [],
        ...over,
      },
    ],
  };
}

describe("never permit", () => {
  const { analysis, lent, always } = library();
  test("a permitted request that meets the condition breaks it", () => {
    const assert = made({ kind: "never_permit" }, [always]);
    expect(assertViolated(analysis, assert, request())).toBe(true);
    expect(assertViolated(analysis, assert, request(lentLoan))).toBe(false);
  });
  test("one that does not meet the condition does not", () => {
    const assert = made({ kind: "never_permit" }, [lent]);
    expect(assertViolated(analysis, assert, request())).toBe(false);
  });
  test("nor one that a named statement applies to", () => {
    const assert = made({ kind: "never_permit" }, [always], { except: [{ rule: 0, passes: [always] }] });
    expect(assertViolated(analysis, assert, request())).toBe(false);
  });
  test("what it does not reach, and what is no request, break nothing", () => {
    const assert = made({ kind: "never_permit" }, [always]);
    const wrongs = [null, {}, request({ action: { name: "list" } }), { ...request(), principal: null }];
    for (const wrong of wrongs) expect(assertViolated(analysis, assert, wrong)).toBe(false);
    const noTenant = request({ principal: { ...request().principal, tenant: 5 as never } });
    expect(assertViolated(analysis, assert, noTenant)).toBe(false);
  });
});

describe("always permit", () => {
  const { analysis, always } = library();
  const assert = made({ kind: "always_permit" }, [always]);
  test("a denied request breaks it", () => {
    expect(assertViolated(analysis, assert, request(lentLoan))).toBe(true);
    expect(assertViolated(analysis, assert, request())).toBe(false);
  });
  test("a row of another tenant is nobody's to permit", () => {
    const elsewhere = { ...lentLoan.resource, tenant: "south" };
    expect(assertViolated(analysis, assert, request({ resource: elsewhere }))).toBe(false);
  });
});

describe("never show", () => {
  const claim = { kind: "never_show", field: "card" } as const;
  test.each([
    ["shown", [], true],
    ["masked", [{ field: "card", mask: { kind: "redact" } }], false],
    ["hidden", [{ field: "card", mask: { kind: "hide" } }], false],
    ["shown beside a masked field", [{ field: "title", mask: { kind: "redact" } }], true],
  ] as const)("%s", (_, effects, violated) => {
    const { analysis, always } = library(effects);
    expect(assertViolated(analysis, made(claim, [always]), request())).toBe(violated);
    expect(assertViolated(analysis, made(claim, [always]), request(lentLoan))).toBe(false);
  });
});

describe("a request of two rows", () => {
  /** An update that is always permitted; the loan is lent before or after. */
  function twoRows(kind: RuleKind = "permit") {
    const draft = new Draft();
    draft.base(["prior", "next"]);
    const lent = (["prior", "next"] as const).map((row) =>
      draft.atom({
        kind: "has",
        slot: draft.slot({ from: "row_attribute", row, name: "borrower" }, { kind: "string" }, true),
      }),
    );
    const always = draft.always();
    const pass = { ceiling: always, forbids: [], grants: [{ rule: 0, when: always, effects: [] }] };
    const program = draft.program(
      "update",
      ["north/all"],
      [
        { ...pass, row: "prior", requires: [] },
        { ...pass, row: "next", requires: [] },
      ],
    );
    const named = program.rules.map((rule) => ({ ...rule, kind }));
    return { analysis: { ...program, rules: [...program.rules, ...named] }, lent, always };
  }
  const row = (borrower?: string) => ({ id: "1", tenant: "north", attributes: { title: "E", borrower } });
  const update = (prior?: string, next?: string) =>
    request({
      action: { name: "update" },
      resource: { type: "Loan" },
      prior: row(prior),
      next: row(next),
    });

  test("a `never` is broken if either row is meant", () => {
    const { analysis, lent } = twoRows();
    const assert = made({ kind: "never_permit" }, lent);
    expect(assertViolated(analysis, assert, update("bo", undefined))).toBe(true);
    expect(assertViolated(analysis, assert, update(undefined, "bo"))).toBe(true);
    expect(assertViolated(analysis, assert, update())).toBe(false);
  });

  test("an `always` only if both are", () => {
    const { analysis, lent } = twoRows();
    const denied: Program = {
      ...analysis,
      tables: analysis.tables.map((table) => ({
        ...table,
        passes: table.passes.map((pass) => ({ ...pass, grants: [] })),
      })),
    };
    const assert = made({ kind: "always_permit" }, lent);
    expect(assertViolated(denied, assert, update("bo", undefined))).toBe(false);
    expect(assertViolated(denied, assert, update("bo", "bo"))).toBe(true);
  });

  test.each([
    ["permit", false],
    ["floor", false],
    ["share", false],
    ["ceiling", false],
    ["forbid", true],
    ["require", true],
  ] as const)("a %s named after `except` applies as it would bind", (kind, toEither) => {
    const { analysis, lent, always } = twoRows(kind);
    const assert = made({ kind: "never_permit" }, [always, always], { except: [{ rule: 1, passes: lent }] });
    expect(assertViolated(analysis, assert, update("bo", "bo"))).toBe(false);
    expect(assertViolated(analysis, assert, update("bo", undefined))).toBe(!toEither);
    expect(assertViolated(analysis, assert, update())).toBe(true);
  });
});
