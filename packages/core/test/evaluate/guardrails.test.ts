/** Floors and shares, and what tenants can do about them. */
import { describe, expect, test } from "vitest";
import type { Decision, Pass, Program } from "../../src/index.ts";
import { decide, reading } from "./deciding.ts";
import { Draft, request } from "./small-program.ts";

const rules = [
  "platform/floor floor",
  "platform/forbid forbid",
  "platform/require require",
  "platform/share share",
  "north/forbid forbid",
  "north/permit",
  "north/require require",
];
const rule = (id: string) => rules.findIndex((text) => text.startsWith(`${id} `) || text === id);
const abroad = request({ principal: { type: "Member", id: "ada", tenant: "south", roles: [] } });

/** Each rule by its name holds or not; what is not named does not stand in the program. */
function program(holds: Readonly<Record<string, boolean>>, ceiling = true): Program {
  return reading((d) => {
    const entry = (id: string) =>
      holds[id] === undefined ? [] : [{ rule: rule(id), when: d.constant(holds[id]) }];
    const hide = [{ field: "card", mask: { kind: "hide" } }] as const;
    const asks = (id: string) =>
      entry(id).map((one) => ({
        ...one,
        effects: hide,
        preconditions: [{ obligation: { type: "reason" } as const, met: d.constant(false) }],
        duties: [{ type: "notify", whom: id.replace("/", "_") } as const],
      }));
    return {
      ceiling: d.constant(ceiling),
      forbids: [...entry("platform/forbid"), ...entry("north/forbid")],
      grants: [
        ...entry("platform/floor").map((one) => ({ ...one, effects: [] })),
        ...entry("platform/share").map((one) => ({ ...one, effects: hide })),
        ...entry("north/permit").map((one) => ({ ...one, effects: hide })),
      ],
      requires: [...asks("platform/require"), ...asks("north/require")],
    };
  }, rules);
}

const denied = (reason: Decision["reason"], ...by: readonly string[]) => ({
  outcome: "deny",
  rules: by,
  obligations: [],
  reason,
});

describe("a floor", () => {
  test("grants above a ceiling that does not hold and a tenant's forbid", () => {
    expect(decide(program({ "platform/floor": true, "north/forbid": true }, false), request())).toEqual({
      outcome: "permit",
      rules: ["platform/floor"],
      obligations: [],
      reason: null,
    });
  });

  test("is none where it does not match, and abroad", () => {
    expect(decide(program({ "platform/floor": false }), request())).toEqual(denied("not_granted"));
    expect(decide(program({ "platform/floor": true }), abroad)).toEqual(denied("not_granted"));
    expect(decide(program({ "platform/floor": false, "north/forbid": true }), request())).toEqual(
      denied("forbidden", "north/forbid"),
    );
  });

  test("yields to a forbid of the platform, which alone is named", () => {
    const all = { "platform/floor": true, "platform/forbid": true, "north/forbid": true };
    expect(decide(program(all), request())).toEqual(denied("forbidden", "platform/forbid"));
  });

  test("leaves a tenant's require its duties alone", () => {
    expect(decide(program({ "platform/floor": true, "north/require": true }), request())).toEqual({
      outcome: "permit",
      rules: ["platform/floor"],
      obligations: [{ type: "notify", whom: "north_require" }],
      reason: null,
    });
  });

  test("does not lift the platform's require", () => {
    expect(decide(program({ "platform/floor": true, "platform/require": true }), request())).toEqual({
      outcome: "challenge",
      rules: ["platform/require"],
      obligations: [{ type: "reason" }],
      reason: null,
    });
  });

  test("shows all, whatever a permit beside it hides; a tenant's forbid takes the permit alone", () => {
    const both = { "platform/floor": true, "north/permit": true };
    expect(decide(program(both), request())).toMatchObject({
      rules: ["platform/floor", "north/permit"],
      obligations: [],
    });
    expect(decide(program({ ...both, "north/forbid": true }), request()).rules).toEqual(["platform/floor"]);
  });
});

describe("a share", () => {
  test("grants abroad, below the ceiling, and not at home", () => {
    expect(decide(program({ "platform/share": true }), abroad)).toMatchObject({
      outcome: "permit",
      rules: ["platform/share"],
      obligations: [{ type: "hide", field: "card" }],
    });
    expect(decide(program({ "platform/share": true }, false), abroad)).toEqual(denied("not_granted"));
    expect(decide(program({ "platform/share": true }), request())).toEqual(denied("not_granted"));
    expect(decide(program({ "platform/share": false, "north/permit": true }), abroad)).toEqual(
      denied("not_granted"),
    );
  });

  test("yields to the forbids and requires of both", () => {
    for (const id of ["platform/forbid", "north/forbid"])
      expect(decide(program({ "platform/share": true, [id]: true }), abroad)).toEqual(
        denied("forbidden", id),
      );
    for (const id of ["platform/require", "north/require"])
      expect(decide(program({ "platform/share": true, [id]: true }), abroad)).toMatchObject({
        outcome: "challenge",
        rules: [id],
      });
  });

  test("opens no row of another tenant", () => {
    const elsewhere = { ...abroad, resource: { ...abroad.resource, tenant: "south" } };
    expect(decide(program({ "platform/share": true }), elsewhere)).toEqual(denied("out_of_scope"));
  });
});

test("each row of an update has its own floor", () => {
  const draft = new Draft();
  draft.base(["prior", "next"]);
  const passes = (["prior", "next"] as const).map((row): Pass => ({
    row,
    ceiling: draft.always(),
    forbids: [{ rule: 1, when: draft.constant(true) }],
    grants: [{ rule: 0, when: draft.constant(row === "prior"), effects: [] }],
    requires: [],
  }));
  const updating = draft.program("update", ["platform/floor floor", "north/forbid forbid"], passes);
  const row = { id: "1", tenant: "north" };
  const asked = request({
    action: { name: "update" },
    resource: { type: "Loan" },
    prior: row,
    next: row,
  });
  expect(decide(updating, asked)).toEqual(denied("forbidden", "north/forbid"));
});
