import type { DiagnosticEntry } from "./entry.ts";

/** Findings about names and files: what is unknown, declared twice, or in the wrong place. */
export const nameDiagnostics = {
  "name/unknown": { severity: "error", message: "unknown {kind} `{name}`" },
  "name/duplicate": { severity: "error", message: "{kind} `{name}` is declared twice" },
  "name/taken": {
    severity: "error",
    message: "`{name}` is already the name of {other}",
    help: "choose another name",
  },
  "name/built-in": {
    severity: "error",
    message: "`{name}` is a name that every {owner} has already",
    help: "choose another name",
  },
  "file/kind": {
    severity: "error",
    message: "this file is loaded as {loaded}, and says that it is {says}",
    note: "what a file may be is chosen by who loads it, never by the file",
  },
  "file/tenant": {
    severity: "error",
    message: "this policy is for the tenant `{says}`, and is loaded for `{loaded}`",
    note: "a tenant's policy is accepted for that tenant alone",
  },
  "file/tenant-name": {
    severity: "error",
    message: "`{name}` cannot be the name of a tenant",
    note: "the ids of its rules would look like the platform's",
  },
  "file/model": {
    severity: "error",
    message: "this file is for the model `{says}`, and the model is `{loaded}`",
  },
  "file/misplaced": {
    severity: "error",
    message: "{statement} does not belong in {file}",
    help: "it belongs in {where}",
  },
  "language/not-yet": { severity: "error", message: "{construct} is not carried out by this version" },
} as const satisfies Record<string, DiagnosticEntry>;
