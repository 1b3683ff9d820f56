import type { FindingCase } from "./case.ts";

const when = (condition: string) => `permit a: reader to read Book when ${condition}`;

/** What is asked of texts and sets. */
export const methodCases: readonly FindingCase[] = [
  {
    code: "type/not-text",
    file: "policy",
    text: when('resource.pages.⟪starts_with⟫("1")'),
    says: "`resource.pages` is of type Int(1..5000), and no String",
    help: "`starts_with` is asked of a String",
  },
  {
    code: "type/not-text",
    file: "policy",
    text: when('resource.tags.⟪ends_with⟫("x")'),
    says: "Set<String>",
  },
  { code: "type/not-text", file: "policy", text: when('resource.genre.⟪starts_with⟫("l")') },
  { code: "type/not-text", file: "policy", text: when('resource.branch.⟪starts_with⟫("l")') },
  {
    code: "type/row-argument",
    file: "policy",
    text: when("resource.title.starts_with(⟪resource.shelfmark⟫)"),
    says: "`resource.shelfmark` cannot be the argument of `starts_with`",
    help: "give a literal, or an attribute of the principal, the context or the tenant",
  },
  { code: "type/row-argument", file: "policy", text: when("principal.email.ends_with(⟪resource.title⟫)") },
  { code: "type/row-argument", file: "policy", text: when("principal.tenant.contains(⟪resource.tenant⟫)") },
  {
    code: "type/row-argument",
    file: "policy",
    text: "permit a: reader to update Book when prior.title.contains(⟪next.title⟫)",
  },
  {
    code: "type/row-argument",
    file: "policy",
    text: when('resource.title.contains(⟪resource.note ?? "x"⟫)'),
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: when('⟪resource.note⟫.starts_with("x")'),
    help: "guard it before it is read, with `has resource.note and …`, or write `resource.note ?? VALUE`",
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: when("has context.purpose and resource.title.contains(⟪context.ticket⟫)"),
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: when('not has resource.note or not ⟪context.purpose⟫.contains("x")'),
  },
  { code: "type/mismatch", file: "policy", text: when("resource.title.contains(⟪principal.level⟫)") },
  { code: "type/literal", file: "policy", text: when("resource.title.contains(⟪5⟫)"), fix: '"5"' },
  { code: "name/unknown", file: "policy", text: when("resource.title.contains(⟪emma⟫)") },
  {
    code: "type/not-value",
    file: "policy",
    text: when('resource.title.starts_with(⟪["a", "b"]⟫)'),
    help: "write one `.starts_with(…)` for each, joined by `or`",
  },
  { code: "type/not-value", file: "policy", text: when("resource.title.contains(⟪resource.tags⟫)") },
  {
    code: "type/not-value",
    file: "policy",
    text: when("principal.sightings.contains(⟪now - 5m⟫)"),
    help: "compare it, as in `x < now - 5m`",
  },
  { code: "type/arguments", file: "policy", text: when('resource.title.⟪contains⟫("a", "b")') },
  {
    code: "type/arguments",
    file: "policy",
    text: when("resource.tags.⟪is_empty⟫(true)"),
    says: "`is_empty` takes no arguments, and is given 1",
    help: "leave them out",
  },
  {
    code: "type/arguments",
    file: "policy",
    text: when("resource.tags.contains_any(⟪principal.groups⟫)"),
    help: "list the values; two sets are not compared",
  },
  {
    code: "type/not-set",
    file: "policy",
    text: when('resource.title.⟪contains_any⟫(["a"])'),
    help: "write one `.contains(…)` for each text",
  },
  {
    code: "type/not-set",
    file: "policy",
    text: when("resource.title.⟪is_empty⟫(true)"),
    help: 'write `resource.title == ""`',
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when("resource.title.⟪is_empty⟫"),
    help: "`resource.title` has no attributes",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when('resource.title.⟪startswith⟫("a")'),
    fix: "starts_with",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when('resource.title.⟪matches⟫("a.*")'),
    help: "known: contains, contains_any, contains_all, starts_with, ends_with, is_empty",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when("principal.roles.⟪is_empty⟫(reader)"),
    help: "known: contains, contains_any, contains_all",
  },
  { code: "type/not-value", file: "policy", text: when("⟪principal.roles⟫.is_empty") },
  {
    code: "type/set",
    file: "policy",
    text: when("⟪tenant.plans⟫ == pro"),
    help: "use `.contains(…)`",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: when("resource.tags.⟪is_empty⟫ == true"),
    help: "`resource.tags` is a set: ask `resource.tags.is_empty` alone, or `.contains(…)`",
  },
  {
    code: "lint/always-same",
    file: "policy",
    text: when('resource.title.contains(⟪""⟫)'),
    says: "always true: every text holds the empty one",
  },
  { code: "model/needless-via", file: "model", text: "context { marks: Set<String> via ⟪marks(a, b)⟫ }" },
  { code: "model/type", file: "model", text: "context { marks: ⟪Set⟫<String>? }" },
];
