/** The types of the model in TypeScript: what a query answers, and what may be written. `docs/sdk.md` says the same in words. */
import type { ValueType } from "@wardline/core";

/** The names that the types of the model have in the file that is written. */
export type TypeNames = ReadonlyMap<string, string>;

/** A value as queries answer it, and as facts are given: the wire form. */
export function wireType(type: ValueType, enums: TypeNames): string {
  switch (type.kind) {
    case "set":
      return `readonly ${wireType(type.of, enums)}[]`;
    case "bool":
      return "boolean";
    case "int":
    case "duration":
      return "number";
    case "enum":
      // `Weekday` is nobody's to declare.
      return enums.get(type.name) ?? unionOf(type.values);
    case "decimal":
    case "string":
    case "instant":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return "string";
  }
}

/** A value as it may be written. */
export function writtenType(type: ValueType, enums: TypeNames): string {
  switch (type.kind) {
    case "int":
    case "duration":
      return "number | bigint";
    case "decimal":
      return "string | number | bigint";
    case "instant":
      return "string | Date";
    case "set":
    case "bool":
    case "enum":
    case "string":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return wireType(type, enums);
  }
}

/** A name of an object's key: bare where it is one of the language's names, else quoted. */
export function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A union of texts; `never` of none. */
export function unionOf(names: readonly string[]): string {
  return names.length === 0 ? "never" : names.map((name) => JSON.stringify(name)).join(" | ");
}
