/**
 * What references lead to, inside the tenant. In a view each is joined once, however many rules read through it; the key is
 * unique, so no row is doubled, and what leads nowhere stays as NULL. A predicate over one row looks each cell up instead.
 */
import {
  type EntityPath,
  entityPathKey,
  type FieldModel,
  referenceField,
  type SqlExpression,
  type SqlSelect,
  type Table,
} from "@wardline/core";
import {
  type Place,
  readableColumn,
  rowColumn,
  type Scope,
  sideSelect,
  type StoredEntity,
  tenantColumnOf,
} from "./scope.ts";
import { entityNamed } from "./sql-type.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export type Reach = Scope["reach"];

/** Where references are read from: the table names the types that paths begin with. */
type Ground = Place & { readonly table: Table };

/** Joins that are made as they are asked for. */
export function joinedReach(ground: Ground): {
  readonly reach: Reach;
  readonly joins: () => SqlSelect["joins"];
} {
  const made = new Map<
    string,
    {
      readonly alias: string;
      readonly target: StoredEntity;
      readonly id: SqlExpression;
      readonly columns: Set<string>;
    }
  >();
  const reach: Reach = (path, column) => {
    const key = entityPathKey(path);
    let join = made.get(key);
    if (join === undefined) {
      const id = referenceColumn(ground, reach, path);
      join = { alias: `r${made.size + 1}`, target: targetOf(ground, path), id, columns: new Set() };
      made.set(key, join);
    }
    join.columns.add(column);
    return { kind: "column", table: join.alias, column };
  };
  return {
    reach,
    joins: () =>
      [...made.values()].map(({ alias, target, id, columns }) => ({
        source: {
          kind: "select",
          select: lookUp(ground, target, id, "f", [...columns]),
          alias,
          lateral: true,
        },
        on: { kind: "boolean", value: true },
        left: true,
      })),
  };
}

/** Each cell by itself, for a predicate that may join nothing. */
export function scalarReach(ground: Ground): Reach {
  const reach: Reach = (path, column) => ({
    kind: "scalar",
    query: lookUp(
      ground,
      targetOf(ground, path),
      referenceColumn(ground, reach, path),
      path.further === undefined ? "f1" : "f2",
      [column],
    ),
  });
  return reach;
}

/** The reference that a path of the row ends in, as an expression: NULL where it is absent. */
export function referenceColumn(ground: Ground, reach: Reach, path: EntityPath): SqlExpression {
  const { root, attribute, further } = path;
  if (attribute === null) throw new RangeError(`${entityPathKey(path)} is no reference`);
  if (further === undefined) return rowColumn(readableColumn(ground.program, ground.entity, attribute));
  const between = { root, attribute };
  return reach(between, readableColumn(ground.program, targetOf(ground, between), further));
}

/** Whether the reference that a path ends in may be absent, or one before it. */
export function mayLeadNowhere(ground: Ground, path: EntityPath): boolean {
  const { root, attribute, further } = path;
  const before = further !== undefined && mayLeadNowhere(ground, { root, attribute });
  return before || fieldOf(ground, path).optional;
}

/** The stored entity that a path of references leads to. */
export function targetOf(ground: Ground, path: EntityPath): StoredEntity {
  const field = fieldOf(ground, path);
  if (field.type.kind !== "entity") throw new RangeError(`${entityPathKey(path)} is no reference`);
  const entity = entityNamed(ground.program.model, field.type.entity);
  if (entity.storage === null)
    throw new UnsupportedInSql(`${entityPathKey(path)} leads to ${entity.name}, which has no table`);
  return { ...entity, storage: entity.storage };
}

function fieldOf({ program, table }: Ground, path: EntityPath): FieldModel {
  const field = referenceField(program.model, table, path);
  if (field === undefined) throw new RangeError(`${entityPathKey(path)} leads nowhere`);
  return field;
}

function lookUp(
  ground: Ground,
  target: StoredEntity,
  id: SqlExpression,
  alias: string,
  columns: readonly string[],
): SqlSelect {
  const at = (column: string): SqlExpression => ({ kind: "column", table: alias, column });
  return sideSelect(
    ground,
    target.storage.table,
    tenantColumnOf(target),
    alias,
    columns.map((column) => ({ expression: at(column), as: column })),
    [{ kind: "binary", op: "=", left: at(target.storage.key), right: id }],
  );
}
