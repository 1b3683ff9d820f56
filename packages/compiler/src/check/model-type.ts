/** From a type as written to a value type. Never guesses: a type without its bounds is refused. */
import { maxInt, type ScalarType, type ValueType } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { TypeReference } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";
import { unknownName } from "./suggest.ts";

export interface TypeNames {
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly entities: ReadonlySet<string>;
}

/** Types of the language itself, which no model may redeclare. */
export const builtInTypes: ReadonlySet<string> = new Set([
  "Bool",
  "Int",
  "Decimal",
  "String",
  "Instant",
  "Duration",
  "Date",
  "Time",
  "Ip",
  "Uuid",
  "Set",
  "Period",
  "Weekday",
]);

const maxPrecision = 18;

/** The value type, or null if it was refused. `what` names the thing that has the type. */
export function resolveType(
  report: Report,
  names: TypeNames,
  type: TypeReference,
  what: string,
): ValueType | null {
  if (type.name.text !== "Set") {
    if (type.of !== null) return refuse(report, type.name, `${type.name.text}<…>`, what);
    return resolveScalar(report, names, type, what);
  }
  if (type.of === null) return refuse(report, type.name, "Set without `<…>`", what);
  if (type.bounds !== null) return refuse(report, type.name, "a bounded Set", what);
  if (type.optional) return refuse(report, type.name, "an optional Set", what);
  const of = resolveScalar(
    report,
    names,
    { name: type.of, bounds: null, of: null, optional: false, span: type.of.span },
    what,
  );
  if (of === null) return null;
  if (of.kind === "bool") return refuse(report, type.of, "Set<Bool>", what);
  return { kind: "set", of };
}

function resolveScalar(
  report: Report,
  names: TypeNames,
  type: TypeReference,
  what: string,
): ScalarType | null {
  const { name } = type;
  if (name.text === "Int") return intType(report, type);
  if (name.text === "Decimal") return decimalType(report, type);
  if (type.bounds !== null) {
    report.add(finding("model/bounds", type.bounds.span, { problem: `${name.text} takes no bounds` }));
    return null;
  }
  switch (name.text) {
    case "Bool":
      return { kind: "bool" };
    case "String":
      return { kind: "string" };
    case "Instant":
      return { kind: "instant" };
    case "Duration":
      return { kind: "duration" };
    case "Uuid":
      return { kind: "uuid" };
    case "Ip":
      return { kind: "ip" };
    case "Date":
      return { kind: "date" };
    case "Time":
      return { kind: "time" };
    case "Set":
    case "Period":
      return refuse(report, name, name.text, what);
  }
  const values = names.enums.get(name.text);
  if (values !== undefined) return { kind: "enum", name: name.text, values };
  if (names.entities.has(name.text)) return { kind: "entity", entity: name.text };
  report.add(unknownName("type", name, [...builtInTypes, ...names.enums.keys(), ...names.entities]));
  return null;
}

function intType(report: Report, type: TypeReference): ScalarType | null {
  if (type.bounds === null) return { kind: "int", min: -maxInt, max: maxInt };
  const { span } = type.bounds;
  const low = type.bounds.low === null ? -maxInt : wholeNumber(type.bounds.low);
  const high = wholeNumber(type.bounds.high);
  let problem: string | null = null;
  if (type.bounds.kind !== "range") problem = "the bounds of Int are written `Int(low..high)`";
  else if (low === undefined || high === undefined)
    problem = "the bounds of Int are whole numbers within ±(2^53−1)";
  else if (low > high) problem = "the lower bound is above the upper";
  if (problem !== null || low === undefined || high === undefined) {
    report.add(finding("model/bounds", span, { problem: problem ?? "" }));
    return null;
  }
  return { kind: "int", min: low, max: high };
}

function decimalType(report: Report, type: TypeReference): ScalarType | null {
  if (type.bounds === null) {
    report.add(
      finding("model/bounds", type.name.span, { problem: "Decimal is written `Decimal(precision, scale)`" }),
    );
    return null;
  }
  const precision = wholeNumber(type.bounds.low ?? "");
  const scale = wholeNumber(type.bounds.high);
  let problem: string | null = null;
  if (type.bounds.kind !== "pair" || precision === undefined || scale === undefined)
    problem = "Decimal is written `Decimal(precision, scale)`";
  else if (precision < 1 || precision > maxPrecision)
    problem = `the precision of a Decimal is from 1 to ${maxPrecision}`;
  else if (scale < 0 || scale > precision) problem = "the scale of a Decimal is from 0 to its precision";
  if (problem !== null || precision === undefined || scale === undefined) {
    report.add(finding("model/bounds", type.bounds.span, { problem: problem ?? "" }));
    return null;
  }
  return { kind: "decimal", precision, scale };
}

function wholeNumber(text: string): number | undefined {
  if (!/^-?\d[\d_]*$/.test(text)) return undefined;
  const value = Number(text.replaceAll("_", ""));
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

function refuse(report: Report, name: Name, type: string, what: string): null {
  report.add(finding("model/type", name.span, { type, what }));
  return null;
}
