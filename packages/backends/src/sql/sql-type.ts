/**
 * How the model's types stand in columns. The database keeps its part: columns have these types with checks for what
 * a type alone does not exclude, text is COLLATE "C", side tables have no NULL.
 */
import {
  type EntityModel,
  isUuid,
  type ModelIr,
  type ScalarType,
  type SqlExpression,
  type SqlType,
  type WireScalar,
} from "@wardline/core";
import { UnsupportedInSql } from "./unsupported.ts";

/** The tenant column of tables behind sets, relations and hierarchies. */
export const sideTenant = "tenant_id";

export function entityNamed(model: ModelIr, name: string): EntityModel {
  const entity = model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
}

export function sqlType(model: ModelIr, type: ScalarType): SqlType {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "int":
    case "duration":
      return "bigint";
    case "decimal":
      return "numeric";
    case "string":
    case "enum":
      return "text";
    case "instant":
      return "timestamptz";
    case "entity":
      return entityNamed(model, type.entity).keyType;
    case "uuid":
      return "uuid";
    case "ip":
      return "inet";
    case "date":
      return "date";
    case "time":
      return "time";
  }
}

export function arrayOf(type: SqlType): SqlType {
  switch (type) {
    case "boolean":
      return "boolean[]";
    case "bigint":
      return "bigint[]";
    case "numeric":
      return "numeric[]";
    case "text":
      return "text[]";
    case "timestamptz":
      return "timestamptz[]";
    case "uuid":
      return "uuid[]";
    case "inet":
      return "inet[]";
    case "date":
      return "date[]";
    case "time":
      return "time[]";
    case "bytea":
    case "interval":
    case "timestamp":
    case "boolean[]":
    case "bigint[]":
    case "numeric[]":
    case "text[]":
    case "timestamptz[]":
    case "uuid[]":
    case "inet[]":
    case "date[]":
    case "time[]":
      throw new UnsupportedInSql(`a set of ${type}`);
  }
}

/** What a driver is given for a value in wire form; undefined if no value of the SQL type is equal to it. */
export function driverText(value: WireScalar, type: SqlType): string | undefined {
  if (type === "uuid" && !isUuid(String(value))) return undefined;
  return String(value);
}

/** A value as a parameter; undefined if no value of the SQL type is equal to it. */
export function parameter(value: WireScalar, type: SqlType): SqlExpression | undefined {
  if (typeof value === "boolean") return { kind: "parameter", value, type };
  const text = driverText(value, type);
  return text === undefined ? undefined : { kind: "parameter", value: text, type };
}
