import { describe, expect, test } from "vitest";
import {
  evaluate,
  explain,
  explainFrom,
  reasonText,
  type ConditionTree,
  type Explanation,
  type Pass,
  type Program,
  type RuleKind,
  type SourceMap,
} from "../../src/index.ts";
import { Draft, request } from "../evaluate/small-program.ts";

type Build = (draft: Draft) => Partial<Pass>;

/** One pass on `resource`; `rules` are ids with their kinds, and what is not given is open. */
function program(rules: Readonly<Record<string, RuleKind>>, build: Build): Program {
  const draft = new Draft();
  draft.base(["resource"]);
  const ceiling = draft.always();
  const pass: Pass = { row: "resource", ceiling, forbids: [], grants: [], requires: [], ...build(draft) };
  const made = draft.program("read", Object.keys(rules), [pass]);
  return {
    ...made,
    rules: made.rules.map((rule) => ({ ...rule, kind: rules[rule.id] ?? rule.kind })),
  };
}

function explained(made: Program, asked: unknown = request(), map: SourceMap | null = null): Explanation {
  const explanation = explain(made, map, asked);
  expect(explanation.decision).toEqual(evaluate(made, asked));
  return explanation;
}

/** The standing of every rule of the first pass. */
const standings = ({ passes: [pass] }: Explanation) =>
  Object.fromEntries(
    [
      ...(pass?.ceilings ?? []),
      ...(pass?.grants ?? []),
      ...(pass?.forbids ?? []),
      ...(pass?.requires ?? []),
    ].map((rule) => [rule.rule, rule.standing]),
  );

const bare = { effects: [] };
const yes = (draft: Draft) => draft.always();
const no = (draft: Draft) => draft.condition({ kind: "constant", value: false });
const titled = (draft: Draft, value: string, negated = false) =>
  draft.atom(
    {
      kind: "compare",
      op: "eq",
      left: {
        kind: "slot",
        slot: draft.slot({ from: "row_attribute", row: "resource", name: "title" }),
        fallback: null,
      },
      right: { kind: "constant", value, type: { kind: "string" } },
    },
    negated,
  );
const away = request({ principal: { type: "Member", id: "eve", tenant: "south", roles: [] } });

describe("what comes of each rule", () => {
  test("a grant that matches counts; one that does not is no match", () => {
    const explanation = explained(
      program({ "north/a": "permit", "north/b": "permit" }, (d) => ({
        grants: [
          { rule: 0, when: yes(d), ...bare },
          { rule: 1, when: no(d), ...bare },
        ],
      })),
    );
    expect(standings(explanation)).toEqual({ "north/a": "counts", "north/b": "no_match" });
    expect(explanation.reasons).toEqual([
      { kind: "granted", row: "resource", rules: ["north/a"], floors: [] },
    ]);
    expect(explanation.home).toBe(true);
  });

  test("a grant is clipped where no ceiling holds, and the ceilings are named", () => {
    const made = program({ "platform/top": "ceiling", "north/a": "permit", "north/b": "permit" }, (d) => {
      const ceiling = titled(d, "Persuasion");
      return {
        ceiling,
        ceilings: [{ rule: 0, when: ceiling }],
        grants: [
          { rule: 1, when: yes(d), ...bare },
          { rule: 2, when: no(d), ...bare },
        ],
      };
    });
    const explanation = explained(made);
    expect(standings(explanation)).toEqual({
      "platform/top": "no_match",
      "north/a": "clipped",
      "north/b": "no_match",
    });
    expect(explanation.passes[0]?.ceiling).toBe("closed");
    expect(explanation.reasons).toEqual([
      { kind: "ceiling", row: "resource", rules: ["platform/top"], clipped: ["north/a"] },
    ]);
    expect(reasonText(made, explanation.reasons[0] ?? expect.fail("none"))).toBe(
      "no ceiling holds: platform/top (north.ward:1), though north/a (north.ward:2) grants it",
    );
  });

  test("no permit and no ceiling are both said", () => {
    const explanation = explained(
      program({ "north/a": "permit" }, (d) => ({
        ceiling: no(d),
        ceilings: [],
        grants: [{ rule: 0, when: no(d), ...bare }],
      })),
    );
    expect(explanation.reasons).toEqual([
      { kind: "no_permit", row: "resource", rules: ["north/a"] },
      { kind: "ceiling", row: "resource", rules: [], clipped: [] },
    ]);
  });

  test("a tenant's forbid stops permits and not floors, which overrule it", () => {
    const rules = { "platform/f": "floor", "north/a": "permit", "north/no": "forbid" } as const;
    const build = (floor: (draft: Draft) => number): Build => {
      return (d) => ({
        grants: [
          { rule: 0, when: floor(d), ...bare },
          { rule: 1, when: yes(d), ...bare },
        ],
        forbids: [{ rule: 2, when: yes(d) }],
      });
    };
    const floored = explained(program(rules, build(yes)));
    expect(floored.decision.outcome).toBe("permit");
    expect(standings(floored)).toEqual({
      "platform/f": "counts",
      "north/a": "stopped",
      "north/no": "overruled",
    });
    expect(floored.reasons).toMatchObject([{ rules: ["platform/f"], floors: ["platform/f"] }]);
    const denied = explained(program(rules, build(no)));
    expect(standings(denied)).toEqual({
      "platform/f": "no_match",
      "north/a": "stopped",
      "north/no": "denies",
    });
    expect(denied.reasons).toEqual([{ kind: "forbidden", row: "resource", rules: ["north/no"] }]);
  });

  test("who comes from abroad needs a share; at home a share is none", () => {
    const made = program({ "platform/s": "share", "north/a": "permit" }, (d) => ({
      grants: [
        { rule: 0, when: titled(d, "Persuasion"), ...bare },
        { rule: 1, when: yes(d), ...bare },
      ],
    }));
    const denied = explained(made, away);
    expect(standings(denied)).toEqual({ "platform/s": "no_match", "north/a": "abroad" });
    expect(denied.home).toBe(false);
    expect(denied.reasons).toEqual([{ kind: "abroad", row: "resource", rules: ["platform/s"] }]);
    const rows = (title: string) => ({
      resource: { type: "Loan", id: "1", tenant: "north", attributes: { title } },
    });
    expect(standings(explained(made, { ...away, ...rows("Persuasion") }))).toEqual({
      "platform/s": "counts",
      "north/a": "abroad",
    });
    expect(standings(explained(made, request(rows("Persuasion"))))).toEqual({
      "platform/s": "at_home",
      "north/a": "counts",
    });
  });

  test("preconditions are shown with their evidence, and a floor overrules those of the tenant", () => {
    const reason = { type: "reason" } as const;
    const rules = { "platform/f": "floor", "north/a": "permit", "north/r": "require" } as const;
    const build =
      (floor: (draft: Draft) => number): Build =>
      (d) => ({
        grants: [
          { rule: 0, when: floor(d), ...bare },
          { rule: 1, when: yes(d), ...bare },
        ],
        requires: [
          {
            rule: 2,
            when: yes(d),
            ...bare,
            preconditions: [{ obligation: reason, met: titled(d, "Emma", true) }],
          },
        ],
      });
    const asking = explained(program(rules, build(no)));
    expect(standings(asking)).toEqual({ "platform/f": "no_match", "north/a": "counts", "north/r": "unmet" });
    expect(asking.reasons).toEqual([
      { kind: "unmet", row: "resource", rules: ["north/r"], obligations: [reason] },
    ]);
    expect(asking.passes[0]?.requires[0]?.preconditions).toEqual([
      {
        obligation: reason,
        met: false,
        condition: {
          kind: "atom",
          value: false,
          negated: true,
          atom: 0,
          holds: true,
          text: 'resource.title == "Emma"',
          place: null,
          facts: [
            { slot: expect.any(Number) as number, path: "resource.title", present: true, value: "Emma" },
          ],
        },
      },
    ]);
    expect(standings(explained(program(rules, build(yes))))["north/r"]).toBe("overruled");
  });

  test("an exhausted limit is a reason of its own, with what is left", () => {
    const made = program({ "north/a": "permit" }, (d) => {
      const limit = (part: "left" | "retry_after", type: "int" | "duration") =>
        d.slot(
          { from: "limit", rule: "north/a", part },
          type === "int" ? { kind: "int", min: 0, max: Number.MAX_SAFE_INTEGER } : { kind: "duration" },
          part !== "left",
        );
      const obligation = { type: "limit", rule: "north/a", count: 2, per: "day", by: "tenant" } as const;
      return {
        grants: [
          {
            rule: 0,
            when: yes(d),
            ...bare,
            limit: { obligation, left: limit("left", "int"), retryAfter: limit("retry_after", "duration") },
          },
        ],
      };
    });
    const limits = (left: number) => request({ limits: { "north/a": { left, retry_after: 5 } } });
    const spent = explained(made, limits(0));
    expect(standings(spent)).toEqual({ "north/a": "spent" });
    expect(spent.reasons).toEqual([{ kind: "limit", row: "resource", rules: ["north/a"] }]);
    expect(spent.passes[0]?.grants[0]?.limit).toEqual({ left: 0, retry_after: 5 });
    expect(standings(explained(made, limits(1)))).toEqual({ "north/a": "counts" });
  });
});

describe("before any rule is asked", () => {
  const made = program({ "north/a": "permit" }, (d) => ({ grants: [{ rule: 0, when: yes(d), ...bare }] }));

  test("what is no request says what is wrong with it", () => {
    const { reasons, passes } = explained(made, { action: { name: "read" } });
    expect(passes).toEqual([]);
    expect(reasons).toEqual([
      {
        kind: "invalid_input",
        problems: [
          { path: "principal.type", problem: "expected a name, found nothing" },
          { path: "resource.type", problem: "expected a name, found nothing" },
        ],
      },
    ]);
  });

  test("another tenant's request and another tenant's row are told apart", () => {
    expect(explained(made, request({ tenant: { id: "south" } })).reasons).toEqual([{ kind: "other_tenant" }]);
    const row = { type: "Loan", id: "1", tenant: "south", attributes: {} };
    expect(explained(made, request({ resource: row })).reasons).toEqual([
      { kind: "foreign_row", row: "resource" },
    ]);
  });
});

describe("the condition", () => {
  const made = program({ "north/a": "permit" }, (d) => {
    const has = d.atom({
      kind: "has",
      slot: d.slot({ from: "row_attribute", row: "resource", name: "borrower" }, { kind: "string" }, true),
    });
    const other = titled(d, "Emma", true);
    return { grants: [{ rule: 0, when: d.condition({ kind: "or", of: [has, other] }), ...bare }] };
  });
  const tree = (from: Explanation) => from.passes[0]?.grants[0]?.condition ?? expect.fail("no tree");

  test("is a tree of atoms with their values and what they read", () => {
    expect(tree(explained(made))).toEqual({
      kind: "or",
      value: false,
      of: [
        {
          kind: "atom",
          value: false,
          negated: false,
          atom: 0,
          holds: false,
          text: "has resource.borrower",
          place: null,
          facts: [
            { slot: expect.any(Number) as number, path: "resource.borrower", present: false, value: null },
          ],
        },
        expect.objectContaining({ kind: "atom", value: false, negated: true, holds: true }),
      ],
    });
  });

  test("has the words of its own rule, where a source map has them", () => {
    const place = { file: "north.ward", line: 7, column: 8, text: 'resource.title == "Emma"' };
    const map: SourceMap = {
      atoms: [
        [{ rule: 9, file: "north.ward", line: 1, column: 1, text: "another rule's words" }],
        [{ rule: 0, ...place }],
      ],
    };
    expect(tree(explained(made, request(), map))).toMatchObject({
      of: [
        { text: "has resource.borrower", place: null },
        { text: place.text, place: { file: "north.ward", line: 7, column: 8 } },
      ],
    });
  });

  test("is cut where a program shares its parts without end", () => {
    const wide = program({ "north/a": "permit" }, (d) => {
      let [left, right] = [titled(d, "Emma"), titled(d, "Persuasion", true)];
      for (let i = 0; i < 60; i += 1)
        [left, right] = [
          d.condition({ kind: "and", of: [left, right] }),
          d.condition({ kind: "or", of: [left, right] }),
        ];
      return {
        ceiling: yes(d),
        grants: [{ rule: 0, when: d.condition({ kind: "and", of: [left, right] }), ...bare }],
      };
    });
    const asked = request();
    // The oracle itself would take too long on it where nothing cuts it short; all that matter here hold.
    const explanation = explain(wide, null, asked);
    const count = (node: ConditionTree): number =>
      "of" in node ? node.of.reduce((sum, child) => sum + count(child), 1) : 1;
    expect(count(tree(explanation))).toBeLessThan(100_000);
    expect(JSON.stringify(tree(explanation))).toContain('"cut"');
  });
});

test("another engine gives the values of atoms alone, and is asked each once", () => {
  const made = program({ "north/a": "permit", "north/no": "forbid" }, (d) => {
    const when = titled(d, "Emma");
    return {
      grants: [{ rule: 0, when, ...bare }],
      forbids: [{ rule: 1, when: d.condition({ kind: "and", of: [when, titled(d, "Persuasion")] }) }],
    };
  });
  const table = made.tables[0] ?? expect.fail("no table");
  const asked: number[] = [];
  const explanation = explainFrom(made, null, table, {
    atom: (atom) => {
      asked.push(atom);
      return true;
    },
    fact: () => undefined,
    home: true,
  });
  expect(explanation.decision).toEqual({
    outcome: "deny",
    rules: ["north/no"],
    obligations: [],
    reason: "forbidden",
  });
  expect(asked.toSorted((a, b) => a - b)).toEqual([0, 1]);
});
