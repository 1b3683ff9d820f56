/**
 * Checks of the slots that a table lists: exactly those that the scope and its conditions read, of this table's principal
 * and rows. A slot missing from the list would go unchecked before the rules are asked.
 */
import type { EntityModel, FieldModel } from "../model.ts";
import type { Program, Table } from "../program.ts";
import type { EntityPath, Row, Slot, SlotSource } from "../slot.ts";
import { slotsOfTable } from "../reads.ts";
import { checkUnique } from "./check-model.ts";
import { checkDeclared } from "./check-slots.ts";
import { entityNamed } from "./entity-named.ts";
import { refuse, under, type Place } from "../../value/decode.ts";

interface Setting {
  readonly principal: EntityModel;
  readonly resource: EntityModel;
  readonly rows: readonly Row[];
}

/** `sources`: the source of each slot of the program as a text, since most slots stand in many tables. */
export function checkTableSlots(
  program: Program,
  sources: readonly string[],
  table: Table,
  setting: Setting,
  at: Place,
): void {
  table.slots.forEach((id, i) => {
    if (program.slots[id] === undefined) refuse(under(at, i), `there is no slot ${id}`);
    if (i > 0 && (table.slots[i - 1] as number) >= id) refuse(under(at, i), "slots must ascend");
  });
  const listed = table.slots.map((id) => program.slots[id] as Slot);
  const read = table.slots.map((id) => sources[id] as string);
  checkUnique(read, at);
  listed.forEach((slot, i) => checkSlotFits(program, slot, setting, under(at, i)));
  const scope = scopeSources(setting).map((source) => {
    const found = listed[read.indexOf(source)];
    if (found === undefined) refuse(at, `${source} must be read`);
    if (found.optional) refuse(at, `${source} must not be optional`);
    return found.id;
  });
  const needed = new Set([...scope, ...slotsOfTable(program, table)]);
  const missing = [...needed].find((id) => !table.slots.includes(id));
  if (missing !== undefined) refuse(at, `slot ${missing} is read and not listed`);
  const idle = table.slots.findIndex((id) => !needed.has(id));
  if (idle >= 0) refuse(under(at, idle), "the slot is listed and not read");
}

/** What the scope of every decision reads, whatever the rules say, as texts. */
function scopeSources({ rows, resource }: Setting): readonly string[] {
  return [
    ...scopeOfAll,
    ...rows.flatMap((row) => {
      const { id, tenant } = scopeOfRows[row];
      // What is shared belongs to no tenant.
      return resource.shared === true ? [id] : [id, tenant];
    }),
  ];
}

const written = (source: SlotSource) => JSON.stringify(source);

const scopeOfAll: readonly string[] = [
  written({ from: "principal", part: "id" }),
  written({ from: "principal", part: "tenant" }),
  written({ from: "principal", part: "roles" }),
  written({ from: "tenant", part: "id" }),
];

const scopeOf = (row: Row) => ({
  id: written({ from: "row", row, part: "id" }),
  tenant: written({ from: "row", row, part: "tenant" }),
});

const scopeOfRows = { resource: scopeOf("resource"), prior: scopeOf("prior"), next: scopeOf("next") };

/** A slot that depends on who asks and of what is the one that this table's principal and rows have. */
function checkSlotFits(
  program: Program,
  slot: Slot,
  { principal, resource, rows }: Setting,
  at: Place,
): void {
  const { source, type } = slot;
  const mustAsk = (row: Row) => {
    if (!rows.includes(row)) refuse(at, `the action has no ${row}`);
  };
  const mustName = (entity: EntityModel) => {
    if (type.kind !== "entity" || type.entity !== entity.name) refuse(at, `must be an id of ${entity.name}`);
  };
  switch (source.from) {
    case "principal":
      if (source.part === "id") mustName(principal);
      return;
    case "principal_attribute":
      return checkDeclared(fieldOf(principal, source.name, at), slot, at);
    case "row":
      mustAsk(source.row);
      if (source.part === "id") mustName(resource);
      return;
    case "row_attribute":
      mustAsk(source.row);
      if (program.sealed.some((s) => s.entity === resource.name && s.fields.includes(source.name)))
        refuse(at, `${source.name} is sealed and can't be read`);
      return checkDeclared(fieldOf(resource, source.name, at), slot, at);
    case "ancestors":
      if (source.of.root !== "principal") mustAsk(source.of.root);
      targetOf(program, source.of, { principal, resource }, at);
      return;
    case "reference": {
      if (source.of.root !== "principal") mustAsk(source.of.root);
      if (source.of.attribute === null) refuse(at, "a reference has a name");
      const target = targetOf(program, source.of, { principal, resource }, at);
      if (program.sealed.some((s) => s.entity === target.name && s.fields.includes(source.name)))
        refuse(at, `${source.name} is sealed and can't be read`);
      return checkDeclared(fieldOf(target, source.name, at), slot, at);
    }
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "relation":
      return;
  }
}

/** What a path leads to, through one reference or two. */
function targetOf(
  program: Program,
  { root, attribute, further }: EntityPath,
  { principal, resource }: Pick<Setting, "principal" | "resource">,
  at: Place,
): EntityModel {
  const start = root === "principal" ? principal : resource;
  if (attribute === null && further !== undefined) refuse(at, "a path has no step that is left out");
  return [attribute, further].reduce<EntityModel>((from, step) => {
    if (step === null || step === undefined) return from;
    const { type } = fieldOf(from, step, at);
    const target = type.kind === "entity" ? entityNamed(program.model, type.entity) : undefined;
    return target ?? refuse(at, `${step} is no reference`);
  }, start);
}

/** The field of an entity, or a refusal. */
export function fieldOf(entity: EntityModel, name: string, at: Place): FieldModel {
  return (
    entity.fields.find((field) => field.name === name) ?? refuse(at, `${entity.name} has no field ${name}`)
  );
}
