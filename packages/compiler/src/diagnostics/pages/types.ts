import type { typeDiagnostics } from "../types.ts";
import type { PagesOf } from "./page.ts";

/** Pages about values and their types in conditions. */
export const typePages = {
  "type/mismatch": {
    summary: "Two values of different types are compared.",
    why: 'Nothing is converted: in other languages `"10" < 9` has an answer, and the answer depends on the language.',
    wrong: "permit desk: librarian to read Loan\n  when resource.pages > ⟪resource.fee⟫",
    right: "permit desk: librarian to read Loan\n  when resource.pages > principal.level",
  },
  "type/no-order": {
    summary: "Values that have no order are compared with `<`, `<=`, `>` or `>=`.",
    why: "Texts are ordered differently by every database and language, and the values of an enum have no order at all.",
    wrong: "permit desk: librarian to read Loan\n  when resource.shelf ⟪>⟫ open",
    right: "permit desk: librarian to read Loan\n  when resource.shelf in [closed, rare]",
  },
  "type/not-condition": {
    summary: "Something stands alone in a condition and is neither true nor false.",
    why: "Other languages take an empty text or a zero as false. Here a condition says what it compares.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪resource.pages⟫",
    right: "permit desk: librarian to read Loan\n  when resource.pages > 100",
  },
  "type/not-value": {
    summary: "Something stands where a value stands, and is none.",
    why: "A comparison is between values: facts, literals and names of values.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪principal.roles⟫ == cashier",
    right: "permit desk: librarian to read Loan\n  when principal.roles.contains(cashier)",
  },
  "let/argument": {
    summary: "A let with parameters is given what it cannot read.",
    why: "A let asks of its parameter what only an attribute has: attributes of its own, or whether it is there.",
    wrong: "let held(x) = has x\n\npermit desk: librarian to read Loan\n  when held(⟪5⟫)",
    right: "let held(x) = has x\n\npermit desk: librarian to read Loan\n  when held(resource.borrower)",
  },
  "type/class": {
    summary: "A class of fields stands in a condition.",
    why: "A class says which fields are of one kind. It has no value that a row could be held against.",
    wrong: "permit desk: librarian to read Loan\n  when has ⟪#secret⟫",
    right: "forbid hidden: cashier to read Loan touching #secret",
  },
  "type/no-fact": {
    summary: "A comparison or relation has a literal on both sides.",
    why: "Its answer is known already, so the rule says something other than was meant.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪5 > 3⟫",
    right: "permit desk: librarian to read Loan\n  when principal.level > 3",
  },
  "type/null": {
    summary: "A condition names `null`, and there is none.",
    why: "Databases answer a comparison with null by neither true nor false, and rules come to hold by accident. Here absence is asked for.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪resource.remark == null⟫",
    right: "permit desk: librarian to read Loan\n  when not has resource.remark",
  },
  "type/literal": {
    summary: "A literal is not a value of the type that the other side has.",
    why: "A literal is taken exactly or not at all: nothing is rounded or converted.",
    wrong: "permit desk: librarian to read Loan\n  when resource.fee >= ⟪12.505⟫",
    right: "permit desk: librarian to read Loan\n  when resource.fee >= 12.51",
  },
  "type/missing-attribute": {
    summary: "The rule reaches a type that does not have the attribute.",
    why: "For that type the condition would mean nothing. It must be seen which types a rule is for.",
    wrong: "permit desk: librarian to read Loan, Letter\n  when resource.⟪lost⟫",
    right: "permit desk: librarian to read Loan\n  when resource.lost",
  },
  "type/never-matches": {
    summary: "A comparison can never be true, whatever the values are.",
    why: "A permit that never matches gives nothing; a forbid that never matches protects nothing, and looks as if it did.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪resource.branch == principal⟫",
    right:
      "permit desk: librarian to read Loan\n  when has resource.borrower and resource.borrower == principal",
  },
  "type/unguarded": {
    summary: "A fact that may be absent is read without a guard.",
    why: "Absence is not a value, and no comparison with it has an answer. The rule must say what it means where the fact is absent.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪resource.borrower⟫ == principal",
    right:
      "permit desk: librarian to read Loan\n  when has resource.borrower and resource.borrower == principal",
  },
  "type/set": {
    summary: "A set is compared as if it were one value.",
    why: "A set has any number of values. The rule must say whether one of them, or each, is meant.",
    wrong: 'permit desk: librarian to read Loan\n  when ⟪resource.marks⟫ == "new"',
    right: 'permit desk: librarian to read Loan\n  when resource.marks.contains("new")',
  },
  "type/not-set": {
    summary: "A method of sets is called on something else.",
    why: "One value contains no others.",
    wrong: "permit desk: librarian to read Loan\n  when resource.shelf.⟪contains⟫(open)",
    right: "permit desk: librarian to read Loan\n  when resource.shelf == open",
  },
  "type/empty-list": {
    summary: "A list has nothing in it.",
    why: "Nothing is in an empty list, so the rule could never match.",
    wrong: "permit desk: librarian to read Loan\n  when resource.shelf in ⟪[]⟫",
    right: "permit desk: librarian to read Loan\n  when resource.shelf in [open, closed]",
  },
  "type/arguments": {
    summary: "A relation, a let or a method is given another number of arguments than it takes.",
    why: "Which argument is missing cannot be guessed.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪guards⟫(principal)",
    right: "permit desk: librarian to read Loan\n  when guards(principal, resource)",
  },
  "type/own-id": {
    summary: "The id of a row or a principal is compared, not the thing itself.",
    why: "Two things of different types can have one id. A thing is compared by its type and its id together.",
    wrong: 'permit desk: librarian to read Loan\n  when ⟪principal.id⟫ == "ada"',
    right: 'permit desk: librarian to read Loan\n  when principal == Member "ada"',
  },
  "type/role-as-condition": {
    summary: "A role stands alone as a condition.",
    why: "A bare name in a condition is a let. Who the rule is for stands before `to`; a further role is asked of the principal.",
    wrong: "permit desk: librarian to read Loan\n  when ⟪cashier⟫",
    right: "permit desk: librarian to read Loan\n  when principal.roles.contains(cashier)",
  },
} as const satisfies Partial<PagesOf<typeof typeDiagnostics>>;
