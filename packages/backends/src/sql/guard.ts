/**
 * One table of a program as a guarded view: the rows for which the evaluator permits the action, with each cell as the
 * effective mask shows it. Everything that is known is folded; what can't be said in SQL throws.
 */
import {
  type Entry,
  type FieldEffect,
  type GrantEntry,
  type GuardedView,
  type Mask,
  type Pass,
  type RequireEntry,
  type Rule,
  type SqlExpression,
  strictness,
} from "@wardline/core";
import { cell, checkEffects, hiddenCell, type MaskStep, type StoredField, storedFields } from "./cell.ts";
import { equal } from "./compare.ts";
import { conditionCompiler } from "./condition.ts";
import { allOf, anyOf, isNo, isYes, no, noted, type Predicate, yes } from "./predicate.ts";
import { rowAlias, type Place, rowColumn, type Scope, sideSelect, tenantTerm } from "./scope.ts";
import { inRule } from "./unsupported.ts";

export interface ViewOptions {
  readonly marker: SqlExpression;
  /** Name the rules in the view. */
  readonly notes: boolean;
}

interface Live {
  readonly when: Predicate;
  readonly effects: readonly FieldEffect[];
}

export function guardTable(scope: Scope, options: ViewOptions): GuardedView {
  const pass = onlyPass(scope);
  const rules = rulesOf(scope, pass);
  const say = (rule: number, what: SqlExpression) =>
    options.notes ? noted(ruleTitle(scope.program.rules[rule] as Rule), what) : what;
  const own = equal(tenantTerm(scope, "request"), { kind: "known", value: scope.program.tenant });
  const home = equal(tenantTerm(scope, "principal"), tenantTerm(scope, "request"));
  const permitted = allOf([
    own.holds,
    home.holds,
    rules.ceiling.holds,
    ...rules.forbids.map((forbid) => say(forbid.rule, forbid.when.fails)),
    anyOf(rules.grants.map((grant) => say(grant.rule, grant.when.holds))),
    ...rules.requires.map((require) => say(require.rule, anyOf([require.when.fails, require.met]))),
  ]);
  const where = allOf([...presentFacts(scope), permitted]);
  if (isNo(where)) return neverView(scope);
  const grants = rules.grants.filter((grant) => !isNo(grant.when.holds));
  const requires = rules.requires.filter((require) => !isNo(require.when.holds));
  return viewOf(scope, where, (field) =>
    cell(scope, field, maskSteps(field.field.name, grants, requires), options.marker),
  );
}

/** No row, and no column of one either. */
export function neverView(scope: Place): GuardedView {
  return viewOf(scope, no, hiddenCell);
}

function viewOf(
  scope: Place,
  where: SqlExpression,
  show: (field: StoredField) => SqlExpression,
): GuardedView {
  const { entity } = scope;
  const { storage, keyType } = entity;
  const fields = storedFields(scope);
  const key: SqlExpression = isNo(where) ? { kind: "null", type: keyType } : rowColumn(storage.key);
  const columns = [
    { expression: key, as: storage.key },
    ...fields.map((field) => ({ expression: show(field), as: field.column })),
  ];
  const names = new Set([storage.tenant, ...columns.map((column) => column.as)]);
  if (names.size !== columns.length + 1) throw new RangeError(`${entity.name} has two fields in one column`);
  const parts = isYes(where) ? [] : where.kind === "and" ? where.of : [where];
  return {
    entity: entity.name,
    residual: isNo(where) ? "never" : isYes(where) ? "always" : "conditional",
    select: { ...sideSelect(scope, storage.table, storage.tenant, rowAlias, columns, parts), fence: true },
    sealedColumns: fields.filter((field) => field.sealed).map((field) => field.column),
  };
}

function onlyPass(scope: Scope): Pass {
  const [pass, ...others] = scope.table.passes;
  if (pass === undefined || others.length > 0 || pass.row !== "resource")
    throw new RangeError(`${scope.table.action} is not asked once, of the stored row`);
  return pass;
}

function rulesOf(scope: Scope, pass: Pass) {
  const compile = conditionCompiler(scope);
  const of = (rule: number, index: number) =>
    inRule(ruleTitle(scope.program.rules[rule] as Rule), () => compile(index));
  const whole = (entry: Entry) => ({
    rule: entry.rule,
    when: of(entry.rule, entry.when),
  });
  const withEffects = (entry: GrantEntry | RequireEntry) => {
    inRule(ruleTitle(scope.program.rules[entry.rule] as Rule), () => checkEffects(scope, entry.effects));
    return { ...whole(entry), effects: entry.effects };
  };
  return {
    ceiling: inRule("the ceilings", () => compile(pass.ceiling)),
    forbids: pass.forbids.map(whole),
    grants: pass.grants.map(withEffects),
    requires: pass.requires.map((entry) => ({
      ...withEffects(entry),
      met: allOf(entry.preconditions.map((p) => of(entry.rule, p.met).holds)),
    })),
  };
}

/** A row without a fact that is not optional is no proper input, and nothing may be permitted on it. */
function presentFacts(scope: Scope): readonly SqlExpression[] {
  const columns = new Set<string>();
  for (const id of scope.table.slots) {
    const slot = scope.program.slots[id];
    if (slot?.source.from !== "row_attribute" || slot.optional) continue;
    const { name } = slot.source;
    const field = scope.entity.fields.find((f) => f.name === name);
    if (field?.storage?.kind === "column") columns.add(field.storage.column);
  }
  return [...columns].map((column) => ({ kind: "is_null", of: rowColumn(column), negated: true }));
}

/**
 * The steps that a field can be shown at. On a permitted row at least one grant holds, so a step that all grants
 * allow needs no proof of them.
 */
function maskSteps(field: string, grants: readonly Live[], requires: readonly Live[]): readonly MaskStep[] {
  const granted = grants.map((grant) => ({ when: grant.when, step: stepOf(grant.effects, field) }));
  const required = requires.map((require) => ({ when: require.when, step: stepOf(require.effects, field) }));
  const ladder = [...new Set([...granted, ...required].map((effect) => effect.step))].toSorted(
    (a, b) => a - b,
  );
  const steps: MaskStep[] = [];
  for (const step of ladder) {
    const allowed = granted.every((grant) => grant.step <= step)
      ? yes
      : anyOf(granted.filter((grant) => grant.step <= step).map((grant) => grant.when.holds));
    const when = allOf([allowed, ...required.filter((r) => r.step > step).map((r) => r.when.fails)]);
    if (!isNo(when)) steps.push({ step, when });
    if (isYes(when)) break;
  }
  return steps;
}

function stepOf(effects: readonly FieldEffect[], field: string): number {
  const mask: Mask = effects.find((effect) => effect.field === field)?.mask ?? { kind: "show" };
  return strictness(mask);
}

/** `forbid north/no_lost_books (north.ward:12)` */
export function ruleTitle(rule: Rule): string {
  return `${rule.kind} ${rule.id} (${rule.file}:${rule.line})`;
}
