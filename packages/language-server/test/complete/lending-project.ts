/** A small valid project that has each kind of statement and most kinds of values. */
import { projectByHeader, type Project } from "@wardline/compiler/project";

const model = `model lending

enum Region { eu, us }
enum Shelf { open, closed, rare }

tenant {
  founded: Instant
  main: Branch
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  address: Ip
}

entity Branch in Branch via parent_id stored in branches {
  name: String
  opens: Time
}

principal Member in Branch via session {
  level: Int(0..5)
  tier: Int(0..3) tenant
  home: Branch?
}

principal Scanner {
  label: String
}

role reader, librarian for Member
role inspector platform
role gate for Scanner
delegate reader, librarian to tenants

evidence mfa from context.mfa, context.mfa_age
evidence reason from context.purpose

entity Loan stored in loans {
  branch: Branch
  borrower: Member?
  title: String
  card: String #secret searchable
  shelf: Shelf
  pages: Int(1..5000)
  fee: Decimal(8, 2)
  due: Instant
  marks: Set<String> via loan_marks(loan_id, mark)
  lost: Bool
}

entity Letter in Loan via loan_id stored in letters {
  loan: Loan
  words: String #secret
}

relation guards(Member, Loan) via loan_guards(member_id, loan_id)

action read, list, export reads Loan, Letter, Branch
action create creates Loan, Letter
action update updates Loan, Letter
action delete deletes Loan
group change = create, update
`;

const platform = `platform for lending

share visit: inspector to read Loan
  when has context.purpose
  with audit(full), notify(directors)
ceiling all: anyone to act on anything
floor own: librarian to read, list Loan
  trusting librarian
forbid lost: anyone to update Loan
  when prior.lost
  because "What is lost stays as it is"
require sealed: encrypt(#secret)
require trail: audit(full) for anyone to export anything
require titles: mask(title, partial(first: 2)) for anyone except inspector to export Loan

settings {
  session: { idle: 15m, longest: 8h }
}

assert apart: never permit anyone to read Loan
  when principal.tenant != resource.tenant
  except visit
`;

const pack = `pack guide 1.2

parameter secret: class
parameter fresh: Duration(..15m) = 15m

@control("GUIDE 1")
require factor: step_up(mfa, within: fresh) for anyone to export anything touching secret

settings {
  session: { idle: fresh }
}
`;

const policy = `policy north for lending

use guide 1.2 {
  secret: #secret
  fresh: 5m
}

settings {
  timezone: "Europe/Berlin"
  session: { idle: 10m }
  residency: eu
  isolation: schema
  retention: { Loan: 6y, audit: 6y }
}

role helper extends reader

let near = principal in resource.branch
let guarded(loan) = guards(principal, loan)

permit desk: librarian, helper to read, list, update Loan
  when near
  with hide(fee), mask(title, initials)

permit watch: Member to read Loan, Letter
  when principal.level >= 2 and principal.roles.contains_any([reader, librarian])

permit keep: librarian to update Loan
  when guarded(prior) and prior.shelf in [open, rare]
  unless prior.due < now - 5m
  with limit(20, per: day, by: principal), reason

permit leave: gate to read Loan
  when context.address in 10.20.0.0/16 and resource.title.starts_with("a")
  unless resource.marks.contains("rare") or resource.marks.is_empty

forbid night: anyone except librarian to change Loan
  when clock.time in 22:00..06:00 and clock.weekday not in [saturday, sunday]
  because "We sleep"

forbid away: anyone to delete Loan
  unless has resource.borrower and resource.borrower == principal
  because "It is not theirs"

require big: step_up(mfa, within: 5m) for anyone to update Loan
  when prior.fee >= 100.00

assert closed: never show Loan.card to gate

test "librarians read what is near" {
  let ann = Member { roles: [librarian], in: [Branch "main"], level: 3 }
  let near = Loan { branch: Branch "main", shelf: open, lost: false }
  let far = Loan { branch: Branch "other" }
  expect permit ann to read near by desk with hide(fee), mask(title, initials)
  expect list ann to list Loan over [near, far] gives [near]
  given context { mfa: true, mfa_age: 2m, address: 10.20.3.4 }
  given now 23:30
  given guards(ann, near)
  expect deny Member { roles: [helper] } to update near to { lost: true } by night as forbidden
  expect deny Scanner { label: "a" } to read far as not_granted
}
`;

export const lendingProject = (): Project =>
  projectByHeader(
    [
      { name: "lending.ward", text: model },
      { name: "platform.ward", text: platform },
      { name: "guide.ward", text: pack },
      { name: "north.ward", text: policy },
    ],
    "wardline.config.json",
  ) as Project;
