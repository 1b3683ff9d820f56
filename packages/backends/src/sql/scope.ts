/** Where a predicate's expressions live: the row's alias, the tenant, and the facts that are known or stand as placeholders. */
import type {
  EntityModel,
  EntityPath,
  EntityStorage,
  FieldModel,
  Program,
  Row,
  Slot,
  SqlExpression,
  SqlSelect,
  Table,
  WireValue,
} from "@wardline/core";
import { sideTenant } from "./sql-type.ts";
import type { SqlTerm } from "./term.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export type StoredEntity = EntityModel & { readonly storage: EntityStorage };

/** A fact that does not depend on the row. */
export type KnownFact =
  | { readonly kind: "known"; readonly value: WireValue }
  | { readonly kind: "absent" }
  | { readonly kind: "placeholder"; readonly name: string };

/** The guarded table, and the tenant as every conjunct names it. */
export interface Place {
  readonly program: Program;
  readonly entity: StoredEntity;
  readonly schema: string;
  readonly tenant: SqlExpression;
}

export interface Scope extends Place {
  readonly table: Table;
  /** The row that the predicate is about; of others it says nothing. */
  readonly row: Row;
  readonly fact: (slot: Slot) => KnownFact;
  /** A column of what a reference of the row leads to: NULL where the reference is absent. */
  readonly reach: (path: EntityPath, column: string) => SqlExpression;
}

export function storedEntity(program: Program, name: string): StoredEntity {
  const entity = program.model.entities.find((e) => e.name === name);
  if (entity === undefined || entity.storage === null) throw new RangeError(`no entity ${name} is stored`);
  return { ...entity, storage: entity.storage };
}

/** The alias of the guarded table. No other source in a view has it. */
export const rowAlias = "t";

/** A slot of the table. Throws if the table does not list it: its facts would not have been checked. */
export function slotAt(scope: Pick<Scope, "program" | "table">, id: number): Slot {
  const slot = scope.program.slots[id];
  if (slot === undefined || !scope.table.slots.includes(id))
    throw new RangeError(`the table does not read slot ${id}`);
  return slot;
}

export function rowColumn(column: string): SqlExpression {
  return { kind: "column", table: rowAlias, column };
}

export function keyTerm(scope: Place): SqlTerm {
  const { storage, keyType } = scope.entity;
  return { kind: "sql", expression: rowColumn(storage.key), type: keyType, nullable: false };
}

/** A field that rules may read. */
export function readableField(program: Program, entity: EntityModel, name: string): FieldModel {
  const field = entity.fields.find((f) => f.name === name);
  if (field === undefined) throw new RangeError(`${entity.name} has no field ${name}`);
  if (program.sealed.some((s) => s.entity === entity.name && s.fields.includes(name)))
    throw new UnsupportedInSql(`${entity.name}.${name} is sealed and can't be read by a rule`);
  return field;
}

/** The column of a field that rules may read. */
export function readableColumn(program: Program, entity: EntityModel, name: string): string {
  const field = readableField(program, entity, name);
  if (field.storage?.kind !== "column") throw notKept(entity, field);
  return field.storage.column;
}

export function notKept(entity: EntityModel, field: FieldModel): UnsupportedInSql {
  return new UnsupportedInSql(`${entity.name}.${field.name} is not kept in a way that a list can read`);
}

/** Refuses another row than the one that the predicate is about. */
export function requireOwnRow(
  scope: Pick<Scope, "row">,
  source: { readonly root?: string; readonly row?: string },
): void {
  const row = source.root ?? source.row;
  if (row === scope.row) return;
  throw new UnsupportedInSql(
    scope.row === "resource"
      ? `a view reads \`${row}\``
      : `a rule relates \`${row}\` to \`${scope.row}\`, and is enforced by the guarded driver alone`,
  );
}

/** Some row of a side table of the tenant, for which all of `where` holds. The alias is `s`. */
export function existsIn(scope: Place, table: string, where: readonly SqlExpression[]): SqlExpression {
  return { kind: "exists", negated: false, query: sideSelect(scope, table, sideTenant, "s", [], where) };
}

/** The tenant column of an entity's own table; null where its rows belong to no tenant. */
export function tenantColumnOf(entity: StoredEntity): string | null {
  return entity.shared === true ? null : entity.storage.tenant;
}

/** A select over one table of the tenant. The tenant conjunct always stands first; only what is shared has none. */
export function sideSelect(
  scope: Place,
  table: string,
  tenantColumn: string | null,
  alias: string,
  columns: SqlSelect["columns"],
  where: readonly SqlExpression[],
): SqlSelect {
  const tenant: readonly SqlExpression[] =
    tenantColumn === null
      ? []
      : [
          {
            kind: "binary",
            op: "=",
            left: { kind: "column", table: alias, column: tenantColumn },
            right: scope.tenant,
          },
        ];
  const all = [...tenant, ...where];
  return {
    kind: "select",
    columns,
    from: { kind: "table", schema: scope.schema, table, alias },
    joins: [],
    where: all.length === 0 ? null : { kind: "and", of: all },
    fence: false,
  };
}
