/** Checks one rule in every combination that it reaches. */
import type { FieldEffect, Obligation, Row, Rule, Span } from "@wardline/core";
import type { Clause, Reach, RequireStatement, RuleStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { checkCondition, maxDepth } from "./condition.ts";
import { metFormula } from "./evidence-met.ts";
import { all, not, type Formula } from "./formula.ts";
import { both, nothing } from "./known.ts";
import { effectsOn } from "./field-effect.ts";
import { noTerms, sortTerms, type Terms } from "./obligation.ts";
import { lintNeverHolds, type Part } from "../lint/never-holds.ts";
import type { Report } from "./report.ts";
import { resolveReach, type Reached } from "./reach.ts";
import { checkShareWho } from "./share.ts";
import { newUse, type Scope, type Setting, type Use } from "./scope.ts";
import { isEncrypt } from "./sealed.ts";
import { checkTrusting } from "./trusting.ts";

/** A rule as it stands in one combination and for one row. */
export interface Case {
  readonly principal: string;
  readonly action: string;
  readonly entity: string;
  readonly row: Row;
  readonly when: Formula;
  readonly effects: readonly FieldEffect[];
  readonly preconditions: readonly { readonly obligation: Obligation; readonly met: Formula }[];
  readonly limit: Terms["limit"];
  /** `audit` and `notify`. */
  readonly duties: readonly Obligation[];
  /** Where the rule names this action; null if it does not by name. */
  readonly actionSpan: Span | null;
}

export interface CheckedRule {
  readonly rule: Rule;
  readonly statement: RuleStatement | RequireStatement;
  readonly cases: readonly Case[];
}

/** What the rules of a file may still expand to. */
export interface Budget {
  /** Terms in any one combination. */
  readonly terms: number;
  /** Terms in all combinations together. */
  readonly total: number;
}

/** For the rules of one tenant. The longest text without lets hardly has more in one combination. */
export const policyBudget: Budget = { terms: 20_000, total: 500_000 };

/** All that a rule means. The answer says what is left of the budget. */
export function checkRule(
  setting: Setting,
  rule: Rule,
  statement: RuleStatement | RequireStatement,
  budget: Budget,
): { readonly checked: CheckedRule; readonly left: Budget } {
  const { report } = setting;
  const use = newUse(statement.name.text);
  const terms = termsOf(setting, rule.id, statement);
  const { preconditions, limit, duties } = terms;
  const reach = reachOf(setting, statement);
  const spreads = statement.kind === "forbid" || statement.kind === "require";
  const reached = reach === null ? [] : resolveReach(setting, use, reach, spreads);
  if (statement.kind === "share") checkShareWho(setting, use, statement.reach.who);
  const cases: Case[] = [];
  const conditions = new Map<string, Formula>();
  const evidence = new Map<string, Case["preconditions"]>();
  const preconditionsOf = ({ principal }: Reached): Case["preconditions"] => {
    let met = evidence.get(principal.name);
    if (met === undefined) {
      met = preconditions.map((p) => ({
        obligation: p.obligation,
        met: metFormula(setting.model, principal, p),
      }));
      evidence.set(principal.name, met);
    }
    return met;
  };
  let most = 0;
  let total = 0;
  const isOver = () => use.tooDeep || most > budget.terms || total > budget.total;
  for (const combination of reached) {
    const { principal, action, entity } = combination;
    const effects = effectsOn(setting, use, terms.effects, entity);
    for (const precondition of preconditions)
      noteEvidence(setting, use, combination, precondition.evidence.facts, statement.name.span);
    for (const row of rowsOf(action.kind)) {
      // A condition means the same for every action of a kind.
      const key = [principal.name, entity.name, action.kind, row].join(" ");
      let when = conditions.get(key);
      if (when === undefined) {
        use.terms = 0;
        const scope = { setting, principal, action, entity, row, use, limit: budget.terms };
        conditions.set(key, (when = checkClauses(scope, combination.who, statement.clauses)));
        most = Math.max(most, use.terms);
        total += use.terms;
      }
      cases.push({
        principal: principal.name,
        action: action.name,
        entity: entity.name,
        row,
        when,
        effects,
        preconditions: preconditionsOf(combination),
        limit,
        duties,
        actionSpan: combination.by?.span ?? null,
      });
      if (isOver()) break;
    }
    if (isOver()) break;
  }
  reportLimits(report, use, statement.name.span, most > budget.terms, total > budget.total);
  if (use.resource !== null && use.side !== null)
    report.add(
      finding(
        "type/mixed-rows",
        use.side.span,
        { row: use.side.row },
        { related: [{ span: use.resource, message: "`resource` here" }] },
      ),
    );
  if (isOver()) report.discard();
  else {
    checkTrusting(setting, use, statement, rule.pack !== undefined);
    report.settle();
  }
  const left = { terms: budget.terms - most, total: budget.total - total };
  return { checked: { rule, statement, cases }, left };
}

/** Reports what a statement expands to beyond the budget. */
export function reportLimits(report: Report, use: Use, span: Span, terms: boolean, total: boolean): void {
  if (use.tooDeep) report.add(finding("limit/nesting", span, { limit: String(maxDepth) }));
  if (terms) report.add(finding("limit/expansion", span, { limit: String(policyBudget.terms) }));
  else if (total) report.add(finding("limit/expansion-total", span, { limit: String(policyBudget.total) }));
}

/** The rows that an action is asked of. */
export function rowsOf(kind: Reached["action"]["kind"]): readonly Row[] {
  switch (kind) {
    case "reads":
      return ["resource"];
    case "creates":
      return ["next"];
    case "deletes":
      return ["prior"];
    case "updates":
      return ["prior", "next"];
  }
}

/** All `when`s hold and no `unless` does; what the `when`s show to be present is so in every `unless`. */
export function checkClauses(scope: Scope, who: Formula, clauses: readonly Clause[]): Formula {
  const parts: Part[] = [];
  let known = nothing;
  for (const clause of clauses) {
    if (clause.kind !== "when") continue;
    const { formula, yes } = checkCondition(scope, clause.condition, known);
    parts.push({ formula, span: clause.condition.span });
    known = both(known, yes);
  }
  for (const clause of clauses) {
    if (clause.kind !== "unless") continue;
    const { formula, no } = checkCondition(scope, clause.condition, known);
    parts.push({ formula: not(formula), span: clause.condition.span });
    known = both(known, no);
  }
  // In the other combinations the same words ask the same.
  if (!scope.use.compared) lintNeverHolds(scope.setting.report, parts);
  scope.use.compared = true;
  return all([who, ...parts.map((part) => part.formula)]);
}

function termsOf(setting: Setting, rule: string, statement: RuleStatement | RequireStatement): Terms {
  const withs = statement.clauses.filter((clause) => clause.kind === "with");
  switch (statement.kind) {
    case "permit":
    case "share":
      return sortTerms(
        setting,
        statement.kind,
        rule,
        withs.flatMap((clause) => clause.terms),
      );
    case "require":
    case "forbid":
    case "ceiling":
    case "floor":
      for (const { span } of withs) {
        const help =
          statement.kind === "require"
            ? "write them after the rule's name"
            : "write them on a `permit`, or in a `require`";
        setting.report.add(finding("obligation/none-here", span, { kind: statement.kind, help }));
      }
      return statement.kind === "require" ? sortTerms(setting, "require", rule, statement.terms) : noTerms;
  }
}

function reachOf(setting: Setting, statement: RuleStatement | RequireStatement): Reach | null {
  if (statement.kind !== "require" || statement.reach !== null) return statement.reach;
  for (const term of statement.terms)
    if (term.kind === "call" && !isEncrypt(term))
      setting.report.add(finding("obligation/reach", term.span, { obligation: term.name.text }));
  return null;
}

/** A precondition of the platform that is met by what tenants set is a guardrail that reads it. */
function noteEvidence(
  setting: Setting,
  use: Use,
  { principal }: Reached,
  facts: readonly { readonly root: string; readonly name: string }[],
  span: Span,
): void {
  if (setting.layer !== "platform") return;
  for (const fact of facts)
    if (
      fact.root === "principal" &&
      principal.fields.get(fact.name)?.delegated === true &&
      !use.delegated.has(fact.name)
    )
      use.delegated.set(fact.name, span);
}
