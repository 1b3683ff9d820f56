import type { typeDiagnostics } from "../types.ts";
import type { PagesOf } from "./page.ts";

/** Pages about addresses and times of day in conditions. */
export const valuePages = {
  "type/many-values": {
    summary: "A network or a range of times is compared as if it were one value.",
    why: "An address is never equal to a network, so the rule could never match.",
    wrong: "permit desk: librarian to read Loan\n  when context.address == ⟪10.20.0.0/16⟫",
    right: "permit desk: librarian to read Loan\n  when context.address in 10.20.0.0/16",
  },
  "type/not-text": {
    summary: "A method of texts is called on something else.",
    why: "Numbers, days and addresses are not texts, and what they begin with depends on how they are written.",
    wrong: 'permit desk: librarian to read Loan\n  when resource.pages.⟪starts_with⟫("1")',
    right: "permit desk: librarian to read Loan\n  when resource.pages >= 100 and resource.pages < 200",
  },
  "type/row-argument": {
    summary: "A text is searched for another attribute of a row.",
    why: "A list asks all rows in one query. What it searches for has to be one text, known before any row is read.",
    wrong: "permit desk: librarian to read Loan\n  when resource.title.contains(⟪resource.card⟫)",
    right: 'permit desk: librarian to read Loan\n  when resource.title.contains("Emma")',
  },
  "type/empty-range": {
    summary: "A range of times ends where it begins.",
    why: "A range holds its beginning and not its end, so this one holds nothing, where a whole day may have been meant.",
    wrong: {
      file: "policy",
      text: "permit desk: librarian to read Branch\n  when resource.opens in ⟪22:00..22:00⟫",
    },
    right: "permit desk: librarian to read Branch\n  when resource.opens in 22:00..06:00",
  },
} as const satisfies Partial<PagesOf<typeof typeDiagnostics>>;
