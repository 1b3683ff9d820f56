import type { lintDiagnostics } from "../lints.ts";
import type { PagesOf } from "./page.ts";

/** A permit with a condition. */
const when = (condition: string) => `permit desk: librarian to read Loan\n  when ${condition}`;

/** Pages about the lint rules: each an advice about a file set without errors. */
export const lintRulePages = {
  "lint/compared-with-bool": {
    summary: "A Bool is compared with `true` or `false`.",
    why: "A Bool is a condition by itself, and reads more plainly so.",
    wrong: when("⟪resource.lost == false⟫"),
    right: when("not resource.lost"),
  },
  "lint/confusable-names": {
    summary: "Two names differ in signs that look alike.",
    why: "Whoever reads a log or a review takes one rule for the other.",
    noFix:
      "Logs, tests and reviews know both names: a better one is its author's to find. An editor renames it everywhere.",
    wrong:
      "permit desk_l: librarian to read Loan\n  when resource.lost\n\npermit ⟪desk_1⟫: librarian to list Loan\n  when resource.lost",
    right:
      "permit desk_lost: librarian to read Loan\n  when resource.lost\n\npermit desk_list: librarian to list Loan\n  when resource.lost",
  },
  "lint/constant-condition": {
    summary: "A clause is always true, or always false.",
    why: "It changes nothing, or takes the whole rule away, and reads as if it drew a line.",
    wrong: "permit desk: librarian to read Loan\n  ⟪when true⟫",
    right: "permit desk: librarian to read Loan",
  },
  "lint/dead-permit": {
    summary: "A forbid overrides a permit wherever the permit applies.",
    why: "A forbid is stronger than every permit, so that the permit grants nothing.",
    wrong:
      'permit ⟪desk⟫: librarian to update Loan\n  when resource.lost\n\nforbid lost: anyone to update Loan\n  when resource.lost\n  because "What is lost stays as it is"',
    right:
      'permit desk: librarian to update Loan\n\nforbid lost: anyone to update Loan\n  when resource.lost\n  because "What is lost stays as it is"',
  },
  "lint/double-negation": {
    summary: "A condition is negated twice.",
    why: "It is easily read as its opposite.",
    wrong: "permit desk: librarian to read Loan\n  ⟪unless not resource.lost⟫",
    right: "permit desk: librarian to read Loan\n  when resource.lost",
  },
  "lint/duplicate-rule": {
    summary: "Two rules say the same.",
    why: "Whoever changes one of them believes the change made, and the other one still stands.",
    wrong: "permit desk: librarian to read Loan\n\npermit ⟪counter⟫: librarian to read Loan",
    right: "permit desk: librarian to read Loan\n\npermit counter: cashier to read Loan",
  },
  "lint/empty-name": {
    summary: "A name says nothing about what it names.",
    why: "The name is what decisions, logs and reviews show.",
    noFix: "What the rule is for stands nowhere but in its author's mind. An editor renames it everywhere.",
    wrong: "permit ⟪rule_1⟫: librarian to read Loan",
    right: "permit desk: librarian to read Loan",
  },
  "lint/empty-test": {
    summary: "A test has no expectation.",
    why: "It cannot fail, and is counted as one that holds.",
    wrong: 'test ⟪"a reader reads"⟫ {\n}',
    right:
      'test "nobody reads" {\n  expect deny Member { roles: [reader] } to read Loan { } as not_granted\n}',
  },
  "lint/forbid-without-because": {
    summary: "A forbid does not say why.",
    why: "Whoever is refused is shown the reason, and whoever reviews the rule can judge whether it still holds.",
    noFix: "The reason is its author's to say. An editor adds the clause to be filled in.",
    wrong: "forbid ⟪lost⟫: anyone to update Loan\n  when resource.lost",
    right:
      'forbid lost: anyone to update Loan\n  when resource.lost\n  because "What is lost stays as it is"',
  },
  "lint/granted-to-anyone": {
    summary: "A permit lets anyone delete or export.",
    why: "What is deleted or carried away does not come back, and roles that come later may do it too.",
    noFix: "Which roles may is its author's to say.",
    wrong: "permit tidy: ⟪anyone⟫ to delete Loan\n  when resource.lost",
    right: "permit tidy: librarian to delete Loan\n  when resource.lost",
  },
  "lint/list-of-one": {
    summary: "A list has one value.",
    why: "A comparison says the same more plainly.",
    wrong: when("⟪resource.shelf in [open]⟫"),
    right: when("resource.shelf == open"),
  },
  "lint/redundant-name": {
    summary: "A name in a list is brought by another name of the list.",
    why: "It reads as if it made a difference.",
    wrong: "permit desk: librarian, ⟪librarian⟫ to read Loan",
    right: "permit desk: librarian to read Loan",
  },
  "lint/redundant-network": {
    summary: "A network adds nothing to a condition.",
    why: "Every address is in it, or another network of the list holds it: perhaps a digit is wrong.",
    wrong: when("context.address in [10.0.0.0/8, ⟪10.20.0.0/16⟫]"),
    right: when("context.address in [10.0.0.0/8, 192.168.0.0/16]"),
  },
  "lint/repeated-condition": {
    summary: "A condition stands twice in one rule.",
    why: "Perhaps another one was meant.",
    noFix: "It may be a slip of the pen for another condition, and what joins it goes with it.",
    wrong: when("resource.lost and ⟪resource.lost⟫"),
    right: when("resource.lost"),
  },
  "lint/repeated-value": {
    summary: "A value stands twice in a list.",
    why: "Perhaps another one was meant.",
    wrong: when("resource.shelf in [open, closed, ⟪open⟫]"),
    right: when("resource.shelf in [open, closed]"),
  },
  "lint/shadowed-rule": {
    summary: "Another rule matches wherever this one does.",
    why: "The rule changes nothing, and reads as if it did.",
    wrong:
      "permit desk: librarian to read Loan\n\npermit ⟪lost_desk⟫: librarian to read Loan\n  when resource.lost",
    right:
      "permit desk: librarian to read Loan\n\npermit lost_desk: reader to read Loan\n  when resource.lost",
  },
  "lint/uncovered-action": {
    summary: "The platform has ceilings, and none for an action.",
    why: "An action without a ceiling is closed: no tenant can grant it. Perhaps it was forgotten.",
    noFix:
      "Whether it is closed on purpose, or what the most is that tenants may grant, is the platform's to say.",
    wrong: {
      file: "platform",
      text: "⟪platform for library⟫\n\nceiling reading: anyone to read, list, export, create, lend, update Loan, Letter, Branch",
    },
    right: { file: "platform", text: "platform for library\n\nceiling all: anyone to act on anything" },
  },
  "lint/unguarded-relation": {
    summary: "A relation is kept in a table whose rows tenants may write.",
    why: "Whoever may write such a row can give himself what the relation grants.",
    noFix: "Who may write the rows is the platform's to say.",
    wrong: {
      file: "model",
      text: `model library

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  lost: Bool
}

entity Guard stored in guards {
  since: Instant
}

relation ⟪guards⟫(Member, Loan) via guards(member_id, loan_id)

action read, list reads Loan, Guard
action create creates Guard
`,
    },
    right: {
      file: "model",
      text: `model library

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  lost: Bool
}

relation guards(Member, Loan) via guards(member_id, loan_id)

action read, list reads Loan
`,
    },
  },
  "lint/unprotected-class": {
    summary: "A class is tagged in the model, and no rule protects it.",
    why: "The tag reads as if something were done about it.",
    noFix: "Masked, hidden or sealed, and for whom, is its author's to choose.",
    wrong: {
      file: "model",
      text: `model library

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  card: String ⟪#secret⟫
}

action read, list reads Loan
`,
    },
    right: {
      file: "model",
      text: `model library

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  card: String
}

action read, list reads Loan
`,
    },
  },
  "lint/unsealed-searchable": {
    summary: "A field is searchable, and no `encrypt` seals it.",
    why: "`searchable` keeps a blind index beside a sealed field, by which equal values are found. A field that is not sealed is found without one, so the mark is a leftover, or the `encrypt` was forgotten.",
    wrong: {
      file: "model",
      text: `model library

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  ⟪card⟫: String searchable
}

action read, list reads Loan
`,
    },
    right: {
      file: "model",
      text: `model library

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  card: String
}

action read, list reads Loan
`,
    },
  },
  "lint/untested-rule": {
    summary: "A policy has tests, and none expects a rule to decide.",
    why: "A change to the rule would go unnoticed.",
    noFix: "A test needs a question that the rule decides. An editor searches for one and adds the test.",
    wrong:
      'permit ⟪desk⟫: librarian to read Loan\n\ntest "a reader reads nothing" {\n  expect deny Member { roles: [reader] } to read Loan { } as not_granted\n}',
    right:
      'permit desk: librarian to read Loan\n\ntest "the desk reads" {\n  expect permit Member { roles: [librarian] } to read Loan { } by desk\n}',
  },
  "lint/unused-enum": {
    summary: "An enum of the model is the type of nothing.",
    why: "Perhaps a field was meant to have it and has another type.",
    wrong: {
      file: "model",
      text: `model library

enum ⟪Shelf⟫ { open, closed }

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  lost: Bool
}

action read, list reads Loan
`,
    },
    right: {
      file: "model",
      text: `model library

enum Shelf { open, closed }

principal Member {
  level: Int(0..5)
}

role reader, librarian for Member

entity Loan stored in loans {
  shelf: Shelf
}

action read, list reads Loan
`,
    },
  },
  "lint/unused-role": {
    summary: "A tenant declares a role that no rule names.",
    why: "Whoever is assigned it can do nothing by it.",
    wrong: "role ⟪trainee⟫\n\npermit desk: librarian to read Loan",
    right: "role trainee\n\npermit desk: librarian, trainee to read Loan",
  },
  "lint/wildcard": {
    summary: "`anything` stands for one type alone.",
    why: "A type that is added to the model later would be reached as well.",
    wrong: "permit lending: librarian to lend ⟪anything⟫",
    right: "permit lending: librarian to lend Loan",
  },
} as const satisfies PagesOf<typeof lintDiagnostics>;
