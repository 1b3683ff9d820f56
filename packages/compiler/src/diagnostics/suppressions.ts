import type { DiagnosticEntry } from "./entry.ts";

/** Findings about comments that suppress a lint. Such a comment has no effect. */
export const suppressionDiagnostics = {
  "suppression/no-reason": {
    severity: "warning",
    message: "`{code}` is suppressed without a reason",
    note: "whoever reads the rule next must be able to judge whether the reason still holds",
    help: "write one code a comment, a colon and why: `// allow {code}: REASON`",
  },
  "suppression/not-a-lint": {
    severity: "warning",
    message: "`{code}` cannot be suppressed",
    note: "only lints can; every other finding is about what the policy means",
    help: "leave the comment out, and mend what the finding names",
  },
  "suppression/unknown-lint": { severity: "warning", message: "there is no lint `{code}`" },
  "suppression/unused": {
    severity: "warning",
    message: "`{code}` is not found in {what}",
    note: "a comment that suppresses nothing would hide the next mistake",
    help: "leave the comment out",
  },
} as const satisfies Record<string, DiagnosticEntry>;
