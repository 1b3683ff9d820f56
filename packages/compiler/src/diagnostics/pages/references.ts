import type { typeDiagnostics } from "../types.ts";
import type { PagesOf } from "./page.ts";

/** Pages about reading through references. */
export const referencePages = {
  "type/hops": {
    summary: "A path leads through more than two references.",
    why: "Each reference is one more row to look up, for every row of a list. Two are the most that a rule may ask for.",
    wrong:
      "permit desk: librarian to read Letter\n  when has resource.loan.branch.head and ⟪resource.loan.branch.head.level⟫ > 3",
    right: "permit desk: librarian to read Letter\n  when principal in resource.loan.branch",
  },
  "type/leads-nowhere": {
    summary: "A path reads on from an entity that a fact of the context or the tenant names.",
    why: "A request brings what the principal and its rows refer to. Of other entities only the id is known.",
    wrong: "permit desk: librarian to read Loan\n  when resource.branch.name == ⟪tenant.main.name⟫",
    right: "permit desk: librarian to read Loan\n  when resource.branch == tenant.main",
  },
  "type/not-stored": {
    summary: "A path reads an attribute of a principal that is not kept in the database.",
    why: "The attributes of such a principal come with its own session. Of another one only the id is known.",
    wrong:
      "permit desk: librarian to read Loan\n  when has resource.borrower and ⟪resource.borrower.level⟫ > 2",
    right:
      "permit desk: librarian to read Loan\n  when has resource.borrower and resource.borrower == principal",
  },
} as const satisfies Partial<PagesOf<typeof typeDiagnostics>>;
