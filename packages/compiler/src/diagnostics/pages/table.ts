/** The page of every diagnostic. A code without a page does not compile. */
import type { DiagnosticCode } from "../table.ts";
import { assertPages } from "./asserts.ts";
import { guardrailPages } from "./guardrails.ts";
import { limitPages } from "./limits.ts";
import { lintPages, suppressionPages } from "./lints.ts";
import { lintRulePages } from "./lint-rules.ts";
import { modelPages } from "./model.ts";
import { namePages } from "./names.ts";
import type { DiagnosticPage } from "./page.ts";
import { packPages } from "./packs.ts";
import { referencePages } from "./references.ts";
import { rowPages } from "./rows.ts";
import { rulePages } from "./rules.ts";
import { settingPages } from "./settings.ts";
import { statementPages } from "./syntax-statements.ts";
import { wordPages } from "./syntax-words.ts";
import { testPages } from "./tests.ts";
import { typePages } from "./types.ts";
import { valuePages } from "./values.ts";

export const diagnosticPages: { readonly [Code in DiagnosticCode]: DiagnosticPage } = {
  ...statementPages,
  ...wordPages,
  ...namePages,
  ...modelPages,
  ...typePages,
  ...valuePages,
  ...referencePages,
  ...rowPages,
  ...rulePages,
  ...guardrailPages,
  ...testPages,
  ...packPages,
  ...assertPages,
  ...settingPages,
  ...lintPages,
  ...lintRulePages,
  ...suppressionPages,
  ...limitPages,
};
