/** Tests inside policies: what they are given, what they expect, and what is said where they do not hold. */
import { describe, expect, test } from "vitest";
import { compile, runTests, type TestResult } from "../../src/index.ts";

const model = `model library
enum Shelf { open, closed, rare }
tenant { members_only: Bool }
context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  desks: Set<String>
  height: Int(-5..5)
}
entity Branch in Branch via parent_id stored in branches {
  name: String
  shut: Bool
}
principal Member in Branch via session {
  level: Int(0..5)
}
role reader, librarian for Member
delegate reader, librarian to tenants
evidence mfa from context.mfa, context.mfa_age
entity Loan stored in loans {
  branch: Branch
  borrower: Member?
  title: String
  card: String
  shelf: Shelf
  fee: Decimal(8, 2)
  due: Instant
  marks: Set<String> via loan_marks(loan_id, mark)
  lost: Bool
}
relation guards(Member, Loan) via loan_guards(member_id, loan_id)
action read, list reads Loan
action update updates Loan
`;

const rules = `policy north for library
permit desk: librarian to read, list, update Loan
  when principal in resource.branch
  with mask(title, initials)
permit own: reader to read, list Loan
  when has resource.borrower and resource.borrower == principal
permit guardian: reader to read Loan
  when guards(principal, resource)
permit cellar: reader to list Loan
  when context.desks.contains("cellar") and context.height < 0
permit seniors: reader to read Loan
  when principal.level >= 3 and resource.shelf == open
forbid lost: anyone to update Loan
  when resource.lost
forbid moved: anyone to update Loan
  when prior.shelf != next.shelf
  unless principal in next.branch and next.marks.contains("moved")
require big: step_up(mfa, within: 5m) for anyone to update Loan
  when resource.fee >= 1_000.00
`;

const openPlatform = "platform for library\nceiling all: anyone to act on anything\n";

function run(
  parts: string,
  more = "",
  platform = openPlatform,
): {
  readonly findings: readonly string[];
  readonly results: readonly TestResult[];
} {
  const policy = { name: "north.ward", text: `${rules}${more}test "it" {\n${parts}\n}\n` };
  const { program, tests, findings } = compile({
    model: { name: "library.ward", text: model },
    platform: [{ name: "platform.ward", text: platform }],
    policy,
    tenant: "north",
  });
  return {
    findings: findings.map(
      ({ code, labels: [{ span }] }) => `${code} ${policy.text.slice(span.start, span.end)}`,
    ),
    results: program === null ? [] : runTests(program, tests),
  };
}

function problems(parts: string, more = "", platform = openPlatform): readonly string[] {
  const { findings, results } = run(parts, more, platform);
  if (platform === openPlatform) expect(findings).toEqual([]);
  return results.flatMap((result) => result.expects.flatMap((one) => one.problems));
}

const people = `
  let ada = Member { roles: [librarian], in: [Branch "main"] }
  let bob = Member "bob" { roles: [reader], level: 1 }
  let main = Loan { branch: Branch "main", shelf: closed, fee: 1.50 }`;

describe("what holds", () => {
  test.each([
    [
      "a grant by its rule, with its mask",
      "expect permit ada to read main by desk with mask(title, initials)",
    ],
    [
      "a hierarchy, upwards",
      'let room = Branch "room" { in: [Branch "main"] }\n  let cyd = Member { roles: [librarian], in: [room] }\n  expect permit cyd to read main by desk',
    ],
    ["a deny with its reason", "expect deny bob to read Loan { shelf: closed } as not_granted"],
    [
      "a forbid by its name",
      'expect deny ada to update Loan { branch: Branch "main", fee: 1.00, lost: true } by lost as forbidden',
    ],
    [
      "a challenge",
      'expect challenge ada to update Loan { branch: Branch "main", fee: 1_000.00 } with step_up(mfa)',
    ],
    [
      "what is given in the context",
      'given context { mfa: true, mfa_age: 5m }\n  expect permit ada to update Loan { branch: Branch "main", fee: 1_000.00 } by desk',
    ],
    [
      "a set and a negative number in the context",
      'given context { desks: ["cellar", "hall"], height: -2 }\n  expect permit bob to list main by cellar',
    ],
    [
      "a value with a name in the context",
      'let where = ["cellar"]\n  given context { desks: where, height: -1 }\n  expect permit bob to list main by cellar',
    ],
    ["what is shown", "expect permit bob to read Loan { borrower: bob } with show(title, card)"],
    ["a relation", "given guards(bob, main)\n  expect permit bob to read main by guardian"],
    [
      "a reference to the one who asks",
      "expect permit bob to read Loan { borrower: bob, shelf: closed } by own",
    ],
    [
      "a list, row by row",
      'let other = Loan { branch: Branch "east" }\n  expect list ada to list Loan over [main, other] gives [main]',
    ],
    [
      "another tenant's row",
      'expect deny ada to read Loan { tenant: "south", branch: Branch "main" } as out_of_scope',
    ],
    [
      "somebody from elsewhere",
      'expect deny Member { roles: [librarian], in: [Branch "main"], tenant: "south" } to read main as not_granted',
    ],
  ])("%s", (_, parts) => {
    const used = (name: string) => new RegExp(`(?<!")\\b${name}\\b`).test(parts);
    const lets = people
      .split("\n")
      .filter((line) => line.trim() === "" || used(line.trim().split(" ")[1] as string));
    expect(problems(`${lets.join("\n")}\n  ${parts}`)).toEqual([]);
  });

  test("what is given holds until the next of its kind, and relations side by side hold together", () => {
    expect(
      problems(`${people}
  let two = Loan { branch: Branch "main", shelf: closed }
  given guards(bob, main)
  given guards(bob, two)
  expect permit bob to read main
  expect permit bob to read two
  given guards(bob, two)
  expect deny bob to read main as not_granted
  expect permit bob to read two
  expect permit ada to read main`),
    ).toEqual([]);
  });

  test("an update is asked with the row as it is and as it would be", () => {
    expect(
      problems(`
  let ada = Member { roles: [librarian], in: [Branch "main"] }
  let row = Loan { branch: Branch "main", shelf: closed, fee: 2.00 }
  expect permit ada to update row by desk
  expect permit ada to update row to { fee: 3.00 } by desk
  expect deny ada to update row to { shelf: open } by moved
  expect permit ada to update row to { shelf: open, marks: ["moved"] } by desk
  expect deny ada to update row to { branch: Branch "east", shelf: open, marks: ["moved"] } by moved
  expect deny ada to update row to { branch: Branch "east" } as not_granted
  expect deny ada to update row to { lost: true } by lost
  expect challenge ada to update row to { fee: 1_000.00 } with step_up(mfa)
  expect deny ada to update row to { tenant: "south" } as out_of_scope
  expect permit ada to update row by desk`),
    ).toEqual([]);
  });

  test("what an update leaves as it is equals itself, also where no test says what it is", () => {
    expect(
      problems(`
  let ada = Member { roles: [librarian], in: [Branch "main"] }
  let row = Loan { branch: Branch "main", fee: 2.00 }
  expect permit ada to update row by desk
  expect permit ada to update row to { fee: 3.00 } by desk`),
    ).toEqual([]);
  });

  test("what the row would be and a test does not say is named", () => {
    expect(
      problems(`
  let ada = Member { roles: [librarian], in: [Branch "main"] }
  let row = Loan { branch: Branch "main", fee: 2.00 }
  expect deny ada to update row to { shelf: open }`),
    ).toEqual(["the decision depends on `shelf` of row, which the test does not set"]);
  });
});

describe("what does not hold is said", () => {
  const who =
    'let ada = Member { roles: [librarian], in: [Branch "main"] }\n  let row = Loan { branch: Branch "main" }';
  test.each([
    ["expect deny ada to read row", "expected deny, and it is permit by north/desk"],
    ["expect permit ada to read row by own", "north/own did not decide; north/desk did"],
    [
      "expect permit ada to read row with hide(title)",
      "there is no hide(title); there is mask(title, initials)",
    ],
    ["expect permit ada to read row with hide(title)", "there is also mask(title, initials)"],
    ["expect permit ada to read row with show(title)", "there is also mask(title, initials)"],
    ["expect permit ada to read row with show(card)", "there is also mask(title, initials)"],
    ["expect list ada to list Loan over [row] gives []", "row is listed, permit by north/desk"],
    [
      "expect deny ada to update row as out_of_scope",
      "the decision depends on `fee` of row, which the test does not set",
    ],
  ])("%s: %s", (parts, problem) => {
    expect(problems(`${who}\n  ${parts}`)).toContain(problem);
  });

  test("a decision that depends on what is not set fails by name", () => {
    expect(problems("expect deny Member { roles: [reader] } to read Loan { }")).toEqual([
      "the decision depends on `level` of the Member and `shelf` of the Loan, which the test does not set",
    ]);
    expect(
      problems("expect deny Member { roles: [reader], level: 2 } to read Loan { } as not_granted"),
    ).toEqual([]);
    expect(
      problems("expect deny Member { roles: [reader] } to read Loan { shelf: rare } as not_granted"),
    ).toEqual([]);
  });
});

test("why nothing is granted is said where no single permit could say it", () => {
  const who = "let ada = Member { roles: [librarian] }\n";
  const narrow = "platform for library\nceiling reading: anyone to read, list Loan\n";
  const more = "permit sorting: librarian to update Loan\n";
  expect(problems(`${who}expect permit ada to update Loan { }`, more, narrow)).toEqual([
    "expected permit, and it is deny as not_granted: the platform has no ceiling for this, though north/sorting (north.ward:20) grants it, of the row as it is",
  ]);
  expect(problems('expect permit Member { tenant: "south" } to read Loan { }', "", undefined)).toEqual([
    "expected permit, and it is deny as not_granted: the principal is of another tenant, and there is no share for this",
  ]);
  expect(problems("expect permit Member { } to read Loan { shelf: rare }")).toEqual([
    "expected permit, and it is deny as not_granted",
  ]);
});

describe("what a row refers to", () => {
  const near = `permit near: reader to read Loan
  when resource.branch.name == "Main" and not resource.branch.shut
`;
  test.each([
    ["expect deny Member { level: 1 } to read Loan { shelf: rare } as not_granted", []],
    [
      "expect deny Member { roles: [reader], level: 1 } to read Loan { shelf: rare }",
      ["the decision depends on `branch` of the Loan, which the test does not set"],
    ],
    [
      "expect deny Member { roles: [reader], level: 1 } to read Loan { branch: Branch { }, shelf: rare }",
      ["the decision depends on `name` of what `resource.branch` refers to, which the test does not set"],
    ],
    [
      "expect deny Member { roles: [reader], level: 1 } to read Loan { branch: Branch { shut: true }, shelf: rare } as not_granted",
      [],
    ],
    [
      'expect permit Member { roles: [reader], level: 1 } to read Loan { branch: Branch { name: "Main" }, shelf: rare } by near',
      [],
    ],
  ])("%s", (parts, expected) => {
    expect(problems(parts, near)).toEqual(expected);
  });
});

describe("a parent and a reference in one column are one", () => {
  const nested = {
    model: `model library
entity House stored in houses { name: String }
entity Branch in House via house_id stored in branches { house: House }
principal Member { home: House }
entity Loan in Branch via branch_id stored in loans { branch: Branch }
action read, list reads Loan
action update updates Loan
`,
    policy: `policy north for library
permit below: Member to read, update Loan
  when resource in principal.home
permit named: Member to list Loan
  when resource.branch.house == principal.home
`,
  };
  const ran = (parts: string) => {
    const file = { name: "north.ward", text: `${nested.policy}test "it" {\n${parts}\n}\n` };
    const { program, tests, findings } = compile({
      model: { name: "library.ward", text: nested.model },
      platform: [
        { name: "platform.ward", text: "platform for library\nceiling all: anyone to act on anything\n" },
      ],
      policy: file,
      tenant: "north",
    });
    const errors = findings.filter(({ severity }) => severity === "error").map(({ message }) => message);
    const results = program === null ? [] : runTests(program, tests);
    return [...errors, ...results.flatMap((result) => result.expects.flatMap((one) => one.problems))];
  };
  const bob = 'let bob = Member { home: House "h" }\n';

  test.each([
    [
      "the reference says the parent",
      'expect permit bob to read Loan { branch: Branch "b" { house: House "h" } }',
    ],
    [
      "the parent says the reference",
      'expect permit bob to list Loan { in: [Branch "b" { in: [House "h"] }] }',
    ],
    [
      "both say the same",
      'let b = Branch "b" { in: [House "h"] }\n  expect permit bob to list Loan { branch: b, in: [b] }',
    ],
    [
      "an update moves both",
      'let loan = Loan { branch: Branch "b" { house: House "h" } }\n  expect permit bob to update loan to { branch: Branch "c" { house: House "h" } }\n  expect deny bob to update loan to { branch: Branch "d" { house: House "i" } } as not_granted\n  expect deny bob to update loan to { in: [Branch "d"] } as not_granted',
    ],
  ])("%s", (_, parts) => {
    expect(ran(`${bob}${parts}`)).toEqual([]);
  });

  test("they cannot be two", () => {
    expect(ran(`${bob}expect permit bob to read Loan { branch: Branch "b", in: [Branch "c"] }`)).toEqual([
      "`in` takes one Branch, the same as `branch`, and this is none",
    ]);
  });
});

describe("what is written wrong is found", () => {
  test.each([
    ["expect permit ada to read Loan { }", "name/unknown ada"],
    ["expect permit Member { rolls: [reader] } to read Loan { }", "name/unknown rolls"],
    ["expect permit Member { roles: [admin] } to read Loan { }", "name/unknown admin"],
    ["expect permit Member { level: 9 } to read Loan { }", "test/value 9"],
    ["expect permit Member { } to read Loan { fee: 1.005 }", "test/value 1.005"],
    ["expect permit Member { } to read Loan { shelf: opne }", "name/unknown opne"],
    ['expect permit Member { } to read Loan { branch: Member "x" }', 'test/value Member "x"'],
    ["expect permit Loan { } to read Loan { }", "type/not-principal Loan { }"],
    ["expect permit Member { } to reed Loan { }", "name/unknown reed"],
    ["expect permit Member { } to read Branch { }", "reach/no-action read"],
    ["expect permit Member { } to read Loan { } by dask", "name/unknown dask"],
    ["expect permit Member { } to read Loan { } with mask(titel, initials)", "name/unknown titel"],
    ["expect permit Member { } to read Loan { } with masks(title)", "name/unknown masks"],
    ["expect deny Member { } to read Loan { } as not_grantet", "name/unknown not_grantet"],
    ["given context { mfaa: true }\nexpect deny Member { } to read Loan { }", "name/unknown mfaa"],
    [
      "given context { mfa: true, mfa: false }\nexpect deny Member { } to read Loan { }",
      "name/duplicate mfa",
    ],
    ["given context { desks: true }\nexpect deny Member { } to read Loan { }", "test/value true"],
    ["expect deny Member { } to read Loan { } to { lost: true }", "test/becomes read"],
    ["expect deny Member { } to update Loan { } to { lots: true }", "name/unknown lots"],
    ["expect deny Member { } to update Loan { } to { lost: 5 }", "test/value 5"],
    ["expect deny Member { } to update Loan { } to { lost: true, lost: true }", "name/duplicate lost"],
    ["expect permit Member { } to read Loan { } with hide", "obligation/arguments hide"],
    ["expect permit Member { } to read Loan { } with reason, show", "obligation/arguments show"],
    ["expect permit Member { } to read Loan { } with show(titel)", "name/unknown titel"],
    ["expect challenge Member { } to read Loan { } with show(title)", "test/challenge-shows show(title)"],
    ["given context { mfa: 5 }\nexpect deny Member { } to read Loan { }", "test/value 5"],
    ["given guards(Loan { }, Member { })\nexpect deny Member { } to read Loan { }", "test/value Loan { }"],
    [
      "let idle = Loan { }\nexpect deny Member { } to update Loan { lost: true } by lost",
      "lint/unused-let idle",
    ],
  ])("%s", (parts, found) => {
    expect(run(parts).findings).toContain(found);
  });
});
