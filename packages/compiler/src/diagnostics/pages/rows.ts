import type { typeDiagnostics } from "../types.ts";
import type { PagesOf } from "./page.ts";

/** Pages about rows, hierarchies, lets and sealed fields in conditions. */
export const rowPages = {
  "type/row": {
    summary: "A condition says `prior` or `next` of an action that has no such row.",
    why: "Only a change has a row before and after it. Where there is none the condition means nothing.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪prior⟫.lost",
    right: "permit desk: librarian to read Loan\n  when resource.lost",
  },
  "type/mixed-rows": {
    summary: "A rule says `resource` beside `prior` or `next`.",
    why: "An update is asked of the row as it is and as it would be, and `resource` is each of them in turn. Beside `prior` it would be compared with itself.",
    wrong: "forbid moved: anyone to update Loan\n  when ⟪prior⟫.branch != resource.branch",
    right: "forbid moved: anyone to update Loan\n  when prior.branch != next.branch",
  },
  "type/in": {
    summary: "The right side of `in` is neither a list nor an entity that others belong to.",
    why: "`x in [a, b]` asks for one of several values, `a in b` whether a belongs to b. Anything else has no meaning.",
    wrong: "permit desk: librarian to read Loan\n  when resource.title in ⟪resource.marks⟫",
    right: 'permit desk: librarian to read Loan\n  when resource.marks.contains("new")',
  },
  "type/session-parents": {
    summary: "The parents of a principal are asked for, and it is not the one who asks.",
    why: "What a principal belongs to comes with its session, so it is known for the one who asks alone.",
    wrong:
      "permit desk: librarian to read Loan\n  when has resource.borrower and ⟪resource.borrower⟫ in resource.branch",
    right: "permit desk: librarian to read Loan\n  when principal in resource.branch",
  },
  "type/not-principal": {
    summary: "A type stands where the rule says who it is for, and nobody is of that type.",
    why: "Rules are for roles and for types of principals.",
    wrong: "permit desk: ⟪Branch⟫ to read Loan",
    right: "permit desk: Member to read Loan\n  when resource.lost",
  },
  "type/recursive-let": {
    summary: "A let is defined by itself, perhaps through others.",
    why: "A let stands for its condition. One that contains itself has none.",
    wrong:
      "let ⟪mine⟫ = not theirs\nlet ⟪theirs⟫ = not mine\npermit desk: librarian to read Loan\n  when mine",
    right:
      "let mine = guards(principal, resource)\nlet theirs = not mine\npermit desk: librarian to read Loan\n  when theirs",
  },
  "type/sealed": {
    summary: "A rule reads a field that is stored sealed.",
    why: "The database holds only the ciphertext of it, so no query could be filtered by its value.",
    wrong:
      'require seal: encrypt(card)\npermit desk: librarian to read Loan\n  when ⟪resource.card⟫ == "4711"',
    right: "require seal: encrypt(card)\npermit desk: librarian to read Loan\n  when not resource.lost",
  },
} as const satisfies Partial<PagesOf<typeof typeDiagnostics>>;
