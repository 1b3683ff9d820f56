import type { nameDiagnostics } from "../names.ts";
import type { PagesOf } from "./page.ts";

/** Pages about names, and about files that are not what they are loaded as. */
export const namePages = {
  "name/unknown": {
    summary: "A name stands for nothing: it is misspelt, or not declared.",
    why: "A rule with a role, an action or an attribute that does not exist would never match, and nobody would notice.",
    wrong: 'permit desk: librarian to read Loan\n  when resource.⟪titel⟫ == "Emma"',
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Emma"',
  },
  "name/duplicate": {
    summary: "Two things of one kind have one name.",
    why: "Logs and tests name a rule by its name; two rules of one name could not be told apart.",
    wrong: "permit desk: librarian to read Loan\npermit ⟪desk⟫: cashier to list Loan",
    right: "permit desk: librarian to read Loan\npermit till: cashier to list Loan",
  },
  "name/taken": {
    summary: "A name is that of something else already.",
    why: "A bare name in a condition must have one meaning, whatever stands beside it.",
    wrong: "let ⟪reader⟫ = resource.lost\npermit desk: librarian to read Loan\n  when resource.lost",
    right: "let is_lost = resource.lost\npermit desk: librarian to read Loan\n  when is_lost",
  },
  "name/built-in": {
    summary: "A field or fact of the model is called like one that is always there.",
    why: "Every row has an `id` and a `tenant` that Wardline sets itself. A field of that name would hide it.",
    wrong: { file: "model", text: "entity Stamp stored in stamps {\n  ⟪tenant⟫: String\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  owner: String\n}" },
  },
  "file/kind": {
    summary: "The first line says that the file is of another kind than it is loaded as.",
    why: "A tenant's text that calls itself the platform's could lift the guardrails. What a file may be is said by whoever loads it.",
    wrong: "⟪platform for library⟫\n\npermit desk: librarian to read Loan",
    right: "policy north for library\n\npermit desk: librarian to read Loan",
  },
  "file/tenant": {
    summary: "A policy names another tenant than the one that it is loaded for.",
    why: "A policy is accepted for its own tenant alone, so that no tenant's rules come to govern another's rows.",
    wrong: "policy ⟪south⟫ for library\n\npermit desk: librarian to read Loan",
    right: "policy north for library\n\npermit desk: librarian to read Loan",
  },
  "file/tenant-name": {
    summary: "A tenant is called by a word that Wardline uses itself.",
    why: "Logs name a rule by its owner: `platform/desk` must be a rule of the platform.",
    wrong: "policy ⟪platform⟫ for library\n\npermit desk: librarian to read Loan",
    right: "policy north for library\n\npermit desk: librarian to read Loan",
  },
  "file/model": {
    summary: "A file is written for another model than the one that it is loaded with.",
    why: "The names in it would mean other things than its author had in mind.",
    wrong: "policy north for ⟪archive⟫\n\npermit desk: librarian to read Loan",
    right: "policy north for library\n\npermit desk: librarian to read Loan",
  },
  "file/misplaced": {
    summary: "A statement stands in a file that may not hold it.",
    why: "Who may say what depends on the file: a tenant can't move the bounds that the platform sets, and the platform declares no entities.",
    wrong: "⟪ceiling⟫ desk: librarian to read Loan",
    right: "permit desk: librarian to read Loan",
  },
} as const satisfies PagesOf<typeof nameDiagnostics>;
