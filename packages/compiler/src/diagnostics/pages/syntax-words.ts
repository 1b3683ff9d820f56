import type { syntaxDiagnostics } from "../syntax.ts";
import type { PagesOf } from "./page.ts";

/** Pages about words, numbers, strings and single characters. */
export const wordPages = {
  "syntax/bad-character": {
    summary: "A sign has no meaning in the language.",
    why: "Most often it is a sign of another language, such as `&&`, `!` or `;`. It is not read as what it might mean.",
    wrong: "permit desk: librarian to read Loan\n  when resource.lost ⟪&&⟫ context.mfa",
    right: "permit desk: librarian to read Loan\n  when resource.lost and context.mfa",
  },
  "syntax/bad-number": {
    summary: "A run of digits and letters is no number, duration, date or other value.",
    why: "A value that is guessed at may be another one than was meant.",
    wrong: "permit desk: librarian to read Loan\n  when resource.runs > ⟪1h30m⟫",
    right: "permit desk: librarian to read Loan\n  when resource.runs > 90m",
  },
  "syntax/bad-value": {
    summary: "A value has the form of a date, a time or an address, and there is no such value.",
    why: "A date that does not exist would be moved to another day, and an address to another network.",
    wrong: "permit desk: librarian to read Loan\n  when resource.due < ⟪2026-02-30T00:00:00Z⟫",
    right: "permit desk: librarian to read Loan\n  when resource.due < 2026-02-28T00:00:00Z",
  },
  "syntax/bad-escape": {
    summary: "A backslash in a string stands before a letter that it has no meaning with.",
    why: "A string that holds another text than it seems to hold compares with the wrong rows.",
    wrong: String.raw`permit desk: librarian to read Loan
  when resource.title == "C:⟪\d⟫ata"`,
    right: String.raw`permit desk: librarian to read Loan
  when resource.title == "C:\\data"`,
  },
  "syntax/open-string": {
    summary: "A string has no closing quote on its line.",
    why: "A string that went on would swallow the statements after it, and they would not be in force.",
    wrong: 'permit desk: librarian to read Loan\n  when resource.title == ⟪"Emma⟫\n',
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Emma"\n',
  },
  "syntax/name-style": {
    summary: "A word is written neither as a name nor as a type.",
    why: "One style for names lets a reader tell a role from a type at sight, and leaves no two names that differ by case alone.",
    wrong: "permit ⟪frontDesk⟫: librarian to read Loan",
    right: "permit front_desk: librarian to read Loan",
  },
  "syntax/not-ascii": {
    summary: "A character outside of ASCII stands outside of strings and comments.",
    why: "Many characters look like others. In names and signs only plain ones are read.",
    wrong: "permit desk: librarian to read Loan\n  when resource.title == ⟪“⟫Emma”",
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Emma"',
  },
  "syntax/mixed-script": {
    summary: "A word mixes letters of two scripts.",
    why: "The Cyrillic `е` looks like the Latin `e`: a reviewer sees the name of one role where the rule names another.",
    wrong: "permit desk: r⟪\u0435⟫ader to read Loan",
    right: "permit desk: reader to read Loan",
  },
  "syntax/bad-space": {
    summary: "A space is not a plain one.",
    why: "Such spaces come with text that is pasted from web pages. They look like plain ones, and other tools read them otherwise.",
    wrong: "permit desk:⟪\u00a0⟫librarian to read Loan",
    right: "permit desk: librarian to read Loan",
  },
  "syntax/bidi-control": {
    summary: "An invisible character changes the direction of the text.",
    why: "With it a rule can read differently from what it says, also to a careful reviewer.",
    wrong: "// for readers ⟪\u202e⟫ only\npermit desk: librarian to read Loan",
    right: "// for readers only\npermit desk: librarian to read Loan",
  },
  "syntax/invisible-character": {
    summary: "A character cannot be seen.",
    why: "Two texts that look the same must be the same; a string with such a character equals none that a person types.",
    wrong: 'permit desk: librarian to read Loan\n  when resource.title == "Em⟪\u200b⟫ma"',
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Emma"',
  },
  "syntax/not-nfc": {
    summary: "A text is written with separate accents, not in the composed form NFC.",
    why: "`é` can be one character or two. Both look the same, and a comparison tells them apart.",
    wrong: 'permit desk: librarian to read Loan\n  when resource.title == "Caf⟪e\u0301⟫"',
    right: 'permit desk: librarian to read Loan\n  when resource.title == "Caf\u00e9"',
  },
} as const satisfies Partial<PagesOf<typeof syntaxDiagnostics>>;
