/** The table that a write is about, under the caller's name, and the columns of it that can be written. */
import type { AliasNode, OperationNode, ReturningNode, SelectionNode, WithNode } from "kysely";
import { type FieldModel, type ModelIr, type ScalarType } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { entityOfTable, fieldOfColumn, type StoredEntity } from "../gate/catalogue.ts";
import { aliasName, tableName } from "../scope/identifier.ts";
import { onlyKeys } from "../scope/node-kinds.ts";

/** What every write has: its table, the name that the caller gave it, what it yields, what stands in its `with`. */
export interface WriteTarget {
  readonly entity: StoredEntity;
  readonly name: string;
  readonly returning: readonly SelectionNode[] | null;
  readonly with: WithNode | undefined;
}

/** The most rows that one statement may write. */
export const maxRows = 1000;

export function tooManyRows(): UnsupportedQuery {
  return new UnsupportedQuery("write/too-many-rows", `one statement writes at most ${maxRows} rows`);
}

export function shape(what: string): UnsupportedQuery {
  return new UnsupportedQuery("write/unsupported-shape", what);
}

export function targetOf(
  model: ModelIr,
  node: OperationNode,
  returning: ReturningNode | undefined,
  withNode: WithNode | undefined,
): WriteTarget {
  const aliased = node.kind === "AliasNode" ? (node as AliasNode) : null;
  const table = tableName(aliased === null ? node : aliased.node);
  if (returning !== undefined) onlyKeys(returning, ["selections"]);
  refuseSideTable(model, table);
  return {
    entity: entityOfTable(model, table),
    name: aliased === null ? table : aliasName(aliased),
    returning: returning?.selections ?? null,
    with: withNode,
  };
}

/** Actions are declared on entities alone, so nobody can be permitted to write what stands beside them. */
function refuseSideTable(model: ModelIr, table: string): void {
  const beside = [
    ...model.relations.map((relation) => ({ table: relation.table, holds: `the relation ${relation.name}` })),
    ...model.entities.flatMap((entity) => [
      ...entity.fields.flatMap(({ name, storage }) =>
        storage?.kind === "table"
          ? [{ table: storage.table, holds: `the set ${name} of ${entity.name}` }]
          : [],
      ),
      ...entity.parents.flatMap(({ via }) =>
        via.kind === "table" ? [{ table: via.table, holds: `parents of ${entity.name}` }] : [],
      ),
    ]),
  ].find((candidate) => candidate.table === table);
  if (beside !== undefined)
    throw new UnsupportedQuery(
      "write/no-action",
      `table ${table} holds ${beside.holds}, and the model declares no action that writes it`,
    );
}

/** A column that can be written. */
export type Place =
  | { readonly kind: "key"; readonly column: string; readonly type: ScalarType }
  | {
      readonly kind: "field";
      readonly column: string;
      readonly type: ScalarType;
      readonly field: FieldModel;
    };

/** Where a column's value goes. The tenant column is nobody's to write: to a caller it does not exist. */
export function placeOf(entity: StoredEntity, column: string): Place {
  if (column === entity.storage.key)
    return { kind: "key", column, type: { kind: entity.keyType === "uuid" ? "uuid" : "string" } };
  const field = fieldOfColumn(entity, column);
  if (field === undefined || field.type.kind === "set" || column === entity.storage.tenant)
    throw new UnsupportedQuery(
      "write/unknown-column",
      `column ${column} of ${entity.storage.table} cannot be written`,
    );
  return { kind: "field", column, type: field.type, field };
}

export function refuseTwice(columns: readonly string[]): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined)
    throw new UnsupportedQuery("query/duplicate-name", `column ${twice} is written twice`);
}
