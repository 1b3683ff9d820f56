/** Predicates that tell values of a type in wire form from all else. They accept exactly what core's `isWireValue` accepts. */
import { isIp, isUuid, type ScalarType } from "@wardline/core";

export type ValueCheck = (value: unknown) => boolean;

const { isInteger, isSafeInteger } = Number;

export function compileScalarCheck(type: ScalarType): ValueCheck {
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
      return isTextValue;
    case "instant":
      return lastTextOr(isInstant);
    case "date":
      return lastTextOr(isDate);
    case "time":
      return (value) => typeof value === "string" && timeForm.test(value);
    case "ip":
      return lastTextOr(isIp);
    case "enum": {
      const values = new Set<unknown>(type.values);
      return (value) => typeof value === "string" && values.has(value);
    }
    case "uuid":
      return (value) => typeof value === "string" && isUuid(value);
  }
}

/** Knows the text that it accepted last: what is dear to check, such as the time, often comes again. */
function lastTextOr(check: (text: string) => boolean): ValueCheck {
  let last: unknown;
  return (value) => {
    if (typeof value !== "string") return false;
    if (value === last) return true;
    if (!check(value)) return false;
    last = value;
    return true;
  };
}

const minusZero = /^-[0.]*$/;

/** The canonical texts of a decimal type; only minus zero is left to refuse. */
function decimalForm(precision: number, scale: number): RegExp {
  const whole = precision === scale ? "0" : `(?:0|[1-9]\\d{0,${precision - scale - 1}})`;
  return new RegExp(scale === 0 ? `^-?${whole}$` : `^-?${whole}\\.\\d{${scale}}$`);
}

const dateForm = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const timeForm = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}$/;

/** True for the canonical text of a real date (proleptic Gregorian, years 0001–9999). */
export function isDate(text: string): boolean {
  if (!dateForm.test(text)) return false;
  const year = number(text, 0, 4);
  const day = number(text, 8, 10);
  return year > 0 && (day <= 28 || day <= daysIn(year, number(text, 5, 7)));
}

/** True for the canonical text of an instant of a real date. */
export function isInstant(text: string): boolean {
  return (
    text.length === 27 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(26) === 90 &&
    isDate(text.slice(0, 10)) &&
    timeForm.test(text.slice(11, 26))
  );
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

export function isTextValue(value: unknown): boolean {
  return typeof value === "string" && isText(value);
}

/** Well formed, without U+0000. Short texts, which most are, are looked through here: a call would cost more. */
export function isText(text: string): boolean {
  if (text.length > 12) return text.isWellFormed() && !text.includes("\0");
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 0 || (unit & 0xf800) === 0xd800) return text.isWellFormed() && !text.includes("\0");
  }
  return true;
}
