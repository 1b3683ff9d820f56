/**
 * From checked rules to a program: one table for each kind of principal, action and entity, also where no rule is.
 * The order of statements leaves no trace: rules stand by layer and name.
 */
import {
  irFormat,
  maxInt,
  referenceField,
  referenceSource,
  type Entry,
  type GrantEntry,
  type LimitUse,
  type ModelIr,
  type Obligation,
  type Pass,
  type Program,
  type RequireEntry,
  type Row,
  type RuleKind,
  type SlotSource,
  type SourceFile,
  type SourceMap,
  type Table,
  type ValueType,
} from "@wardline/core";
import { always, any, type Fact } from "../check/formula.ts";
import type { CheckedPolicy } from "../check/policy.ts";
import { rowsOf, type Case, type CheckedRule } from "../check/rule.ts";
import type { SealedFields } from "../check/scope.ts";
import type { Model } from "../check/symbols.ts";
import { newInterner, rolesFact, type Interner } from "./interner.ts";
import { sourceMapOf } from "./source-map.ts";

/** A program, and what more can be lowered with: an interner that goes on where the program ends. */
export interface LoweredPolicy {
  readonly program: Program;
  readonly interner: Interner;
  /** The index of one of the policy's rules in the program. */
  readonly indexOf: (rule: CheckedRule) => number;
  readonly sourceMap: SourceMap;
}

/** Lowers a policy that has no errors. */
export function lowerPolicy(
  model: Model,
  tenant: string,
  policy: CheckedPolicy,
  sources: readonly SourceFile[],
): LoweredPolicy {
  const rules = policy.rules.toSorted((a, b) => compareRules(a, b));
  const interner = newInterner();
  const byPass = casesByPass(rules);
  const sealed = sealedInOrder(model.ir, policy.sealed);
  const hasCeiling = rules.some(({ rule }) => rule.kind === "ceiling");
  const tables = model.principals.flatMap((principal) =>
    model.ir.actions.flatMap((action) =>
      action.entities.map((resource): Table => {
        const passes = rowsOf(action.kind).map((row) =>
          lowerPass(
            interner,
            row,
            byPass.get([principal.name, action.name, resource, row].join(" ")) ?? [],
            rules,
            hasCeiling,
          ),
        );
        const fields = sealed.find((s) => s.entity === resource)?.fields;
        const duties: readonly Obligation[] = fields === undefined ? [] : [{ type: "encrypt", fields }];
        return {
          principal: principal.name,
          action: action.name,
          resource,
          passes,
          slots: slotsOf(interner, model.ir, principal.name, resource, passes),
          duties,
        };
      }),
    ),
  );
  const program: Program = {
    format: irFormat,
    tenant,
    model: model.ir,
    rules: rules.map(({ rule }) => rule),
    slots: [...interner.slots],
    atoms: [...interner.atoms],
    conditions: [...interner.conditions],
    tables,
    sealed,
    ...(policy.settings === undefined ? {} : { settings: policy.settings }),
  };
  const sourceMap = sourceMapOf(rules, interner.atomOf, program.atoms.length, sources);
  return { program, interner, indexOf: (rule) => rules.indexOf(rule), sourceMap };
}

/** The platform's first, then by name: ids are ASCII, so code units are code points. */
function compareRules({ rule: a }: CheckedRule, { rule: b }: CheckedRule): number {
  if (a.layer !== b.layer) return a.layer === "platform" ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

interface Placed {
  readonly rule: number;
  readonly case: Case;
}

function casesByPass(rules: readonly CheckedRule[]): ReadonlyMap<string, readonly Placed[]> {
  const byPass = new Map<string, Placed[]>();
  rules.forEach(({ cases }, rule) => {
    for (const c of cases) {
      const key = [c.principal, c.action, c.entity, c.row].join(" ");
      const placed = byPass.get(key) ?? [];
      byPass.set(key, placed);
      placed.push({ rule, case: c });
    }
  });
  return byPass;
}

function lowerPass(
  interner: Interner,
  row: Row,
  placed: readonly Placed[],
  rules: readonly CheckedRule[],
  hasCeiling: boolean,
): Pass {
  const ofKind = (...kinds: readonly RuleKind[]) =>
    placed.filter((p) => kinds.some((kind) => rules[p.rule]?.rule.kind === kind));
  const entry = ({ rule, case: c }: Placed): Entry | null => {
    const when = interner.condition(c.when);
    return interner.isFalse(when) ? null : { rule, when };
  };
  const ceilings = ofKind("ceiling");
  const preconditionsOf = ({ case: c }: Placed) =>
    c.preconditions.map(({ obligation, met }) => ({ obligation, met: interner.condition(met) }));
  const bindingsOf = ({ case: { limit, duties } }: Placed) => ({
    ...(limit === null ? {} : { limit: limitUse(interner, limit) }),
    ...(duties.length === 0 ? {} : { duties }),
  });
  return {
    row,
    ceiling: interner.condition(hasCeiling ? any(ceilings.map((p) => p.case.when)) : always),
    ...(hasCeiling ? { ceilings: ceilings.flatMap((p) => entry(p) ?? []) } : {}),
    forbids: ofKind("forbid").flatMap((p) => entry(p) ?? []),
    grants: ofKind("permit", "floor", "share").flatMap((p): GrantEntry[] => {
      const made = entry(p);
      if (made === null) return [];
      const preconditions = preconditionsOf(p);
      return [
        {
          ...made,
          effects: p.case.effects,
          ...(preconditions.length === 0 ? {} : { preconditions }),
          ...bindingsOf(p),
        },
      ];
    }),
    requires: ofKind("require").flatMap((p): RequireEntry[] => {
      const made = entry(p);
      if (made === null) return [];
      return [{ ...made, effects: p.case.effects, preconditions: preconditionsOf(p), ...bindingsOf(p) }];
    }),
  };
}

/** The facts that say how much of a limit is left. */
function limitUse(interner: Interner, obligation: LimitUse["obligation"]): LimitUse {
  const { rule } = obligation;
  const left: ValueType = { kind: "int", min: 0, max: maxInt };
  return {
    obligation,
    left: interner.slot({ from: "limit", rule, part: "left" }, left, false),
    retryAfter: interner.slot({ from: "limit", rule, part: "retry_after" }, { kind: "duration" }, true),
  };
}

const textFact = (source: SlotSource): Fact => ({ source, type: { kind: "string" }, optional: false });
const tenancyFact = textFact({ from: "principal", part: "tenant" });
const tenantFact = textFact({ from: "tenant", part: "id" });
/** Whose each row is. */
const ownerFacts: { readonly [R in Row]: Fact } = {
  resource: textFact({ from: "row", row: "resource", part: "tenant" }),
  prior: textFact({ from: "row", row: "prior", part: "tenant" }),
  next: textFact({ from: "row", row: "next", part: "tenant" }),
};

/** What the scope of every decision reads, and all that the table's conditions read. */
function slotsOf(
  interner: Interner,
  model: ModelIr,
  principal: string,
  resource: string,
  passes: readonly Pass[],
): readonly number[] {
  const slots = new Set([
    interner.slot({ from: "principal", part: "id" }, { kind: "entity", entity: principal }, false),
    ...[tenancyFact, rolesFact, tenantFact].map(interner.factSlot),
  ]);
  const isShared = model.entities.some(({ name, shared }) => name === resource && shared === true);
  for (const { row, ceiling, forbids, grants, requires } of passes) {
    slots.add(interner.slot({ from: "row", row, part: "id" }, { kind: "entity", entity: resource }, false));
    if (!isShared) slots.add(interner.factSlot(ownerFacts[row]));
    const conditions = [
      ceiling,
      ...[...forbids, ...grants, ...requires].map((entry) => entry.when),
      ...[...grants, ...requires].flatMap((entry) => (entry.preconditions ?? []).map((p) => p.met)),
    ];
    for (const condition of conditions) for (const slot of interner.slotsOf(condition)) slots.add(slot);
    for (const { limit } of [...grants, ...requires])
      if (limit !== undefined) slots.add(limit.left).add(limit.retryAfter);
  }
  addReferences(interner, model, { principal, resource }, slots);
  return [...slots].toSorted((a, b) => a - b);
}

/** Adds the references that the slots of a table stand behind. */
export function addReferences(
  interner: Interner,
  model: ModelIr,
  table: Pick<Table, "principal" | "resource">,
  slots: Set<number>,
): void {
  // A set grows while it is walked: a reference may stand behind another.
  for (const id of slots) {
    const source = interner.slots[id]?.source;
    if (source?.from !== "reference") continue;
    const reference = referenceSource(source.of);
    const field = referenceField(model, table, source.of);
    if (reference === null || field === undefined) throw new RangeError("a path leads to no reference");
    slots.add(interner.slot(reference, field.type, field.optional));
  }
}

/** Entities and fields in model order. */
function sealedInOrder(model: ModelIr, sealed: SealedFields): Program["sealed"] {
  return model.entities.flatMap((entity) => {
    const fields = sealed.get(entity.name);
    if (fields === undefined || fields.size === 0) return [];
    return [
      { entity: entity.name, fields: entity.fields.map((f) => f.name).filter((name) => fields.has(name)) },
    ];
  });
}
