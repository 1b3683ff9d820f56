/** Checks an assert in every combination that it reaches. It binds nothing, so what tenants set may stand in it freely. */
import type { AssertClaim, Layer, Row, Span } from "@wardline/core";
import type { AssertStatement, Reach } from "../ast/statement.ts";
import type { Formula } from "../check/formula.ts";
import { resolveReach, type Reached } from "../check/reach.ts";
import { checkClauses, reportLimits, rowsOf, type Budget, type CheckedRule } from "../check/rule.ts";
import { newUse, type Setting, type Use } from "../check/scope.ts";
import { unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";
import { namedAfterExcept } from "./except.ts";

export interface CheckedAssert {
  readonly id: string;
  readonly layer: Layer;
  readonly file: string;
  readonly line: number;
  readonly span: Span;
  readonly claim: AssertClaim;
  readonly because: string | null;
  readonly doc: string | null;
  readonly except: readonly CheckedRule[];
  readonly cases: readonly AssertedCase[];
}

/** An assert in one combination, with its condition for each row that the action is asked of. */
export interface AssertedCase {
  readonly principal: string;
  readonly action: string;
  readonly entity: string;
  readonly passes: readonly { readonly row: Row; readonly when: Formula }[];
}

/** `rules`: all that `except` can name. Null: it was refused. */
export function checkAssert(
  setting: Setting,
  place: Pick<CheckedAssert, "id" | "line">,
  statement: AssertStatement,
  rules: readonly CheckedRule[],
  budget: Budget,
): { readonly checked: CheckedAssert | null; readonly left: Budget } {
  const { report } = setting;
  const use = newUse(statement.name.text);
  for (const clause of statement.clauses)
    if (clause.kind === "with" || clause.kind === "trusting")
      report.add(finding("assert/clause", clause.span, { clause: clause.kind }));
  const except = namedAfterExcept(setting, statement, rules);
  const claim = claimOf(setting, statement);
  const reached = claim === null ? [] : reachedBy(setting, use, statement);
  const { cases, left } = checkCases(setting, use, statement, reached, budget);
  if (use.resource !== null && use.side !== null)
    report.add(
      finding(
        "type/mixed-rows",
        use.side.span,
        { row: use.side.row },
        { related: [{ span: use.resource, message: "`resource` here" }] },
      ),
    );
  if (claim === null) return { checked: null, left };
  const because = statement.clauses.flatMap((c) => (c.kind === "because" ? [c.text] : [])).join(" ");
  return {
    checked: {
      ...place,
      layer: setting.layer,
      file: statement.span.file,
      span: statement.span,
      claim,
      because: because === "" ? null : because,
      doc: statement.doc,
      except,
      cases,
    },
    left,
  };
}

function claimOf({ model, report }: Setting, { quantifier, claim }: AssertStatement): AssertClaim | null {
  if (claim.kind === "permit") return { kind: quantifier === "never" ? "never_permit" : "always_permit" };
  const entity = model.entities.get(claim.entity.text);
  if (quantifier === "always") {
    report.add(finding("assert/always-show", claim.span, {}));
    return null;
  }
  if (entity === undefined) {
    report.add(unknownName("entity", claim.entity, model.entities.keys()));
    return null;
  }
  if (!entity.fields.has(claim.field.text)) {
    report.add(unknownName("field", claim.field, entity.fields.keys()));
    return null;
  }
  const isRead = [...model.actions.values()].some(
    (action) => action.kind === "reads" && action.entities.includes(entity.name),
  );
  if (isRead) return { kind: "never_show", field: claim.field.text };
  report.add(finding("assert/not-read", claim.entity.span, { type: entity.name }));
  return null;
}

/** What is shown is shown by every action that reads. */
function reachedBy(setting: Setting, use: Use, { claim }: AssertStatement): readonly Reached[] {
  if (claim.kind === "permit") return resolveReach(setting, use, claim.reach, false);
  const reach: Reach = {
    who: claim.to,
    actions: { kind: "act_on", span: claim.span },
    types: { kind: "names", names: [claim.entity] },
    touching: null,
    span: claim.span,
  };
  return resolveReach(setting, use, reach, false).filter(({ action }) => action.kind === "reads");
}

function checkCases(
  setting: Setting,
  use: Use,
  statement: AssertStatement,
  reached: readonly Reached[],
  budget: Budget,
): { readonly cases: readonly AssertedCase[]; readonly left: Budget } {
  const { report } = setting;
  const conditions = new Map<string, Formula>();
  const cases: AssertedCase[] = [];
  let most = 0;
  let total = 0;
  const isOver = () => use.tooDeep || most > budget.terms || total > budget.total;
  for (const { principal, action, entity, who } of reached) {
    if (isOver()) break;
    const passes = rowsOf(action.kind).map((row) => {
      // A condition means the same for every action of a kind.
      const key = [principal.name, entity.name, action.kind, row].join(" ");
      const known = conditions.get(key);
      if (known !== undefined) return { row, when: known };
      use.terms = 0;
      const scope = { setting, principal, action, entity, row, use, limit: budget.terms };
      const when = checkClauses(scope, who, statement.clauses);
      conditions.set(key, when);
      most = Math.max(most, use.terms);
      total += use.terms;
      return { row, when };
    });
    cases.push({ principal: principal.name, action: action.name, entity: entity.name, passes });
  }
  reportLimits(report, use, statement.name.span, most > budget.terms, total > budget.total);
  if (isOver()) report.discard();
  else report.settle();
  return { cases, left: { terms: budget.terms - most, total: budget.total - total } };
}
