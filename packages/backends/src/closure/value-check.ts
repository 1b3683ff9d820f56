/** Predicates that tell values of a type in wire form from all else. They accept exactly what core's `isWireValue` accepts. */
import { isText, isUuid, type ScalarType, type ValueType } from "@wardline/core";

export type ValueCheck = (value: unknown) => boolean;

const { isArray } = Array;
const { hasOwn } = Object;
const { isInteger, isSafeInteger } = Number;

export function compileValueCheck(type: ValueType): ValueCheck {
  return type.kind === "set" ? listOf(compileScalarCheck(type.of)) : compileScalarCheck(type);
}

function compileScalarCheck(type: ScalarType): ValueCheck {
  switch (type.kind) {
    case "bool":
      return (value) => typeof value === "boolean";
    case "int": {
      const { min, max } = type;
      return (value) => typeof value === "number" && value >= min && value <= max && isInteger(value);
    }
    case "duration":
      return isSafeInteger;
    case "decimal": {
      const form = decimalForm(type.precision, type.scale);
      return (value) => typeof value === "string" && form.test(value) && !minusZero.test(value);
    }
    case "string":
    case "entity":
    case "ip":
    case "date":
    case "time":
      return isTextValue;
    case "instant":
      return (value) => typeof value === "string" && isInstant(value);
    case "enum": {
      const values = new Set<unknown>(type.values);
      return (value) => typeof value === "string" && values.has(value);
    }
    case "uuid":
      return (value) => typeof value === "string" && isUuid(value);
  }
}

const minusZero = /^-[0.]*$/;

/** The canonical texts of a decimal type; only minus zero is left to refuse. */
function decimalForm(precision: number, scale: number): RegExp {
  const whole = precision === scale ? "0" : `(?:0|[1-9]\\d{0,${precision - scale - 1}})`;
  return new RegExp(scale === 0 ? `^-?${whole}$` : `^-?${whole}\\.\\d{${scale}}$`);
}

const instantForm =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;

/** True for the canonical text of an instant of a real date (proleptic Gregorian, years 0001–9999). */
export function isInstant(text: string): boolean {
  if (!instantForm.test(text)) return false;
  const year = number(text, 0, 4);
  const day = number(text, 8, 10);
  return year > 0 && (day <= 28 || day <= daysIn(year, number(text, 5, 7)));
}

function number(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function listOf(check: ValueCheck): ValueCheck {
  return (value) => {
    if (!isArray(value)) return false;
    for (let i = 0; i < value.length; i += 1) if (!check(value[i])) return false;
    return true;
  };
}

function isTextValue(value: unknown): boolean {
  return typeof value === "string" && isText(value);
}

/** True for a list of pairs of ids, as relations carry them. */
export const isPairs: ValueCheck = listOf(
  (pair) => isTextValue(ownValue(pair, "from")) && isTextValue(ownValue(pair, "to")),
);

/** The value if it is an object that is no array; null if not. */
export function plainObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && !isArray(value)
    ? (value as Readonly<Record<string, unknown>> | null)
    : null;
}

/** The value of an own key of a plain object; undefined if there is none. Nothing is ever read from a prototype. */
export function ownValue(value: unknown, key: string): unknown {
  const object = plainObject(value);
  return object !== null && hasOwn(object, key) ? object[key] : undefined;
}
