import type { DiagnosticEntry } from "./entry.ts";

/** Findings about asserts. */
export const assertDiagnostics = {
  "assert/clause": {
    severity: "error",
    message: "an assert takes no `{clause}`",
    note: "it says what holds of the policy, and binds nothing",
    help: "leave it out, or write a rule",
  },
  "assert/always-show": {
    severity: "error",
    message: "`always show` has no meaning",
    note: "who may see a row at all is another question than which of its fields are shown",
    help: "write `always permit WHO to read TYPE`, or `never show TYPE.FIELD to WHO`",
  },
  "assert/not-read": {
    severity: "error",
    message: "no action reads `{type}`, so nothing of it is ever shown",
    help: "name a type that some action reads",
  },
  "assert/several": {
    severity: "error",
    message: "`{name}` is the name of several statements: {ids}",
    note: "leaving out more requests than is meant would hide what the assert looks for",
    help: "say with `unless` which requests are left out",
  },
} as const satisfies Record<string, DiagnosticEntry>;
