/** What a lint rule is given, and what it is. A rule looks at a file set without errors and gives findings of its code. */
import type { Finding, Fix } from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import type { RequireStatement, RuleStatement, Statement } from "../ast/statement.ts";
import { conditionsIn } from "../ast/walk.ts";
import type { PlacedFile } from "../check/placed-file.ts";
import type { CheckedRule } from "../check/rule.ts";
import type { SealedFields } from "../check/scope.ts";
import type { Model, RoleSymbol } from "../check/symbols.ts";
import type { CheckedTest } from "../policy-test/checked-test.ts";
import { leaveStatementOut } from "./leave-statement-out.ts";
import type { LintCode } from "./lint-code.ts";

export interface LintContext {
  readonly model: Model;
  readonly modelFile: PlacedFile;
  readonly platform: readonly PlacedFile[];
  readonly policy: PlacedFile;
  /** The rules of all layers, as they stand in each combination. */
  readonly rules: readonly CheckedRule[];
  readonly sealed: SealedFields;
  /** The model's roles and the tenant's. */
  readonly roles: ReadonlyMap<string, RoleSymbol>;
  readonly tests: readonly CheckedTest[];
}

export interface LintRule {
  readonly code: LintCode;
  readonly check: (context: LintContext) => readonly Finding[];
}

export type AnyRule = RuleStatement | RequireStatement;

/** The statements of the platform's files and of the policy. */
export function statementsOf({ platform, policy }: LintContext): readonly Statement[] {
  return [...platform, policy].flatMap((file) => file.statements);
}

/** Rules as they are written, once each. */
export function writtenRules(context: LintContext): readonly AnyRule[] {
  return statementsOf(context).filter(
    (statement): statement is AnyRule => "reach" in statement && statement.kind !== undefined,
  );
}

/** All conditions of rules and lets. */
export function conditionsOf(context: LintContext): readonly Expression[] {
  return statementsOf(context).flatMap(conditionsIn);
}

/** The fix that takes a whole statement away. */
export function leaveOutStatement(context: LintContext, { span }: Statement): Fix {
  const found = [context.modelFile, ...context.platform, context.policy].find(
    (f) => f.source.name === span.file,
  );
  return leaveStatementOut(found?.source.text ?? "", span);
}

/** The text of a place. */
export function textAt(
  context: LintContext,
  { file, start, end }: { file: string; start: number; end: number },
): string {
  const found = [context.modelFile, ...context.platform, context.policy].find((f) => f.source.name === file);
  return found?.source.text.slice(start, end) ?? "";
}
