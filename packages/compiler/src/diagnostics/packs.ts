import type { DiagnosticEntry } from "./entry.ts";

/** Findings about packs, their parameters and their use. */
export const packDiagnostics = {
  "pack/version": {
    severity: "error",
    message: "there is no `{pack}` {version}",
    note: "a version is a text: 1.10 is not 1.1",
    help: "there is {versions}",
  },
  "pack/ambiguous": {
    severity: "error",
    message: "there is more than one `{pack}` {version}",
    note: "which of them is meant is not known",
    help: "give one of them another version",
  },
  "pack/name": {
    severity: "error",
    message: "`{name}` cannot be the name of a pack",
    note: "the ids of its rules would look like those of another layer",
    help: "give the pack another name",
  },
  "pack/twice": {
    severity: "error",
    message: "the pack `{pack}` is used twice",
    note: "its rules would have the same ids",
    help: "keep one of the two",
  },
  "pack/missing": {
    severity: "error",
    message: "the pack `{pack}` needs {parameters}",
    help: "write `{form}` between the braces",
  },
  "pack/argument": { severity: "error", message: "`{name}` takes {wanted}", help: "write `{name}: {form}`" },
  "pack/parameter-use": {
    severity: "error",
    message: "the parameter `{name}` {problem}",
    help: "{help}",
  },
  "lint/unused-parameter": {
    severity: "warning",
    message: "the parameter `{name}` is never used",
    help: "use it, or leave it out",
  },
} as const satisfies Record<string, DiagnosticEntry>;
