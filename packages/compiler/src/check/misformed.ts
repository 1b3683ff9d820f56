/** Says of an obligation that it is not written as it should be, and how it is. */
import type { Span } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { isMask, maskFunctions } from "./mask-table.ts";
import { isObligation, obligationForms } from "./obligation-table.ts";
import type { Setting } from "./scope.ts";

/** An obligation, or a function within one. */
export type Call = Extract<Term, { kind: "call" }>;

/** `at`: the part of it that is wrong; the whole where it is not given. */
export function misformed(setting: Setting, call: Call, problem: string, at: Span = call.span): void {
  setting.report.add(finding("obligation/arguments", at, { problem, form: formOf(call.name.text) }));
}

function formOf(name: string): string {
  if (isObligation(name)) return obligationForms[name].form;
  return isMask(name) ? maskFunctions[name].form : name;
}
