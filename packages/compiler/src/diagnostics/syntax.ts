import type { DiagnosticEntry } from "./entry.ts";

/** Findings of the lexer, the parser and the layout of files. */
export const syntaxDiagnostics = {
  // What stands where
  "syntax/expected": { severity: "error", message: "expected {expected}, found {found}" },
  "syntax/header": {
    severity: "error",
    message: "expected the file's header, found {found}",
    help: "the first line says what the file is: `model NAME`, `platform for MODEL` or `policy TENANT for MODEL`",
  },
  "syntax/unknown-statement": {
    severity: "error",
    message: "expected a statement, found {found}",
    help: "a statement begins with a word such as `permit`, `forbid`, `require`, `role` or `let`",
  },
  "syntax/reserved-word": {
    severity: "error",
    message: "`{word}` is a word of the language and cannot be {what}",
    help: "choose another name, such as `{word}_1`",
  },
  // Expressions
  "syntax/mixed-and-or": {
    severity: "error",
    message: "`and` and `or` stand side by side",
    note: "readers disagree on which of the two binds first, so the language does not choose",
    help: "say with parentheses what belongs together",
  },
  "syntax/chained-comparison": {
    severity: "error",
    message: "a comparison has two sides, this one has more",
    help: "join two comparisons with `and`",
  },
  // Words, numbers and strings
  "syntax/bad-character": { severity: "error", message: "{found} has no meaning here" },
  "syntax/bad-number": {
    severity: "error",
    message: "`{found}` is not a number, a duration or any other value",
    help: "write `15m`, `1_000`, `12.50`, `22:00`, `2026-01-05` or `10.0.0.0/8`; a number has no leading zeros",
  },
  "syntax/bad-value": {
    severity: "error",
    message: "`{found}` is not {what}: {why}",
    help: "write {what} that exists",
  },
  "syntax/bad-escape": {
    severity: "error",
    message: "`{found}` has no meaning in a string",
    help: 'write `\\"`, `\\\\`, `\\n` or `\\t`',
  },
  "syntax/open-string": {
    severity: "error",
    message: "this string has no closing quote on its line",
    note: "a string does not cross a line",
    help: 'close it with `"`; a long text stands on one line',
  },
  "syntax/name-style": {
    severity: "error",
    message: "`{found}` is neither a name nor a type",
    help: "names are written `lower_snake`, types, entities and enums `UpperCamel`, classes `#lower_snake`",
  },
  // Characters
  "syntax/not-ascii": {
    severity: "error",
    message: "`{char}` ({code}) is not ASCII",
    note: "names and signs are ASCII; other characters stand in strings and comments only",
    help: "write plain letters and signs, or put text in quotes",
  },
  "syntax/mixed-script": {
    severity: "error",
    message: "`{word}` mixes scripts: `{char}` is {script} ({code})",
    note: "a name that looks like another one is how a rule comes to mean something else",
    help: "write the whole word in Latin letters",
  },
  "syntax/bad-space": {
    severity: "error",
    message: "this space is {code}, not a plain one",
    help: "write a plain space",
  },
  "syntax/bidi-control": {
    severity: "error",
    message: "{code} changes the direction of the text",
    note: "such a character makes a rule read differently from what it says",
    help: "remove the character",
  },
  "syntax/invisible-character": {
    severity: "error",
    message: "{code} cannot be seen",
    note: "two texts that look the same must be the same",
    help: "remove the character",
  },
  "syntax/not-nfc": {
    severity: "error",
    message: "this text is not in NFC",
    note: "two texts that look the same must be the same",
    help: "write accents and letters as one character",
  },
  // Limits
  "limit/text": {
    severity: "error",
    message: "the text has {found} bytes, the limit is {limit}",
    help: "say it with fewer rules",
  },
  "limit/depth": {
    severity: "error",
    message: "brackets and `not`s are nested more than {limit} deep",
    help: "name a part of the condition with `let`",
  },
  "limit/findings": {
    severity: "error",
    message: "there are more than {limit} findings; the rest is left out",
    help: "mend the first ones; others may go with them",
  },
} as const satisfies Record<string, DiagnosticEntry>;
