/** The project that examples of pages stand in: a small lending library with a house tenant called `north`. */
import type { ExampleFile } from "./page.ts";

const model = `model library

enum Plan { basic, full }

enum Shelf { open, closed, rare }

tenant {
  plan: Plan
  founded: Instant
  main: Branch
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
  address: Ip
}

/// Branches nest: a reading room belongs to a house.
entity Branch in Branch via parent_id stored in branches {
  name: String
  opens: Time
  head: Member?
}

principal Member in Branch via session {
  level: Int(0..5)
  tier: Int(0..3) tenant
  favourite: Shelf?
  home: Branch?
}

/// A machine at the door.
principal Scanner {
  label: String
}

role reader, librarian, cashier, director for Member
role inspector platform
role gate for Scanner
delegate reader, librarian, cashier to tenants

evidence mfa from context.mfa, context.mfa_age
evidence badge from context.mfa
evidence reason from context.purpose

entity Loan stored in loans {
  branch: Branch
  borrower: Member?
  title: String
  card: String #secret
  remark: String?
  shelf: Shelf
  pages: Int(1..5000)
  fee: Decimal(8, 2)
  due: Instant
  runs: Duration
  printed: Date?
  code: Uuid?
  marks: Set<String> via loan_marks(loan_id, mark)
  lost: Bool
}

/// What librarians write to one another about a loan.
entity Letter in Loan via loan_id stored in letters {
  loan: Loan
  words: String #secret
  sent: Instant
}

relation guards(Member, Loan) via loan_guards(member_id, loan_id)

action read, list, export reads Loan, Letter, Branch
action create creates Loan, Letter, Branch
action lend creates Loan
action update updates Loan, Letter, Branch
action delete deletes Loan, Letter, Branch
group change = create, update, delete
`;

/** Each file with what an example's statements are added to. */
export const library: { readonly [File in ExampleFile]: string } = {
  model,
  platform: "platform for library\n\nceiling all: anyone to act on anything\n",
  policy: "policy north for library\n\n",
  pack: `pack guide 1.2

parameter secret: class
parameter fresh: Duration(..15m) = 15m

require sealed: encrypt(secret)

require export_factor: step_up(mfa, within: fresh) for anyone to export anything touching secret
`,
};

/** What `north` says where an example is about another file. */
export const plainPolicy = `${library.policy}permit desk: librarian to read, list Loan\n`;

export const tenant = "north";
