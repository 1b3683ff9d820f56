/** What one table can answer, laid out before any code: which rules, which obligations, which masks of which fields. */
import {
  maskAt,
  strictness,
  type EntityModel,
  type FieldEffect,
  type GrantEntry,
  type Mask,
  type Obligation,
  type Pass,
  type Program,
  type RequireEntry,
  type Rule,
  type Slot,
  type SlotSource,
  type Table,
} from "@wardline/core";
import { sameSource } from "./cells.ts";

/** A precondition at its place in the answer: by rule, then pass, then as written. */
export interface Unmet {
  /** The pass, its require and the precondition, as {@link unmetKey} joins them. */
  readonly key: string;
  readonly rule: number;
  /** The obligation as JSON. */
  readonly text: string;
}

export interface TablePlan {
  readonly table: Table;
  /** The rules that an answer can name, ascending; a rule's bit is its place here. */
  readonly forbids: readonly number[];
  readonly grants: readonly number[];
  readonly requires: readonly number[];
  readonly unmet: readonly Unmet[];
  /** The fields that some rule of the table masks, in the order of the model. */
  readonly fields: readonly string[];
  /** Ids of the slots of the scope. */
  readonly tenant: number;
  readonly home: number;
  readonly rowTenants: readonly number[];
}

/** Throws if the table could not be answered from: it then has no meaning for the oracle either. */
export function planTable(program: Program, table: Table): TablePlan {
  const { passes } = table;
  if (passes.length === 0) throw new TypeError("a table without a pass would grant everything");
  const ascending = (rules: readonly number[]) => [...new Set(rules)].toSorted((a, b) => a - b);
  const requires = passes.flatMap((pass) =>
    pass.requires.filter((require) => require.preconditions.length > 0),
  );
  const slot = (source: SlotSource) => scopeSlot(program, table, source);
  return {
    table,
    forbids: ascending(passes.flatMap((pass) => pass.forbids.map((entry) => entry.rule))),
    grants: ascending(passes.flatMap((pass) => pass.grants.map((entry) => entry.rule))),
    requires: ascending(requires.map((entry) => entry.rule)),
    unmet: passes.flatMap(preconditions).toSorted((a, b) => a.rule - b.rule),
    fields: maskedFields(program, table),
    tenant: slot({ from: "tenant", part: "id" }),
    home: slot({ from: "principal", part: "tenant" }),
    // What is shared belongs to no tenant.
    rowTenants: isShared(program, table.resource)
      ? []
      : passes.map((pass) => slot({ from: "row", row: pass.row, part: "tenant" })),
  };
}

/** The step of each field of the plan. Of several effects on one field the first counts. */
export function stepsOf(plan: TablePlan, effects: readonly FieldEffect[]): readonly number[] {
  return plan.fields.map((field) => {
    const mask = effects.find((effect) => effect.field === field)?.mask;
    return mask === undefined ? 0 : stepOf(mask);
  });
}

/** The obligations that masks can come to: by field, then by step. */
export function effectTexts(
  plan: TablePlan,
): readonly { readonly field: number; readonly step: number; readonly text: string }[] {
  const effects = plan.table.passes.flatMap((pass) =>
    masking(pass).map((entry) => stepsOf(plan, entry.effects)),
  );
  return plan.fields.flatMap((name, field) => {
    const steps = new Set(effects.map((row) => row[field] as number).filter((step) => step > 0));
    return [...steps]
      .toSorted((a, b) => a - b)
      .map((step) => ({ field, step, text: JSON.stringify(fieldObligation(name, maskAt(step))) }));
  });
}

export function unmetKey(pass: number, require: number, precondition: number): string {
  return [pass, require, precondition].join();
}

export function ruleId(program: Program, index: number): string {
  const rule: Rule | undefined = program.rules[index];
  if (rule === undefined) throw new RangeError(`no rule ${index}`);
  return rule.id;
}

function fieldObligation(field: string, mask: Mask): Obligation {
  if (mask.kind === "show") throw new TypeError("a field that is shown has no obligation");
  return mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask };
}

function preconditions(pass: Pass, index: number): readonly Unmet[] {
  return pass.requires.flatMap((require, r) =>
    require.preconditions.map((precondition, p) => ({
      key: unmetKey(index, r, p),
      rule: require.rule,
      text: JSON.stringify(precondition.obligation),
    })),
  );
}

function stepOf(mask: Mask): number {
  const step = strictness(mask);
  // Another mask at this step: a partial that shows a number of points that the ladder does not have.
  const there = Number.isInteger(step) ? maskAt(step) : undefined;
  if (there?.kind !== mask.kind || (there.kind === "partial" && there.last !== (mask as typeof there).last))
    throw new RangeError("a mask is not on the ladder");
  return step;
}

function entityOf(program: Program, name: string): EntityModel {
  const entity: EntityModel | undefined = program.model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
}

function isShared(program: Program, name: string): boolean {
  return entityOf(program, name).shared === true;
}

function masking(pass: Pass): readonly (GrantEntry | RequireEntry)[] {
  return [...pass.grants, ...pass.requires];
}

function maskedFields(program: Program, table: Table): readonly string[] {
  const entity = entityOf(program, table.resource);
  const named = new Set(
    table.passes.flatMap((pass) =>
      masking(pass).flatMap((entry) => entry.effects.map((effect) => effect.field)),
    ),
  );
  return entity.fields.map((field) => field.name).filter((name) => named.has(name));
}

/** Invariant: the scope's slots are read by every table and never absent, or the scope would not be checked. */
function scopeSlot(program: Program, table: Table, source: SlotSource): number {
  const id = table.slots.find((slot) => sameSource((program.slots[slot] as Slot).source, source));
  if (id === undefined) throw new RangeError(`the table does not read ${JSON.stringify(source)}`);
  const { type, optional } = program.slots[id] as Slot;
  if (optional || type.kind !== "string")
    throw new TypeError(`the scope cannot rest on ${JSON.stringify(source)}`);
  return id;
}
