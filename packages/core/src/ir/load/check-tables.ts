/**
 * Checks of the tables: each asks of the rows that its action has, and names rules of the right kind and fields that exist.
 */
import type { Obligation } from "../../decision/obligation.ts";
import { canMask } from "../../value/mask.ts";
import type { ActionKind, EntityModel } from "../model.ts";
import type {
  Entry,
  FieldEffect,
  GrantEntry,
  Pass,
  Precondition,
  Program,
  RequireEntry,
  RuleKind,
  Table,
} from "../program.ts";
import type { Row } from "../slot.ts";
import { checkUnique, sameList } from "./check-model.ts";
import { entityNamed } from "./entity-named.ts";
import { checkTableSlots, fieldOf } from "./check-table-slots.ts";
import { refuse, under, type Place } from "../../value/decode.ts";

export function checkTables(program: Program, at: Place): void {
  const seen = new Set<string>();
  const sources = program.slots.map((slot) => JSON.stringify(slot.source));
  program.tables.forEach((table, i) => {
    const here = under(at, i);
    const identity = `${table.principal} ${table.action} ${table.resource}`;
    if (seen.has(identity)) refuse(here, "a table for the same question stands before it");
    seen.add(identity);
    checkTable(program, sources, table, here);
  });
}

function checkTable(program: Program, sources: readonly string[], table: Table, at: Place): void {
  const { model } = program;
  const principal = entityNamed(model, table.principal);
  if (principal?.kind !== "principal")
    refuse(under(at, "principal"), `there is no principal ${table.principal}`);
  const resource = entityNamed(model, table.resource);
  if (resource === undefined) refuse(under(at, "resource"), `there is no entity ${table.resource}`);
  const action = model.actions.find((a) => a.name === table.action);
  if (action === undefined) refuse(under(at, "action"), `there is no action ${table.action}`);
  if (!action.entities.includes(table.resource)) refuse(under(at, "action"), `is not for ${table.resource}`);
  const rows = rowsOf(action.kind);
  if (
    !sameList(
      table.passes.map((pass) => pass.row),
      rows,
    )
  )
    refuse(under(at, "passes"), `must ask of ${rows.join(" and ")}`);
  table.passes.forEach((pass, i) => checkPass(program, resource, pass, under(at, "passes", i)));
  checkDuties(program, resource, table.duties, under(at, "duties"));
  checkTableSlots(program, sources, table, { principal, resource, rows }, under(at, "slots"));
}

/** The rows that a request for an action of this kind is asked of. */
export function rowsOf(kind: ActionKind): readonly Row[] {
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

function checkPass(program: Program, resource: EntityModel, pass: Pass, at: Place): void {
  checkIndex(program, pass.ceiling, under(at, "ceiling"));
  if (pass.ceilings !== undefined) checkCeilings(program, pass.ceiling, pass.ceilings, under(at, "ceilings"));
  checkEntries(program, pass.forbids, ["forbid"], under(at, "forbids"));
  checkEntries(program, pass.grants, ["permit", "floor", "share"], under(at, "grants"));
  checkEntries(program, pass.requires, ["require"], under(at, "requires"));
  pass.grants.forEach((entry, i) => {
    const here = under(at, "grants", i);
    checkTerms(program, resource, entry, here);
    const isBare =
      entry.effects.length === 0 && !("preconditions" in entry || "limit" in entry || "duties" in entry);
    if (program.rules[entry.rule]?.kind === "floor" && !isBare) refuse(here, "a floor carries nothing");
  });
  pass.requires.forEach((entry, i) => checkTerms(program, resource, entry, under(at, "requires", i)));
}

/** The ceilings that are named are the one that decides: their conditions have the same parts, whichever way joined. */
function checkCeilings(program: Program, ceiling: number, ceilings: readonly Entry[], at: Place): void {
  checkEntries(program, ceilings, ["ceiling"], at);
  const named = new Set(ceilings.flatMap((entry) => disjunctsOf(program, entry.when)));
  const deciding = disjunctsOf(program, ceiling);
  const isOpen = [...named].some((part) => isAlways(program, part));
  const agrees = isOpen
    ? deciding.length === 1 && deciding.every((part) => isAlways(program, part))
    : deciding.length === named.size && deciding.every((part) => named.has(part));
  if (!agrees) refuse(at, "do not come to the condition of the ceiling");
}

/** The conditions one of which must hold for a condition to hold; none of one that never does. */
function disjunctsOf(program: Program, index: number): readonly number[] {
  const condition = program.conditions[index];
  if (condition?.kind === "or") return condition.of;
  return condition?.kind === "constant" && !condition.value ? [] : [index];
}

function isAlways(program: Program, index: number): boolean {
  const condition = program.conditions[index];
  return condition?.kind === "constant" && condition.value;
}

function checkTerms(
  program: Program,
  resource: EntityModel,
  entry: GrantEntry | RequireEntry,
  at: Place,
): void {
  checkEffects(resource, entry.effects, under(at, "effects"));
  checkPreconditions(program, entry.preconditions ?? [], under(at, "preconditions"));
  entry.duties?.forEach(({ type }, i) => {
    if (type !== "audit" && type !== "notify")
      refuse(under(at, "duties", i, "type"), "is not a duty of a rule");
  });
  if (entry.limit === undefined) return;
  const { obligation, left, retryAfter } = entry.limit;
  const here = under(at, "limit");
  const rule = program.rules[entry.rule]?.id;
  if (obligation.type !== "limit" || obligation.rule !== rule)
    refuse(under(here, "obligation"), "must be the limit of the rule");
  for (const [part, slot] of [
    ["left", left],
    ["retry_after", retryAfter],
  ] as const) {
    const source = program.slots[slot]?.source;
    if (source?.from !== "limit" || source.part !== part || source.rule !== rule)
      refuse(here, `must read ${part} of the rule's limit`);
  }
}

function checkEntries(
  program: Program,
  entries: readonly Entry[],
  kinds: readonly RuleKind[],
  at: Place,
): void {
  entries.forEach((entry, i) => {
    const rule = program.rules[entry.rule];
    if (rule === undefined) refuse(under(at, i, "rule"), `there is no rule ${entry.rule}`);
    if (!kinds.includes(rule.kind))
      refuse(under(at, i, "rule"), `the rule is a ${rule.kind}, not a ${kinds.join(" or a ")}`);
    const before = entries[i - 1];
    if (before !== undefined && before.rule >= entry.rule) refuse(under(at, i, "rule"), "rules must ascend");
    checkIndex(program, entry.when, under(at, i, "when"));
  });
}

function checkIndex(program: Program, condition: number, at: Place): void {
  if (program.conditions[condition] === undefined) refuse(at, `there is no condition ${condition}`);
}

function checkEffects(resource: EntityModel, effects: readonly FieldEffect[], at: Place): void {
  checkUnique(
    effects.map((effect) => effect.field),
    at,
  );
  effects.forEach((effect, i) => {
    const field = fieldOf(resource, effect.field, under(at, i, "field"));
    if (!canMask(effect.mask, field.type))
      refuse(under(at, i, "mask"), `${effect.mask.kind} is not for the type ${field.type.kind}`);
  });
}

function checkPreconditions(program: Program, preconditions: readonly Precondition[], at: Place): void {
  preconditions.forEach((precondition, i) => {
    checkIndex(program, precondition.met, under(at, i, "met"));
    const { type } = precondition.obligation;
    if (type !== "reason" && type !== "step_up" && type !== "approval")
      refuse(under(at, i, "obligation", "type"), "is not a precondition");
  });
}

/** What is sealed may follow every permit, once; nothing else does. */
function checkDuties(
  program: Program,
  resource: EntityModel,
  duties: readonly Obligation[],
  at: Place,
): void {
  const sealed = program.sealed.find((s) => s.entity === resource.name)?.fields ?? [];
  duties.forEach((duty, i) => {
    const here = under(at, i);
    if (duty.type !== "encrypt") refuse(under(here, "type"), "is not a duty");
    if (!sameList(duty.fields, sealed))
      refuse(under(here, "fields"), `must be the sealed fields of ${resource.name}`);
  });
  if (duties.length > 1) refuse(at, `must name the sealed fields of ${resource.name} once`);
}

/** Sealed fields are strings in columns, in the order of the model. */
export function checkSealed(program: Program, at: Place): void {
  checkUnique(
    program.sealed.map((sealed) => sealed.entity),
    at,
  );
  program.sealed.forEach(({ entity: name, fields }, i) => {
    const entity = entityNamed(program.model, name);
    if (entity === undefined) refuse(under(at, i, "entity"), `there is no entity ${name}`);
    if (fields.length === 0) refuse(under(at, i, "fields"), "must not be empty");
    fields.forEach((field, k) => {
      const found = fieldOf(entity, field, under(at, i, "fields", k));
      if (found.type.kind !== "string") refuse(under(at, i, "fields", k), "only a string can be sealed");
    });
    const inOrder = entity.fields.map((field) => field.name).filter((field) => fields.includes(field));
    if (!sameList(fields, inOrder)) refuse(under(at, i, "fields"), "must be in the order of the model");
  });
}
