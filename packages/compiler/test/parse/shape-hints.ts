import type { Hint } from "./hint-case.ts";

const rule = "a rule is written `permit NAME: WHO to ACTIONS TYPES`";
const commas = "the names of a list are separated by commas";
const platformRole = "a role of the platform's own people is for no types: `role NAME platform`";
const role = "a role is declared `role NAME extends ROLE`, or `role NAME for TYPE`";
const joins = "join two conditions with `and` or `or`";
const brackets = "a list is written in square brackets, as in `[a, b]`";
const form = "a date is written year first, with two digits for month and day: `2026-01-31`";
const amount = "an amount is a number alone, such as `12.50`";

/** The shape of rules, conditions and values. */
export const shapeHints: readonly Hint[] = [
  { text: "permit a ⟪to⟫ read Book", help: rule },
  { text: "role a for Member ⟪platform⟫", help: platformRole },
  { text: "role a platform ⟪for⟫ Member", help: platformRole },
  { text: "permit a ⟪b⟫ to read Book", help: rule },
  { text: "permit⟪:⟫ b to read Book", help: rule },
  { text: "require a ⟪reason⟫ for anyone to read Book", help: rule },
  {
    text: "permit ⟪own-books⟫: b to read Book",
    help: "names are written `lower_snake`: `own_books`",
    fixed: "permit own_books: b to read Book",
  },
  {
    text: "permit a: b to read Book when ⟪own-books-2⟫",
    help: "names are written `lower_snake`: `own_books_2`",
    fixed: "permit a: b to read Book when own_books_2",
  },
  {
    text: "permit a: ⟪front-desk⟫ to read Book",
    help: "names are written `lower_snake`: `front_desk`",
    fixed: "permit a: front_desk to read Book",
  },
  {
    text: "permit a: b to read Book when b ⟪-⟫ c",
    help: "the only arithmetic is `now` plus or minus a duration",
  },
  {
    text: "permit a: b ⟪read⟫ Book",
    help: "write `to` before the actions",
    fixed: "permit a: b to read Book",
  },
  { text: "permit a: b ⟪can⟫ read Book", help: "write `to`", fixed: "permit a: b to read Book" },
  { text: "permit a: b ⟪and⟫ c to read Book", help: commas, fixed: "permit a: b, c to read Book" },
  { text: "permit a: b ⟪or⟫ c to read Book", help: commas, fixed: "permit a: b, c to read Book" },
  { text: "permit a: b to read ⟪and⟫ list Book", help: commas, fixed: "permit a: b to read, list Book" },
  {
    text: "permit a: ⟪everyone⟫ except b to read Book",
    help: "write `anyone`",
    fixed: "permit a: anyone except b to read Book",
  },
  {
    text: "permit a: anyone ⟪but⟫ b to read Book",
    help: "write `except`",
    fixed: "permit a: anyone except b to read Book",
  },
  {
    text: 'permit a: ⟪"b"⟫ to read Book',
    help: "names are written without quotes",
    fixed: "permit a: b to read Book",
  },
  { text: 'permit a: ⟪"b c"⟫ to read Book', help: "names are written without quotes" },
  {
    text: 'permit a: b to ⟪"read"⟫ Book',
    help: "names are written without quotes",
    fixed: "permit a: b to read Book",
  },
  {
    text: 'permit a: b to read ⟪"Book"⟫',
    help: "names are written without quotes",
    fixed: "permit a: b to read Book",
  },
  { text: "permit a: b to ⟪Book⟫", help: "say what may be done, as in `to read Book`" },
  { text: "permit a: b to read, ⟪list⟫\nrole c", help: "say on what, as in `read, list TYPE`" },
  { text: "permit a: b to read ⟪on⟫ Book", help: "leave `on` out", fixed: "permit a: b to read Book" },
  { text: "permit a: b to read⟪,⟫ Book", help: "leave the comma out", fixed: "permit a: b to read Book" },
  {
    text: "permit a: b to read⟪,⟫ Book, Loan when c",
    help: "leave the comma out",
    fixed: "permit a: b to read Book, Loan when c",
  },
  {
    text: "forbid a: b to read Book because ⟪lost⟫",
    help: 'write the reason in quotes, as in `because "…"`',
  },
  { text: "let a⟪:⟫ b", help: "a let is written `let NAME = CONDITION`", fixed: "let a= b" },
  { text: "let a ⟪==⟫ b", help: "a let is written `let NAME = CONDITION`", fixed: "let a = b" },
  { text: "role a ⟪=⟫ b", help: role },
  { text: "role a⟪:⟫ b", help: role },

  { text: "role a extends b ⟪extends⟫ c", help: role },
  {
    text: "permit a: b to read Book\n  ⟪has⟫ resource.c",
    help: "a condition begins with `when` or `unless`",
  },
  { text: "permit a: b to read Book\n  principal⟪.⟫c", help: "a condition begins with `when` or `unless`" },
  {
    text: 'forbid a: b to read Book because "c" ⟪"c"⟫',
    help: "leave the second text out",
    fixed: 'forbid a: b to read Book because "c"',
  },
  { text: "let a = b == ⟪==⟫ c", help: "leave the second `==` out", fixed: "let a = b == c" },
  { text: "let c ⟪d⟫", help: "a let is written `let NAME = CONDITION`" },
  {
    text: "permit a: b to read Book with hide(c ⟪d⟫)",
    help: "arguments are separated by commas, and `)` ends them",
  },
  { text: "let a = b in [c ⟪d⟫]", help: "values are separated by commas, and `]` ends the list" },
  { text: "let a = resource.⟪==⟫ b", help: "say which attribute, as in `resource.name`" },

  { text: "let a = b ⟪c⟫", help: joins },
  { text: "permit a: b to read Book when c == 5 ⟪(⟫d)", help: joins },
  { text: "let a = b ⟪and⟫\nrole c", help: "leave `and` out, or say what else is asked" },
  { text: "let a = ⟪and⟫ b", help: "leave `and` out, or say what stands before it", fixed: "let a =  b" },
  {
    text: "let a = ⟪role⟫ == b",
    help: "a role is named before `to`, or asked for with `principal.roles.contains(ROLE)`",
  },
  { text: "let a = b in ⟪{⟫c, d}", help: brackets },
  {
    text: "let a = b == ⟪not⟫ c",
    help: "`not` stands before a whole comparison; that two values differ is written `!=`",
  },
  { text: "let a = b ⟪not ==⟫ c", help: "write `!=`", fixed: "let a = b != c" },
  { text: "let a = b not ⟪<⟫ c", help: "`not` stands before the whole comparison" },
  { text: "let a = b.c(⟪)⟫", help: "without arguments the parentheses are left out" },
  { text: "let a = b⟪)⟫", help: "leave `)` out, or open it before" },
  { text: "let a = ⟪TRUE⟫\nlet b = c", help: "write `true`", fixed: "let a = true\nlet b = c" },
  { text: "let a = b > 12⟪,⟫50", help: "a decimal point is written `.`", fixed: "let a = b > 12.50" },
  {
    code: "syntax/bad-number",
    text: "let a = b > 12,⟪05⟫",
    help: "a decimal point is written `.`: `12.05`",
    fixed: "let a = b > 12.05",
  },
  { code: "syntax/bad-number", text: "let a = b > ⟪10k⟫", help: "write the number out: `10_000`" },
  {
    text: "require a: step_up(b, within: ⟪5 m⟫) for anyone to read Book",
    help: "a duration is written without a space: `5m`",
    fixed: "require a: step_up(b, within: 5m) for anyone to read Book",
  },
  {
    text: "let a = b > ⟪5 m⟫",
    help: "a duration is written without a space: `5m`",
    fixed: "let a = b > 5m",
  },
  { code: "syntax/bad-character", text: "let a = b > ⟪$⟫5", help: amount, fixed: "let a = b > 5" },
  { code: "syntax/bad-character", text: "let a = b > ⟪€⟫5.50", help: amount, fixed: "let a = b > 5.50" },
  {
    code: "syntax/bad-value",
    text: "let a = b > ⟪31.01.2026⟫",
    help: "write `2026-01-31`",
    fixed: "let a = b > 2026-01-31",
  },
  {
    code: "syntax/bad-value",
    text: "let a = b > ⟪1/31/2026⟫",
    help: "write `2026-01-31`",
    fixed: "let a = b > 2026-01-31",
  },
  {
    code: "syntax/bad-value",
    text: "let a = b > ⟪31/1/2026⟫",
    help: "write `2026-01-31`",
    fixed: "let a = b > 2026-01-31",
  },
  {
    code: "syntax/bad-value",
    text: "let a = b > ⟪2026-1-5⟫",
    help: "write `2026-01-05`",
    fixed: "let a = b > 2026-01-05",
  },
  { code: "syntax/bad-value", text: "let a = b > ⟪1/2/2026⟫", help: form },
  { code: "syntax/bad-value", text: "let a = b > ⟪99.99.2026⟫", help: form },
  {
    code: "syntax/bad-value",
    text: "let a = b in ⟪10.0.0.5/8⟫",
    help: "write `10.0.0.0/8` for the network, or `10.0.0.5` for the address alone",
    fixed: "let a = b in 10.0.0.0/8",
  },
  {
    code: "syntax/bad-value",
    text: "let a = b in ⟪2001:db8:ffff::/33⟫",
    help: "write `2001:db8:8000::/33` for the network, or `2001:db8:ffff::` for the address alone",
    fixed: "let a = b in 2001:db8:8000::/33",
  },
  {
    code: "syntax/open-string",
    text: 'forbid a: b to read Book because ⟪"one⟫\n  two"\nrole c',
    help: 'close it with `"`; a long text stands on one line',
  },
];
