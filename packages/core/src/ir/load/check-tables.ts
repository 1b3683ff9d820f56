/**
 * Checks of the tables: each asks of the rows that its action has, and names rules of the right kind and fields that exist.
 */
import type { Obligation } from "../../decision/obligation.ts";
import type { Mask } from "../../value/mask.ts";
import type { ActionKind, EntityModel } from "../model.ts";
import type { Entry, FieldEffect, Pass, Program, RequireEntry, RuleKind, Table } from "../program.ts";
import type { Row } from "../slot.ts";
import { checkUnique, sameList } from "./check-model.ts";
import { checkTableSlots, fieldOf } from "./check-table-slots.ts";
import { refuse, under, type Place } from "../../value/decode.ts";

export function checkTables(program: Program, at: Place): void {
  const seen = new Set<string>();
  program.tables.forEach((table, i) => {
    const here = under(at, i);
    const identity = `${table.principal} ${table.action} ${table.resource}`;
    if (seen.has(identity)) refuse(here, "a table for the same question stands before it");
    seen.add(identity);
    checkTable(program, table, here);
  });
}

function checkTable(program: Program, table: Table, at: Place): void {
  const { model } = program;
  const principal = model.entities.find((e) => e.name === table.principal && e.kind === "principal");
  if (principal === undefined) refuse(under(at, "principal"), `there is no principal ${table.principal}`);
  const resource = model.entities.find((e) => e.name === table.resource);
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
  table.duties.forEach((duty, i) => checkDuty(program, resource, duty, under(at, "duties", i)));
  checkTableSlots(program, table, { principal, resource, rows }, under(at, "slots"));
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
  checkEntries(program, pass.forbids, "forbid", under(at, "forbids"));
  checkEntries(program, pass.grants, "permit", under(at, "grants"));
  checkEntries(program, pass.requires, "require", under(at, "requires"));
  pass.grants.forEach((entry, i) => checkEffects(resource, entry.effects, under(at, "grants", i, "effects")));
  pass.requires.forEach((entry, i) => {
    checkEffects(resource, entry.effects, under(at, "requires", i, "effects"));
    checkPreconditions(program, entry, under(at, "requires", i, "preconditions"));
  });
}

function checkEntries(program: Program, entries: readonly Entry[], kind: RuleKind, at: Place): void {
  entries.forEach((entry, i) => {
    const rule = program.rules[entry.rule];
    if (rule === undefined) refuse(under(at, i, "rule"), `there is no rule ${entry.rule}`);
    if (rule.kind !== kind) refuse(under(at, i, "rule"), `the rule is a ${rule.kind}, not a ${kind}`);
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
    if (isTextMask(effect.mask) && field.type.kind !== "string")
      refuse(under(at, i, "mask"), `${effect.mask.kind} is for strings only`);
  });
}

function isTextMask(mask: Mask): boolean {
  switch (mask.kind) {
    case "show":
    case "hide":
      return false;
    case "initials":
    case "partial":
    case "redact":
      return true;
  }
}

function checkPreconditions(program: Program, entry: RequireEntry, at: Place): void {
  entry.preconditions.forEach((precondition, i) => {
    checkIndex(program, precondition.met, under(at, i, "met"));
    const { type } = precondition.obligation;
    if (type !== "reason" && type !== "step_up")
      refuse(under(at, i, "obligation", "type"), "is not a precondition");
  });
}

function checkDuty(program: Program, resource: EntityModel, duty: Obligation, at: Place): void {
  if (duty.type !== "encrypt") refuse(under(at, "type"), "is not a duty");
  const sealed = program.sealed.find((s) => s.entity === resource.name)?.fields ?? [];
  if (!sameList(duty.fields, sealed))
    refuse(under(at, "fields"), `must be the sealed fields of ${resource.name}`);
}

/** Sealed fields are strings in columns, in the order of the model. */
export function checkSealed(program: Program, at: Place): void {
  checkUnique(
    program.sealed.map((sealed) => sealed.entity),
    at,
  );
  program.sealed.forEach(({ entity: name, fields }, i) => {
    const entity = program.model.entities.find((e) => e.name === name);
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
