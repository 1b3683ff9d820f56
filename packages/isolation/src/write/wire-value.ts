/** Values that a caller writes, checked against the model and put into wire form. Errors name the field alone. */
import {
  isUuid,
  isWireScalar,
  type FieldModel,
  type ModelIr,
  type ScalarType,
  type WireScalar,
} from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { entityNamed } from "../gate/catalogue.ts";

/** The wire value for a field, or null where it is left empty. */
export function writtenValue(model: ModelIr, field: FieldModel, value: unknown): WireScalar | null {
  if (value === null) {
    if (!field.optional) throw badValue(field.name);
    return null;
  }
  if (field.type.kind === "set") throw badValue(field.name);
  const wire = canonical(field.type, value);
  if (!isWireScalar(wire, field.type) || !isKey(model, field.type, wire)) throw badValue(field.name);
  return wire;
}

export function badValue(field: string): UnsupportedQuery {
  return new UnsupportedQuery(
    "write/bad-value",
    `${field} is missing or has a value that the model does not allow`,
  );
}

/** The forms that callers may use beside the wire's own: big integers, numbers for decimals, shorter instants. */
function canonical(type: ScalarType, value: unknown): unknown {
  switch (type.kind) {
    case "int":
    case "duration":
      return typeof value === "bigint" ? Number(value) : value;
    case "decimal":
      return typeof value === "number" || typeof value === "bigint" || typeof value === "string"
        ? padded(String(value), type.scale)
        : value;
    case "instant":
      return typeof value === "string" ? fullInstant(value) : value;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return value;
  }
}

/** A decimal with zeros up to the scale; digits are never cut. */
function padded(text: string, scale: number): string {
  const [whole = "", fraction = "", ...more] = text.split(".", 3);
  return scale === 0 || more.length > 0 ? text : `${whole}.${fraction.padEnd(scale, "0")}`;
}

const instantForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;

function fullInstant(text: string): string {
  const parts = instantForm.exec(text);
  return parts === null ? text : `${parts[1]}.${(parts[2] ?? "").padEnd(6, "0")}Z`;
}

function isKey(model: ModelIr, type: ScalarType, value: WireScalar): boolean {
  if (type.kind !== "entity") return true;
  if (typeof value !== "string" || value === "") return false;
  return entityNamed(model, type.entity).keyType === "text" || isUuid(value);
}
