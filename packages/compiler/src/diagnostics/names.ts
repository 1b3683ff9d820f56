import type { DiagnosticEntry } from "./entry.ts";

/** Findings about names and files: what is unknown, declared twice, or in the wrong place. */
export const nameDiagnostics = {
  "name/unknown": { severity: "error", message: "unknown {kind} `{name}`" },
  "name/duplicate": {
    severity: "error",
    message: "{kind} `{name}` is declared twice",
    help: "give one of them another name",
  },
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
    help: "the first line of such a file is `{form}`",
  },
  "file/tenant": {
    severity: "error",
    message: "this policy is for the tenant `{says}`, and is loaded for `{loaded}`",
    note: "a tenant's policy is accepted for that tenant alone",
    help: "write `{loaded}`, if these are its rules",
  },
  "file/tenant-name": {
    severity: "error",
    message: "`{name}` cannot be the name of a tenant",
    note: "the ids of its rules would look like the platform's",
    help: "call the tenant by another name",
  },
  "file/model": {
    severity: "error",
    message: "this file is for the model `{says}`, and the model is `{loaded}`",
    help: "write `{loaded}`",
  },
  "file/misplaced": {
    severity: "error",
    message: "{statement} does not belong in {file}",
    help: "it belongs in {where}",
  },
} as const satisfies Record<string, DiagnosticEntry>;
