/** What a write asks for, read from its tree. Only plain values on one table; every other shape is refused. */
import type {
  AliasNode,
  ColumnUpdateNode,
  DeleteQueryNode,
  InsertQueryNode,
  OperationNode,
  PrimitiveValueListNode,
  ReturningNode,
  SelectionNode,
  UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from "kysely";
import {
  isText,
  isUuid,
  storedColumns,
  type FieldModel,
  type ModelIr,
  type WireScalar,
} from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { entityOfTable, fieldOfColumn, type StoredEntity } from "../gate/catalogue.ts";
import { whereOf } from "../scope/aggregate.ts";
import { aliasName, columnName, referenceName, tableName } from "../scope/identifier.ts";
import { onlyKeys, refuseNode } from "../scope/node-kinds.ts";
import { badValue, writtenValue } from "./wire-value.ts";

export interface Assignment {
  readonly field: FieldModel;
  readonly column: string;
  readonly value: WireScalar | null;
}

/** What every write has: its table, the name that the caller gave it, what it yields. */
export interface WriteTarget {
  readonly entity: StoredEntity;
  readonly name: string;
  readonly returning: readonly SelectionNode[] | null;
}

export interface NewRow {
  /** Null: one is to be made. */
  readonly id: string | null;
  readonly assignments: readonly Assignment[];
}

export interface InsertPlan extends WriteTarget {
  readonly rows: readonly NewRow[];
}

export interface ChangePlan extends WriteTarget {
  readonly where: OperationNode | null;
}

export interface UpdatePlan extends ChangePlan {
  readonly assignments: readonly Assignment[];
}

/** The most rows that one statement may write. */
export const maxRows = 1000;

export function tooManyRows(): UnsupportedQuery {
  return new UnsupportedQuery("write/too-many-rows", `one statement writes at most ${maxRows} rows`);
}

export function planUpdate(model: ModelIr, node: OperationNode): UpdatePlan {
  onlyKeys(node, ["table", "updates", "where", "returning"]);
  const { table, updates = [], where, returning } = node as UpdateQueryNode;
  if (table === undefined || updates.length === 0)
    throw shape("an update without a table or without a column");
  const target = targetOf(model, table, returning);
  const assignments = updates.map((update) => assignmentOf(model, target.entity, update));
  refuseTwice(assignments.map((assignment) => assignment.column));
  return { ...target, where: where === undefined ? null : whereOf(where), assignments };
}

export function planDelete(model: ModelIr, node: OperationNode): ChangePlan {
  onlyKeys(node, ["from", "where", "returning"]);
  const { from, where, returning } = node as DeleteQueryNode;
  onlyKeys(from, ["froms"]);
  const [table] = from.froms;
  if (table === undefined || from.froms.length > 1) throw shape("a delete names one table");
  return { ...targetOf(model, table, returning), where: where === undefined ? null : whereOf(where) };
}

export function planInsert(model: ModelIr, node: OperationNode): InsertPlan {
  onlyKeys(node, ["into", "columns", "values", "returning"]);
  const { into, columns, values, returning } = node as InsertQueryNode;
  if (into === undefined || columns === undefined || values === undefined)
    throw shape("an insert gives columns and values");
  const target = targetOf(model, into, returning);
  const names = columns.map(columnName);
  refuseTwice(names);
  const places = names.map((name) => placeOf(target.entity, name, true));
  if (values.kind !== "ValuesNode") return refuseNode(values, "values of an insert");
  onlyKeys(values, ["values"]);
  const lists = (values as ValuesNode).values;
  if (lists.length > maxRows) throw tooManyRows();
  const rows = lists.map((list) => newRow(model, target.entity, places, valuesOf(list)));
  return { ...target, rows };
}

function targetOf(model: ModelIr, node: OperationNode, returning: ReturningNode | undefined): WriteTarget {
  const aliased = node.kind === "AliasNode" ? (node as AliasNode) : null;
  const table = tableName(aliased === null ? node : aliased.node);
  if (returning !== undefined) onlyKeys(returning, ["selections"]);
  return {
    entity: entityOfTable(model, table),
    name: aliased === null ? table : aliasName(aliased),
    returning: returning?.selections ?? null,
  };
}

type Place =
  | { readonly kind: "key" }
  | { readonly kind: "field"; readonly field: FieldModel; readonly column: string };

/** Where a column's value goes. The tenant column is nobody's to write: to a caller it does not exist. */
function placeOf(entity: StoredEntity, column: string, created: boolean): Place {
  if (column === entity.storage.key) {
    if (!created)
      throw new UnsupportedQuery("write/key-column", `the key of ${entity.storage.table} never changes`);
    return { kind: "key" };
  }
  const field = fieldOfColumn(entity, column);
  if (field === undefined || column === entity.storage.tenant)
    throw new UnsupportedQuery(
      "write/unknown-column",
      `column ${column} of ${entity.storage.table} cannot be written`,
    );
  return { kind: "field", field, column };
}

function assignmentOf(model: ModelIr, entity: StoredEntity, node: ColumnUpdateNode): Assignment {
  onlyKeys(node, ["column", "value"]);
  const { table, column } = referenceName(node.column);
  if (table !== null) throw shape("a column to write stands without its table");
  const place = placeOf(entity, column, false);
  if (place.kind === "key") throw shape("the key never changes");
  return { field: place.field, column, value: writtenValue(model, place.field, plainValue(node.value)) };
}

function newRow(
  model: ModelIr,
  entity: StoredEntity,
  places: readonly Place[],
  values: readonly unknown[],
): NewRow {
  if (values.length !== places.length) throw shape("a row has another number of values than columns");
  let id: string | null = null;
  const given = new Map<string, unknown>();
  for (const [index, place] of places.entries()) {
    const value = values[index];
    if (value === undefined) continue;
    if (place.kind === "key") id = keyValue(entity, value);
    else given.set(place.column, value);
  }
  if (id === null && entity.keyType !== "uuid") throw badValue(entity.storage.key);
  const assignments = storedColumns(entity).flatMap((field) =>
    field.storage?.kind === "column"
      ? [
          {
            field,
            column: field.storage.column,
            value: writtenValue(model, field, given.get(field.storage.column) ?? null),
          },
        ]
      : [],
  );
  return { id, assignments };
}

function keyValue(entity: StoredEntity, value: unknown): string {
  if (typeof value !== "string" || value === "" || !isText(value)) throw badValue(entity.storage.key);
  if (entity.keyType === "uuid" && !isUuid(value)) throw badValue(entity.storage.key);
  return value;
}

/** The values of one row; undefined stands for a value that was left out. */
function valuesOf(node: OperationNode): readonly unknown[] {
  switch (node.kind as string) {
    case "PrimitiveValueListNode":
      onlyKeys(node, ["values"]);
      return (node as PrimitiveValueListNode).values;
    case "ValueListNode":
      onlyKeys(node, ["values"]);
      return (node as ValueListNode).values.map((item) =>
        item.kind === "DefaultInsertValueNode" ? undefined : plainValue(item),
      );
    default:
      return refuseNode(node, "values of an insert");
  }
}

function plainValue(node: OperationNode): unknown {
  if (node.kind === "RawNode") return refuseNode(node, "value");
  if (node.kind !== "ValueNode") throw shape("only plain values can be written");
  onlyKeys(node, ["value", "immediate"]);
  return (node as ValueNode).value;
}

function refuseTwice(columns: readonly string[]): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined)
    throw new UnsupportedQuery("query/duplicate-name", `column ${twice} is written twice`);
}

function shape(what: string): UnsupportedQuery {
  return new UnsupportedQuery("write/unsupported-shape", what);
}
