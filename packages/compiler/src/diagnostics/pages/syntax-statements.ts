import type { syntaxDiagnostics } from "../syntax.ts";
import type { PagesOf } from "./page.ts";

/** Pages about what stands where: headers, statements, clauses, expressions. */
export const statementPages = {
  "syntax/expected": {
    summary: "Something stands where the language wants something else.",
    why: "A statement that does not parse is left out of nothing silently: the whole file set has no program until it is mended.",
    wrong: "permit desk: librarian ⟪read⟫ Loan",
    right: "permit desk: librarian to read Loan",
  },
  "syntax/header": {
    summary: "The first line does not say what the file is.",
    why: "What a file may hold depends on what it is: only a platform's file can say `ceiling`, only a model can declare entities.",
    wrong: { whole: true, text: "⟪polcy⟫ north for library\n\npermit desk: librarian to read Loan" },
    right: "policy north for library\n\npermit desk: librarian to read Loan",
  },
  "syntax/unknown-statement": {
    summary: "A statement begins with a word that begins none.",
    why: "The word decides what the statement does; a misspelt `forbid` that were skipped would leave open what it should close.",
    wrong: "⟪allow⟫ desk: librarian to read Loan",
    right: "permit desk: librarian to read Loan",
  },
  "syntax/reserved-word": {
    summary: "A word of the language is used as a name.",
    why: "A name that is also a word of the language could be read in two ways.",
    wrong: "permit ⟪test⟫: librarian to read Loan",
    right: "permit test_desk: librarian to read Loan",
  },
  "syntax/mixed-and-or": {
    summary: "`and` and `or` stand side by side without parentheses.",
    why: "Readers disagree on which of the two binds first. Here the one reading shows lost loans to nobody new, the other to everybody.",
    wrong:
      "permit desk: reader to read Loan\n  when resource.lost or resource.shelf == open ⟪and⟫ principal.level > 2",
    right:
      "permit desk: reader to read Loan\n  when (resource.lost or resource.shelf == open) and principal.level > 2",
  },
  "syntax/chained-comparison": {
    summary: "A comparison has more than two sides.",
    why: "In some languages `1 < x < 5` compares the answer of the first comparison with 5. Here nothing is compared with an answer.",
    wrong: "permit desk: reader to read Loan\n  when 1 < principal.level ⟪<⟫ 5",
    right: "permit desk: reader to read Loan\n  when principal.level > 1 and principal.level < 5",
  },
} as const satisfies Partial<PagesOf<typeof syntaxDiagnostics>>;
