import type { FindingCase } from "./case.ts";
import { libraryModel } from "./library.ts";

const many = (count: number, term: (i: number) => string, join: string) =>
  Array.from({ length: count }, (_, i) => term(i)).join(join);

/** Ten lets, each twice the one before: 2^n terms from a short text. */
const doubling = [
  "let x0 = resource.lost or resource.pages == 1",
  ...Array.from({ length: 16 }, (_, i) => `let x${i + 1} = x${i} or x${i}`),
].join("\n");

/** Two dozen more types: what is small for one of them is large for all. */
const shelves = `${libraryModel}
${many(24, (i) => `entity Shelf${i} stored in shelves_${i} { full: Bool }`, "\n")}
action look, search reads ${many(24, (i) => `Shelf${i}`, ", ")}
`;

/** Lets that add to each other's depth. */
const nested = [
  "let x0 = resource.lost",
  ...Array.from({ length: 130 }, (_, i) => `let x${i + 1} = resource.lost and (not x${i})`),
].join("\n");

const withShelf = `${libraryModel}
entity Shelf stored in shelves { places: Int(10..20) }
action measure reads Shelf
`;

/** Expressions. */
export const typeCases: readonly FindingCase[] = [
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when resource.title == ⟪resource.pages⟫",
    says: "String cannot be compared with Int(1..5000)",
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when resource.price > ⟪resource.pages⟫",
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when resource.genre == ⟪tenant.plan⟫",
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when resource.branch == ⟪resource.title⟫",
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: 'permit a: reader to read Book when resource.title in ["a", ⟪resource.pages⟫]',
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when resource.tags.contains(⟪resource.pages⟫)",
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when guards(⟪resource.title⟫, resource)",
  },
  {
    code: "type/mismatch",
    file: "policy",
    text: "permit a: reader to read Book when guards(⟪resource.tags⟫, resource)",
  },
  {
    code: "type/no-order",
    file: "policy",
    text: 'permit a: reader to read Book when resource.title ⟪<⟫ "m"',
    says: "type String",
  },
  {
    code: "type/no-order",
    file: "policy",
    text: "permit a: reader to read Book when resource.genre ⟪>=⟫ science",
  },
  {
    code: "type/no-order",
    file: "policy",
    text: "permit a: reader to read Book when principal ⟪<⟫ principal",
  },
  {
    code: "type/not-condition",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪resource.note⟫ and resource.note == "x"',
    help: "whether it is there is asked with `has resource.note`",
    fix: "has resource.note",
  },
  {
    code: "type/not-condition",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.title⟫",
    says: "of type String",
  },
  { code: "type/not-condition", file: "policy", text: "permit a: reader to read Book when not ⟪principal⟫" },
  {
    code: "type/not-condition",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.tags⟫",
    help: "use `.contains(…)`",
  },
  { code: "type/not-condition", file: "policy", text: "permit a: reader to read Book when ⟪12⟫" },
  {
    code: "type/not-condition",
    file: "policy",
    text: "permit a: reader to read Book when ⟪fiction⟫",
    says: "the value `fiction`",
  },
  { code: "type/not-condition", file: "policy", text: "permit a: reader to read Book when ⟪now⟫" },
  { code: "type/not-condition", file: "policy", text: "permit a: reader to read Book when ⟪[1, 2]⟫" },
  { code: "type/not-condition", file: "policy", text: "permit a: reader to read Book when ⟪22:00..06:00⟫" },
  { code: "type/not-condition", file: "policy", text: 'permit a: reader to read Book when ⟪Branch "x"⟫' },
  {
    code: "type/not-condition",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪resource.note ?? "x"⟫',
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "permit a: reader to read Book when resource.lost == (⟪resource.pages > 3⟫)",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "permit a: reader to read Book when ⟪context⟫ == 3",
    help: "write `context.NAME`",
  },
  { code: "type/not-value", file: "policy", text: "permit a: reader to read Book when ⟪tenant⟫" },
  {
    code: "type/not-value",
    file: "policy",
    text: 'permit a: reader to read Book when resource.title == ⟪["a"]⟫',
    help: "write `in [..]`",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: 'permit a: reader to read Book when resource.tags.contains(⟪["a"]⟫)',
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "permit a: reader to read Book when resource.tags.contains(⟪resource.tags⟫)",
    says: "a set",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "permit a: reader to read Book when ⟪principal.roles⟫ == 1",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: 'permit a: reader to read Book when principal.roles.contains(⟪"reader"⟫)',
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "let same = resource.lost\npermit a: reader to read Book when resource.lost == ⟪same⟫",
    says: "the condition `same`",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "permit a: reader to read Book when resource.lost == ⟪guards(principal, resource)⟫",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: 'permit a: reader to read Book when resource.tags.⟪contains⟫("a") == true',
  },
  {
    code: "type/not-value",
    file: "policy",
    text: "let same = resource.lost\npermit a: reader to read Book when ⟪same.lost⟫",
  },
  {
    code: "type/not-value",
    file: "policy",
    text: 'permit a: reader to read Book when resource.note ?? ⟪[1]⟫ == "x"',
  },
  { code: "type/not-value", file: "policy", text: "permit a: reader to read Book with ⟪principal⟫" },
  { code: "type/not-value", file: "policy", text: 'permit a: reader to read Book with hide(⟪"title"⟫)' },
  { code: "type/not-value", file: "policy", text: "permit a: reader to read Book with mask(title, ⟪4⟫)" },
  {
    code: "type/no-fact",
    file: "policy",
    text: "permit a: reader to read Book when ⟪1 == 1⟫",
    help: "one of its sides is a fact, such as `resource.NAME`",
  },
  { code: "type/no-fact", file: "policy", text: "permit a: reader to read Book when ⟪fiction == science⟫" },
  {
    code: "type/null",
    file: "policy",
    text: 'permit a: reader to read Book when resource.note ?? ⟪null⟫ == "x"',
    help: "what may be absent is asked for with `has`, as in `has resource.NAME`",
  },
  {
    code: "type/null",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.keeper != null⟫ and resource.keeper == principal",
    says: "there is no `null`",
    help: "write `has resource.keeper`",
    fix: "has resource.keeper",
  },
  {
    code: "type/null",
    file: "policy",
    text: "permit a: reader to read Book when ⟪nil == resource.keeper⟫ or resource.keeper == principal",
    help: "write `not has resource.keeper`",
    fix: "not has resource.keeper",
  },
  {
    code: "type/null",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.title != null⟫",
    help: "`resource.title` is never absent: leave the comparison out",
  },
  {
    code: "type/null",
    file: "policy",
    text: "permit a: reader to read Book when resource.genre in [law, ⟪none⟫]",
    help: "what may be absent is asked for with `has`, as in `has resource.NAME`",
  },
  { code: "type/null", file: "policy", text: "permit a: reader to read Book when resource.pages < ⟪null⟫" },
  { code: "type/no-fact", file: "policy", text: 'permit a: reader to read Book when ⟪"a"⟫ in ["a"]' },
  {
    code: "type/no-fact",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪guards(Member "ada", Book "0198c0de-0000-7000-8000-000000000001")⟫',
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.pages > ⟪"100"⟫',
    says: '`"100"` is not a value of type Int(1..5000)',
  },
  { code: "type/literal", file: "policy", text: "permit a: reader to read Book when resource.pages > ⟪1.5⟫" },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.pages > ⟪9007199254740992⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.price > ⟪1.005⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.price > ⟪1_000_000.00⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.genre == ⟪"fiction"⟫',
    help: "write `fiction` without quotes",
    fix: "fiction",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.title == ⟪fiction⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.title == ⟪reader⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.branch == ⟪"0198c0de-0000-7000-8000-000000000001"⟫',
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.branch == ⟪Branch "main"⟫',
    says: "its key is a UUID",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.title == ⟪Member "ada"⟫',
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.loan_time > ⟪30⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.acquired > ⟪3d⟫",
  },
  { code: "type/literal", file: "policy", text: "permit a: reader to read Book when resource.lost == ⟪1⟫" },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.loan_time > ⟪99999999999999w⟫",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.tags.contains(⟪3⟫)",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.damaged ?? ⟪"no"⟫',
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.keeper ?? ⟪Branch "0198c0de-0000-7000-8000-000000000001"⟫ == principal',
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when has resource.code and resource.code == ⟪"0198c0de-0000-7000-8000-0000000000aa"⟫',
    help: "write it without quotes",
    fix: "0198c0de-0000-7000-8000-0000000000aa",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.price > ⟪"1000.00"⟫',
    help: "write it without quotes",
    fix: "1000.00",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.pages > ⟪"3"⟫',
    help: "write it without quotes",
    fix: "3",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.acquired < ⟪"2026-01-01T00:00:00Z"⟫',
    help: "write it without quotes",
    fix: "2026-01-01T00:00:00Z",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.loan_time < ⟪"3d"⟫',
    help: "write it without quotes",
    fix: "3d",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.lost == ⟪"true"⟫',
    help: "write it without quotes",
    fix: "true",
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.branch == ⟪"0198c0de-0000-7000-8000-0000000000aa"⟫',
    help: 'write `Branch "0198c0de-0000-7000-8000-0000000000aa"`',
    fix: 'Branch "0198c0de-0000-7000-8000-0000000000aa"',
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.loan_time > ⟪3⟫",
    help: "say the unit: `us`, `ms`, `s`, `m`, `h`, `d` or `w`, as in `3d`",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.price > ⟪1000.005⟫",
    help: "write at most 6 digits before the point and 2 after it",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.pages > ⟪1.5⟫",
    help: "Int(1..5000) has whole numbers only",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.title == ⟪3⟫",
    help: 'a String is written in quotes: `"3"`',
    fix: '"3"',
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.title == ⟪fiction⟫",
    help: 'a String is written in quotes: `"fiction"`',
    fix: '"fiction"',
  },
  {
    code: "type/literal",
    file: "policy",
    text: 'permit a: reader to read Book when resource.genre == ⟪"poetry"⟫',
    help: "its values are fiction, science, law",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.genre == ⟪1⟫",
    help: "its values are fiction, science, law",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.lost == ⟪0⟫",
    help: "write `true` or `false`",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.acquired > ⟪3d⟫",
    help: "an Instant is written `2026-01-31T12:00:00Z`",
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when resource.branch == ⟪3⟫",
    help: 'write `Branch "ID"`',
  },
  {
    code: "type/literal",
    file: "policy",
    text: "permit a: reader to read Book when has resource.code and resource.code == ⟪3⟫",
    help: "a UUID is written without quotes, in five groups",
  },
  {
    code: "type/missing-attribute",
    file: "policy",
    text: "permit a: anyone to read Book when principal.⟪level⟫ > 1",
    says: "`Scanner` has no `level`",
    help: "narrow the rule by role or type",
  },
  {
    code: "type/missing-attribute",
    file: "policy",
    text: "let long = resource.⟪pages⟫ > 1\npermit a: reader to read Book when long\npermit both: reader to read Book, Loan when long",
    says: "`Loan` has no `pages`, and the rule `both` reaches it",
  },
  {
    code: "type/missing-attribute",
    file: "policy",
    text: "permit a: reader to read Book, Loan when resource.⟪pages⟫ > 1",
    says: "`Loan` has no `pages`",
  },
  {
    code: "type/missing-attribute",
    file: "policy",
    text: "permit a: reader to read Book, Loan when not resource.lost with hide(⟪pages⟫)",
    says: "`Loan` has no `pages`",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: robot to read Book when ⟪principal == resource.branch⟫",
    says: "one side is of type Scanner, the other of type Branch",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: 'permit a: robot to read Book when not ⟪resource.branch == Member "ada"⟫',
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: robot to read Book when guards(⟪principal⟫, resource)",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: robot to read Book when principal in ⟪resource.branch⟫",
    says: "no Scanner is ever in a Branch",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: robot to read Book when resource.reserved_for.contains(⟪principal⟫)",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: robot to read Book when principal.roles.contains(⟪reader⟫)",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: reader to read Book when ⟪principal.level == 9⟫",
    says: "one side is of type Int(0..5), the other 9",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: reader to read Book when not ⟪-1 != principal.level⟫",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: reader to read Book when principal.level in [0, 5, ⟪6⟫]",
  },
  {
    code: "type/never-matches",
    file: "policy",
    model: withShelf,
    text: "permit a: reader to measure Shelf when principal.level in [⟪resource.places⟫, principal.tier]",
    says: "one side is of type Int(0..5), the other of type Int(10..20)",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.id == principal.id⟫",
    says: "a Book is never a Member",
  },
  {
    code: "type/never-matches",
    file: "policy",
    text: "permit a: reader to read Book when guards(⟪resource, principal⟫)",
    says: "`guards` takes a Member first, then a Book",
    help: "swap the two: `principal, resource`",
  },
  {
    code: "type/never-matches",
    file: "policy",
    model: `${libraryModel}
entity Estate stored in estates { name: String }
relation leads(Member, Estate) via estate_leads(member_id, estate_id)
action inspect reads Estate
`,
    text: "permit a: reader to inspect Estate when leads(principal, ⟪principal⟫)",
    says: "an Estate is wanted, and this is a Member",
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪resource.note⟫ == "x"',
    help: "guard it before it is read, with `has resource.note and …`, or write `resource.note ?? VALUE`",
  },
  { code: "type/unguarded", file: "policy", text: "permit a: reader to read Book when ⟪resource.damaged⟫" },
  {
    code: "type/unguarded",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.keeper⟫ == principal",
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: "permit a: reader to read Book when guards(⟪resource.keeper⟫, resource)",
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: "permit a: reader to read Book when resource.tags.contains(⟪resource.note⟫)",
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when resource.title in ["a", ⟪resource.note⟫]',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪resource.note⟫ == "x" and has resource.note',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when has resource.note or ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when not has resource.note and ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when (has resource.note or resource.lost) and ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book unless has resource.note when ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to update Book when has prior.note and ⟪next.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when not (has resource.note and resource.lost) and ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when (not has resource.note or resource.lost) and ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'permit a: reader to read Book when (resource.lost or has resource.note) and ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/unguarded",
    file: "policy",
    text: "permit a: reader to read Book when (has resource.note or has resource.damaged) and ⟪resource.damaged⟫",
  },
  { code: "type/set", file: "policy", text: 'permit a: reader to read Book when ⟪resource.tags⟫ == "x"' },
  { code: "type/set", file: "policy", text: 'permit a: reader to read Book when ⟪resource.tags⟫ in ["x"]' },
  {
    code: "type/not-set",
    file: "policy",
    text: "permit a: reader to read Book when resource.pages.⟪contains⟫(3)",
    says: "`resource.pages` is not a set",
  },
  {
    code: "type/empty-list",
    file: "policy",
    text: "permit a: reader to read Book when resource.title in ⟪[]⟫",
  },
  {
    code: "type/empty-list",
    file: "policy",
    text: "permit a: reader to read Book when resource.tags.contains_all(⟪[]⟫)",
  },
  {
    code: "type/arguments",
    file: "policy",
    text: "permit a: reader to read Book when ⟪guards⟫(principal)",
    says: "takes a Member and a Book, and is given 1",
  },
  { code: "type/arguments", file: "policy", text: "permit a: reader to read Book when ⟪guards⟫" },
  {
    code: "type/arguments",
    file: "policy",
    text: 'permit a: reader to read Book when resource.tags.⟪contains⟫("a", "b")',
  },
  {
    code: "type/arguments",
    file: "policy",
    text: 'permit a: reader to read Book when resource.tags.contains_any(⟪"a"⟫)',
    says: "takes a list",
  },
  {
    code: "type/arguments",
    file: "policy",
    text: "let same = resource.lost\npermit a: reader to read Book when ⟪same⟫(principal)",
  },
  {
    code: "type/row",
    file: "policy",
    text: "permit a: reader to read Book when ⟪prior⟫.lost",
    says: "there is no `prior` when `read` reads a row",
  },
  { code: "type/row", file: "policy", text: "permit a: reader to read Book when ⟪next⟫.lost" },
  {
    code: "type/row",
    file: "policy",
    text: "permit a: reader to read, list, remove Book when ⟪next⟫.lost",
    says: "there is no `next` when `read` reads a row",
  },
  { code: "type/row", file: "policy", text: "permit a: reader to create Book when ⟪prior⟫.lost" },
  { code: "type/row", file: "policy", text: "permit a: reader to remove Book when ⟪next⟫.lost" },
  {
    code: "type/row",
    file: "policy",
    text: "permit a: reader to change Book when ⟪prior⟫.lost",
    says: "`create` creates a row",
  },
  {
    code: "type/mixed-rows",
    file: "policy",
    text: "permit a: reader to update Book when ⟪prior⟫.lost and not resource.lost",
  },
  {
    code: "type/mixed-rows",
    file: "policy",
    text: "permit a: reader to update Book when guards(principal, resource) unless ⟪next⟫.lost",
  },
  {
    code: "type/in",
    file: "policy",
    text: 'permit a: reader to read Book when "x" in ⟪resource.tags⟫',
    help: 'write `resource.tags.contains("x")`',
  },
  {
    code: "type/in",
    file: "policy",
    text: "permit a: reader to read Book when ⟪resource.title⟫ in resource.branch",
  },
  {
    code: "type/in",
    file: "policy",
    text: "permit a: reader to read Book when principal in ⟪resource.title⟫",
  },
  {
    code: "type/session-parents",
    file: "policy",
    text: 'permit a: reader to read Loan when ⟪resource.borrower⟫ in Branch "0198c0de-0000-7000-8000-000000000001"',
  },
  {
    code: "type/own-id",
    file: "policy",
    text: "permit a: reader to read Loan when resource.borrower == ⟪principal.id⟫",
    fix: "principal",
  },
  {
    code: "type/own-id",
    file: "policy",
    text: "permit a: reader to update Book when ⟪prior.id != next.id⟫",
    says: "`prior.id != next.id` is compared as `prior != next`",
    fix: "prior != next",
  },
  {
    code: "type/own-id",
    file: "policy",
    text: 'permit a: reader to read Book when ⟪resource.id⟫ == "x"',
    fix: "resource",
  },
  {
    code: "type/own-id",
    file: "policy",
    text: "permit a: reader to read Loan when ⟪resource.borrower.id⟫ == principal",
    fix: "resource.borrower",
  },
  {
    code: "type/not-principal",
    file: "policy",
    text: "permit a: ⟪Book⟫ to read Book",
    says: "`Book` is not a principal type",
  },
  {
    code: "type/role-as-condition",
    file: "policy",
    text: "permit a: reader to read Book when ⟪cashier⟫",
    fix: "principal.roles.contains(cashier)",
  },
  {
    code: "type/recursive-let",
    file: "policy",
    text: "let ⟪x⟫ = resource.lost or y\nlet ⟪y⟫ = not z\nlet ⟪z⟫ = x and resource.lost\npermit a: reader to read Book when x",
    says: "x → y → z → x",
  },
  { code: "type/recursive-let", file: "policy", text: "let ⟪x⟫ = not x" },
  {
    code: "type/sealed",
    file: "policy",
    platform: "platform for library\nceiling c: anyone to act on anything\nrequire s: encrypt(#secret)\n",
    text: 'permit a: reader to read Book when ⟪resource.shelfmark⟫ == "x"',
  },
  {
    code: "type/sealed",
    file: "policy",
    text: "require s: encrypt(note)\npermit a: reader to read Book when has ⟪resource.note⟫",
  },
  {
    code: "type/sealed",
    file: "policy",
    platform:
      'platform for library\nceiling c: anyone to act on anything\nforbid f: anyone to read Book when resource.title == "x"\n',
    text: "require s: encrypt(⟪title⟫)",
  },

  {
    code: "limit/statements",
    file: "policy",
    text: `${many(500, (i) => `permit a${i}: reader to read Book`, "\n")}\n⟪permit⟫ b: reader to read Book`,
    says: "the text has 501 statements; 500 are allowed",
  },
  {
    code: "limit/warnings",
    file: "policy",
    text: `${many(99, (i) => `let x${i} = resource.lost`, "\n")}\nlet ⟪y⟫ = resource.lost\nlet z = resource.lost`,
  },
  {
    code: "limit/expansion",
    file: "policy",
    text: `${doubling}\npermit ⟪a⟫: reader to read Book when x16`,
    says: "more than 20000 terms",
  },
  {
    code: "limit/expansion-total",
    file: "policy",
    model: shelves,
    // Where it ends, no Scanner was looked at: that nothing matched is not said.
    text: `${doubling.replace("resource.lost or resource.pages == 1", "context.mfa")}\npermit ⟪a⟫: anyone to act on anything when x11 and x10 and principal == Scanner "x"`,
    says: "more than 500000 terms over all actions and types",
  },
  {
    code: "limit/nesting",
    file: "policy",
    text: `${nested}\npermit ⟪a⟫: reader to read Book when x130`,
    says: "more than 200 deep",
  },
  {
    code: "limit/atoms",
    file: "policy",
    text: `permit ⟪a⟫: director to read Book when ${many(64, (i) => `resource.pages == ${i + 1}`, " or ")}`,
    says: "ask 65 different questions; 64 are allowed",
  },
  {
    code: "limit/exists",
    file: "policy",
    text: `permit ⟪a⟫: director to read Book when resource.tags.contains_any([${many(25, (i) => `"t${i}"`, ", ")}])`,
    says: "look into 25 other tables; 24 are allowed",
  },
];
