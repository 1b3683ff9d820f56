import type { FindingCase } from "./case.ts";

const when = (condition: string) => `permit a: reader to read Book when ${condition}`;

/** `now` and what is added to it, and the clock of the tenant. */
export const timeCases: readonly FindingCase[] = [
  {
    code: "type/literal",
    file: "policy",
    text: when("resource.acquired > now ⟪- 104250d⟫"),
    says: "`104250d` is not a value of type Duration",
    help: "a Duration is at most 104249d",
  },
  { code: "type/mismatch", file: "policy", text: when("now - 5m > ⟪resource.loan_time⟫") },
  {
    code: "type/mismatch",
    file: "policy",
    text: when("has resource.printed and resource.printed < ⟪now + 1d⟫"),
    says: "Date cannot be compared with Instant",
  },
  { code: "type/not-condition", file: "policy", text: when("⟪now - 5m⟫") },
  { code: "type/never-matches", file: "policy", text: when("⟪now - 5m == now⟫") },
  { code: "lint/always-same", file: "policy", text: when("⟪now + 5m > now⟫"), says: "this is always true" },
  { code: "lint/always-same", file: "policy", text: when("⟪now - 0s >= now⟫") },
  { code: "type/no-fact", file: "policy", text: when("⟪2026-01-01T00:00:00Z⟫ in [now]") },
  { code: "type/not-value", file: "policy", text: when("⟪clock⟫ == 12:00"), help: "write `clock.time`" },
  {
    code: "name/unknown",
    file: "policy",
    text: when("clock.⟪minute⟫ == 5"),
    says: "unknown part of the clock `minute`",
    help: "known: time, hour, weekday",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when("clock.⟪week_day⟫ == monday"),
    fix: "weekday",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when("clock.weekday in [saturday, ⟪sumday⟫]"),
    says: "unknown value of Weekday `sumday`",
    fix: "sunday",
  },
  {
    code: "type/literal",
    file: "policy",
    text: when('clock.weekday == ⟪"monday"⟫'),
    fix: "monday",
  },
  { code: "type/never-matches", file: "policy", text: when("⟪clock.hour == 24⟫") },
  { code: "lint/always-same", file: "policy", text: when("⟪clock.hour < 24⟫") },
  { code: "lint/always-same", file: "policy", text: when("⟪clock.time < 00:00⟫"), says: "always false" },
  { code: "type/literal", file: "policy", text: when("clock.hour == ⟪22:00⟫") },
  { code: "type/mismatch", file: "policy", text: when("clock.hour == ⟪clock.weekday⟫") },
  { code: "type/no-order", file: "policy", text: when("clock.weekday ⟪<⟫ friday") },
  { code: "lint/exact-time", file: "policy", text: when("⟪clock.time == 22:00⟫") },
  { code: "lint/exact-time", file: "policy", text: when("not (⟪06:00 != clock.time⟫)") },
  { code: "lint/exact-time", file: "policy", text: when("clock.time in [⟪22:00⟫, 05:00..06:00]") },
  {
    code: "guardrail/delegated",
    file: "platform",
    text: "forbid night: anyone to update Book when ⟪clock⟫.time in 22:00..06:00 or clock.hour == 7",
    says: "the rule reads `clock`, which tenants set",
    help: "if that is meant, end the rule with `trusting clock`",
  },
  {
    code: "guardrail/trusting-unused",
    file: "platform",
    text: "forbid night: anyone to update Book when resource.lost trusting ⟪clock⟫",
  },
  {
    code: "name/taken",
    file: "policy",
    text: "let ⟪monday⟫ = resource.lost\npermit a: reader to read Book when monday",
    says: "a value of Weekday",
  },
  { code: "name/taken", file: "model", text: "enum ⟪Weekday⟫ { work, rest }" },
];
