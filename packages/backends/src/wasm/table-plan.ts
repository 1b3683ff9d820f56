/** What one table asks and can answer, laid out and numbered before any code. */
import type {
  EntityModel,
  Entry,
  FieldEffect,
  LimitUse,
  Obligation,
  Pass,
  Precondition,
  Program,
  Rule,
  Slot,
  SlotSource,
  Table,
} from "@wardline/core";
import { sameSource } from "./cells.ts";
import { planMasks, type FieldPlan } from "./mask-plan.ts";

type Kind = "forbid" | "permit" | "floor" | "share" | "require";

/** A rule in one pass. */
export interface EntryPlan {
  /** Its place among the entries of the table, which stand by rule, then by pass. */
  readonly number: number;
  readonly kind: Kind;
  readonly isTenants: boolean;
  readonly pass: number;
  readonly rule: number;
  readonly when: number;
  readonly effects: readonly FieldEffect[];
  readonly preconditions: readonly PlacePlan[];
  readonly limit: (LimitUse & { readonly draw: number }) | null;
  readonly duties: readonly Obligation[];
}

/** A precondition of one rule in one pass. */
export interface PlacePlan {
  /** Its place among the preconditions of the table: by rule, by pass, as written. */
  readonly number: number;
  readonly met: number;
  readonly obligation: Obligation;
}

export interface TablePlan {
  readonly table: Table;
  readonly entries: readonly EntryPlan[];
  readonly places: readonly PlacePlan[];
  /** The fields that some rule of the table masks, in the order of the model. */
  readonly fields: readonly FieldPlan[];
  /** Limits that a permit can draw from, by rule; `group` is the rule. */
  readonly draws: readonly { readonly group: number; readonly obligation: Obligation }[];
  /** Whom a permit can tell, in the order of an answer. */
  readonly told: readonly string[];
  /** Ids of the slots of the scope. */
  readonly tenant: number;
  readonly home: number;
  readonly rowTenants: readonly number[];
}

/** Throws if the table could not be answered from: it then has no meaning for the oracle either. */
export function planTable(program: Program, table: Table): TablePlan {
  const { passes } = table;
  if (passes.length === 0) throw new TypeError("a table without a pass would grant everything");
  const slot = (source: SlotSource) => scopeSlot(program, table, source);
  const found = passes.flatMap((pass, i) => entriesOf(program, pass, i)).toSorted((a, b) => a.rule - b.rule);
  let places = 0;
  const draws: { readonly group: number; readonly obligation: Obligation }[] = [];
  const entries = found.map((entry, number): EntryPlan => {
    const { limit } = entry;
    if (limit !== null) draws.push({ group: entry.rule, obligation: limit.obligation });
    return {
      ...entry,
      number,
      preconditions: entry.preconditions.map((precondition) => ({ ...precondition, number: places++ })),
      limit: limit === null ? null : { ...limit, draw: draws.length - 1 },
    };
  });
  const entity = entityOf(program, table.resource);
  const told = entries.flatMap(({ duties }) =>
    duties.flatMap((duty) => (duty.type === "notify" ? [duty.whom] : [])),
  );
  return {
    table,
    entries,
    places: entries.flatMap((entry) => entry.preconditions),
    fields: planMasks(
      entity.fields.map((field) => field.name),
      entries.map((entry) => entry.effects),
    ),
    draws,
    told: [...new Set(told)].toSorted(),
    tenant: slot({ from: "tenant", part: "id" }),
    home: slot({ from: "principal", part: "tenant" }),
    // What is shared belongs to no tenant.
    rowTenants:
      entity.shared === true
        ? []
        : passes.map((pass) => slot({ from: "row", row: pass.row, part: "tenant" })),
  };
}

export function ruleOf(program: Program, index: number): Rule {
  const rule: Rule | undefined = program.rules[index];
  if (rule === undefined) throw new RangeError(`no rule ${index}`);
  return rule;
}

interface Found extends Omit<EntryPlan, "number" | "preconditions" | "limit"> {
  readonly preconditions: readonly Precondition[];
  readonly limit: LimitUse | null;
}

function entriesOf(program: Program, pass: Pass, index: number): readonly Found[] {
  interface Terms extends Entry {
    readonly effects?: readonly FieldEffect[];
    readonly preconditions?: readonly Precondition[];
    readonly limit?: LimitUse;
    readonly duties?: readonly Obligation[];
  }
  const plan = (entry: Terms, kind: Kind): Found => {
    const { id, layer } = ruleOf(program, entry.rule);
    if (entry.limit !== undefined && entry.limit.obligation.rule !== id)
      throw new TypeError(`a limit of ${id} is of another rule`);
    return {
      kind,
      isTenants: layer === "tenant",
      pass: index,
      rule: entry.rule,
      when: entry.when,
      effects: entry.effects ?? [],
      preconditions: entry.preconditions ?? [],
      limit: entry.limit ?? null,
      duties: entry.duties ?? [],
    };
  };
  return [
    ...pass.forbids.map((entry) => plan(entry, "forbid")),
    ...pass.requires.map((entry) => plan(entry, "require")),
    ...pass.grants.map((entry) => {
      const { kind } = ruleOf(program, entry.rule);
      return plan(entry, kind === "floor" || kind === "share" ? kind : "permit");
    }),
  ];
}

function entityOf(program: Program, name: string): EntityModel {
  const entity: EntityModel | undefined = program.model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
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
