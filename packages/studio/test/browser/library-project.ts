/** A small project that the browser tests open: a lending library with one house. */
import type { BesideProject } from "../../src/host/browser-host.ts";

export const policyFile = "policy/north.ward";

const model = `model library

enum Shelf { open, closed, rare }

tenant {
  founded: Instant
}

context {
  mfa: Bool
  mfa_age: Duration?
  purpose: String?
}

entity Branch in Branch via parent_id stored in branches {
  name: String
}

principal Member in Branch via session {
  level: Int(0..5)
}

role reader, librarian, cashier for Member
delegate reader, librarian, cashier to tenants

evidence mfa from context.mfa, context.mfa_age
evidence reason from context.purpose

entity Loan stored in loans {
  branch: Branch
  borrower: Member?
  title: String
  card: String #secret
  shelf: Shelf
  pages: Int(1..5000)
  due: Instant
  lost: Bool
}

action read, list, export reads Loan, Branch
action update updates Loan, Branch
action delete deletes Loan, Branch
`;

const platform = `platform for library

ceiling all: anyone to act on anything
`;

export const northPolicy = `policy north for library

/// Who stands at the desk.
permit desk: librarian to read, list Loan

// Nobody works at night.
forbid night: anyone to update Loan
  when clock.time in 22:00..06:00
  because "The house is closed"
`;

/** The project with another text of its policy. */
export function libraryProject(policy = northPolicy): BesideProject {
  return {
    title: "A library",
    config: JSON.stringify({
      model: "policy/library.ward",
      platform: ["policy/platform.ward"],
      tenants: { north: policyFile },
    }),
    files: [
      { name: "policy/library.ward", text: model },
      { name: "policy/platform.ward", text: platform },
      { name: policyFile, text: policy },
    ],
  };
}
