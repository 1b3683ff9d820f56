/** Projects for tests: that of the examples, as its configuration names it, and a small one in which every kind of name stands. */
import { readFileSync } from "node:fs";
import { projectByConfig, projectByHeader, readConfig, type Project } from "@wardline/compiler/project";

const folder = new URL("../../../examples/projects/", import.meta.url);

export function exampleProject(): Project {
  const config = readConfig(
    "wardline.config.json",
    readFileSync(new URL("wardline.config.json", folder), "utf8"),
  );
  if ("problem" in config) throw new Error(config.problem);
  return projectByConfig(config, (name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
}

export const smallTexts: Readonly<Record<string, string>> = {
  "model.ward": `model library

enum Region { eu, us }
enum Feature { search, reports }
enum Plan { basic, full }
enum Shelf { open, closed }

tenant {
  plan: Plan
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
}

/// A house, and what is below it.
entity Branch in Branch via parent_id stored in branches {
  name: String
  head: Member?
}

principal Member in Branch via session {
  tier: Int(0..3) tenant
  home: Branch?
}

role reader, librarian for Member
role inspector platform
delegate reader, librarian to tenants

evidence mfa from context.mfa, context.mfa_age
evidence reason from context.purpose

entity Loan in Branch via branch_id stored in loans {
  branch: Branch
  borrower: Member?
  /// What is on its cover.
  title: String
  card: String #secret searchable
  note: String? #secret via loans(remark)
  shelf: Shelf
  marks: Set<Shelf> via loan_marks(loan_id, mark)
}

entity Letter in Loan via loan_id stored in letters {
  loan: Loan
  words: String #secret
}

relation guards(Member, Loan) via loan_guards(member_id, loan_id)

action read, list, peruse reads Loan, Letter, Branch
action create creates Loan, Letter
action update, lend updates Loan, Letter, Branch
group change = create, update
`,
  "platform.ward": `platform for library

use sealed_cards 1.0 { hush: #secret }

ceiling all: anyone to act on anything
forbid late: Member to change Loan
  when tenant.plan == basic and principal.tier >= 2
  because "Only in a larger plan"
  trusting tier
require shown: mask(card, partial(last: 4)) for reader to read Loan
  trusting reader
assert never_closed: never permit reader to lend Loan when resource.shelf == closed except late
`,
  "sealed_cards.ward": `pack sealed_cards 1.0

parameter hush: class
parameter fresh: Duration(..15m) = 15m

require sealed: encrypt(hush)
require factor: step_up(mfa, within: fresh) for anyone to change anything touching hush
`,
  "north.ward": `policy north for library

role desk extends reader

let below(place) = principal in place.branch
let kept(shelf_name) = resource.shelf == shelf_name
let mine = has resource.borrower and resource.borrower == principal

settings {
  residency: eu
  features: { search: off }
  retention: { Loan: 6y }
}

permit look: reader, desk to read, list Loan
  when below(resource) or kept(open) or guards(principal, resource)
  with hide(title), mask(note, redact)
permit own: librarian to read, update, lend Loan
  when mine and resource.branch.name == "main" and resource.marks.contains(open)
permit heads: anyone except librarian to peruse Branch
  when has resource.head and resource.head == principal and principal.roles.contains(reader)
permit letters: librarian to read Letter
  when resource.loan.shelf in [open, closed] and principal in resource.loan.branch
forbid stop: anyone to lend Loan
  unless context.mfa
  because "A second factor is asked for"
require why: reason for anyone to peruse Branch

test "who reads" {
  let ann = Member { roles: [reader], in: [Branch "main"], home: Branch "main" }
  let one = Loan { branch: Branch "main", shelf: open, marks: [closed], card: "1234567" }
  given context { mfa: true }
  expect permit ann to read one by look with hide(title)
  given guards(ann, one)
  expect list ann to list Loan over [one] gives [one]
  expect deny ann to lend one to { shelf: closed } as not_granted
}
`,
};

export function smallProject(): Project {
  const files = Object.entries(smallTexts).map(([name, text]) => ({ name, text }));
  const project = projectByHeader(files, "wardline.config.json");
  if ("problem" in project) throw new Error(project.problem);
  return project;
}
