import type { DiagnosticEntry } from "./entry.ts";
import { assertDiagnostics } from "./asserts.ts";
import { lintDiagnostics } from "./lints.ts";
import { modelDiagnostics } from "./model.ts";
import { nameDiagnostics } from "./names.ts";
import { packDiagnostics } from "./packs.ts";
import { ruleDiagnostics } from "./rules.ts";
import { settingDiagnostics } from "./settings.ts";
import { testDiagnostics } from "./tests.ts";
import { typeDiagnostics } from "./types.ts";

/** Findings of the checker: names, types, guardrails. */
export const checkDiagnostics = {
  ...nameDiagnostics,
  ...modelDiagnostics,
  ...typeDiagnostics,
  ...ruleDiagnostics,
  ...packDiagnostics,
  ...assertDiagnostics,
  ...settingDiagnostics,
  ...testDiagnostics,
  ...lintDiagnostics,
} as const satisfies Record<string, DiagnosticEntry>;
