/** The codes of lints: the only findings whose severity can be set, and that a comment can suppress. */
import { diagnostics, type DiagnosticCode } from "../diagnostics/table.ts";

export type LintCode = Extract<DiagnosticCode, `lint/${string}`>;

/** How a lint is reported. `off`: not at all. */
export type LintLevel = "off" | "warning" | "error";

/** What is not named keeps the severity of the table. */
export type LintLevels = { readonly [Code in LintCode]?: LintLevel };

export function isLintCode(code: string): code is LintCode {
  return code.startsWith("lint/") && Object.hasOwn(diagnostics, code);
}

export const lintCodes: readonly LintCode[] = Object.keys(diagnostics).filter((code) => isLintCode(code));
