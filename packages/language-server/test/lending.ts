/** A lending library as a project: its shared files, and the tenants' policies that a test is about. */
import { projectByHeader, type Project } from "@wardline/compiler/project";
import { snapshotOf, type Snapshot } from "../src/index.ts";

export const model = `model library

context {
  mfa: Bool
}

principal Member {
  level: Int(0..5)
}

principal Scanner {
  label: String
}

role reader, librarian for Member
role keeper for Member
role inspector platform
role gate for Scanner
delegate reader, librarian to tenants

entity Loan stored in loans {
  borrower: Member
  title: String
  fee: Decimal(8, 2)
  lost: Bool
}

entity Letter stored in letters {
  words: String
}

action read, list reads Loan, Letter
action export reads Loan
action update updates Loan
`;

export const platform = `platform for library

ceiling all: anyone to act on anything

forbid lost_stays: anyone to update Loan
  when prior.lost
  because "A lost book is settled by the house"

share calls: inspector to read Loan
  when resource.lost
`;

export const policy = `policy north for library

/// What readers see of their own.
permit own: reader to read, list Loan
  when resource.borrower == principal

permit desk: librarian to read, list, update Loan
  when principal.level >= 3
  with mask(title, initials)

permit letters: librarian to read Letter

permit out: librarian to export Loan
  when context.mfa
`;

export function lending(north = policy, others: Readonly<Record<string, string>> = {}): Snapshot {
  const files = { "library.ward": model, "platform.ward": platform, "north.ward": north, ...others };
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }));
  return snapshotOf(projectByHeader(sources, "wardline.config.json") as Project);
}
