import { describe, expect, test } from "vitest";
import { evaluate, nearestMiss, type Pass, type Program, type SourceMap } from "../../src/index.ts";
import { Draft, request } from "../evaluate/small-program.ts";
import { wideProgram } from "../search/wide-program.ts";
import { processorTime } from "../../src/testing/index.ts";

const bare = { effects: [] };

/** One pass on `resource`; every rule is what its name begins with. */
function program(ids: readonly string[], build: (draft: Draft) => Partial<Pass>): Program {
  const draft = new Draft();
  draft.base(["resource"]);
  const ceiling = draft.always();
  const pass: Pass = { row: "resource", ceiling, forbids: [], grants: [], requires: [], ...build(draft) };
  const made = draft.program("read", ids, [pass]);
  const kinds = ["permit", "forbid", "require", "ceiling", "floor", "share"] as const;
  const kindOf = (id: string) => kinds.find((kind) => id.split("/")[1]?.startsWith(kind)) ?? "permit";
  return { ...made, rules: made.rules.map((rule) => ({ ...rule, kind: kindOf(rule.id) })) };
}

const fact = (draft: Draft, name: string) => {
  const known = draft.slots.find((s) => s.source.from === "row_attribute" && s.source.name === name);
  return known?.id ?? draft.slot({ from: "row_attribute", row: "resource", name });
};
const is = (draft: Draft, name: string, value: string, negated = false) =>
  draft.atom(
    {
      kind: "compare",
      op: "eq",
      left: { kind: "slot", slot: fact(draft, name), fallback: null },
      right: { kind: "constant", value, type: { kind: "string" } },
    },
    negated,
  );
const role = (draft: Draft, name: string) => draft.atom({ kind: "role", slot: 2, roles: [name] });
const texts = (made: Program, asked: unknown = request(), map: SourceMap | null = null) =>
  nearestMiss(made, map, asked)?.misses.map((miss) => miss.text);

describe("a request that is not permitted", () => {
  test("would be permitted by a role, with the place of the rule", () => {
    const made = program(["north/permit_a"], (d) => ({
      grants: [{ rule: 0, when: role(d, "keeper"), ...bare }],
    }));
    expect(texts(made)).toEqual([
      "would be permitted if `principal has role keeper` were true (north.ward:1)",
    ]);
    const [miss] = nearestMiss(made, null, request())?.misses ?? [];
    expect(miss?.request).toMatchObject({ principal: { id: "ada", roles: ["reader", "keeper"] } });
    expect(evaluate(made, miss?.request).outcome).toBe("permit");
  });

  test("would be permitted by words of the source, at their own line", () => {
    const made = program(["north/permit_a"], (d) => ({
      grants: [{ rule: 0, when: is(d, "title", "Persuasion"), ...bare }],
    }));
    const place = {
      rule: 0,
      file: "north.ward",
      line: 33,
      column: 8,
      text: 'resource.title == "Persuasion"',
    };
    expect(texts(made, request(), { atoms: [[place]] })).toEqual([
      'would be permitted if `resource.title == "Persuasion"` were true (north.ward:33)',
    ]);
  });

  test("would be permitted without a forbid; of two forbids both have to go", () => {
    const made = program(["north/forbid_a", "north/forbid_b", "north/permit_c"], (d) => ({
      forbids: [
        { rule: 0, when: is(d, "title", "Emma") },
        { rule: 1, when: is(d, "card", "1", true) },
      ],
      grants: [{ rule: 2, when: d.always(), ...bare }],
    }));
    expect(texts(made)).toEqual([
      'would be permitted if `resource.title == "Emma"` were false (north.ward:1) and `resource.card == "1"` were true (north.ward:2)',
    ]);
  });

  test("would be permitted by a floor rather than by all that a permit lacks", () => {
    const made = program(["platform/floor_a", "north/forbid_b", "north/permit_c"], (d) => ({
      grants: [
        { rule: 0, when: role(d, "owner"), ...bare },
        { rule: 2, when: is(d, "title", "Persuasion"), ...bare },
      ],
      forbids: [{ rule: 1, when: is(d, "card", "1", true) }],
    }));
    expect(texts(made)).toEqual([
      "would be permitted if `principal has role owner` were true (north.ward:1)",
    ]);
  });

  test("needs what a precondition asks for", () => {
    const made = program(["north/permit_a", "north/require_b"], (d) => ({
      grants: [{ rule: 0, when: d.always(), ...bare }],
      requires: [
        {
          rule: 1,
          when: d.always(),
          ...bare,
          preconditions: [{ obligation: { type: "reason" }, met: is(d, "card", "shown") }],
        },
      ],
    }));
    expect(texts(made)).toEqual([
      'would be permitted if `resource.card == "shown"` were true (north.ward:2)',
    ]);
  });

  test("needs something left of a limit", () => {
    const made = program(["north/permit_a"], (d) => {
      const limit = { from: "limit", rule: "north/permit_a" } as const;
      const left = d.slot({ ...limit, part: "left" }, { kind: "int", min: 0, max: Number.MAX_SAFE_INTEGER });
      const retryAfter = d.slot({ ...limit, part: "retry_after" }, { kind: "duration" }, true);
      const obligation = {
        type: "limit",
        rule: "north/permit_a",
        count: 1,
        per: "day",
        by: "tenant",
      } as const;
      return { grants: [{ rule: 0, when: d.always(), ...bare, limit: { obligation, left, retryAfter } }] };
    });
    const spent = request({ limits: { "north/permit_a": { left: 0 } } });
    expect(nearestMiss(made, null, spent)).toMatchObject({
      misses: [
        {
          changes: [{ kind: "limit", rule: "north/permit_a", to: true }],
          request: { limits: { "north/permit_a": { left: 1 } } },
          text: "would be permitted if something were left of the limit of north/permit_a (north.ward:1)",
        },
      ],
    });
  });

  test("has none where no fact would do, and says so without a bound", () => {
    const made = program(["north/permit_a"], (d) => ({
      grants: [{ rule: 0, when: role(d, "keeper"), ...bare }],
    }));
    const away = request({ principal: { type: "Member", id: "eve", tenant: "south", roles: [] } });
    expect(nearestMiss(made, null, away)).toEqual({ towards: "permit", misses: [], bounded: false });
    expect(nearestMiss(made, null, request({ tenant: { id: "south" } }))).toBeNull();
    expect(nearestMiss(made, null, {})).toBeNull();
  });

  test("is never told to be of another tenant", () => {
    const made = program(["north/permit_a"], (d) => ({
      grants: [
        {
          rule: 0,
          when: d.atom({
            kind: "compare",
            op: "eq",
            left: { kind: "slot", slot: 1, fallback: null },
            right: { kind: "constant", value: "south", type: { kind: "string" } },
          }),
          ...bare,
        },
      ],
    }));
    expect(nearestMiss(made, null, request())).toEqual({ towards: "permit", misses: [], bounded: false });
  });

  test("with more than one answer to change than the size lets says that it was cut short", () => {
    const names = ["a", "b", "c", "d", "e"];
    const made = program(["north/permit_a"], (d) => ({
      grants: [
        { rule: 0, when: d.condition({ kind: "and", of: names.map((name) => role(d, name)) }), ...bare },
      ],
    }));
    expect(nearestMiss(made, null, request())).toEqual({ towards: "permit", misses: [], bounded: true });
    expect(nearestMiss(made, null, request(), { size: 5 })?.misses[0]?.changes).toHaveLength(5);
    expect(nearestMiss(made, null, request(), { size: 5, states: 3 })?.bounded).toBe(true);
  });
});

test("a request that is permitted would be denied by the least that would do it", () => {
  const made = program(["north/permit_a", "north/permit_b", "north/forbid_c"], (d) => ({
    grants: [
      { rule: 0, when: role(d, "reader"), ...bare },
      { rule: 1, when: is(d, "title", "Emma"), ...bare },
    ],
    forbids: [{ rule: 2, when: is(d, "card", "1") }],
  }));
  expect(texts(made)).toEqual(['would be denied if `resource.card == "1"` were true (north.ward:3)']);
});

test("a set that no request has gives way to one that some request has", () => {
  // The title is Emma or Persuasion and never both.
  const made = program(["north/permit_a", "north/permit_b"], (d) => {
    const emma = is(d, "title", "Emma");
    const both = d.condition({ kind: "and", of: [emma, is(d, "title", "Persuasion")] });
    const roles = d.condition({ kind: "and", of: [role(d, "keeper"), role(d, "owner")] });
    return {
      grants: [
        { rule: 0, when: both, ...bare },
        { rule: 1, when: roles, ...bare },
      ],
    };
  });
  const nearest = nearestMiss(made, null, request());
  expect(nearest?.misses.map((miss) => [miss.changes.length, miss.request !== null])).toEqual([[2, true]]);
});

test("sets that no request has are given where there is nothing else, as such", () => {
  const made = program(["north/permit_a"], (d) => {
    const emma = is(d, "title", "Emma");
    return {
      grants: [
        { rule: 0, when: d.condition({ kind: "and", of: [emma, is(d, "title", "Persuasion")] }), ...bare },
      ],
    };
  });
  expect(nearestMiss(made, null, request())?.misses).toMatchObject([
    {
      request: null,
      decision: { outcome: "permit" },
      text: expect.stringContaining('"Persuasion"` were true'),
    },
  ]);
});

test("many permits give few misses, in a fixed order", () => {
  const asked = {
    tenant: { id: "north", attributes: { paid: false } },
    principal: { type: "User", id: "ada", tenant: "north", roles: [], attributes: { level: 0 } },
    action: { name: "read" },
    resource: {
      type: "File",
      id: "f",
      tenant: "north",
      attributes: {
        title: "t",
        cost: "1.00",
        unit: "u",
        colour: "red",
        tags: ["x"],
        made: "2020-01-01T00:00:00.000000Z",
      },
    },
    references: { "resource.unit": {} },
    context: { ip: "192.0.2.1" },
    ancestors: { principal: { Unit: [] }, "resource.unit": { Unit: [] } },
    relations: { watches: [] },
    limits: { "north/p0": { left: 1 } },
    now: "2026-01-05T12:00:00.000000Z",
    clock: { time: "13:00:00.000000", hour: 13, weekday: "monday" },
  };
  expect(evaluate(wideProgram, asked).outcome).toBe("permit");
  const nearest = nearestMiss(wideProgram, null, asked, { size: 3 });
  expect(nearest).toEqual(nearestMiss(wideProgram, null, asked, { size: 3 }));
  expect(nearest?.towards).toBe("deny");
});

test("a program that shares its parts without end is searched in no time", () => {
  const made = program(["north/permit_a"], (d) => {
    const somebody = d.atom({
      kind: "compare",
      op: "eq",
      left: { kind: "slot", slot: 0, fallback: null },
      right: { kind: "constant", value: "bo", type: { kind: "string" } },
    });
    let [left, right] = [somebody, role(d, "keeper")];
    for (let i = 0; i < 60; i += 1)
      [left, right] = [
        d.condition({ kind: "and", of: [left, right] }),
        d.condition({ kind: "or", of: [left, right] }),
      ];
    return { grants: [{ rule: 0, when: d.condition({ kind: "and", of: [left, right] }), ...bare }] };
  });
  const start = processorTime();
  // Nobody becomes another, so that the answers are only forced: the oracle would not come through a request so soon.
  expect(nearestMiss(made, null, request())?.misses).toMatchObject([
    { changes: [{ to: true }, { to: true }], request: null, decision: { outcome: "permit" } },
  ]);
  expect(processorTime() - start).toBeLessThan(5000);
});
