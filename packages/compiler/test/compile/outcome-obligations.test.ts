/** What obligations mean on permits, shares and requires, through the oracle. */
import { loadProgram, type Decision } from "@wardline/core";
import { expect, test } from "vitest";
import { compileLibrary, libraryModel, openPlatform } from "../check/library.ts";
import { ask, outcome, type Asked } from "./asking.ts";

const minute = 60_000_000;
const proved = { context: { mfa_age: 0, purpose: "audit" } };
const model = libraryModel
  .replace("  purpose: String?\n", "  purpose: String?\n  approved: Bool?\n  approved_age: Duration?\n")
  .replace(
    "evidence badge from context.mfa\n",
    "evidence badge from context.mfa\nevidence approval from context.approved, context.approved_age\nevidence second_pair from context.approved\n",
  );

/** The obligations of a permit without field effects. */
const duties = (policy: string, asked: Asked = proved): Decision["obligations"] =>
  ask({ policy, model }, asked).obligations;

test("a permit with a precondition is a grant, and counts once it is met", () => {
  const policy = "permit a: reader to read Book with reason";
  expect(ask({ policy })).toEqual({
    outcome: "challenge",
    rules: ["north/a"],
    obligations: [{ type: "reason" }],
    reason: null,
  });
  expect(outcome(policy, proved)).toBe("permit");
  expect(ask({ policy: `${policy}\npermit b: reader to read Book` })).toMatchObject({
    outcome: "permit",
    rules: ["north/b"],
  });
});

test("where no grant counts the alternatives are listed, the fewest preconditions first", () => {
  const policy =
    "permit a: reader to read Book with reason, step_up(mfa, within: 5m)\npermit b: reader to read Book with step_up(badge)\npermit c: reader to read Book with reason, step_up(badge)";
  const asked = { context: { mfa: false } };
  const badge = { type: "step_up", factor: "badge", within: null };
  expect(ask({ policy }, asked)).toEqual({
    outcome: "challenge",
    rules: ["north/a", "north/b", "north/c"],
    obligations: [badge],
    alternatives: [[badge], [{ type: "reason" }, { type: "step_up", factor: "mfa", within: 5 * minute }]],
    reason: null,
  });
});

test("what a require asks for stands in every alternative", () => {
  const policy =
    "permit a: reader to read Book with step_up(mfa)\npermit b: reader to read Book with step_up(badge)\nrequire r: reason for anyone to read Book";
  expect(ask({ policy }, { context: { mfa: false } }).alternatives).toEqual([
    [{ type: "step_up", factor: "badge", within: null }, { type: "reason" }],
    [{ type: "step_up", factor: "mfa", within: null }, { type: "reason" }],
  ]);
});

test("approval: met by the evidence of that name, or of the one that is named", () => {
  const approved = (more: object) => ({ context: { approved: true, ...more } });
  const plain = "permit a: reader to read Book with approval(within: 1h)";
  expect(ask({ policy: plain, model })).toMatchObject({
    outcome: "challenge",
    obligations: [{ type: "approval", by: "approval", within: 60 * minute }],
  });
  expect(ask({ policy: plain, model }, approved({})).outcome).toBe("challenge");
  expect(ask({ policy: plain, model }, approved({ approved_age: 60 * minute })).outcome).toBe("permit");
  expect(ask({ policy: plain, model }, approved({ approved_age: 60 * minute + 1 })).outcome).toBe(
    "challenge",
  );
  const named = "permit a: reader to read Book\nrequire r: approval(second_pair) for anyone to read Book";
  expect(ask({ policy: named, model })).toMatchObject({
    rules: ["north/r"],
    obligations: [{ type: "approval", by: "second_pair", within: null }],
  });
  expect(ask({ policy: named, model }, approved({})).outcome).toBe("permit");
});

test("audit: the most that is asked for; without a level that is all", () => {
  expect(duties("permit a: reader to read Book with audit")).toEqual([{ type: "audit", level: "full" }]);
  const two =
    "permit a: reader to read Book with audit(decision)\nrequire r: audit(fields) for anyone to read Book";
  expect(duties(two)).toEqual([{ type: "audit", level: "fields" }]);
});

test("duties of a grant that does not count, and of a require that does not apply, are none", () => {
  const policy =
    "permit a: reader to read Book\npermit b: reader to read Book with reason, audit(full)\nrequire r: notify(admins) for anyone to read Book when resource.lost";
  expect(duties(policy, {})).toEqual([]);
  expect(duties(policy, { row: { lost: true } })).toEqual([{ type: "notify", whom: "admins" }]);
});

test("notify: all who are named, each once", () => {
  const policy =
    "permit a: reader to read Book with notify(zed, admins)\nrequire r: notify(admins), notify(owner) for anyone to read Book";
  expect(duties(policy)).toEqual(["admins", "owner", "zed"].map((whom) => ({ type: "notify", whom })));
});

const limited = "permit a: reader to read Book with limit(20, per: day)";
const left = (rules: Readonly<Record<string, number>>, wait?: number): Asked => ({
  limits: Object.fromEntries(
    Object.entries(rules).map(([rule, count]) => [
      `north/${rule}`,
      { left: count, ...(wait === undefined ? {} : { retry_after: wait }) },
    ]),
  ),
});
const draw = (rule: string, count: number, per: string, by = "principal") => ({
  type: "limit",
  rule: `north/${rule}`,
  count,
  per,
  by,
});

test("limit: a permit draws from it, an exhausted one is none", () => {
  expect(duties(limited, left({ a: 1 }))).toEqual([draw("a", 20, "day")]);
  expect(ask({ policy: limited }, left({ a: 0 }, 5 * minute))).toEqual({
    outcome: "deny",
    rules: ["north/a"],
    obligations: [],
    reason: "not_granted",
    retry_after: 5 * minute,
  });
  expect(ask({ policy: limited }, left({ a: 0 }))).not.toHaveProperty("retry_after");
});

test("limit: what is left is a fact that a request must have, whole and not below zero", () => {
  for (const limits of [undefined, {}, { "north/a": {} }, { "north/a": { left: -1 } }])
    expect(ask({ policy: limited }, limits === undefined ? {} : { limits }).reason).toBe("invalid_input");
  expect(ask({ policy: limited }, { limits: { "north/a": { left: "20" } } }).reason).toBe("invalid_input");
});

test("limit: a grant without one that counts draws nothing, several with one draw from each", () => {
  const free = `${limited}\npermit b: reader to read Book`;
  expect(duties(free, left({ a: 1 }))).toEqual([]);
  expect(outcome(free, left({ a: 0 }))).toBe("permit");
  const both = `${limited}\npermit b: reader to read Book with limit(5, per: hour, by: tenant)`;
  expect(duties(both, left({ a: 1, b: 1 }))).toEqual([draw("a", 20, "day"), draw("b", 5, "hour", "tenant")]);
  expect(duties(both, left({ a: 0, b: 1 }))).toEqual([draw("b", 5, "hour", "tenant")]);
  expect(ask({ policy: both }, left({ a: 0, b: 0 }, minute)).rules).toEqual(["north/a", "north/b"]);
});

test("limit: an exhausted require denies whatever is granted", () => {
  const policy =
    "permit a: reader to read Book\nrequire r: limit(3, per: second, by: resource) for anyone to read Book";
  expect(duties(policy, left({ r: 1 }))).toEqual([draw("r", 3, "second", "resource")]);
  expect(ask({ policy }, left({ r: 0 }, 9))).toMatchObject({ rules: ["north/r"], retry_after: 9 });
});

test("limit: an update draws once, though it is asked twice", () => {
  const policy = "permit a: reader to update Book with limit(1, per: minute)";
  expect(ask({ policy }, { ...left({ a: 1 }), action: "update" }).obligations).toEqual([
    draw("a", 1, "minute"),
  ]);
});

test("masks of every kind, each on its types", () => {
  const { program, findings } = compileLibrary({
    policy:
      "permit a: reader to read Book with mask(title, partial(first: 2)), mask(note, token), mask(shelfmark, hash), mask(price, bucket(1_000)), mask(pages, bucket(10)), mask(acquired, month), mask(printed, year)",
  });
  expect(findings).toEqual([]);
  const table = program?.tables.find((t) => t.principal === "Member" && t.action === "read");
  expect(
    Object.fromEntries((table?.passes[0]?.grants[0]?.effects ?? []).map((e) => [e.field, e.mask])),
  ).toEqual({
    title: { kind: "partial_first", first: 2 },
    note: { kind: "token" },
    shelfmark: { kind: "hash" },
    price: { kind: "bucket", size: 1000 },
    pages: { kind: "bucket", size: 10 },
    acquired: { kind: "month" },
    printed: { kind: "year" },
  });
});

test("masks of one rule on one field: the strictest, whatever their order", () => {
  const masked = (terms: string) =>
    duties(`permit a: reader to read Book with ${terms}`, {}).map((o) => (o.type === "mask" ? o.mask : o));
  expect(masked("mask(title, partial(first: 4)), mask(title, partial(last: 4))")).toEqual([
    { kind: "redact" },
  ]);
  expect(masked("mask(title, partial(last: 4)), mask(title, partial(first: 2))")).toEqual([
    { kind: "partial_first", first: 2 },
  ]);
  expect(masked("mask(#secret, token), mask(shelfmark, initials)")).toEqual([{ kind: "token" }]);
});

test("a program with every obligation loads", () => {
  const { program } = compileLibrary({
    model,
    platform: `${openPlatform}floor f: director to read Book\nshare s: auditor to read Book with limit(1, per: day, by: tenant), audit(full), reason\n`,
    policy: `${limited}, reason, hide(price), notify(x)\nrequire r: approval, limit(9, per: hour), audit, mask(acquired, year) for anyone to act on Book`,
  });
  const loaded = loadProgram(JSON.parse(JSON.stringify(program)));
  expect("error" in loaded ? loaded.error : null).toBe(null);
});

test("annotations stand in the program as they are written", () => {
  const policy = '@control("A 1")\n@reviewed\nforbid f: anyone to read Book when resource.lost';
  expect(compileLibrary({ policy }).program?.rules.find(({ id }) => id === "north/f")?.annotations).toEqual([
    { name: "control", text: "A 1" },
    { name: "reviewed", text: null },
  ]);
});
