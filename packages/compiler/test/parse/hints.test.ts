/** What other languages write, and what is nearly right: one finding each, with what to do. */
import { expect, test } from "vitest";
import { parseFile } from "../../src/index.ts";
import { unmark } from "../check/library.ts";
import type { Hint } from "./hint-case.ts";
import { shapeHints } from "./shape-hints.ts";
import { valueHints } from "./value-hints.ts";
import { processorTime } from "@wardline/core/testing";

const head = "policy north for library\n";

const comments = "comments are written `// …`, to the end of the line";
const durations = "a duration is a whole number and one of `us`, `ms`, `s`, `m`, `h`, `d`, `w`, as in `15m`";
const comma = "leave the comma out";
const requires =
  "a require says first what it requires, as in `require NAME: reason for WHO to ACTIONS TYPES`";

const hints: readonly Hint[] = [
  ...[
    ["===", "==", "equality is written `==`"],
    ["!==", "!=", "write `!=`"],
    ["<>", "!=", "write `!=`"],
    ["=>", ">=", "write `>=`"],
    ["=<", "<=", "write `<=`"],
  ].map(([sign = "", right = "", help = ""]) => ({
    code: "syntax/bad-character",
    text: `let a = b ⟪${sign}⟫ c`,
    help,
    fixed: `let a = b ${right} c`,
  })),
  {
    code: "syntax/bad-character",
    text: "let a = b == ⟪'x y'⟫",
    help: "strings are written in double quotes",
    fixed: 'let a = b == "x y"',
  },
  {
    code: "syntax/bad-character",
    text: "let a = b == ⟪'x\"y'⟫",
    help: "strings are written in double quotes",
  },
  { code: "syntax/bad-character", text: "⟪/* one\n two */⟫\nrole a", help: comments },
  { code: "syntax/bad-character", text: "role a ⟪/* b */⟫", help: comments },
  {
    code: "syntax/bad-character",
    text: "⟪#⟫ own books, of 5min\nrole a",
    help: comments,
    fixed: "// own books, of 5min\nrole a",
  },
  { code: "syntax/bad-character", text: "⟪--⟫ own\nrole a", help: comments, fixed: "// own\nrole a" },
  { code: "syntax/unknown-statement", text: "⟪#own⟫ books\nrole a", help: comments },
  {
    code: "syntax/bad-character",
    text: 'test "t" { expect challenge a to read b by guide⟪/⟫factor with reason }',
    help: "a rule is named alone, without its pack or tenant",
  },
  {
    code: "syntax/bad-character",
    text: "assert a: never permit b to read Book except guide⟪/⟫factor",
    help: "a rule is named alone, without its pack or tenant",
  },
  {
    code: "syntax/bad-character",
    text: "let a = resource.pages ⟪/⟫ 2 == 1",
    help: "there is no arithmetic between attributes",
  },
  {
    code: "syntax/bad-character",
    text: "permit a: b to ⟪*⟫ Book",
    help: "for all actions write `act on`",
    fixed: "permit a: b to act on Book",
  },
  {
    code: "syntax/bad-character",
    text: "permit a: b to read ⟪*⟫",
    help: "for all types write `anything`",
    fixed: "permit a: b to read anything",
  },
  {
    code: "syntax/bad-character",
    text: "permit a: b to read Book when resource.a ⟪*⟫ 2 > 3",
    help: "there is no arithmetic between attributes",
  },
  {
    code: "syntax/bad-number",
    text: "let a = b > 1,⟪000.00⟫",
    help: "digits are grouped with `_`: `1_000.00`",
    fixed: "let a = b > 1_000.00",
  },
  { code: "syntax/bad-number", text: "let a = b > ⟪5min⟫", help: durations },
  { code: "syntax/bad-number", text: "let a = b > ⟪1h30m⟫", help: durations },
  {
    code: "syntax/name-style",
    text: "let a = resource.labels.⟪containsAll⟫([b])",
    help: "did you mean `contains_all`? names are written `lower_snake`",
    fixed: "let a = resource.labels.contains_all([b])",
  },
  {
    code: "syntax/name-style",
    text: 'let a = b == ⟪Own_branch⟫ "x"',
    help: "did you mean `OwnBranch`? types, entities and enums are written `UpperCamel`",
    fixed: 'let a = b == OwnBranch "x"',
  },
  { text: "permit a: b⟪,⟫ to read Book", help: comma, fixed: "permit a: b to read Book" },
  { text: "let a = b in [c, d⟪,⟫]", help: comma, fixed: "let a = b in [c, d]" },
  {
    text: 'permit a: b to read Book with hide(c)⟪,⟫ because "d"',
    help: comma,
    fixed: 'permit a: b to read Book with hide(c) because "d"',
  },
  { text: "role a, b⟪,⟫\nrole c", help: comma, fixed: "role a, b\nrole c" },
  {
    text: "let a = b == Kind⟪.⟫lost",
    help: "a value of an enum is `lost`; an attribute of the row is `resource.lost`",
  },
  {
    text: "let a = b == ⟪Lost⟫",
    help: 'an entity is written `Lost "id"`, a value of an enum `lost`',
    fixed: "let a = b == lost",
  },
  {
    text: "let a = resource.b ?? ⟪resource⟫.d == c",
    help: "only a literal stands in for what is absent; for another attribute guard both with `has`",
  },
  { text: "let a = resource.b in 1⟪..⟫5", help: "write both bounds, as in `x >= 1 and x <= 5`" },
  { text: "let a = b == ⟪TRUE⟫", help: "write `true`", fixed: "let a = b == true" },
  {
    text: "permit a: b to read Book when resource.c ⟪is⟫ not null",
    help: "equality is written `==`; what may be absent is asked for with `has`, as in `has resource.name`",
  },
  {
    text: 'let a = resource.tags ⟪contains⟫ "x"',
    help: "ask a set with `.contains(…)`, as in `resource.tags.contains(x)`",
  },
  { text: "let a = b in (c⟪,⟫ d)", help: "a list is written in square brackets, as in `[a, b]`" },
  {
    text: "permit a: b to read Book with mask(resource⟪.⟫title, redact)",
    help: "name the field without `resource.`",
    fixed: "permit a: b to read Book with mask(title, redact)",
  },
  {
    text: "require a: encrypt(⟪Book⟫.title)",
    help: "write the name of a field, without its type, or a class such as `#private`",
  },
  { text: "require a: ⟪anyone⟫ to read Book", help: requires },
  { text: "require a: clerk ⟪to⟫ read Book", help: requires },
  {
    code: "syntax/unknown-statement",
    text: "⟪allow⟫ a: b to read Book",
    help: "did you mean `permit`?",
    fixed: "permit a: b to read Book",
  },
  {
    code: "syntax/unknown-statement",
    text: "⟪deny⟫ a: b to read Book",
    help: "did you mean `forbid`?",
    fixed: "forbid a: b to read Book",
  },
  {
    text: "permit a: b to read Book ⟪if⟫ c",
    help: "did you mean `when`?",
    fixed: "permit a: b to read Book when c",
  },
  {
    text: "entity Book stored in books { a: Int⟪,⟫ b: Int }",
    help: "fields stand one after another, without commas",
    fixed: "entity Book stored in books { a: Int b: Int }",
  },
];

test.each([...hints, ...shapeHints, ...valueHints])(
  "$text",
  ({ code = "syntax/expected", text: marked, help, fixed }) => {
    const { text, marks } = unmark(head + marked);
    const { findings } = parseFile({ name: "x", text });
    const found = findings.map((one) => {
      const { start, end } = one.labels[0].span;
      return [one.code, text.slice(start, end), start, one.help];
    });
    expect(found).toEqual(marks.map(([start, end]) => [code, text.slice(start, end), start, help]));
    const edits = findings[0]?.fixes[0]?.edits ?? [];
    const after = edits.reduce(
      (before, edit) => before.slice(0, edit.span.start) + edit.text + before.slice(edit.span.end),
      text,
    );
    expect(after).toBe(fixed === undefined ? text : head + fixed);
    if (fixed !== undefined) expect(parseFile({ name: "x", text: after }).findings).toEqual([]);
  },
);

test("a character that misleads is said inside what is no string and no comment", () => {
  for (const text of ["let a = b == 'x\u202ey'", "/* \u202e */ role a", "# \u202e\nrole a"])
    expect(parseFile({ name: "x", text: head + text }).findings.map(({ code }) => code)).toContain(
      "syntax/bidi-control",
    );
});

test("a comma before what is wrong for another reason is not blamed", () => {
  for (const text of ["permit a: b, 5 to read Book", "permit a: b, anyone to read Book"]) {
    const [found] = parseFile({ name: "x", text: head + text }).findings;
    expect(found?.help ?? "").not.toMatch(/comma/);
  }
});

test("what this version does not carry out is not offered", () => {
  for (const text of ["policy north for library\npermit a: b to read Book hello", "nothing"]) {
    const [found] = parseFile({ name: "x", text }).findings;
    expect(`${found?.message} ${found?.help}`).not.toMatch(/touching|pack/);
  }
});

test("comments that never end cost no more than their length", () => {
  const text = "/* ".repeat(20_000);
  const started = processorTime();
  parseFile({ name: "x", text });
  expect(processorTime() - started).toBeLessThan(3000);
});
