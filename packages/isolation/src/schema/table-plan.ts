/**
 * The tables that a model needs, as data: entities, and the side tables of sets, relations and hierarchies. Every one
 * has a tenant column, which leads its primary key; only what is shared has none. Names or columns that contradict each
 * other throw.
 */
import { blindIndexOf, type EntityModel, type FieldModel, type ModelIr, type Program } from "@wardline/core";
import {
  blindIndexType,
  type ColumnType,
  columnType,
  keyColumn,
  type KeyTypes,
  sealedColumn,
  textColumn,
} from "./column-type.ts";

/** What of a program decides the tables. A `Program` is one; for several tenants unite their sealed fields. */
export interface StoredModel {
  readonly model: ModelIr;
  readonly sealed: Program["sealed"];
}

export interface ColumnPlan {
  readonly name: string;
  readonly type: ColumnType;
  readonly optional: boolean;
  /** The sealed column beside it whose blind index it holds; left out for every other column. */
  readonly indexOf?: string;
}

/** A reference within the tenant. `cascade`: the row is a part of the row that it refers to. */
export interface ReferencePlan {
  readonly column: string;
  readonly table: string;
  readonly cascade: boolean;
}

export interface TablePlan {
  readonly name: string;
  /** Null for the rows of a shared entity, which belong to no tenant. */
  readonly tenant: string | null;
  /** No handle writes it: the rows of a shared entity, and its sets and parents. */
  readonly readOnly: boolean;
  /** The key's columns after the tenant column. They are never updated. */
  readonly key: readonly string[];
  /** Without the tenant column. */
  readonly columns: readonly ColumnPlan[];
  readonly references: readonly ReferencePlan[];
  /** Columns of indexes, after the tenant column. */
  readonly indexes: readonly (readonly string[])[];
}

/** The tenant column of side tables. */
const sideTenant = "tenant_id";

/** All tables of a model in a fixed order: entities, then side tables. */
export function planTables(stored: StoredModel): readonly TablePlan[] {
  const { model, sealed } = stored;
  const keys: KeyTypes = new Map(model.entities.map((entity) => [entity.name, entity.keyType]));
  const stores = new Map(
    model.entities.flatMap((entity) =>
      entity.storage === null ? [] : [[entity.name, entity.storage.table] as const],
    ),
  );
  const seals = sealedFields(stored);
  const plans: TablePlan[] = [];
  for (const entity of model.entities) {
    const plan = planEntity(stored, entity, keys, stores, seals.get(entity.name) ?? new Set());
    if (plan !== null) plans.push(plan);
  }
  for (const entity of model.entities)
    plans.push(...planParents(entity, keys, stores), ...planSets(entity, keys, stores));
  for (const relation of model.relations) {
    const ends = [
      { column: relation.fromColumn, entity: relation.from, cascade: true },
      { column: relation.toColumn, entity: relation.to, cascade: true },
    ];
    plans.push(planPairs(relation.table, ends, keys, stores, false));
  }
  checkSealedExist(model, sealed);
  return distinct(plans);
}

function planEntity(
  stored: StoredModel,
  entity: EntityModel,
  keys: KeyTypes,
  stores: ReadonlyMap<string, string>,
  seals: ReadonlySet<string>,
): TablePlan | null {
  const storage = entity.storage;
  if (storage === null) return null;
  const columns: ColumnPlan[] = [{ name: storage.key, type: keyColumn(entity.name, keys), optional: false }];
  const references: ReferencePlan[] = [];
  const indexes: string[][] = [];
  const refer = (column: string, target: string): void => {
    const table = stores.get(target);
    if (table !== undefined) references.push({ column, table, cascade: false });
    indexes.push([column]);
  };
  for (const field of entity.fields) {
    if (field.storage?.kind !== "column") continue;
    const column = field.storage.column;
    columns.push({
      name: column,
      type: fieldType(field, keys, seals.has(field.name)),
      optional: field.optional,
    });
    if (field.type.kind === "entity") refer(column, field.type.entity);
    const index = blindIndexOf(stored, entity.name, field);
    if (index === null) continue;
    // A column that was sealed before its field was searchable has rows without one.
    columns.push({ name: index, type: blindIndexType, optional: true, indexOf: column });
    indexes.push([index]);
  }
  for (const parent of entity.parents) {
    if (parent.via.kind !== "column") continue;
    const { column } = parent.via;
    const type = keyColumn(parent.entity, keys);
    const field = columns.find((candidate) => candidate.name === column);
    if (field === undefined) {
      // The model does not say that every row has a parent, and a root of its own kind has none.
      columns.push({ name: column, type, optional: true });
      refer(column, parent.entity);
    } else if (field.type.type !== type.type) {
      throw new Error(`${storage.table}.${column} is a field of one type and a parent of another`);
    }
  }
  const isShared = entity.shared === true;
  return {
    name: storage.table,
    tenant: isShared ? null : storage.tenant,
    readOnly: isShared,
    key: [storage.key],
    columns,
    references,
    indexes,
  };
}

function fieldType(field: FieldModel, keys: KeyTypes, seal: boolean): ColumnType {
  if (field.type.kind === "set") throw new Error(`the set ${field.name} can't be kept in a column`);
  if (!seal) return columnType(field.type, keys);
  if (field.type.kind !== "string") throw new Error(`only text can be sealed: ${field.name}`);
  return sealedColumn;
}

function planSets(
  entity: EntityModel,
  keys: KeyTypes,
  stores: ReadonlyMap<string, string>,
): readonly TablePlan[] {
  return entity.fields.flatMap((field): readonly TablePlan[] => {
    if (field.storage?.kind !== "table") return [];
    if (field.type.kind !== "set") throw new Error(`${entity.name}.${field.name} has a table and is no set`);
    const { table, owner, value } = field.storage;
    const of = field.type.of;
    const target = of.kind === "entity" ? stores.get(of.entity) : undefined;
    return [
      pairTable(
        table,
        { name: owner, type: keyColumn(entity.name, keys), table: stores.get(entity.name), cascade: true },
        { name: value, type: columnType(of, keys), table: target, cascade: false },
        entity.shared === true,
      ),
    ];
  });
}

function planParents(
  entity: EntityModel,
  keys: KeyTypes,
  stores: ReadonlyMap<string, string>,
): readonly TablePlan[] {
  return entity.parents.flatMap((parent): readonly TablePlan[] => {
    if (parent.via.kind !== "table") return [];
    const { table, child, parent: parentColumn } = parent.via;
    // Removing a parent must not silently move its children out of a hierarchy that a forbid may speak of.
    const ends = [
      { column: child, entity: entity.name, cascade: true },
      { column: parentColumn, entity: parent.entity, cascade: false },
    ];
    return [planPairs(table, ends, keys, stores, entity.shared === true)];
  });
}

interface PairEnd {
  readonly column: string;
  readonly entity: string;
  readonly cascade: boolean;
}

function planPairs(
  table: string,
  ends: readonly PairEnd[],
  keys: KeyTypes,
  stores: ReadonlyMap<string, string>,
  readOnly: boolean,
): TablePlan {
  const [first, second] = ends.map((end) => ({
    name: end.column,
    type: keyColumn(end.entity, keys),
    table: stores.get(end.entity),
    cascade: end.cascade,
  })) as [PairColumn, PairColumn];
  return pairTable(table, first, second, readOnly);
}

interface PairColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly table: string | undefined;
  readonly cascade: boolean;
}

function pairTable(name: string, first: PairColumn, second: PairColumn, readOnly: boolean): TablePlan {
  return {
    name,
    tenant: sideTenant,
    readOnly,
    key: [first.name, second.name],
    columns: [first, second].map((end) => ({ name: end.name, type: end.type, optional: false })),
    references: [first, second].flatMap((end) =>
      end.table === undefined ? [] : [{ column: end.name, table: end.table, cascade: end.cascade }],
    ),
    indexes: [[second.name, first.name]],
  };
}

function sealedFields(stored: StoredModel): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  for (const { entity, fields } of stored.sealed) {
    const known = all.get(entity) ?? new Set<string>();
    for (const field of fields) known.add(field);
    all.set(entity, known);
  }
  return all;
}

function checkSealedExist(model: ModelIr, sealed: Program["sealed"]): void {
  for (const { entity, fields } of sealed) {
    const known = model.entities.find((candidate) => candidate.name === entity);
    for (const name of fields) {
      const field = known?.fields.find((candidate) => candidate.name === name);
      if (field?.storage?.kind !== "column")
        throw new Error(`a sealed field has a column: ${entity}.${name}`);
    }
  }
}

/** One plan a table name. Two that say the same are one; two that differ are a contradiction in the model. */
function distinct(plans: readonly TablePlan[]): readonly TablePlan[] {
  const byName = new Map<string, TablePlan>();
  for (const plan of plans) {
    const names = allColumns(plan).map((column) => column.name);
    if (new Set(names).size !== names.length) throw new Error(`the table ${plan.name} has a column twice`);
    const known = byName.get(plan.name);
    if (known !== undefined && shape(known) !== shape(plan)) {
      throw new Error(`the model uses the table ${plan.name} in two ways`);
    }
    byName.set(plan.name, known ?? plan);
  }
  return [...byName.values()];
}

function shape(plan: TablePlan): string {
  return JSON.stringify([
    plan.tenant,
    plan.readOnly,
    plan.key,
    plan.columns.map((c) => [c.name, c.type.type, c.optional]),
  ]);
}

/** All columns of a table, the tenant column first. */
export function allColumns(plan: TablePlan): readonly ColumnPlan[] {
  if (plan.tenant === null) return plan.columns;
  return [{ name: plan.tenant, type: tenantColumn, optional: false }, ...plan.columns];
}

/** The columns of a table's primary key, or of a reference to it: the tenant column first. */
export function keyColumns(plan: TablePlan, columns: readonly string[]): readonly string[] {
  return plan.tenant === null ? columns : [plan.tenant, ...columns];
}

/** The columns of a row's key, without the tenant. */
export function keyPlans({ key, columns }: Pick<TablePlan, "key" | "columns">): readonly ColumnPlan[] {
  return key.map((name) => columns.find((column) => column.name === name) as ColumnPlan);
}

/** The tenant column's type: text in byte order, so that two ids are one only if their bytes are. */
export const tenantColumn: ColumnType = { ...textColumn, check: (column) => `${column} <> ''` };
