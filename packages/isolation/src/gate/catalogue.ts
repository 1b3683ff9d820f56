/** A model by the names that callers and statements use: tables, columns, and the action that a statement asks for. */
import {
  storedColumns,
  type ActionKind,
  type EntityModel,
  type EntityStorage,
  type FieldModel,
  type ModelIr,
} from "@wardline/core";
import type { SealedField } from "../contracts.ts";
import { UnsupportedQuery } from "../errors.ts";

/** An entity that has a table. */
export interface StoredEntity extends EntityModel {
  readonly storage: EntityStorage;
}

export function entityNamed(model: ModelIr, name: string): EntityModel {
  const entity = model.entities.find((candidate) => candidate.name === name);
  if (entity === undefined) throw new RangeError(`the model has no entity ${name}`);
  return entity;
}

export function isStored(entity: EntityModel): entity is StoredEntity {
  return entity.storage !== null;
}

/** The entity that is kept in a table. Throws `query/unknown-table`: only what the model names can be asked for. */
export function entityOfTable(model: ModelIr, table: string): StoredEntity {
  const entity = model.entities.filter(isStored).find((candidate) => candidate.storage.table === table);
  if (entity === undefined) throw new UnsupportedQuery("query/unknown-table", `table ${table} is unknown`);
  return entity;
}

/** The field, or the parent, that is kept in a column of the entity's own table. */
export function fieldOfColumn(entity: EntityModel, column: string): FieldModel | undefined {
  return storedColumns(entity).find(
    (field) => field.storage?.kind === "column" && field.storage.column === column,
  );
}

/** What a field with a column is stored as. */
export function storedField(model: ModelIr, entity: string, field: string): SealedField {
  const known = entityNamed(model, entity);
  const { storage } = storedColumns(known).find(({ name }) => name === field) ?? {};
  if (known.storage === null || storage?.kind !== "column")
    throw new TypeError(`${entity}.${field} has no column`);
  return { table: known.storage.table, column: storage.column };
}

const usualName: Readonly<Record<ActionKind, string>> = {
  reads: "read",
  creates: "create",
  updates: "update",
  deletes: "delete",
};

/** The action that a query asks for: `list` where the model has it, else what a look at one row asks for. */
export function listActionOf(model: ModelIr, entity: string): string {
  const list = model.actions.find(({ name, kind }) => name === "list" && kind === "reads");
  return list?.entities.includes(entity) === true ? list.name : actionOf(model, entity, "reads");
}

/** An action of this name that reads rows of the entity. Throws `write/no-action` where the model has none. */
export function readActionNamed(model: ModelIr, entity: string, name: string): string {
  const known = model.actions.some(
    (action) => action.name === name && action.kind === "reads" && action.entities.includes(entity),
  );
  if (known) return name;
  throw new UnsupportedQuery("write/no-action", `no action ${name} of the model reads ${entity}`);
}

/**
 * The action that a plain statement asks for: the one with the usual name, else the only one of its kind. Throws where
 * the model has none, or several that could be meant.
 */
export function actionOf(model: ModelIr, entity: string, kind: ActionKind): string {
  const actions = model.actions.filter((action) => action.kind === kind && action.entities.includes(entity));
  const usual =
    actions.find((action) => action.name === usualName[kind]) ??
    (actions.length === 1 ? actions[0] : undefined);
  if (usual !== undefined) return usual.name;
  if (actions.length > 1)
    throw new UnsupportedQuery(
      "write/ambiguous-action",
      `several actions could be meant: none of ${entity} is called ${usualName[kind]}`,
    );
  throw new UnsupportedQuery("write/no-action", `the model has no action that ${kind} ${entity}`);
}
