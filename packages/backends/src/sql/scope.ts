/** Where a view's expressions live: the row's alias, the tenant, and the facts that are known or stand as placeholders. */
import { beyond } from "../beyond.ts";
import type {
  EntityModel,
  EntityStorage,
  FieldModel,
  Operand,
  Program,
  ScalarType,
  Slot,
  SqlExpression,
  SqlSelect,
  Table,
  ValueType,
  WireScalar,
  WireValue,
} from "@wardline/core";
import { arrayOf, parameter, sideTenant, sqlType } from "./sql-type.ts";
import type { SetTerm, SqlTerm, Term } from "./term.ts";
import { asText } from "./compare.ts";
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
  fact(slot: Slot): KnownFact;
}

/** The alias of the guarded table. No other source in a view has it. */
export const rowAlias = "t";

/** A slot of the table. Throws if the table does not list it: its facts would not have been checked. */
export function slotAt(scope: Scope, id: number): Slot {
  const slot = scope.program.slots[id];
  if (slot === undefined || !scope.table.slots.includes(id))
    throw new RangeError(`the table does not read slot ${id}`);
  return slot;
}

export function rowColumn(column: string): SqlExpression {
  return { kind: "column", table: rowAlias, column };
}

export function keyTerm(scope: Scope): SqlTerm {
  const { storage, keyType } = scope.entity;
  return { kind: "sql", expression: rowColumn(storage.key), type: keyType, nullable: false };
}

/** A field of the row that rules may read. */
export function readableField(scope: Scope, name: string): FieldModel {
  const { entity, program } = scope;
  const field = entity.fields.find((f) => f.name === name);
  if (field === undefined) throw new RangeError(`${entity.name} has no field ${name}`);
  if (program.sealed.some((s) => s.entity === entity.name && s.fields.includes(name)))
    throw new UnsupportedInSql(`${entity.name}.${name} is sealed and can't be read by a rule`);
  return field;
}

/** The row that views are made of. Other rows exist in writes only. */
export function requireStoredRow(source: { readonly root?: string; readonly row?: string }): void {
  const row = source.root ?? source.row;
  if (row !== "resource") throw new UnsupportedInSql(`a view reads \`${row}\``);
}

/** The value of a slot that holds one value. */
export function slotTerm(scope: Scope, id: number): Term {
  const slot = slotAt(scope, id);
  const type = scalarType(slot.type);
  const { source } = slot;
  switch (source.from) {
    case "row":
      requireStoredRow(source);
      if (source.part === "id") return keyTerm(scope);
      return {
        kind: "sql",
        expression: rowColumn(scope.entity.storage.tenant),
        type: "text",
        nullable: false,
      };
    case "row_attribute": {
      requireStoredRow(source);
      const field = readableField(scope, source.name);
      if (field.storage?.kind !== "column") throw notInRow(scope, field);
      const { column } = field.storage;
      return {
        kind: "sql",
        expression: rowColumn(column),
        type: columnType(scope, type),
        nullable: slot.optional,
      };
    }
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now": {
      const fact = scope.fact(slot);
      if (fact.kind === "absent") return fact;
      if (fact.kind === "known") return { kind: "known", value: fact.value as WireScalar };
      return placeholderTerm(fact.name, columnType(scope, type), slot.optional);
    }
    case "clock":
    case "reference":
    case "limit":
      return beyond(source.from);
    case "ancestors":
    case "relation":
      throw new UnsupportedInSql(`${source.from} where one value is needed`);
  }
}

function placeholderTerm(name: string, type: SqlTerm["type"], nullable: boolean): SqlTerm {
  return { kind: "sql", expression: { kind: "placeholder", name, type }, type, nullable };
}

/** The value of a slot that holds a set. */
export function setTerm(scope: Scope, id: number): SetTerm {
  const slot = slotAt(scope, id);
  const { source } = slot;
  if (slot.type.kind !== "set") throw new UnsupportedInSql(`${slot.type.kind} where a set is needed`);
  const type = columnType(scope, slot.type.of);
  switch (source.from) {
    case "row_attribute": {
      requireStoredRow(source);
      const field = readableField(scope, source.name);
      if (field.storage?.kind !== "table") throw notInRow(scope, field);
      const { table, owner, value } = field.storage;
      return { kind: "side", table, owner, value, key: keyTerm(scope).expression, type };
    }
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "ancestors": {
      const fact = scope.fact(slot);
      if (fact.kind === "absent") return fact;
      if (fact.kind === "known") return { kind: "known", values: fact.value as readonly WireScalar[] };
      const expression: SqlExpression = { kind: "placeholder", name: fact.name, type: arrayOf(type) };
      return { kind: "array", expression, type, nullable: slot.optional };
    }
    case "clock":
    case "reference":
    case "limit":
      return beyond(source.from);
    case "row":
    case "relation":
      throw new UnsupportedInSql(`${source.from} where a set is needed`);
  }
}

export function operandTerm(scope: Scope, operand: Operand): Term {
  if (operand.kind === "constant") return { kind: "known", value: operand.value };
  if (operand.kind === "now") return beyond("now moved by a duration");
  const term = slotTerm(scope, operand.slot);
  const { fallback } = operand;
  if (fallback === null || term.kind === "known") return term;
  if (term.kind === "absent") return { kind: "known", value: fallback };
  if (!term.nullable) return term;
  const same = parameter(fallback, term.type);
  const of = same === undefined ? asText(term) : term;
  const otherwise = same ?? { kind: "parameter", value: String(fallback), type: "text" };
  return { ...of, expression: { kind: "coalesce", of: of.expression, otherwise }, nullable: false };
}

/** The type in the language of an operand that holds one value. */
export function operandType(scope: Scope, operand: Operand): ScalarType {
  return operand.kind === "constant" ? operand.type : scalarType(slotAt(scope, operand.slot).type);
}

/** The tenant of the request or of the principal; lowering puts both into every table. */
export function tenantTerm(scope: Scope, of: "request" | "principal"): Term {
  const id = scope.table.slots.find((slot) => {
    const source = scope.program.slots[slot]?.source;
    return of === "request"
      ? source?.from === "tenant"
      : source?.from === "principal" && source.part === "tenant";
  });
  if (id === undefined) throw new RangeError(`the table does not read the tenant of the ${of}`);
  return slotTerm(scope, id);
}

/** Some row of a side table of the tenant, for which all of `where` holds. The alias is `s`. */
export function existsIn(scope: Scope, table: string, where: readonly SqlExpression[]): SqlExpression {
  return { kind: "exists", negated: false, query: sideSelect(scope, table, sideTenant, "s", [], where) };
}

/** A select over one table of the tenant. The tenant conjunct always stands first. */
export function sideSelect(
  scope: Place,
  table: string,
  tenantColumn: string,
  alias: string,
  columns: SqlSelect["columns"],
  where: readonly SqlExpression[],
): SqlSelect {
  const tenant: SqlExpression = {
    kind: "binary",
    op: "=",
    left: { kind: "column", table: alias, column: tenantColumn },
    right: scope.tenant,
  };
  return {
    kind: "select",
    columns,
    from: { kind: "table", schema: scope.schema, table, alias },
    joins: [],
    where: { kind: "and", of: [tenant, ...where] },
    fence: false,
  };
}

/** The SQL type of a value that rules compute with. */
function columnType(scope: Scope, type: ScalarType): SqlTerm["type"] {
  if (type.kind === "ip" || type.kind === "date" || type.kind === "time")
    throw new UnsupportedInSql(`a value of type ${type.kind}`);
  return sqlType(scope.program.model, type);
}

function scalarType(type: ValueType): ScalarType {
  if (type.kind === "set") throw new UnsupportedInSql("a set where one value is needed");
  return type;
}

function notInRow(scope: Scope, field: FieldModel): UnsupportedInSql {
  return new UnsupportedInSql(`${scope.entity.name}.${field.name} is not kept in a way that a list can read`);
}
