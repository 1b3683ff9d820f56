/** Slots and operands of atoms as values: known, absent, or an expression over the row. */
import {
  instantMicros,
  type Operand,
  ordinalBounds,
  type ScalarType,
  type Slot,
  type SqlExpression,
  valueAtOrdinal,
  type ValueType,
  type WireScalar,
} from "@wardline/core";
import { asText } from "./compare.ts";
import { mayLeadNowhere, referenceColumn, targetOf } from "./reach.ts";
import {
  keyTerm,
  notKept,
  readableColumn,
  readableField,
  requireOwnRow,
  rowColumn,
  type Scope,
  slotAt,
  tenantColumnOf,
} from "./scope.ts";
import { arrayOf, parameter, sqlType } from "./sql-type.ts";
import type { SetTerm, SqlTerm, Term } from "./term.ts";
import { UnsupportedInSql } from "./unsupported.ts";

/** The value of a slot that holds one value. */
export function slotTerm(scope: Scope, id: number): Term {
  const slot = slotAt(scope, id);
  const type = scalarType(slot.type);
  const { source } = slot;
  switch (source.from) {
    case "row": {
      requireOwnRow(scope, source);
      if (source.part === "id") return keyTerm(scope);
      const tenant = tenantColumnOf(scope.entity);
      // Invariant: no program reads the tenant of what belongs to none.
      if (tenant === null) throw new RangeError(`${scope.entity.name} is shared and has no tenant`);
      return { kind: "sql", expression: rowColumn(tenant), type: "text", nullable: false };
    }
    case "row_attribute":
      requireOwnRow(scope, source);
      return {
        kind: "sql",
        expression: rowColumn(readableColumn(scope.program, scope.entity, source.name)),
        type: columnType(scope, type),
        nullable: slot.optional,
      };
    case "reference": {
      if (source.of.root === "principal") return factTerm(scope, slot, type);
      requireOwnRow(scope, source.of);
      const column = readableColumn(scope.program, targetOf(scope, source.of), source.name);
      return {
        kind: "sql",
        expression: scope.reach(source.of, column),
        type: columnType(scope, type),
        nullable: slot.optional || mayLeadNowhere(scope, source.of),
      };
    }
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
      return factTerm(scope, slot, type);
    case "ancestors":
    case "relation":
      throw new UnsupportedInSql(`${source.from} where one value is needed`);
  }
}

function factTerm(scope: Scope, slot: Slot, scalar: ScalarType): Term {
  const fact = scope.fact(slot);
  if (fact.kind === "absent") return fact;
  if (fact.kind === "known") return { kind: "known", value: fact.value as WireScalar };
  const type = columnType(scope, scalar);
  const expression: SqlExpression = { kind: "placeholder", name: fact.name, type };
  return { kind: "sql", expression, type, nullable: slot.optional || slot.source.from === "reference" };
}

/** The value of a slot that holds a set. */
export function setTerm(scope: Scope, id: number): SetTerm {
  const slot = slotAt(scope, id);
  const { source } = slot;
  if (slot.type.kind !== "set") throw new UnsupportedInSql(`${slot.type.kind} where a set is needed`);
  const type = columnType(scope, slot.type.of);
  switch (source.from) {
    case "row_attribute": {
      requireOwnRow(scope, source);
      const field = readableField(scope.program, scope.entity, source.name);
      if (field.storage?.kind !== "table") throw notKept(scope.entity, field);
      const { table, owner, value } = field.storage;
      return { kind: "side", table, owner, value, key: keyTerm(scope).expression, nullable: false, type };
    }
    case "reference": {
      if (source.of.root === "principal") return factSet(scope, slot, type);
      requireOwnRow(scope, source.of);
      const target = targetOf(scope, source.of);
      const field = readableField(scope.program, target, source.name);
      if (field.storage?.kind !== "table") throw notKept(target, field);
      const { table, owner, value } = field.storage;
      const key = referenceColumn(scope, scope.reach, source.of);
      return { kind: "side", table, owner, value, key, nullable: mayLeadNowhere(scope, source.of), type };
    }
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "ancestors":
      return factSet(scope, slot, type);
    case "now":
    case "clock":
    case "limit":
    case "row":
    case "relation":
      throw new UnsupportedInSql(`${source.from} where a set is needed`);
  }
}

function factSet(scope: Scope, slot: Slot, type: SqlTerm["type"]): SetTerm {
  const fact = scope.fact(slot);
  if (fact.kind === "absent") return fact;
  if (fact.kind === "known") return { kind: "known", values: fact.value as readonly WireScalar[] };
  const expression: SqlExpression = { kind: "placeholder", name: fact.name, type: arrayOf(type) };
  return {
    kind: "array",
    expression,
    type,
    nullable: slot.optional || slot.source.from === "reference",
  };
}

export function operandTerm(scope: Scope, operand: Operand): Term {
  if (operand.kind === "constant") return { kind: "known", value: operand.value };
  const term = slotTerm(scope, operand.slot);
  if (operand.kind === "now") return moved(term, operand.offset);
  const { fallback } = operand;
  if (fallback === null || term.kind === "known") return term;
  if (term.kind === "absent") return { kind: "known", value: fallback };
  if (!term.nullable) return term;
  const same = parameter(fallback, term.type);
  const of = same === undefined ? asText(term) : term;
  const otherwise = same ?? { kind: "parameter", value: String(fallback), type: "text" };
  return { ...of, expression: { kind: "coalesce", of: of.expression, otherwise }, nullable: false };
}

/** An instant moved by microseconds. What lies beyond all instants of rows is beyond them in the database too. */
function moved(term: Term, offset: number): Term {
  switch (term.kind) {
    case "absent":
      return term;
    case "known": {
      const micros = instantMicros(String(term.value));
      const bounds = ordinalBounds({ kind: "instant" });
      // Invariant: facts are checked before they are computed with.
      if (micros === undefined || bounds === undefined) throw new TypeError("`now` is no instant");
      const to = micros + BigInt(offset);
      const value = valueAtOrdinal(to, { kind: "instant" });
      if (value !== undefined) return { kind: "known", value };
      const beyond = to < bounds[0] ? "-infinity" : "infinity";
      return instantTerm({ kind: "parameter", value: beyond, type: "timestamptz" }, false);
    }
    case "sql": {
      const by: SqlExpression = {
        kind: "cast",
        of: { kind: "text", value: `${offset} microseconds` },
        type: "interval",
      };
      return instantTerm({ kind: "binary", op: "+", left: term.expression, right: by }, term.nullable);
    }
  }
}

function instantTerm(expression: SqlExpression, nullable: boolean): SqlTerm {
  return { kind: "sql", expression, type: "timestamptz", nullable };
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

/** The SQL type of a value that rules compute with. */
function columnType(scope: Scope, type: ScalarType): SqlTerm["type"] {
  return sqlType(scope.program.model, type);
}

function scalarType(type: ValueType): ScalarType {
  if (type.kind === "set") throw new UnsupportedInSql("a set where one value is needed");
  return type;
}
