/** What a list says of itself: its kind, what would help, how fields are shown, what it owes. */
import { prepareFilters, type Residual } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import type { KnownFacts } from "@wardline/core";
import { expect, test } from "vitest";

const model = `model shop
context {
  mfa: Bool
  purpose: String?
  approved: Bool?
}
principal Person {
  team: String?
}
role clerk, boss for Person
evidence mfa from context.mfa
evidence reason from context.purpose
evidence approval from context.approved
entity Order stored in orders {
  owner: Person
  team: String?
  total: Int(0..1000)
  note: String
}
action list reads Order
`;

const filtersOf = (rules: string, platform: string) => {
  const source = (name: string, text: string) => ({ name, text });
  const { program, findings } = compile({
    model: source("model.ward", model),
    platform: [source("platform.ward", `platform for shop\nceiling all: anyone to list Order\n${platform}`)],
    policy: source("policy.ward", `policy north for shop\n${rules}`),
    tenant: "north",
  });
  if (program === null) throw new Error(findings.map(({ message }) => message).join("\n"));
  return prepareFilters(program);
};

const knownOf = (roles: readonly string[], more: Partial<KnownFacts> = {}): KnownFacts => ({
  tenant: { id: "north" },
  principal: { type: "Person", id: "ann", tenant: "north", roles, attributes: {} },
  context: { mfa: false },
  ...more,
});

const residual = (
  rules: string,
  roles: readonly string[],
  more: Partial<KnownFacts> = {},
  platform = "",
): Residual => filtersOf(rules, platform).filter("list", "Order", knownOf(roles, more)).residual;

const mfa = { type: "step_up", factor: "mfa", within: null };
const reason = { type: "reason" };

test("all, none, or some, as what is known leaves open", () => {
  const rules =
    "permit a: clerk to list Order\npermit b: boss to list Order when resource.owner == principal";
  expect(residual(rules, ["clerk", "boss"]).kind).toBe("always");
  expect(residual(rules, ["boss"])).toMatchObject({
    kind: "predicate",
    atoms: [{ kind: "compare", op: "eq", right: { kind: "constant", value: "ann" } }],
  });
  expect(residual(rules, [])).toMatchObject({
    kind: "never",
    decision: { reason: "not_granted" },
    challenge: [],
  });
});

test("an absent fact of the asker leaves no question to the row", () => {
  const rules =
    "permit a: anyone to list Order when has principal.team and has resource.team and resource.team == principal.team";
  expect(residual(rules, [])).toMatchObject({ kind: "never", decision: { reason: "not_granted" } });
});

test("a list that waits for a precondition says for which", () => {
  const all = residual("permit a: clerk to list Order with step_up(mfa)", ["clerk"]);
  expect(all).toMatchObject({
    kind: "never",
    decision: { outcome: "challenge", obligations: [mfa] },
    challenge: [[mfa]],
  });
  const own = "permit a: clerk to list Order when resource.owner == principal with step_up(mfa)";
  expect(residual(own, ["clerk"])).toMatchObject({ kind: "never", decision: null, challenge: [[mfa]] });
  const two = `${own}\npermit b: boss to list Order with reason`;
  expect(residual(two, ["clerk", "boss"])).toMatchObject({ kind: "never", challenge: [[reason], [mfa]] });
  const both = `${two}\nrequire c: approval for anyone to list Order`;
  const approval = { type: "approval", by: "approval", within: null };
  expect(residual(both, ["clerk"])).toMatchObject({ kind: "never", challenge: [[mfa, approval]] });
  expect(residual(both, ["clerk"], { context: { mfa: true, approved: true } }).kind).toBe("predicate");
});

test("what nothing beforehand would help has no challenge", () => {
  const rules =
    "permit a: clerk to list Order with step_up(mfa)\nforbid b: anyone to list Order when not context.mfa";
  expect(residual(rules, ["clerk"])).toMatchObject({
    kind: "never",
    decision: { reason: "forbidden", rules: ["north/b"] },
    challenge: [],
  });
});

test("rows that a require would challenge are left out, and the rest is there", () => {
  const rules =
    "permit a: clerk to list Order\nrequire b: reason for anyone to list Order when resource.total >= 500";
  expect(residual(rules, ["clerk"])).toMatchObject({
    kind: "predicate",
    atoms: [{ kind: "compare", op: "ge", right: { kind: "constant", value: 500 } }],
  });
  expect(residual(rules, ["clerk"], { context: { mfa: false, purpose: "audit" } }).kind).toBe("always");
});

test("an exhausted limit is no grant, and says when to ask again", () => {
  const rules = "permit a: clerk to list Order with limit(5, per: day)";
  const limits = (left: number) => ({ limits: { "north/a": { left, retry_after: 60 } } });
  expect(residual(rules, ["clerk"], limits(0))).toMatchObject({
    kind: "never",
    decision: { reason: "not_granted", rules: ["north/a"], retry_after: 60 },
  });
  expect(residual(rules, ["clerk"], limits(1))).toMatchObject({
    kind: "always",
    obligations: [{ obligation: { type: "limit", rule: "north/a" }, when: 1 }],
  });
  const free = `${rules}\npermit b: clerk to list Order`;
  expect(residual(free, ["clerk"], limits(1))).toMatchObject({ kind: "always", obligations: [] });
});

test("a field has one mask for all rows, or the first whose condition holds", () => {
  const rules = `permit a: clerk to list Order with mask(note, initials), audit(decision)
permit b: clerk to list Order when resource.owner == principal with audit(full)`;
  const found = residual(rules, ["clerk"]);
  expect(found).toMatchObject({
    kind: "always",
    fields: [
      {
        field: "note",
        masks: [
          { mask: { kind: "show" }, when: 2 },
          { mask: { kind: "initials" }, when: 1 },
        ],
      },
    ],
    obligations: [
      { obligation: { type: "audit", level: "full" }, when: 2 },
      { obligation: { type: "audit", level: "decision" } },
    ],
  });
  expect(residual(`${rules}\nrequire c: hide(note) for anyone to list Order`, ["clerk"])).toMatchObject({
    fields: [{ field: "note", masks: [{ mask: { kind: "hide" }, when: 1 }] }],
  });
});

test("a floor makes the tenant's forbids and the ceiling not bind", () => {
  const rules = "forbid a: anyone to list Order\npermit b: clerk to list Order";
  const floor = "floor f: boss to list Order when resource.owner == principal\n";
  expect(residual(rules, ["boss"], {}, floor)).toMatchObject({
    kind: "predicate",
    rules: ["platform/f", "north/a"],
  });
  expect(residual(rules, ["clerk"], {}, floor)).toMatchObject({
    kind: "never",
    decision: { reason: "forbidden" },
  });
});

test("what one asker was answered is not another's: limits, homes and values", () => {
  const rules = `permit a: clerk to list Order with limit(5, per: day)
permit b: boss to list Order when resource.owner == principal`;
  const filters = filtersOf(rules, "");
  const kindOf = (roles: readonly string[], more: Partial<KnownFacts>) =>
    filters.filter("list", "Order", knownOf(roles, more)).kind;
  const limits = (left: number) => ({ limits: { "north/a": { left } } });
  const principal = (id: string, tenant: string) => ({
    ...knownOf(["boss"]),
    ...limits(1),
    principal: { type: "Person", id, tenant, roles: ["boss"], attributes: {} },
  });
  for (const left of [1, 0, 1, 0])
    expect(kindOf(["clerk"], limits(left))).toBe(left === 0 ? "never" : "always");
  const row = { id: "o", tenant: "north", attributes: { owner: "eve", total: 1, note: "" } };
  for (const id of ["eve", "ann", "eve"]) {
    const found = filters.filter("list", "Order", principal(id, "north"));
    expect(found.matches(row)).toBe(id === "eve");
    expect(filters.filter("list", "Order", principal(id, "south")).kind).toBe("never");
  }
});

test("what is done to one's document is done to nobody else's", () => {
  const filters = filtersOf("permit a: clerk to list Order with step_up(mfa)", "");
  const challengeOf = () => {
    const { residual: found } = filters.filter("list", "Order", knownOf(["clerk"]));
    return found.kind === "never" ? (found.challenge as unknown[][]) : [];
  };
  challengeOf()[0]?.pop();
  challengeOf().pop();
  expect(challengeOf()).toEqual([[mfa]]);
});

test("of two ends of a text that show as much neither is shown where both could be", () => {
  const rules = `permit a: clerk to list Order with mask(note, partial(last: 2))
permit b: clerk to list Order when resource.owner == principal with mask(note, partial(first: 2))`;
  expect(residual(rules, ["clerk"])).toMatchObject({
    fields: [
      {
        masks: [
          { mask: { kind: "redact" }, when: 2 },
          { mask: { kind: "partial", last: 2 }, when: 1 },
        ],
      },
    ],
  });
});
