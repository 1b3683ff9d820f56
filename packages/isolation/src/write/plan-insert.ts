/** What an INSERT asks for, read from its tree: rows of values or a select, and what to do about a key that is taken. */
import type {
  InsertQueryNode,
  OnConflictNode,
  OperationNode,
  PrimitiveValueListNode,
  ValueListNode,
  ValuesNode,
} from "kysely";
import type { ModelIr } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { whereOf } from "../scope/aggregate.ts";
import { columnName, referenceName } from "../scope/identifier.ts";
import { onlyKeys, refuseNode } from "../scope/node-kinds.ts";
import { givenBy, type Given } from "./given.ts";
import { settingsOf, type Setting } from "./plan-change.ts";
import {
  maxRows,
  placeOf,
  refuseTwice,
  shape,
  targetOf,
  tooManyRows,
  type Place,
  type WriteTarget,
} from "./write-target.ts";

export interface InsertPlan extends WriteTarget {
  /** The listed columns. */
  readonly places: readonly Place[];
  readonly source: InsertSource;
  readonly conflict: ConflictPlan | null;
}

export type InsertSource =
  /** By place; null stands for a value that was left out. */
  | { readonly kind: "rows"; readonly rows: readonly (readonly (Given | null)[])[] }
  | { readonly kind: "select"; readonly node: OperationNode };

export type ConflictPlan =
  | { readonly kind: "skip" }
  | { readonly kind: "update"; readonly settings: readonly Setting[]; readonly where: OperationNode | null };

export function planInsert(model: ModelIr, node: OperationNode): InsertPlan {
  const { into, columns, values, returning, onConflict, defaultValues, with: ctes } = node as InsertQueryNode;
  if (defaultValues === true) throw shape("no column has a default here: list columns and give their values");
  onlyKeys(node, ["into", "columns", "values", "returning", "onConflict", "with"]);
  if (into === undefined || columns === undefined || values === undefined)
    throw shape("an insert lists columns and gives values, or a select, for them");
  const target = targetOf(model, into, returning, ctes);
  const names = columns.map(columnName);
  refuseTwice(names);
  const places = names.map((name) => placeOf(target.entity, name));
  return {
    ...target,
    places,
    source: sourceOf(places, values),
    conflict: onConflict === undefined ? null : conflictOf(target.entity, places, onConflict),
  };
}

function sourceOf(places: readonly Place[], node: OperationNode): InsertSource {
  if (node.kind === "SelectQueryNode") return { kind: "select", node };
  if (node.kind !== "ValuesNode") return refuseNode(node, "values of an insert");
  onlyKeys(node, ["values"]);
  const lists = (node as ValuesNode).values;
  if (lists.length > maxRows) throw tooManyRows();
  const rows = lists.map(valuesOf);
  if (rows.some((row) => row.length !== places.length))
    throw shape("a row has another number of values than columns");
  return { kind: "rows", rows };
}

function valuesOf(node: OperationNode): readonly (Given | null)[] {
  switch (node.kind as string) {
    case "PrimitiveValueListNode":
      onlyKeys(node, ["values"]);
      return (node as PrimitiveValueListNode).values.map((value) =>
        value === undefined ? null : { kind: "value", value },
      );
    case "ValueListNode":
      onlyKeys(node, ["values"]);
      return (node as ValueListNode).values.map((item) =>
        item.kind === "DefaultInsertValueNode" ? null : givenBy(item),
      );
    default:
      return refuseNode(node, "values of an insert");
  }
}

/** The only key that a model declares is the entity's own, and it includes the tenant. */
function conflictOf(entity: StoredEntity, places: readonly Place[], node: OnConflictNode): ConflictPlan {
  if (node.kind !== "OnConflictNode") return refuseNode(node, "on conflict");
  const { columns, updates, updateWhere, doNothing, constraint } = node;
  if (constraint !== undefined) throw shape("a conflict is named by its column, not by a constraint");
  onlyKeys(node, ["columns", "updates", "updateWhere", "doNothing"]);
  const { key, table } = entity.storage;
  const names = columns?.map(columnName);
  if (names !== undefined && (names.length !== 1 || names[0] !== key))
    throw shape(`${key} is the only key of ${table} that a conflict can be on`);
  if (doNothing === true) return { kind: "skip" };
  if (names === undefined || updates === undefined || updates.length === 0)
    throw shape(`what is done about a conflict is an update on ${key}, or nothing`);
  return {
    kind: "update",
    settings: settingsOf(entity, updates).map((setting) => ({
      ...setting,
      given: excludedOr(setting.given, places),
    })),
    where: updateWhere === undefined ? null : whereOf(updateWhere),
  };
}

/** `excluded` is the row of the insert by the columns that it lists; what a trigger or a default would add is not in it. */
function excludedOr(given: Setting["given"], places: readonly Place[]): Setting["given"] {
  if (given.kind !== "computed" || given.node.kind !== "ReferenceNode") return given;
  const { table, column } = referenceName(given.node);
  if (table !== "excluded") return given;
  const place = places.find((candidate) => candidate.column === column);
  if (place === undefined)
    throw new UnsupportedQuery(
      "query/unknown-column",
      `column ${column} is not listed, so excluded has none`,
    );
  return { kind: "excluded", column: place.kind === "key" ? null : column };
}
