import type { DiagnosticEntry } from "./entry.ts";

/** Findings about tests: what they speak of, and what they expect. */
export const testDiagnostics = {
  "test/subject": {
    severity: "error",
    message: "{what} is not a principal or a row",
    help: "write its type and what matters of it, or name a `let` that does",
  },
  "test/value": {
    severity: "error",
    message: "`{name}` takes {type}, and {found} is none",
    help: "write {type}",
  },
  "test/circular": {
    severity: "error",
    message: "this {name} is made of itself",
    help: "leave out the part that leads back to it",
  },
  "test/deny-with": {
    severity: "error",
    message: "a deny carries no obligations",
    help: "leave `with` out; `by` names the forbids and `as` the reason",
  },
  "test/reason": {
    severity: "error",
    message: "a {outcome} has no reason",
    help: "leave `as` out; only a deny gives a reason",
  },
  "test/becomes": {
    severity: "error",
    message: "`{action}` updates nothing, so that the row stays as it is",
    help: "leave out `to` and its braces, or name an action that updates",
  },
  "test/challenge-shows": {
    severity: "error",
    message: "a challenge shows nothing yet",
    help: "expect a permit, or leave out `show`",
  },
  "test/list": {
    severity: "error",
    message: "`{action}` lists nothing",
    help: "name an action that reads, such as `list`",
  },
  "test/list-gives": {
    severity: "error",
    message: "`{row}` is given and not among the rows",
    help: "name it after `over` as well",
  },
} as const satisfies Record<string, DiagnosticEntry>;
