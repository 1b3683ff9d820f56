import type { DiagnosticEntry } from "./entry.ts";

/** Findings about settings. */
export const settingDiagnostics = {
  "setting/value": { severity: "error", message: "`{setting}` takes {wanted}" },
  "setting/feature": {
    severity: "error",
    message: "`{name}` is not the name of a feature",
    help: "features are written `lower_snake`",
  },
  "setting/conflict": {
    severity: "error",
    message: "`{setting}` is `{value}` here and `{other}` elsewhere",
    note: "rows cannot live in two places, and neither is stricter than the other",
    help: "say the same in both, or leave it out here",
  },
  "setting/retention": {
    severity: "error",
    message: "`{setting}` is kept for {value}, and must be kept for {other}",
    note: "what the platform and packs say is the least that a tenant may",
    help: "write `{setting}: {other}`, or longer, or leave it out",
  },
  "setting/not-enforced": {
    severity: "warning",
    message: "nothing enforces `{setting}`",
    note: "the setting is checked and kept with the policy, and nothing acts on it",
    help: "see to it in the application, or leave it out",
  },
  "lint/setting-weaker": {
    severity: "warning",
    message: "`{setting}: {value}` has no effect: `{other}` is stricter",
    note: "of the settings of the platform, of packs and of a tenant the strictest holds",
    help: "write `{other}`, or leave it out",
  },
} as const satisfies Record<string, DiagnosticEntry>;
